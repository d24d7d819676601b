"""Say what a capture is: frames in order, where they come from, and what of the file could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from diag.i18n import Message
from diag.model import Frame


class CaptureFormat(StrEnum):
    """The file formats that are read, each recognised by its content."""

    CANDUMP = "candump"
    ASC = "asc"
    BLF = "blf"


class TimeBase(StrEnum):
    """Whether frame times are wall times, or only seconds since the recorder began."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


class DamageKind(StrEnum):
    """What is wrong with one place of a file."""

    BAD_LINE = "bad-line"
    CUT_LINE = "cut-line"
    CUT_FILE = "cut-file"
    UNREADABLE = "unreadable"
    CLOCK_BACK = "clock-back"


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged place: `row` is the line number from 1 (for binary files the frame after which it lies)."""

    row: int
    kind: DamageKind
    detail: Message


@dataclass(frozen=True, slots=True)
class Capture:
    """The frames of one file, in its order, with all that is known against it.

    Times of frames are seconds since the epoch for an absolute time base, else seconds since the first frame.
    `complete` is false where anything is missing or unreadable.
    """

    path: Path
    format: CaptureFormat
    sha256: str
    frames: tuple[Frame, ...]
    time_base: TimeBase
    damage: tuple[Damage, ...] = ()
    announced_frames: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every frame that the recorder wrote is here."""
        return not self.damage

    @property
    def start_s(self) -> float:
        """The time of the earliest frame, as frames carry it."""
        return min(frame.time for frame in self.frames)

    @property
    def end_s(self) -> float:
        """The time of the latest frame, as frames carry it."""
        return max(frame.time for frame in self.frames)

    @property
    def first(self) -> datetime | None:
        """The wall time of the earliest frame, None where the time base is relative."""
        return self.wall_time(self.start_s)

    @property
    def last(self) -> datetime | None:
        """The wall time of the latest frame, None where the time base is relative."""
        return self.wall_time(self.end_s)

    @property
    def ids(self) -> frozenset[int]:
        """The arbitration ids seen."""
        return frozenset(frame.arbitration_id for frame in self.frames if not frame.is_error)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels seen, in order of their names."""
        return tuple(sorted({frame.channel for frame in self.frames}))

    def wall_time(self, frame_time: float) -> datetime | None:
        """Return a frame's time as wall time, None where the time base is relative."""
        if self.time_base is TimeBase.RELATIVE:
            return None
        return datetime.fromtimestamp(frame_time, UTC)
