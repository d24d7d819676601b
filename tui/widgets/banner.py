"""Say across the screen what must not be missed: an adapter that is lost, a trouble, power that was lost."""

from __future__ import annotations

from textual.content import Content

from diag.i18n import tr
from diag.reading.result import PowerLoss
from tui.look import Tone
from tui.snapshot import Trouble
from tui.view import View
from tui.widgets.line import Line

_MOST_EVIDENCE = 4


class Banner(Line):
    """At most two notices, the worse one first; takes no room when there is none."""

    def draw(self, view: View) -> None:
        """Show the notices of this moment."""
        notices = []
        if view.snapshot.trouble is not None:
            notices.append(_trouble(view.snapshot.trouble, view))
        if view.snapshot.power_loss is not None:
            notices.append(_power_lost(view, view.snapshot.power_loss))
        self.set_class(view.snapshot.trouble is not None, "-trouble")
        self.show(Content("\n").join(notices))


def _trouble(trouble: Trouble, view: View) -> Content:
    if trouble.adapter_lost:
        head = tr("Adapter lost at {time}.", time=f"{trouble.time:%H:%M:%S}")
        kept = tr("Values stay with their age.")
        first = f"{head} {kept}"
        rest = f"{trouble.what} {trouble.advice}"
    else:
        first, rest = str(trouble.what), str(trouble.advice)
    return _notice(first, rest, Tone.FAULT, view)


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
