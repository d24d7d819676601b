"""Print a scan, an adapter check and the adapters found as tables; plain text in a pipe or with NO_COLOR."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from diag.i18n import Message, current_language, message, plural_message, tr
from diag.link.check_report import AdapterCheck, Stage, StageState
from diag.model import Ignition, Mode, ModuleResult, RadioLock, Verdict
from diag.reading.result import ScanResult
from diag.report.glyphs import Glyphs, glyphs_for
from diag.text import check_word, vin_tail, voltage_text

#: A pipe has no width; lines stay whole up to this.
_PIPE_WIDTH = 200


class _Console(Console):
    """A console that leaves a reader who has gone to the caller."""

    def on_broken_pipe(self) -> None:
        """Raise: the command line knows what a closed pipe means."""
        raise BrokenPipeError


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else _PIPE_WIDTH
    return _Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def _print_table(console: Console, table: Table) -> None:
    """Print a table; in a pipe without the blanks that fill its last column."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def print_scan_table(
    result: ScanResult, *, show_vin: bool, ascii_only: bool = False, stream: TextIO | None = None
) -> None:
    """Print a scan: what is always seen first, then every module with its verdict."""
    stream = stream or sys.stdout
    glyphs = glyphs_for(stream, ascii_only=ascii_only)
    console = _console(stream)
    for line in _head(result, show_vin=show_vin):
        console.print(Text(glyphs.plain(line)))
    if result.power_loss is not None:
        console.print(Text(f"{glyphs.warn} {_power_loss(result)}", style="bold yellow"))
    if result.modules:
        _print_table(console, _modules(result.modules, glyphs))
    for note in (_comparison(result), *result.notes, result.coverage):
        if note is not None:
            console.print(Text(glyphs.plain(str(note))))


def _head(result: ScanResult, *, show_vin: bool) -> Iterable[str]:
    yield "  ".join((str(_mode(result)), _voltage(result), _ignition(result), _radio(result)))
    vin = "VIN ?"
    if result.vin is not None:
        vin = f"VIN {result.vin}" if show_vin else f"VIN ..{vin_tail(result.vin)}"
    title = result.profile.title.ru if current_language() == "ru" else result.profile.title.en
    yield f"{title}  {vin}  ({result.profile_because})"
    if result.battery.voltage is not None:
        yield tr("voltage: {source}", source=result.battery.voltage.source)
    yield tr("ignition: {source}", source=result.ignition.source)
    yield tr("radio: {source}", source=result.radio.source)


def _comparison(result: ScanResult) -> Message | None:
    """Say what comparing the witnesses of the voltage gave, and what each of them says."""
    agreement, witnesses = result.battery.agreement, result.battery.witnesses
    if agreement is None:
        return None
    values = ", ".join(f"{witness.value:g}" for witness in witnesses)
    return message("voltage: {comparison} ({values} V)", comparison=agreement, values=values)


def _mode(result: ScanResult) -> Message:
    match result.identity.mode:
        case Mode.LIVE:
            return message("LIVE")
        case Mode.PRACTICE:
            return message("PRACTICE")
        case Mode.ASKED:
            return message("ASKED")
        case Mode.REPLAY:
            return message("REPLAY of practice") if result.identity.practice else message("REPLAY")


def _voltage(result: ScanResult) -> str:
    voltage = result.battery.voltage
    return tr("voltage ?") if voltage is None else str(voltage_text(voltage))


def _ignition(result: ScanResult) -> str:
    position = result.ignition.value
    return tr("IGN {position}", position="?" if position is Ignition.UNKNOWN else position)


def _radio(result: ScanResult) -> str:
    lock = result.radio.lock
    return tr("radio {state}", state="?" if lock is RadioLock.UNKNOWN else lock)


def _power_loss(result: ScanResult) -> str:
    evidence = result.power_loss.evidence if result.power_loss is not None else ()
    codes = ", ".join(f"{name} {code.code}" for name, code in evidence)
    warning = tr(
        "Power was lost (battery disconnected?). The radio may ask for a code. Do not enter anything yet."
    )
    return f"{warning} " + tr("Evidence: {codes}", codes=codes)


def _modules(modules: Sequence[ModuleResult], glyphs: Glyphs) -> Table:
    table = _table(tr("module"), tr("what"), tr("code"), tr("text"))
    for module in modules:
        _add_module(table, module, glyphs)
    return table


