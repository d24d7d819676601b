"""List every key with what it does, straight from the action registry."""

from __future__ import annotations

from textwrap import wrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from diag.i18n import current_language, literal, message, tr
from tui.actions import ACTIONS, key_name, keys_with_twins
from tui.look import ASCII, Tone
from tui.screens.base import TerranoScreen
from tui.view import View
from tui.widgets.line import Line

_KEYS = 14
_SIGN = 5
_MORE = (
    (literal("0-9"), message("Choose the line with this number.")),
    (message("arrows Enter"), message("Move and open. The mouse does the same.")),
)


class HelpScreen(TerranoScreen):
    """Keys on the left, sentences on the right, then what the signs mean."""

    def body(self) -> ComposeResult:
        """Yield the page."""
        yield Line(id="title")
        with VerticalScroll(id="help-area"):
            yield Line(id="page")

    def draw_body(self, view: View) -> None:
        """Draw the page in the language in force."""
        self.query_one("#title", Line).show(Content.styled(tr("Keys"), Tone.TITLE))
        width = self.size.width - 4
        self.query_one("#page", Line).show(
            Content("\n").join([*_keys(view, width), Content(""), *_signs(view, width)])
        )


def _keys(view: View, width: int) -> list[Content]:
    twins = view.symbols is not ASCII or current_language() == "ru"
    rows = [(_printed(action.keys, twins=twins), str(action.sentence)) for action in ACTIONS]
    rows += [(str(keys), str(sentence)) for keys, sentence in _MORE]
    return [_row(Content.styled(keys, f"bold {Tone.PLAIN}"), _KEYS, text, width) for keys, text in rows]


def _printed(keys: tuple[str, ...], *, twins: bool) -> str:
    """Return the keys of an action, letters with their `twins` on the Cyrillic layout."""
    shown = keys_with_twins(keys) if twins else keys
    return " ".join(key_name(key) for key in shown if not key.isupper())


def _row(left: Content, left_width: int, text: str, width: int) -> Content:
    """Set `text` beside `left`, its further lines under its first."""
    first, *more = wrap(text, max(20, width - left_width)) or [""]
    lines = [left + Content(" " * (left_width - left.cell_length) + first)]
    return Content("\n").join([*lines, *(Content(" " * left_width + line) for line in more)])


def _signs(view: View, width: int) -> list[Content]:
    rows = [
        (view.glyph(Tone.OK), tr("The module answered, and it reports no fault codes.")),
        (
            view.glyph(Tone.WARN),
            tr("No answer, a refusal, or an answer cut off: nothing is known of its fault codes."),
        ),
        (view.glyph(Tone.FAULT), tr("Fault codes are stored.")),
        (view.glyph(Tone.MUTED), tr("Not asked, or not fitted.")),
        (
            Content.styled("?", Tone.WARN),
            tr("A value with a question mark is older than 5 seconds: it may no longer be true."),
        ),
    ]
    return [_row(glyph, _SIGN, text, width) for glyph, text in rows]
