"""Turn a row into the frames that come over the bus, with their pauses and the point where they wait."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, zip_longest

from diag.simulator.hostile.payloads import filled
from diag.simulator.hostile.rows import HostileRow, MessageScript, Source

FUNCTIONAL_ID = 0x7DF
_BROADCAST_ID = 0x60D


@dataclass(frozen=True, slots=True)
class PlannedFrame:
    """One frame: its id and data, the pause before it, and whether it waits for the tester's flow control."""

    arbitration_id: int
    data: bytes
    delay_s: float = 0.0
    waits: bool = False


def response_id_of(request_id: int) -> int:
    """Return the id that a module answers with: +8 for legislated ids, +20 (hex) for this family's own."""
    if request_id == FUNCTIONAL_ID:
        return 0x7E8
    return request_id + (8 if 0x7E0 <= request_id <= 0x7E7 else 0x20)


def other_response_id(own: int) -> int:
    """Return the id of a module that was not asked."""
    if own >= 0x7E8:
        return own + 1 if own < 0x7EF else own - 1
    return 0x764 if own != 0x764 else 0x765


def planned_frames(row: HostileRow, request_id: int, request: bytes) -> tuple[PlannedFrame, ...]:
    """Return every frame that the bus brings for this request, in order."""
    streams = [_message_frames(script, request_id, request) for script in row.messages]
    if row.interleave:
        mixed = chain.from_iterable(zip_longest(*streams))
        return tuple(frame for frame in mixed if frame is not None)
    return tuple(chain.from_iterable(streams))


def _message_frames(script: MessageScript, request_id: int, request: bytes) -> list[PlannedFrame]:
    arbitration_id = _id_of(script.source, request_id)
    if script.raw:
        return [PlannedFrame(arbitration_id, filled(script.raw, request), script.delay_s)]
    payload = filled(script.payload, request)
    frames = _segments(payload[: len(payload) - script.shorten], script)
    if script.truncate:
        frames[0] = frames[0][: -script.truncate]
    if script.swap:
        one, other = script.swap
        frames[one], frames[other] = frames[other], frames[one]
    lost = {number + len(frames) if number < 0 else number for number in script.lose}
    return [
        PlannedFrame(arbitration_id, data, script.gap_s if number else script.delay_s, waits=number > 0)
        for number, data in enumerate(frames)
        if number not in lost
    ]


def _id_of(source: Source, request_id: int) -> int:
    own = response_id_of(request_id)
    match source:
        case Source.OWN:
            return own
        case Source.OTHER:
            return other_response_id(own)
        case Source.BROADCAST:
            return _BROADCAST_ID
        case Source.TESTER:
            return request_id


def _segments(payload: bytes, script: MessageScript) -> list[bytes]:
    """Cut a payload into frames of ISO 15765-2: one single frame, or a first and consecutive ones."""
    if len(payload) <= 7:
        return [_padded(bytes((len(payload),)) + payload, script.pad)]
    frames = [bytes((0x10 | len(payload) >> 8, len(payload) & 0xFF)) + payload[:6]]
    rest = payload[6:]
    for number, start in enumerate(range(0, len(rest), 7), 1):
        sequence = number + (1 if number == script.misnumber else 0)
        frames.append(_padded(bytes((0x20 | sequence & 0x0F,)) + rest[start : start + 7], script.pad))
    return frames


def _padded(data: bytes, pad: str) -> bytes:
    return data if pad == "none" else data.ljust(8, bytes.fromhex(pad))
