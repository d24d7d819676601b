"""Hold what the screens may show at one moment, frozen, so that no thread sees half a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from diag.i18n import Message
from diag.model import Ignition, ModuleResult, Reading

if TYPE_CHECKING:
    from diag.link import Identity
    from diag.link.check_report import AdapterCheck
    from diag.reading.result import BatteryReading, PowerLoss, RadioReading, ScanResult
    from diag.vehicle.profile import ModuleFact, Profile


class Phase(Enum):
    """What the adapter thread is doing."""

    IDLE = "idle"
    CONNECTING = "connecting"
    SCANNING = "scanning"
    CHECKING = "checking"
    STOPPING = "stopping"

    @property
    def busy(self) -> bool:
        """Whether something is running that can be stopped."""
        return self is not Phase.IDLE


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, when, and what to do."""

    what: Message
    advice: Message
    time: datetime


@dataclass(frozen=True, slots=True)
class Playback:
    """Where a log stands, in seconds from its start, how long it is, and whether it plays on."""

    at_s: float
    length_s: float
    runs: bool


@dataclass(frozen=True, slots=True)
class ReadTime:
    """When the module `name` was judged; `at_s` is where the log stood then."""

    name: str
    time: datetime
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is known now. Values stay when the adapter is lost; their times tell their age.

    `started_s` is the monotonic second the session began at; `asking` the name of the module being asked.
    `connected` says that the line is open; `lost` stays from the moment it broke until a line is open again.
    """

    started_s: float
    phase: Phase = Phase.IDLE
    url: str | None = None
    identity: Identity | None = None
    connected: bool = False
    lost: Trouble | None = None
    playback: Playback | None = None
    step: Message | None = None
    trouble: Trouble | None = None
    profile: Profile | None = None
    profile_because: Message | None = None
    vin: str | None = None
    battery: BatteryReading | None = None
    ignition: Reading[Ignition] | None = None
    radio: RadioReading | None = None
    asking: str | None = None
    modules: tuple[ModuleResult, ...] = ()
    read_times: tuple[ReadTime, ...] = ()
    power_loss: PowerLoss | None = None
    result: ScanResult | None = None
    stopped: bool = False
    check_steps: tuple[Message, ...] = ()
    check: AdapterCheck | None = None

    def module(self, name: str) -> ModuleResult | None:
        """Return what is known of the module `name` so far."""
        return next((module for module in self.modules if module.name == name), None)

    def read_time(self, name: str) -> ReadTime | None:
        """Return when the module `name` was judged."""
        return next((read for read in self.read_times if read.name == name), None)

    def fact(self, name: str) -> ModuleFact | None:
        """Return what the profile says about the module `name`."""
        known = self.profile.modules if self.profile is not None else ()
        return next((fact for fact in known if fact.name == name), None)

    @property
    def module_names(self) -> tuple[str, ...]:
        """The modules in the order of the profile, then those that it does not know."""
        known = tuple(fact.name for fact in self.profile.modules) if self.profile is not None else ()
        return known + tuple(module.name for module in self.modules if module.name not in known)
