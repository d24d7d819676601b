"""Put the frames of one arbitration id together into whole ISO-TP messages (ISO 15765-2, normal addressing).

The assembler only listens: flow control is the business of whoever sends. It never guesses a lost frame; a
message that cannot become whole is BROKEN, and its bytes are thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from diag.i18n import Message, message

_FRAME_LENGTH = 8
_FIRST_FRAME_BYTES = 6
_CONSECUTIVE_FRAME_BYTES = 7
_LONGEST_SINGLE = 7


class PartKind(Enum):
    """What one frame did."""

    COMPLETE = "complete"
    PROGRESS = "progress"
    BROKEN = "broken"
    FLOW_CONTROL = "flow control"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """What came of one frame.

    `payload` is the whole message for COMPLETE and empty otherwise. `reason` says why for BROKEN.
    `cut_before` says that this frame began a message while another was unfinished: that other one is lost.
    """

    kind: PartKind
    payload: bytes = b""
    reason: Message | None = None
    cut_before: Message | None = None


_NONE = Part(PartKind.NONE)
_CUT_BY_NEXT = message("the next answer began before this one was whole")


class Assembler:
    """Take the data of each frame of one arbitration id, in the order of the bus."""

    def __init__(self) -> None:
        self._expected = 0
        self._received = bytearray()
        self._next_number = 1
        self._lost = False

    @property
    def is_unfinished(self) -> bool:
        """Whether a message has begun and is not whole yet."""
        return self._expected > 0

    def feed(self, data: bytes) -> Part:
        """Take in one frame's data; frames that are no ISO-TP at all give NONE."""
        if not data:
            return _NONE
        match data[0] >> 4:
            case 0:
                return self._single(data)
            case 1:
                return self._first(data)
            case 2:
                return self._consecutive(data)
            case 3:
                return Part(PartKind.FLOW_CONTROL)
            case _:
                return _NONE

    def close(self) -> Part | None:
        """Say that no frame will follow: an unfinished message is BROKEN, None where there is none."""
        if not self.is_unfinished:
            return None
        missing = self._expected - len(self._received)
        self._forget()
        return Part(
            PartKind.BROKEN, reason=message("the answer ended {missing} bytes early", missing=missing)
        )

    def _single(self, data: bytes) -> Part:
        length = data[0] & 0x0F
        if length == 0:
            return _NONE
        cut = self._begin()
        if length > min(_LONGEST_SINGLE, len(data) - 1):
            return Part(PartKind.BROKEN, reason=message("a frame is shorter than it says"), cut_before=cut)
        return Part(PartKind.COMPLETE, data[1 : 1 + length], cut_before=cut)

    def _first(self, data: bytes) -> Part:
        cut = self._begin()
        length = int.from_bytes(data[:2], "big") & 0x0FFF
        if len(data) < _FRAME_LENGTH or length <= _LONGEST_SINGLE:
            self._lost = True
            return Part(
                PartKind.BROKEN, reason=message("the first frame of a long answer is damaged"), cut_before=cut
            )
        self._expected = length
        self._received += data[2 : 2 + _FIRST_FRAME_BYTES]
        return Part(PartKind.PROGRESS, cut_before=cut)

    def _consecutive(self, data: bytes) -> Part:
        if not self.is_unfinished:
            return self._orphan()
        number = data[0] & 0x0F
        if number != self._next_number:
            return self._break(message("a frame in the middle of the answer was lost"))
        wanted = min(self._expected - len(self._received), _CONSECUTIVE_FRAME_BYTES)
        if len(data) - 1 < wanted:
            return self._break(message("a frame is shorter than it says"))
        self._received += data[1 : 1 + wanted]
        self._next_number = (number + 1) & 0x0F
        if len(self._received) < self._expected:
            return Part(PartKind.PROGRESS)
        payload = bytes(self._received)
        self._forget()
        return Part(PartKind.COMPLETE, payload)

    def _orphan(self) -> Part:
        """Report a lost beginning once; the frames that follow it belong to the same loss."""
        if self._lost:
            return _NONE
        self._lost = True
        return Part(PartKind.BROKEN, reason=message("the beginning of the answer was lost"))

    def _begin(self) -> Message | None:
        cut = _CUT_BY_NEXT if self.is_unfinished else None
        self._forget()
        return cut

    def _break(self, reason: Message) -> Part:
        self._forget()
        self._lost = True
        return Part(PartKind.BROKEN, reason=reason)

    def _forget(self) -> None:
        self._expected = 0
        self._received.clear()
        self._next_number = 1
        self._lost = False
