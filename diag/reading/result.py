"""Hold what one scan found, as the screens, the tables and the documents show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from diag.i18n import Message
from diag.link import Identity
from diag.model import (
    Confidence,
    FaultCode,
    Ignition,
    ModuleResult,
    RadioLock,
    RadioPower,
    Reachability,
    Reading,
)
from diag.vehicle.profile import ModuleFact, Profile


@dataclass(frozen=True, slots=True)
class BatteryReading:
    """The voltage to go by, every witness that gave one, and what comparing them says.

    `voltage` is None where no source gave a plausible value.
    """

    voltage: Reading[float] | None
    witnesses: tuple[Reading[float], ...] = ()
    agreement: Message | None = None


@dataclass(frozen=True, slots=True)
class RadioReading:
    """Power, lock and reachability of the radio, and what that rests on."""

    power: RadioPower
    lock: RadioLock
    reachable: Reachability
    source: Message
    confidence: Confidence
    time: datetime


@dataclass(frozen=True, slots=True)
class PowerLoss:
    """Signs that the battery was disconnected: the codes that power loss leaves, each with its module."""

    evidence: tuple[tuple[str, FaultCode], ...]


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One scan.

    `profile_because` says how the car was recognised, `coverage` what a capture could not tell, `notes` what
    does not fit together, as a module with the VIN of another car.
    """

    time: datetime
    identity: Identity
    vin: str | None
    profile: Profile
    profile_because: Message
    battery: BatteryReading
    ignition: Reading[Ignition]
    radio: RadioReading
    modules: tuple[ModuleResult, ...]
    coverage: Message | None = None
    power_loss: PowerLoss | None = None
    notes: tuple[Message, ...] = ()


class ScanObserver(Protocol):
    """Who is told while a scan runs, on the scanning thread; what a subclass leaves out, it ignores."""

    def step(self, sentence: Message) -> None:
        """Say what is being done now."""
        return

    def profile(self, profile: Profile, because: Message) -> None:
        """The car was recognised; its modules are now known."""
        return

    def vin(self, vin: str | None) -> None:
        """The VIN was read, or could not be."""
        return

    def battery(self, reading: BatteryReading) -> None:
        """The battery was read."""
        return

    def ignition(self, reading: Reading[Ignition]) -> None:
        """The key position was read."""
        return

    def radio(self, reading: RadioReading) -> None:
        """The radio was judged."""
        return

    def asking(self, module: ModuleFact) -> None:
        """A module is being asked now."""
        return

    def module(self, result: ModuleResult) -> None:
        """A module is done."""
        return
