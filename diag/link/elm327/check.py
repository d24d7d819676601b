"""Check an adapter stage by stage, as connecting does, and say what it is good for."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from diag.errors import AdapterLost, TerranoError
from diag.i18n import Message, literal, message
from diag.link.base import Capabilities, Identity, Link, Request, SupplySample
from diag.link.elm327.connecting import (
    SUPPORTED_PIDS,
    AdapterName,
    ProtocolFound,
    find_protocol,
    identify,
    set_up,
)
from diag.link.elm327.dialect import NO_ANSWER
from diag.link.elm327.opening import named_baudrate, wake_at_some_rate
from diag.link.elm327.port import Port, open_port
from diag.link.elm327.probing import Probe, probe_commands
from diag.link.elm327.wire import Elm327Wire
from diag.link.opening import LinkOptions, connect
from diag.link.url import LinkUrl, parse_link_url
from diag.model import FunctionalAddress

_SLOW_S = 0.2
_PINGS = 7
_COMMAND_S = 0.8


class Stage(StrEnum):
    """The stages of connecting, in their order."""

    PORT = "port"
    IDENTITY = "identity"
    SUPPLY = "supply"
    PROTOCOL = "protocol"
    MODULES = "modules"


class StageState(StrEnum):
    """What became of a stage."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not-reached"


