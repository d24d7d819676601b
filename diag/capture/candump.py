"""Read candump log lines strictly: a line is a whole frame, or it is damage with its number.

    (1725694999.693250) can1 7E8#0641010027E100CC R

Source: `candump -L` of can-utils; the direction letter at the end is what python-can adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from diag.capture.capture import Damage, DamageKind, FramesRead
from diag.i18n import Message, message
from diag.model import Frame

_LINE = re.compile(r"\((\d+\.\d+)\)\s+(\S+)\s+([^\s#]+)#(\S*)(?:\s+([RrTt]))?")
_LONGEST_DATA = 8
#: Lengths that CAN FD can carry (ISO 11898-1).
_FD_LENGTHS = frozenset((*range(9), 12, 16, 20, 24, 32, 48, 64))
_ERROR_FLAG = 0x20000000
_EXTENDED_MASK = 0x1FFFFFFF
_STANDARD_MASK = 0x7FF


class _BadLineError(Exception):
    """A line is no frame; the message says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def looks_like_candump(beginning: str) -> bool:
    """Say whether one of the first lines of a file is a candump frame."""
    return any(_LINE.fullmatch(line.strip()) for line in beginning.splitlines()[:20])


def read_candump(lines: Iterable[str]) -> FramesRead:
    """Read lines (with their line ends) into frames and damage, in order."""
    result = FramesRead()
    with_direction = False
    for row, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            continue
        whole = line.endswith(("\n", "\r"))
        try:
            frame, direction = _frame_of(text)
        except _BadLineError as bad:
            kind = DamageKind.BAD_LINE if whole else DamageKind.CUT_LINE
            result.damage.append(Damage(row, kind, bad.reason))
            continue
        if not whole and not _must_be_whole(frame, direction, with_direction):
            detail = message("the file ends in the middle of this line")
            result.damage.append(Damage(row, DamageKind.CUT_LINE, detail))
            continue
        with_direction = with_direction or bool(direction)
        result.frames.append(frame)
    return result


def _must_be_whole(frame: Frame, direction: str, with_direction: bool) -> bool:
    """Say whether a last line without a line end is whole all the same: nothing could follow in it."""
    return bool(direction) or (not with_direction and len(frame.data) == _LONGEST_DATA)


def _frame_of(text: str) -> tuple[Frame, str]:
    found = _LINE.fullmatch(text)
    if found is None:
        raise _BadLineError(_why_no_frame(text))
    time, channel, identifier, data, direction = found.groups("")
    arbitration_id, is_extended, is_error = _identifier_of(identifier)
    is_remote = data[:1] in ("R", "r")
    frame = Frame(
        float(time),
        arbitration_id,
        b"" if is_remote else _data_of(data),
        is_extended,
        channel,
        direction in ("T", "t"),
        is_error,
        is_remote,
    )
    return frame, direction


def _why_no_frame(text: str) -> Message:
    if "#" not in text or not re.search(r"\d", text.partition("#")[0]):
        return message("no frame in this line")
    if not text.startswith("(") or ")" not in text:
        return message("no brackets around the time")
    return message("not written as time, channel and frame")


def _identifier_of(text: str) -> tuple[int, bool, bool]:
    """Return the id without its flags, whether it is extended, and whether the frame is an error frame."""
    if not re.fullmatch(r"[0-9A-Fa-f]{1,8}", text):
        raise _BadLineError(message("{text} is no CAN id", text=text))
    value = int(text, 16)
    if len(text) > 3:
        return value & _EXTENDED_MASK, True, bool(value & _ERROR_FLAG)
    if value > _STANDARD_MASK:
        raise _BadLineError(message("{text} is no CAN id", text=text))
    return value, False, False


def _data_of(text: str) -> bytes:
    """Return the data bytes; CAN FD data begin with `#` and one digit of flags."""
    is_fd = text.startswith("#")
    digits = text[2:] if is_fd else text
    odd = re.search(r"[^0-9A-Fa-f]", digits)
    if odd is not None:
        raise _BadLineError(message("{sign} is not a hexadecimal digit", sign=odd.group()))
    if len(digits) % 2:
        raise _BadLineError(message("an odd number of hexadecimal digits"))
    data = bytes.fromhex(digits)
    if len(data) > _LONGEST_DATA and not (is_fd and len(data) in _FD_LENGTHS):
        raise _BadLineError(message("{count} data bytes", count=len(data)))
    return data
