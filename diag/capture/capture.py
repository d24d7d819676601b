"""Say what a capture is: frames in order, where they come from, and what of the file could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from diag.i18n import Message, message, plural_message
from diag.model import Frame


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


@dataclass(slots=True)
class FramesRead:
    """What the reader of a format gave; `announced` is what a header promised."""

    frames: list[Frame] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    announced: int | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """The frames of one file, in its order, with all that is known against it.

    Times of frames are seconds since the epoch for an absolute time base, else seconds since the first frame.
    `format` is its name in `formats.py`; `complete` is false where anything is missing or unreadable.
    """

    path: Path
    format: str
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


#: How many damaged places are named before the rest is only counted.
_NAMED = 5


def damage_words(capture: Capture) -> Message | None:
    """Say what of a capture could not be read and where, None for a whole one."""
    if not capture.damage:
        return None
    rows = ", ".join(str(damage.row) for damage in capture.damage[:_NAMED])
    places = rows if len(capture.damage) <= _NAMED else f"{rows} ..."
    frames = len(capture.frames)
    if capture.announced_frames is not None and capture.announced_frames > frames:
        return message(
            "the log is cut: {frames} of {announced} frames",
            frames=frames,
            announced=capture.announced_frames,
        )
    return plural_message(
        "the log is damaged in {count} place: line {places}",
        "the log is damaged in {count} places: lines {places}",
        len(capture.damage),
        places=places,
    )
