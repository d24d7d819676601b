"""Read a capture file, whatever of the known formats its content shows it to be."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from diag.capture.capture import Capture, Damage, DamageKind, TimeBase
from diag.capture.formats import FORMATS, CaptureFormat
from diag.errors import CaptureError, InputNotFound, InputOutputError
from diag.i18n import message
from diag.model import Frame

#: Times before 1990 are seconds since the recorder began, not wall times.
_EARLIEST_WALL_TIME_S = 631_152_000.0
_BEGINNING_BYTES = 4096
#: Frames of several channels may be written slightly out of order; more than this is a restarted clock.
_CLOCK_BACK_S = 1.0


def read_capture(path: Path | str) -> Capture:
    """Read a capture with all its damage.

    Raises:
        InputNotFound: there is no such file.
        InputOutputError: the system does not let it be read.
        CaptureError: it is empty, of no known format, or holds no frame.
    """
    path = Path(path)
    content = _content_of(path)
    kind = _format_of(path, content[:_BEGINNING_BYTES])
    read = kind.read(content)
    if not read.frames:
        raise CaptureError(
            message("No frame can be read from {path}.", path=str(path)),
            message("Record again, or look at the file: it was taken for {format}.", format=kind.name),
        )
    frames, time_base = _with_time_base(read.frames, relative=kind.relative)
    return Capture(
        path,
        kind.name,
        hashlib.sha256(content).hexdigest(),
        frames,
        time_base,
        (*read.damage, *_clock_damage(frames)),
        read.announced,
    )


def _content_of(path: Path) -> bytes:
    if path.is_dir():
        raise InputNotFound(
            message("{path} is a folder, not a log.", path=str(path)),
            message("Name one log file in it."),
        )
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputNotFound(
            message("There is no log {path}.", path=str(path)), message("Check the name of the file.")
        ) from error
    except OSError as error:
        raise InputOutputError(
            message("{path} cannot be read: {error}", path=str(path), error=error.strerror or str(error)),
            message("Check who may read the file."),
        ) from error
    if not content:
        raise CaptureError(
            message("Empty log: {path} has no content at all.", path=str(path)),
            message("Record again; an empty log says nothing about the car."),
        )
    return content


def _format_of(path: Path, beginning: bytes) -> CaptureFormat:
    for known in FORMATS:
        if known.looks_like(beginning):
            return known
    raise CaptureError(
        message("{path} is not a log of a known format.", path=str(path)),
        message(
            "Looked for {formats}; the file begins with: {beginning}",
            formats=", ".join(known.name for known in FORMATS),
            beginning=repr(beginning[:24])[1:],
        ),
    )


def _with_time_base(frames: list[Frame], *, relative: bool) -> tuple[tuple[Frame, ...], TimeBase]:
    """Return the frames with times as their base wants them: relative ones count from the first frame."""
    start = frames[0].time
    if not relative and start >= _EARLIEST_WALL_TIME_S:
        return tuple(frames), TimeBase.ABSOLUTE
    if start == 0.0:
        return tuple(frames), TimeBase.RELATIVE
    return tuple(replace(frame, time=frame.time - start) for frame in frames), TimeBase.RELATIVE


def _clock_damage(frames: tuple[Frame, ...]) -> list[Damage]:
    damage = []
    for number in range(1, len(frames)):
        back_s = frames[number - 1].time - frames[number].time
        if back_s > _CLOCK_BACK_S:
            detail = message("the clock goes back by {seconds:.3f} s", seconds=back_s)
            damage.append(Damage(number + 1, DamageKind.CLOCK_BACK, detail))
    return damage
