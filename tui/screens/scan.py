"""Scan the car: every module with its verdict, as they come in."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message as Event
from textual.widgets import OptionList

from diag.i18n import current_language, message, plural_message, tr
from diag.model import Reachability
from tui.look import Symbols, Tone
from tui.screens.base import TerranoScreen
from tui.snapshot import Phase, Snapshot
from tui.verdicts import judge_by_name
from tui.view import View
from tui.widgets.line import Line
from tui.widgets.module_table import ModuleTable
from tui.widgets.playback_line import playback_line

_BAR = 18
#: What keeps a radio from answering that its row of the table does not tell.
_RADIO_TO_EXPLAIN = frozenset({Reachability.OTHER_CAN_PAIR, Reachability.NO_POWER, Reachability.REFUSED})


class ScanScreen(TerranoScreen):
    """The live table of modules; Enter, a digit or a click opens one."""

    runs_something = True

    class ModuleOpened(Event):
        """A module was picked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def body(self) -> ComposeResult:
        """Yield progress, table and the remarks under it."""
        yield Line(id="playback")
        yield Line(id="progress")
        yield Line(id="step")
        yield ModuleTable()
        yield Line(id="selected")
        yield Line(id="remarks")

    def draw_body(self, view: View) -> None:
        """Draw the scan as far as it is."""
        self.query_one("#playback", Line).show(playback_line(view))
        self.query_one("#progress", Line).show(_progress(view))
        self.query_one("#step", Line).show(_step(view))
        self.query_one(ModuleTable).draw(view)
        self.query_one("#selected", Line).show(_selected(view, self.query_one(ModuleTable).highlighted_id))
        self.query_one("#remarks", Line).show(remarks_of(view.snapshot))

    def pick(self, digit: int) -> None:
        """Open the module with this number."""
        names = [option.id for option in self.query_one(ModuleTable).options]
        if 0 < digit <= len(names):
            self.query_one(ModuleTable).pick(names[digit - 1] or "")

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.ModuleOpened(event.option_id or ""))


def _progress(view: View) -> Content:
    snapshot = view.snapshot
    done, known = len(snapshot.modules), len(snapshot.module_names)
    title = Content.styled(tr("Fault codes of all modules"), Tone.TITLE)
    if not known:
        return title
    words = plural_message("{done} of {count} module", "{done} of {count} modules", known, done=done)
    return Content.assemble(title, "   ", (_bar(done, known, view.symbols), Tone.OK), f" {words}")


def _bar(done: int, known: int, symbols: Symbols) -> str:
    full = done * _BAR // known
    return symbols.full * full + symbols.empty * (_BAR - full)


def _step(view: View) -> Content:
    snapshot = view.snapshot
    if snapshot.phase is Phase.STOPPING:
        return Content.styled(tr("Stopping the scan."), Tone.WARN)
    if snapshot.phase.busy:
        fallback = tr("Connecting.") if snapshot.phase is Phase.CONNECTING else tr("Asking the modules.")
        words = str(snapshot.step) if snapshot.step is not None else fallback
        if snapshot.asking is not None:
            words = tr("Asking {module}", module=_title(view, snapshot.asking))
        return Content.assemble(
            (f"{view.symbols.busy} {words}", Tone.PLAIN), ("   " + tr("Esc stops"), Tone.MUTED)
        )
    if snapshot.stopped:
        return Content.styled(tr("Scan stopped. F2 scans again."), Tone.WARN)
    if snapshot.result is not None:
        time = f"{snapshot.result.time:%H:%M:%S}"
        return Content(tr("Done at {time}. Enter opens a module, F2 scans again.", time=time))
    return Content(tr("F2 starts the scan.") if snapshot.playback is None else "")


def _selected(view: View, name: str | None) -> Content:
    """Say the highlighted module's title and verdict in full, since the table may cut them."""
    if name is None:
        return Content("")
    judgement = judge_by_name(view.snapshot, name)
    detail = f": {judgement.detail}" if judgement.detail else ""
    return Content.assemble(
        (f"{_title(view, name)}   ", f"bold {Tone.PLAIN}"), (f"{judgement.word}{detail}", judgement.tone)
    )


def _title(view: View, name: str) -> str:
    fact = view.snapshot.fact(name)
    return name if fact is None else fact.title.ru if current_language() == "ru" else fact.title.en


def remarks_of(snapshot: Snapshot) -> Content:
    """Say what the scan rests on; a trouble needs the room more."""
    if snapshot.trouble is not None or snapshot.lost is not None:
        return Content("")
    remarks = []
    if snapshot.profile_because is not None:
        remarks.append(message("Car: {because}", because=snapshot.profile_because))
    battery = snapshot.battery if snapshot.result is None else snapshot.result.battery
    if battery is not None and battery.agreement is not None:
        remarks.append(message("Voltage: {agreement}", agreement=battery.agreement))
    if snapshot.radio is not None and snapshot.radio.reachable in _RADIO_TO_EXPLAIN:
        remarks.append(message("Radio: {source}", source=snapshot.radio.source))
    if snapshot.result is not None and snapshot.result.coverage is not None:
        remarks.append(snapshot.result.coverage)
    remarks += snapshot.result.notes if snapshot.result is not None else ()
    return Content.styled("\n".join(str(remark) for remark in remarks), Tone.MUTED)
