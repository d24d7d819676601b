"""Keep what a scan was told, and make a result of it where the adapter was lost in the middle."""

from __future__ import annotations

from datetime import datetime

from diag.i18n import Message, message
from diag.link import Identity
from diag.model import Confidence, Ignition, ModuleResult, Reading, Verdict
from diag.reading import battery, power_loss, radio
from diag.reading.listening import Heard
from diag.reading.result import BatteryReading, ScanObserver, ScanResult
from diag.vehicle.profile import ModuleFact, Profile


class ScanSoFar(ScanObserver):
    """What became known of a car, as far as the scan came."""

    def __init__(self) -> None:
        self._vin: str | None = None
        self._choice: tuple[Profile, Message] | None = None
        self._battery = BatteryReading(None)
        self._ignition: Reading[Ignition] | None = None
        self._asking: str | None = None
        self._modules: dict[str, ModuleResult] = {}

    def vin(self, vin: str | None) -> None:
        """Keep the VIN."""
        self._vin = vin

    def profile(self, profile: Profile, because: Message) -> None:
        """Keep the profile."""
        self._choice = profile, because

    def battery(self, reading: BatteryReading) -> None:
        """Keep the battery."""
        self._battery = reading

    def ignition(self, reading: Reading[Ignition]) -> None:
        """Keep the key position."""
        self._ignition = reading

    def asking(self, module: ModuleFact) -> None:
        """Keep which module may be cut off."""
        self._asking = module.name

    def module(self, result: ModuleResult) -> None:
        """Keep a module that is done."""
        self._modules[result.name] = result

    def result(self, identity: Identity, now: datetime, why: Message) -> ScanResult | None:
        """Return a scan that ended at `now` because of `why`; None where not even the car was recognised."""
        if self._choice is None:
            return None
        profile, because = self._choice
        modules = tuple(
            self._modules.get(module.name) or self._not_done(module) for module in profile.modules
        )
        ignition = self._ignition or Reading(
            Ignition.UNKNOWN, "", message("the adapter was lost"), now, confidence=Confidence.NONE
        )
        return ScanResult(
            now,
            identity,
            self._vin,
            profile,
            because,
            self._battery,
            ignition,
            radio.interpret(profile, modules, Heard(), ignition, now),
            modules,
            power_loss=power_loss.interpret(modules),
            notes=(
                *battery.compare_with_limits(profile, self._battery.voltage),
                message("this scan is not complete: {why}", why=why),
            ),
        )

    def _not_done(self, module: ModuleFact) -> ModuleResult:
        if module.name == self._asking:
            reason = message("the adapter was lost while this module was asked")
            return ModuleResult(module.name, module.address, Verdict.LOST, reason)
        reason = message("the adapter was lost before this module was asked")
        return ModuleResult(module.name, module.address, Verdict.NOT_ASKED, reason)
