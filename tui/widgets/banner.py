"""Say across the screen what must not be missed: an adapter that is lost, a trouble, power that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from diag.i18n import tr
from tui.look import Tone
from tui.snapshot import Trouble
from tui.view import View
from tui.widgets.line import Line

if TYPE_CHECKING:
    from diag.reading.result import PowerLoss

_MOST_EVIDENCE = 4


class Banner(Line):
    """At most two notices, the worse one first; takes no room when there is none."""

    def draw(self, view: View) -> None:
        """Show the notices of this moment."""
        notices = []
        lost, trouble = view.snapshot.lost, view.snapshot.trouble
        if lost is not None:
            notices.append(_lost(lost, trouble or lost, view))
        elif trouble is not None:
            notices.append(_notice(str(trouble.what), str(trouble.advice), Tone.FAULT, view))
        if view.snapshot.power_loss is not None:
            notices.append(_power_lost(view, view.snapshot.power_loss))
        self.show(Content("\n").join(notices))


def _lost(lost: Trouble, latest: Trouble, view: View) -> Content:
    """Say since when the adapter is gone, and what the latest try to reach it met."""
    head = tr("Adapter lost at {time}.", time=f"{lost.time:%H:%M:%S}")
    kept = tr("Values stay with their age.")
    return _notice(f"{head} {kept}", f"{latest.what} {latest.advice}", Tone.FAULT, view)


def _power_lost(view: View, loss: PowerLoss) -> Content:
    first = tr(
        "Power was lost (battery disconnected?). The radio may ask for a code. Do not enter anything yet."
    )
    codes = ", ".join(f"{module} {code.code}" for module, code in loss.evidence[:_MOST_EVIDENCE])
    more = view.symbols.ellipsis if len(loss.evidence) > _MOST_EVIDENCE else ""
    result = view.snapshot.result
    time = tr(", read at {time}", time=f"{result.time:%H:%M:%S}") if result is not None else ""
    return _notice(first, tr("Evidence: {codes}", codes=codes) + more + time, Tone.WARN, view)


def _notice(first: str, rest: str, tone: Tone, view: View) -> Content:
    return Content.assemble(view.glyph(tone), " ", (first, f"bold {tone}"), "\n", (rest, Tone.PLAIN))
