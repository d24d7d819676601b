"""Put the frames of each arbitration id of a capture together into whole messages.

Sources: ISO 15765-2 (messages over frames), SAE J1979, ISO 14230-3 and ISO 14229-1 (services).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from diag.i18n import Message
from diag.model import Frame
from diag.protocol.isotp import Assembler, Part, PartKind

#: Standard ids below this carry no diagnostics.
_LOWEST_ID = 0x600
#: Requests of OBD-II, KWP2000 and UDS; a frame that begins with anything else is no request.
_SERVICES = frozenset((*range(0x01, 0x0B), *range(0x10, 0x3F), *range(0x81, 0x89)))


@dataclass(frozen=True, slots=True)
class Said:
    """One whole or broken message of one id."""

    time: float
    payload: bytes
    broken: Message | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """What one id said, and whether all its frames can be ISO-TP."""

    said: tuple[Said, ...]
    well_formed: bool

    @property
    def is_tester(self) -> bool:
        """Whether every frame fits a tester: whole requests of known services, and flow control."""
        return self.well_formed and bool(self.said) and all(is_request(said) for said in self.said)


def is_request(said: Said) -> bool:
    """Say whether a whole message begins as a request of a known service."""
    return said.broken is None and said.payload[0] in _SERVICES


def speakers_of(frames: Iterable[Frame]) -> dict[tuple[int, bool], Speaker]:
    """Return what each id said, by id and whether it is extended, in order of first appearance."""
    by_id: dict[tuple[int, bool], list[Frame]] = defaultdict(list)
    for frame in frames:
        if frame.is_error or frame.is_remote or not (frame.is_extended or frame.arbitration_id >= _LOWEST_ID):
            continue
        by_id[frame.arbitration_id, frame.is_extended].append(frame)
    return {identifier: _listen(heard) for identifier, heard in by_id.items()}


def _listen(frames: list[Frame]) -> Speaker:
    assembler = Assembler()
    said: list[Said] = []
    well_formed = True
    time = 0.0
    for frame in frames:
        part = assembler.feed(frame.data)
        if part.cut_before is not None:
            said.append(Said(time, b"", part.cut_before))
        time = frame.time
        if part.kind is PartKind.COMPLETE:
            said.append(Said(time, part.payload))
        elif part.kind is PartKind.BROKEN:
            said.append(Said(time, b"", part.reason))
        elif part.kind is PartKind.NONE:
            well_formed = False
    rest: Part | None = assembler.close()
    if rest is not None:
        said.append(Said(time, b"", rest.reason))
    return Speaker(tuple(said), well_formed)
