"""Show the adapter check: a verdict, what each stage found, and what is switched off because of it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from diag.i18n import Message, message, plural_message, tr
from diag.link.check_report import AdapterCheck, CheckVerdict, Stage, StageResult, StageState
from diag.text import check_word
from tui.look import Tone
from tui.screens.base import TerranoScreen
from tui.snapshot import Phase
from tui.view import View, fitted
from tui.widgets.line import Line

_TONES = {CheckVerdict.GOOD: Tone.OK, CheckVerdict.FAIR: Tone.WARN, CheckVerdict.POOR: Tone.FAULT}
_MEANINGS = {
    CheckVerdict.GOOD: message("fit for everything here"),
    CheckVerdict.FAIR: message("fit to read; some things are missing or slow"),
    CheckVerdict.POOR: message("not fit: do not trust what is missing"),
}
_STAGES = {
    Stage.PORT: message("Port"),
    Stage.IDENTITY: message("Identity"),
    Stage.SUPPLY: message("Supply"),
    Stage.PROTOCOL: message("Protocol"),
    Stage.MODULES: message("Modules"),
}
_NAME = 12


class CheckScreen(TerranoScreen):
    """The stages as they pass, then the report."""

    runs_something = True

    def body(self) -> ComposeResult:
        """Yield the verdict and the stages."""
        yield Line(id="title")
        with VerticalScroll(id="steps"):
            yield Line(id="report")

    def draw_body(self, view: View) -> None:
        """Draw the check as far as it is."""
        check = view.snapshot.check
        self.query_one("#title", Line).show(_title(view))
        self.query_one("#report", Line).show(_steps(view) if check is None else _report(view, check))


def _title(view: View) -> Content:
    snapshot = view.snapshot
    title = Content.styled(tr("Adapter check"), Tone.TITLE)
    if snapshot.phase is Phase.STOPPING:
        return title + Content.styled("   " + tr("Stopping."), Tone.WARN)
    if snapshot.phase is Phase.CHECKING:
        busy = f"   {view.symbols.busy} " + tr("checking, about 20 seconds")
        return title + Content.assemble(busy, ("   " + tr("Esc stops"), Tone.MUTED))
    if snapshot.check is None:
        return title + Content("   " + tr("F3 starts the check."))
    return title + Content("   ") + _verdict(view, snapshot.check)


def _verdict(view: View, check: AdapterCheck) -> Content:
    """Return the verdict in one line: `GOOD (12 ms, 0 errors)`."""
    tone = _TONES[check.verdict]
    numbers: Message = plural_message("{count} error", "{count} errors", check.errors)
    if check.latency_s is not None:
        delay = tr("{milliseconds} ms", milliseconds=round(check.latency_s * 1000))
        numbers = message("{delay}, {errors}", delay=delay, errors=numbers)
    words = f"{view.symbols.glyph(tone)} {check_word(check.verdict)} ({numbers})"
    return Content.assemble((words, f"bold {tone}"), f": {_MEANINGS[check.verdict]}")


def _steps(view: View) -> Content:
    return Content("\n").join([Content(str(step)) for step in view.snapshot.check_steps])


def _report(view: View, check: AdapterCheck) -> Content:
    lines = [_stage(view, result, _tone(check, result)) for result in check.stages]
    if check.switched_off:
        lines += [Content(""), Content.styled(tr("Switched off because of it"), Tone.TITLE)]
        lines += [Content.assemble(view.glyph(Tone.WARN), f" {reason}") for reason in check.switched_off]
    return Content("\n").join(lines)


def _tone(check: AdapterCheck, result: StageResult) -> Tone:
    """Return the tone of a stage: a failure that leaves the adapter usable is a warning."""
    if result.state is StageState.FAILED:
        return Tone.FAULT if check.verdict is CheckVerdict.POOR else Tone.WARN
    return Tone.OK if result.state is StageState.PASSED else Tone.MUTED


def _stage(view: View, result: StageResult, tone: Tone) -> Content:
    name = fitted(str(_STAGES[result.stage]), _NAME, view.symbols.ellipsis)
    found = str(result.found) if result.found is not None else tr("not reached")
    line = Content.assemble(view.glyph(tone), " ", (name, f"bold {Tone.PLAIN}"), found)
    if result.advice is None:
        return line
    indent = len(view.symbols.ok) + 1 + _NAME
    return line + Content.styled("\n" + " " * indent + str(result.advice), Tone.MUTED)
