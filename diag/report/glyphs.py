"""Choose the signs that go with words in a terminal: Unicode where it can show them, else ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Every sign that is not a letter."""

    ok: str
    warn: str
    fault: str
    unknown: str
    plus_minus: str

    def plain(self, text: str) -> str:
        """Return a text with the signs of this set."""
        return text.replace("±", self.plus_minus)


UNICODE = Glyphs("✓", "!", "✗", "-", "±")
ASCII = Glyphs("+", "!", "x", "-", "+-")


def glyphs_for(stream: TextIO, *, ascii_only: bool) -> Glyphs:
    """Return the set that `stream` can show."""
    if ascii_only:
        return ASCII
    try:
        "✓✗±".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
