"""Hold what checking an adapter found: stages, commands tried, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from diag.i18n import Message, message
from diag.link.base import Capabilities, Identity, SupplySample

#: Who is there? OBD-II service 01, supported PIDs: every engine control module must answer (SAE J1979).
SUPPORTED_PIDS = bytes((0x01, 0x00))
_SLOW_S = 0.2


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
class Probe:
    """One command in which adapters differ, whether this one knows it, and what it is for."""

    command: str
    known: bool
    purpose: Message


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
class ReportInProgress:
    """The report while it is written; `progress` is told each stage as it ends."""

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
        """Note a stage that was passed."""
        self.results[stage] = StageResult(stage, StageState.PASSED, found)
        self.progress(found)

    def failed(self, stage: Stage, cause: Message, advice: Message | None = None) -> None:
        """Note a stage that failed, and what to do about it."""
        self.results[stage] = StageResult(stage, StageState.FAILED, cause, advice)
        self.progress(cause)

    def failed_where_it_stands(self, cause: Message, advice: Message | None) -> None:
        """Note that the first stage without a result failed."""
        stage = next((stage for stage in Stage if stage not in self.results), Stage.MODULES)
        self.failed(stage, cause, advice)

    def note_supply(self, supply: SupplySample | None, why_not: Message) -> None:
        """Note the supply voltage, or why there is none."""
        self.supply = supply
        if supply is None:
            self.failed(Stage.SUPPLY, why_not, message("Measure the battery with a meter."))
        else:
            self.passed(Stage.SUPPLY, message("Supply at the plug: {volts:.1f} V", volts=supply.voltage_v))

    def note_modules(self, protocol: str, responders: tuple[int, ...]) -> None:
        """Note the protocol in words, and who answered everyone's question; none: the adapter hides them."""
        self.responders = responders
        self.passed(Stage.PROTOCOL, message("Protocol: {protocol}", protocol=protocol))
        ids = ", ".join(f"{responder:03X}" for responder in responders) or "?"
        self.passed(Stage.MODULES, message("Modules that answered the question to all: {ids}", ids=ids))

    def note_no_module(self, protocol: str) -> None:
        """Note that the bus took the question and nobody answered."""
        self.passed(Stage.PROTOCOL, message("Protocol: {protocol}", protocol=protocol))
        self.failed(
            Stage.MODULES,
            message("No module answered."),
            message("Switch the ignition on and check again."),
        )

    def note_no_protocol(self, cause: Message | None) -> None:
        """Note that nothing was heard from the car, not even the bus."""
        able = self.capabilities
        if able is not None and not able.listening:
            cause = able.reason_against("addressing") or cause
        advice = message(
            "Switch the ignition on; check the plug, and which pins the adapter uses (CAN is on 6 and 14)."
        )
        self.failed(Stage.PROTOCOL, cause or message("No module answered."), advice)

    def finish(self) -> AdapterCheck:
        """Return the report; stages without a result were not reached."""
        stages = tuple(self.results.get(stage, StageResult(stage, StageState.NOT_REACHED)) for stage in Stage)
        why_not = self.capabilities.why_not if self.capabilities else ()
        return AdapterCheck(
            self.url,
            self._verdict(stages),
            stages,
            self.probes,
            tuple(reason for name, reason in why_not if name != "longest_request"),
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
