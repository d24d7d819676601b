"""Give each state its glyph and colour, in a set for any terminal and one of plain ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The colour of a state, as a theme variable; never the only sign of it."""

    OK = "$success"
    WARN = "$warning"
    FAULT = "$error"
    PLAIN = "$foreground"
    MUTED = "$text-muted"
    TITLE = "bold $primary"


@dataclass(frozen=True, slots=True)
class Symbols:
    """Every glyph that is not a letter."""

    ok: str
    warn: str
    fault: str
    unknown: str
    busy: str
    plus_minus: str
    ellipsis: str
    full: str
    empty: str

    def glyph(self, tone: Tone) -> str:
        """Return the glyph that goes with a tone."""
        return {Tone.OK: self.ok, Tone.WARN: self.warn, Tone.FAULT: self.fault}.get(tone, self.unknown)


UNICODE = Symbols("✓", "!", "✗", "-", "»", "±", "…", "█", "░")
ASCII = Symbols("[ok]", "[!] ", "[x] ", "[-] ", "[>] ", "+-", "...", "#", ".")
