"""Show every module of the car with glyph, word and colour of its verdict, and the reason."""

from __future__ import annotations

from textual.content import Content

from diag.i18n import current_language
from tui.look import Tone
from tui.verdicts import judge_by_name
from tui.view import View, fitted
from tui.widgets.choice_list import ChoiceList

_NAME = 8
_WORD = 27
_TITLE_WIDE = 26
_TITLE_NARROW = 15


class ModuleTable(ChoiceList):
    """One line for each module; its id is the module's name."""

    def draw(self, view: View) -> None:
        """Show the modules of this moment."""
        width = self.line_width
        names = view.snapshot.module_names
        self.show([(name, module_line(view, name, number, width)) for number, name in enumerate(names, 1)])


def module_line(view: View, name: str, number: int, width: int) -> Content:
    """Return the line of one module: number, name, title, verdict, reason; `width` cells wide."""
    judgement = judge_by_name(view.snapshot, name)
    symbols = view.symbols
    glyph = symbols.busy if view.snapshot.asking == name else symbols.glyph(judgement.tone)
    fact = view.snapshot.fact(name)
    title = "" if fact is None else fact.title.ru if current_language() == "ru" else fact.title.en
    title_width = _TITLE_WIDE if width >= 100 else _TITLE_NARROW
    verdict = fitted(f"{glyph} {judgement.word}", _WORD + len(glyph), symbols.ellipsis)
    before = 3 + _NAME + title_width + 1
    rest = width - before - len(verdict) - 1
    return Content.assemble(
        (f"{number:2d} ", Tone.MUTED),
        (fitted(name, _NAME, symbols.ellipsis), f"bold {Tone.PLAIN}"),
        (fitted(title, title_width, symbols.ellipsis) + " ", Tone.PLAIN),
        (verdict + " ", judgement.tone),
        (fitted(judgement.detail, rest, symbols.ellipsis), Tone.PLAIN),
    )