def _add_module(table: Table, module: ModuleResult, glyphs: Glyphs) -> None:
    glyph, style, words = _verdict(module, glyphs)
    reason = "" if module.reason is None else glyphs.plain(str(module.reason))
    what = Text(f"{glyph} {words}", style=style)
    if not module.fault_codes:
        table.add_row(module.name, what, "", reason)
        return
    for index, fault in enumerate(module.fault_codes):
        text = tr("no text known") if fault.text is None else fault.text.in_language(current_language())
        first = index == 0
        table.add_row(module.name if first else "", what if first else "", fault.code, text)
    if reason:
        table.add_row("", "", "", reason)


def _verdict(module: ModuleResult, glyphs: Glyphs) -> tuple[str, str, Message]:
    if module.verdict is Verdict.CODES:
        count = len(module.fault_codes)
        return glyphs.fault, "red", plural_message("{count} fault code", "{count} fault codes", count)
    good, caution, muted = (glyphs.ok, "green"), (glyphs.warn, "yellow"), (glyphs.unknown, "dim")
    look, words = {
        Verdict.NONE: (good, message("no fault codes (answered)")),
        Verdict.REFUSED: (caution, message("refused the request")),
        Verdict.NO_ANSWER: (caution, message("no answer")),
        Verdict.LOST: (caution, message("answer cut off")),
        Verdict.NOT_ASKED: (muted, message("not asked")),
        Verdict.NOT_FITTED: (muted, message("not fitted")),
    }[module.verdict]
    return *look, words


def print_adapters(
    rows: Sequence[tuple[str, str, bool, Message | None]],
    *,
    ascii_only: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Print the adapters found: name, link URL, whether it may be used, and what to do."""
    stream = stream or sys.stdout
    console, glyphs = _console(stream), glyphs_for(stream, ascii_only=ascii_only)
    if not rows:
        console.print(Text(tr("No adapter was found.")))
        console.print(Text(tr("A WiFi adapter is named by hand: --link elm327:socket://192.168.0.10:35000")))
        return
    table = _table(tr("adapter"), tr("link"), "", tr("what to do"))
    for name, link, usable, advice in rows:
        state = (
            Text(f"{glyphs.ok} " + tr("ready"), "green")
            if usable
            else Text(f"{glyphs.fault} " + tr("refused"), "red")
        )
        table.add_row(name, link, state, "" if advice is None else str(advice))
    _print_table(console, table)


def print_check(check: AdapterCheck, *, ascii_only: bool = False, stream: TextIO | None = None) -> None:
    """Print an adapter check: the verdict first, then each stage, then what is switched off."""
    stream = stream or sys.stdout
    console, glyphs = _console(stream), glyphs_for(stream, ascii_only=ascii_only)
    style = {"GOOD": "bold green", "FAIR": "bold yellow", "POOR": "bold red"}[check.verdict]
    console.print(Text(str(_summary(check)), style))
    table = _table(tr("stage"), "", tr("what"), tr("what to do"))
    for result in check.stages:
        found = "" if result.found is None else glyphs.plain(str(result.found))
        advice = "" if result.advice is None else str(result.advice)
        table.add_row(str(_STAGE_WORDS[result.stage]), _state(result.state, glyphs), found, advice)
    _print_table(console, table)
    for reason in check.switched_off:
        console.print(Text(tr("Switched off: {reason}", reason=reason)))


_STAGE_WORDS = {
    Stage.PORT: message("port"),
    Stage.IDENTITY: message("adapter"),
    Stage.SUPPLY: message("supply"),
    Stage.PROTOCOL: message("protocol"),
    Stage.MODULES: message("modules"),
}


def _summary(check: AdapterCheck) -> Message:
    errors = plural_message("{count} error", "{count} errors", check.errors)
    if check.latency_s is None:
        return message("Adapter {verdict}", verdict=check_word(check.verdict))
    return message(
        "Adapter {verdict} ({milliseconds} ms, {errors})",
        verdict=check_word(check.verdict),
        milliseconds=round(check.latency_s * 1000),
        errors=errors,
    )


def _state(state: StageState, glyphs: Glyphs) -> Text:
    match state:
        case StageState.PASSED:
            return Text(f"{glyphs.ok} " + tr("passed"), "green")
        case StageState.FAILED:
            return Text(f"{glyphs.fault} " + tr("failed"), "red")
        case StageState.NOT_REACHED:
            return Text(f"{glyphs.unknown} " + tr("not reached"), "dim")
