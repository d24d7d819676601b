"""Write CAN frames the way an ELM327 prints them."""

from __future__ import annotations

from diag.model import Frame
from diag.simulator.elm327.settings import Settings

DATA_ERROR = "<DATA ERROR"


def frame_line(frame: Frame, settings: Settings) -> tuple[str, ...]:
    """Return the lines for one received frame, without line ends.

    With headers the frame is shown as it is. Without, formatting takes the ISO 15765-2 control bytes off: a
    first frame gives its length on a line of its own, the segments are numbered.
    """
    if settings.headers:
        length = (f"{len(frame.data):X}",) if settings.show_length else ()
        return (_joined((f"{frame.arbitration_id:03X}", *length, *_bytes(frame.data)), settings),)
    if not settings.auto_format or not frame.data:
        return (_joined(_bytes(frame.data), settings),)
    return _formatted(frame.data, settings)


def monitored_line(frame: Frame, settings: Settings) -> str:
    """Return the line for a frame heard while monitoring; formatting marks what is no ISO 15765-2 frame."""
    tokens = _bytes(frame.data)
    if settings.headers:
        length = (f"{len(frame.data):X}",) if settings.show_length else ()
        tokens = (f"{frame.arbitration_id:03X}", *length, *tokens)
    line = _joined(tokens, settings)
    if settings.auto_format and not _is_segment(frame.data):
        return line + DATA_ERROR
    return line


def _formatted(data: bytes, settings: Settings) -> tuple[str, ...]:
    kind, low = data[0] >> 4, data[0] & 0x0F
    if kind == 0 and 1 <= low <= len(data) - 1:
        return (_joined(_bytes(data[1 : 1 + low]), settings),)
    if kind == 1 and len(data) >= 2:
        length = low << 8 | data[1]
        return (f"{length:03X}{' ' if settings.spaces else ''}", _segment(0, data[2:], settings))
    if kind == 2:
        return (_segment(low, data[1:], settings),)
    return (_joined(_bytes(data), settings) + DATA_ERROR,)


def _segment(number: int, data: bytes, settings: Settings) -> str:
    gap = " " if settings.spaces else ""
    return f"{number:X}:{gap}{_joined(_bytes(data), settings)}"


def _is_segment(data: bytes) -> bool:
    if not data:
        return False
    kind, low = data[0] >> 4, data[0] & 0x0F
    return kind in {1, 2, 3} or (kind == 0 and 1 <= low <= len(data) - 1)


def _bytes(data: bytes) -> tuple[str, ...]:
    return tuple(f"{byte:02X}" for byte in data)


def _joined(tokens: tuple[str, ...], settings: Settings) -> str:
    return "".join(f"{token} " for token in tokens) if settings.spaces else "".join(tokens)
