"""Carry what a screen draws itself from: one snapshot, the time it is looked at, and the glyphs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from diag.i18n import tr
from diag.model import Mode
from tui.look import Symbols, Tone
from tui.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class View:
    """`now` is wall time, `now_s` the monotonic second of the same moment."""

    snapshot: Snapshot
    symbols: Symbols
    now: datetime
    now_s: float

    @property
    def from_capture(self) -> bool:
        """Whether the values come from a capture, whose values do not age."""
        identity = self.snapshot.identity
        return identity is not None and identity.mode is Mode.REPLAY

    @property
    def is_cut_off(self) -> bool:
        """Whether a line that was open is not open now, so that what was read grows old."""
        identity = self.snapshot.identity
        if self.snapshot.lost is not None:
            return True
        return identity is not None and not self.snapshot.connected and identity.mode is not Mode.REPLAY

    def age_s(self, time: datetime) -> float:
        """Return the seconds since `time`, none below zero."""
        return max(0.0, (self.now - time).total_seconds())

    def glyph(self, tone: Tone) -> Content:
        """Return the glyph of a tone in its colour."""
        return Content.styled(self.symbols.glyph(tone), tone)


def duration(seconds: float) -> str:
    """Return a duration in the largest fitting unit: seconds, minutes or hours."""
    if seconds < 60:
        return tr("{count} s", count=int(seconds))
    if seconds < 3600:
        return tr("{count} min", count=int(seconds // 60))
    return tr("{count} h", count=int(seconds // 3600))


def minutes_and_seconds(seconds: float) -> str:
    """Return a place in a log: `0:12`, `75:03`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def fitted(text: str, width: int, ellipsis: str) -> str:
    """Cut `text` to `width` cells, with `ellipsis` where something is missing, or fill it with spaces."""
    content = Content(text)
    if content.cell_length <= width:
        return text + " " * (width - content.cell_length)
    kept = content.truncate(max(0, width - len(ellipsis))).plain
    return (kept + ellipsis)[: max(0, width)]
