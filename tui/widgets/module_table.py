"""Show every module of the car with glyph, word and colour of its verdict, and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from diag.i18n import current_language, tr
from diag.model import Verdict
from tui.look import Tone
from tui.verdicts import judge_by_name, verdict_words
from tui.view import View, duration, fitted
from tui.widgets.choice_list import ChoiceList

_NUMBER = 3
#: Titles give way to reasons down to this width.
_SHORT_TITLE = 15


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column, without the blank after it."""

    name: int
    title: int
    verdict: int
    detail: int


class ModuleTable(ChoiceList):
    """One line for each module; its id is the module's name."""

    def draw(self, view: View) -> None:
        """Show the modules of this moment."""
        columns = columns_of(view, self.line_width)
        names = view.snapshot.module_names
        self.show([(name, module_line(view, name, number, columns)) for number, name in enumerate(names, 1)])


def columns_of(view: View, width: int) -> Columns:
    """Share `width` cells by what the columns hold; only title and detail give way, to each other."""
    names = view.snapshot.module_names
    verdicts = [_verdict(view, name) for name in names]
    if view.snapshot.phase.busy:  # no column moves while the verdicts come in
        verdicts.append(f"{view.symbols.ok} {verdict_words(Verdict.NONE, 0)[0]}")
    name_cells, verdict_cells = _widest(names), _widest(verdicts)
    room = max(0, width - _NUMBER - name_cells - verdict_cells - 3)
    detail_cells = _widest(_detail(view, name) for name in names)
    title_cells = min(_widest(_title(view, name) for name in names), max(room - detail_cells, _SHORT_TITLE))
    return Columns(name_cells, title_cells, verdict_cells, room - title_cells)


def module_line(view: View, name: str, number: int, columns: Columns) -> Content:
    """Return the line of one module: number, name, title, verdict, reason."""
    more = view.symbols.ellipsis
    return Content.assemble(
        (f"{number:2d} ", Tone.MUTED),
        (fitted(name, columns.name, more) + " ", f"bold {Tone.PLAIN}"),
        (fitted(_title(view, name), columns.title, more) + " ", Tone.PLAIN),
        (fitted(_verdict(view, name), columns.verdict, more) + " ", judge_by_name(view.snapshot, name).tone),
        (fitted(_detail(view, name), columns.detail, more), Tone.PLAIN),
    )


def _widest(texts: Iterable[str]) -> int:
    return max((Content(text).cell_length for text in texts), default=0)


def _title(view: View, name: str) -> str:
    fact = view.snapshot.fact(name)
    return "" if fact is None else fact.title.ru if current_language() == "ru" else fact.title.en


def _verdict(view: View, name: str) -> str:
    judgement = judge_by_name(view.snapshot, name)
    busy = view.snapshot.asking == name
    glyph = view.symbols.busy if busy else view.symbols.glyph(judgement.tone)
    return f"{glyph} {judgement.word}"


def _detail(view: View, name: str) -> str:
    """Return codes or reason; behind the age of the verdict where the line is gone."""
    judgement = judge_by_name(view.snapshot, name)
    read = view.snapshot.read_time(name)
    if read is None or not view.is_cut_off:
        return judgement.detail
    age = tr("{age} old", age=duration(view.age_s(read.time)))
    return f"{age}: {judgement.detail}" if judgement.detail else age
