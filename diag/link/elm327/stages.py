"""Check an ELM327-class adapter stage by stage, as connecting does."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from diag.errors import AdapterLost, TerranoError
from diag.i18n import literal, message
from diag.link.check_report import AdapterCheck, ReportInProgress, Stage
from diag.link.elm327.dialect import NO_ANSWER
from diag.link.elm327.handshake import AdapterName, ProtocolFound, find_protocol, identify, set_up
from diag.link.elm327.link import named_baudrate, wake_at_some_rate
from diag.link.elm327.port import Port, open_port
from diag.link.elm327.probing import probe_commands
from diag.link.elm327.wire import Elm327Wire
from diag.link.options import LinkOptions
from diag.link.url import LinkUrl

_PINGS = 7
_COMMAND_S = 0.8


def check_elm327(url: LinkUrl, options: LinkOptions) -> AdapterCheck:
    """Check the adapter on the port that `url` names. Raises `UsageError` for a wrong URL."""
    return check_over(lambda: open_port(url.target, named_baudrate(url)), url, options)


def check_over(
    open_bytes: Callable[[], Port],
    url: LinkUrl,
    options: LinkOptions,
    on_close: Callable[[], None] | None = None,
) -> AdapterCheck:
    """Check an adapter behind any bytes; `on_close` is called once, after the port is closed."""
    report = ReportInProgress(url.text, options.progress)
    try:
        port = open_bytes()
    except TerranoError as error:
        report.failed(Stage.PORT, error.what, error.advice)
        return report.finish()
    wire = Elm327Wire(port, options.clock, options.trace, on_close)
    wire.terminal.check_stopped = options.check_stopped
    try:
        report.passed(Stage.PORT, message("Port {port} is open", port=url.target or url.text))
        _go_through(report, wire, port, url)
    except AdapterLost as error:
        report.failed_where_it_stands(error.what, error.advice)
    finally:
        wire.close()
    return report.finish()


def _go_through(report: ReportInProgress, wire: Elm327Wire, port: Port, url: LinkUrl) -> None:
    name = _identity(report, wire, port, url)
    if name is None:
        return
    report.latency_s, report.errors = _ping(wire)
    set_up(wire.settings)
    report.probes = probe_commands(wire.terminal, wire.settings, name)
    report.note_supply(
        wire.measure_supply(), why_not=message("The adapter gives no plausible supply voltage.")
    )
    protocol = find_protocol(wire, wire.terminal, wire.settings)
    wire.introduce(url.text, name, protocol, supply=report.supply is not None)
    report.identity, report.capabilities = wire.identity, wire.capabilities
    _protocol(report, protocol)


def _identity(report: ReportInProgress, wire: Elm327Wire, port: Port, url: LinkUrl) -> AdapterName | None:
    try:
        baudrate = wake_at_some_rate(wire, port, url)
        name = identify(wire.terminal)
    except AdapterLost:
        raise
    except TerranoError as error:
        report.failed(Stage.IDENTITY, error.what, error.advice)
        return None
    shown = " / ".join(filter(None, (name.name, name.description, name.stn)))
    rate = literal(f" @ {baudrate}" if baudrate else "")
    report.passed(Stage.IDENTITY, message("Adapter: {name}{rate}", name=shown, rate=rate))
    return name


def _ping(wire: Elm327Wire) -> tuple[float | None, int]:
    """Return the median delay of a command, and how many failed."""
    delays = [wire.terminal.measure("ATI", _COMMAND_S) for _ in range(_PINGS)]
    known = [delay for delay in delays if delay is not None]
    return (statistics.median(known) if known else None), len(delays) - len(known)


def _protocol(report: ReportInProgress, protocol: ProtocolFound) -> None:
    if protocol.answered:
        report.note_modules(protocol.words, protocol.responders)
    elif protocol.reason == NO_ANSWER:
        report.note_no_module(protocol.words)
    else:
        report.note_no_protocol(protocol.reason)
