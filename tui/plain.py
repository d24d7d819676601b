"""Write text with ASCII alone, Cyrillic letters besides, for terminals that draw nothing else."""

from __future__ import annotations

from itertools import accumulate
from unicodedata import normalize

from textual.content import Content, Span

_SPELLED = {
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2015": "-",
    "\u2212": "-",
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2026": "...",
    "\u00b1": "+-",
    "\u00b0": "",
    "\u00b7": ".",
    "\u00d7": "x",
    "\u2116": "No.",
    "\u2190": "<-",
    "\u2192": "->",
    "\u2264": "<=",
    "\u2265": ">=",
}
_FIRST_CYRILLIC, _LAST_CYRILLIC = "\u0400", "\u04ff"


def in_ascii(content: Content) -> Content:
    """Return `content` in ASCII and Cyrillic characters alone; styles stay where they were."""
    if content.plain.isascii():
        return content
    pieces = [_spell(letter) for letter in content.plain]
    starts = [0, *accumulate(len(piece) for piece in pieces)]
    spans = [Span(starts[span.start], starts[span.end], span.style) for span in content.spans]
    return Content("".join(pieces), spans)


def _spell(letter: str) -> str:
    if letter.isascii() or _FIRST_CYRILLIC <= letter <= _LAST_CYRILLIC:
        return letter
    spelled = _SPELLED.get(letter)
    if spelled is not None:
        return spelled
    return normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii") or "?"
