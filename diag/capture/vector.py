"""Read Vector's ASC and BLF files with python-can's readers, and notice what those pass over in silence."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO, cast

from diag.capture.capture import Damage, DamageKind, FramesRead
from diag.i18n import Message, message
from diag.model import Frame

if TYPE_CHECKING:
    import can

#: Time, channel, id, direction, `d`, length, then the bytes.
_ASC_FRAME = re.compile(
    r"\s*\d+\.\d+\s+\d+\s+[0-9A-Fa-f]+x?\s+(?:Rx|Tx)\s+d\s+([0-9A-Fa-f]+)((?:\s+[0-9A-Fa-f]{1,3})*)(?:\s+\S+\s*=.*)?\s*"
)
#: What begins as a frame does: time, channel, id, direction. Statistics and comments do not.
_ASC_BEGINNING = re.compile(r"\s*\d+\.\d+\s+\d+\s+[0-9A-Fa-f]+x?\s+(?:Rx|Tx)\b", re.IGNORECASE)
_ASC_HEADER = re.compile(r"\s*(date\s+\w|base\s+(hex|dec)\b)", re.IGNORECASE)
_ASC_TIMED = re.compile(r"\s*\d+\.\d*")
_ASC_END = re.compile(r"\s*end\s+triggerblock", re.IGNORECASE)
_BLF_MAGIC = b"LOGG"


def looks_like_asc(beginning: str) -> bool:
    """Say whether one of the first lines of a file is a header line of ASC."""
    return any(_ASC_HEADER.match(line) for line in beginning.splitlines()[:20])


def looks_like_blf(beginning: bytes) -> bool:
    """Say whether a file begins as BLF does."""
    return beginning.startswith(_BLF_MAGIC)


class _AscLines:
    """Hand lines to python-can's reader, keeping back those that it would misread.

    After the reader has died of a line, `revive` gives it the end of a header first, since a new one expects
    a header.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._revived = False
        self.row = 0
        self.damage: list[Damage] = []

    def revive(self) -> None:
        """Let the next reader go on where the last one died."""
        self._revived = True

    def close(self) -> None:
        """Do nothing: the reader closes what it has read to the end."""

    def __iter__(self) -> Iterator[str]:
        if self._revived:
            yield "no internal events logged\n"
        for line in self._lines:
            self.row += 1
            reason = _why_not_whole(line)
            if reason is None:
                yield line
            else:
                kind = DamageKind.BAD_LINE if line.endswith("\n") else DamageKind.CUT_LINE
                self.damage.append(Damage(self.row, kind, reason))


def _why_not_whole(line: str) -> Message | None:
    """Return why a line is damaged, None where it is a whole frame or no frame at all."""
    frame = _ASC_FRAME.fullmatch(line.rstrip("\r\n"))
    if frame is not None and (missing := int(frame[1], 16) - len(frame[2].split())) > 0:
        return message("{count} data bytes missing", count=missing)
    if frame is None and re.search(r"\s(?:Rx|Tx)\s+d\b", line):
        return message("not written as time, channel, id and data")
    if line.endswith("\n") or _ASC_END.match(line):
        return None
    return message("the file ends in the middle of this line") if _ASC_TIMED.match(line) else None


def read_asc(lines: Iterable[str]) -> FramesRead:
    """Read lines into frames, times relative to the start of the measurement, and damage."""
    import can

    source = _AscLines(lines)
    result = FramesRead()
    reader = iter(can.ASCReader(cast("TextIO", source)))
    while True:
        try:
            result.frames.append(_frame_of(next(reader)))
        except StopIteration:
            break
        except (ValueError, IndexError, OverflowError) as error:
            detail = message("python-can cannot read it: {error}", error=str(error))
            source.damage.append(Damage(source.row, DamageKind.BAD_LINE, detail))
            source.revive()
            reader = iter(can.ASCReader(cast("TextIO", source)))
    result.damage.extend(source.damage)
    return result


def read_blf(content: bytes) -> FramesRead:
    """Read a BLF file into frames and damage; its header says how many objects and bytes there should be.

    The header is written last, so a recorder that died leaves zeros in it.
    """
    import can
    from can.io.blf import BLFParseError

    result = FramesRead()
    try:
        with can.BLFReader(io.BytesIO(content)) as reader:
            result.announced = int(reader.object_count)
            size_announced = int(reader.file_size)
            for heard in reader:
                result.frames.append(_frame_of(heard))
    except (BLFParseError, struct.error, zlib.error, ValueError, IndexError) as error:
        row = len(result.frames)
        detail = message("not readable after frame {count}: {error}", count=row, error=str(error))
        result.damage.append(Damage(row, DamageKind.UNREADABLE, detail))
        return result
    size = len(content)
    if size < size_announced or result.announced == 0:
        detail = _cut(result, size, size_announced)
        result.damage.append(Damage(len(result.frames), DamageKind.CUT_FILE, detail))
    return result


def _cut(result: FramesRead, size: int, size_announced: int) -> Message:
    return message(
        "the header says {announced} entries in {size_announced} bytes, "
        "here are {found} frames in {size} bytes",
        announced=result.announced,
        size_announced=size_announced,
        found=len(result.frames),
        size=size,
    )


def _frame_of(heard: can.Message) -> Frame:
    return Frame(
        heard.timestamp,
        heard.arbitration_id,
        bytes(heard.data),
        heard.is_extended_id,
        "" if heard.channel is None else str(heard.channel),
        not heard.is_rx,
        heard.is_error_frame,
        heard.is_remote_frame,
    )