class CheckVerdict(StrEnum):
    """What an adapter is good for: everything, most things, or too little."""

    GOOD = "GOOD"
    FAIR = "FAIR"
    POOR = "POOR"


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage: what was found, or the cause of the failure and what to do next."""

    stage: Stage
    state: StageState
    found: Message | None = None
    advice: Message | None = None


@dataclass(frozen=True, slots=True)
class AdapterCheck:
    """The report: stages, commands tried, median delay of a command, failed ones, what is switched off."""

    url: str
    verdict: CheckVerdict
    stages: tuple[StageResult, ...]
    probes: tuple[Probe, ...] = ()
    switched_off: tuple[Message, ...] = ()
    latency_s: float | None = None
    errors: int = 0
    identity: Identity | None = None
    supply: SupplySample | None = None
    responders: tuple[int, ...] = ()


@dataclass(slots=True)
class _Report:
    """The report while it is written."""

    url: str
    progress: Callable[[Message], None]
    results: dict[Stage, StageResult] = field(default_factory=dict)
    probes: tuple[Probe, ...] = ()
    latency_s: float | None = None
    errors: int = 0
    identity: Identity | None = None
    supply: SupplySample | None = None
    responders: tuple[int, ...] = ()
    capabilities: Capabilities | None = None

    def passed(self, stage: Stage, found: Message) -> None:
        self.results[stage] = StageResult(stage, StageState.PASSED, found)
        self.progress(found)

    def failed(self, stage: Stage, cause: Message, advice: Message | None = None) -> None:
        self.results[stage] = StageResult(stage, StageState.FAILED, cause, advice)
        self.progress(cause)

    def finish(self) -> AdapterCheck:
        stages = tuple(self.results.get(stage, StageResult(stage, StageState.NOT_REACHED)) for stage in Stage)
        off = (
            tuple(reason for name, reason in self.capabilities.why_not if name != "longest_request")
            if (self.capabilities)
            else ()
        )
        return AdapterCheck(
            self.url,
            self._verdict(stages),
            stages,
            self.probes,
            off,
            self.latency_s,
            self.errors,
            self.identity,
            self.supply,
            self.responders,
        )

    def _verdict(self, stages: tuple[StageResult, ...]) -> CheckVerdict:
        failed = {result.stage for result in stages if result.state is not StageState.PASSED}
        able = self.capabilities
        if failed & {Stage.PORT, Stage.IDENTITY, Stage.PROTOCOL} or able is None or not able.addressing:
            return CheckVerdict.POOR
        if able.reason_against("filter") is not None:
            return CheckVerdict.POOR
        weak = not able.listening or any(map(able.reason_against, ("long_answers", "responders")))
        slow = self.latency_s is None or self.latency_s > _SLOW_S
        return CheckVerdict.FAIR if failed or weak or slow or self.errors else CheckVerdict.GOOD


def check_adapter(url: str, options: LinkOptions) -> AdapterCheck:
    """Check the adapter that `url` names. A stage that fails ends the report; it is not raised.

    Raises:
        UsageError: the URL is wrong.
    """
    parsed = parse_link_url(url)
    if parsed.scheme == "elm327":
        return check_over(lambda: open_port(parsed.target, named_baudrate(parsed)), parsed, options)
    if parsed.scheme == "sim":
        from diag.link.sim import start_car

        port, stop_car = start_car(parsed, options.clock)
        return check_over(lambda: port, parsed, options, stop_car)
    return _check_link(parsed, options)


def check_over(
    open_bytes: Callable[[], Port],
    url: LinkUrl,
    options: LinkOptions,
    on_close: Callable[[], None] | None = None,
) -> AdapterCheck:
    """Check an ELM327-class adapter behind any bytes."""
    report = _Report(url.text, options.progress)
    try:
        port = open_bytes()
    except TerranoError as error:
        report.failed(Stage.PORT, error.what, error.advice)
        return report.finish()
    report.passed(Stage.PORT, message("Port {port} is open", port=url.target or url.text))
    wire = Elm327Wire(port, options.clock, options.trace, on_close)
    try:
        _go_through(report, wire, port, url)
    except AdapterLost as error:
        stage = next((stage for stage in Stage if stage not in report.results), Stage.MODULES)
        report.failed(stage, error.what, error.advice)
    finally:
        wire.close()
    return report.finish()


def _go_through(report: _Report, wire: Elm327Wire, port: Port, url: LinkUrl) -> None:
    name = _identity(report, wire, port, url)
    if name is None:
        return
    report.latency_s, report.errors = _ping(wire)
    set_up(wire.settings)
    report.probes = probe_commands(wire.terminal, wire.settings, name)
    _supply(report, wire)
    protocol = find_protocol(wire, wire.terminal, wire.settings)
    wire.introduce(url.text, name, protocol, supply=report.supply is not None)
    report.identity, report.capabilities = wire.identity, wire.capabilities
    _protocol(report, protocol)


def _identity(report: _Report, wire: Elm327Wire, port: Port, url: LinkUrl) -> AdapterName | None:
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


def _supply(report: _Report, wire: Elm327Wire) -> None:
    report.supply = sample = wire.measure_supply()
    if sample is None:
        report.failed(
            Stage.SUPPLY,
            message("The adapter gives no plausible supply voltage."),
            message("Measure the battery with a meter."),
        )
    else:
        report.passed(Stage.SUPPLY, message("Supply at the plug: {volts:.1f} V", volts=sample.voltage_v))


def _protocol(report: _Report, protocol: ProtocolFound) -> None:
    report.responders = protocol.responders
    if protocol.answered:
        report.passed(Stage.PROTOCOL, message("Protocol: {protocol}", protocol=protocol.words))
        _modules(report, protocol.responders)
        return
    nobody = message("No module answered.")
    if protocol.reason == NO_ANSWER:
        report.passed(Stage.PROTOCOL, message("Protocol: {protocol}", protocol=protocol.words))
        report.failed(Stage.MODULES, nobody, message("Switch the ignition on and check again."))
        return
    cause = protocol.reason or nobody
    if report.capabilities is not None and not report.capabilities.listening:
        cause = report.capabilities.reason_against("addressing") or cause
    report.failed(
        Stage.PROTOCOL,
        cause,
        message(
            "Switch the ignition on; check the plug, and which pins the adapter uses (CAN is on 6 and 14)."
        ),
    )


def _modules(report: _Report, responders: tuple[int, ...]) -> None:
    ids = ", ".join(f"{responder:03X}" for responder in responders) or "?"
    report.passed(Stage.MODULES, message("Modules that answered everyone's question: {ids}", ids=ids))


def _check_link(url: LinkUrl, options: LinkOptions) -> AdapterCheck:
    """Check any other link by what it says of itself and by one request to everyone."""
    report = _Report(url.text, options.progress)
    try:
        link = connect(url.text, options)
    except TerranoError as error:
        report.failed(Stage.PORT, error.what, error.advice)
        return report.finish()
    try:
        _ask_link(report, link, options)
    except TerranoError as error:
        stage = next((stage for stage in Stage if stage not in report.results), Stage.MODULES)
        report.failed(stage, error.what, error.advice)
    finally:
        link.close()
    return report.finish()


def _ask_link(report: _Report, link: Link, options: LinkOptions) -> None:
    report.identity, report.capabilities = link.identity, link.capabilities
    report.passed(Stage.PORT, message("Port {port} is open", port=link.identity.url))
    report.passed(
        Stage.IDENTITY, message("Adapter: {name}{rate}", name=link.identity.adapter, rate=literal(""))
    )
    started_s = options.clock.monotonic()
    report.supply = link.supply().result()
    if report.supply is not None:
        report.latency_s = options.clock.monotonic() - started_s
        volts = report.supply.voltage_v
        report.passed(Stage.SUPPLY, message("Supply at the plug: {volts:.1f} V", volts=volts))
    else:
        cause = link.capabilities.reason_against("supply") or message(
            "This adapter does not measure its supply."
        )
        report.failed(Stage.SUPPLY, cause, message("Measure the battery with a meter."))
    started_s = options.clock.monotonic()
    exchange = link.submit(Request(SUPPORTED_PIDS, FunctionalAddress())).result()
    answered = tuple(r.responder for r in exchange.responses if r.payload and r.responder is not None)
    if answered and report.latency_s is None:
        report.latency_s = options.clock.monotonic() - started_s
    reason = exchange.response.reason or NO_ANSWER
    _protocol(report, ProtocolFound(link.identity.protocol, answered, bool(answered), reason))
