"""Hand each thing that a scan finds to the session while the scan still runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from diag.i18n import Message
from diag.model import Ignition, ModuleResult, Reading

if TYPE_CHECKING:
    from diag.reading.result import BatteryReading, RadioReading
    from diag.vehicle.profile import ModuleFact, Profile


class Learner(Protocol):
    """Who takes what a scan finds; each method may raise to end the scan."""

    def step(self, sentence: Message) -> None:
        """Take what is being done now."""
        ...

    def learn(self, **facts: Any) -> None:
        """Take facts, by the names of the snapshot's fields."""
        ...

    def add_module(self, result: ModuleResult) -> None:
        """Take a module that is done."""
        ...


class SessionObserver:
    """Hand each thing that a scan finds to the session at once."""

    def __init__(self, session: Learner) -> None:
        self._session = session

    def step(self, sentence: Message) -> None:
        """Take what is being done now."""
        self._session.step(sentence)

    def profile(self, profile: Profile, because: Message) -> None:
        """Take the car that was recognised."""
        self._session.learn(profile=profile, profile_because=because)

    def vin(self, vin: str | None) -> None:
        """Take the VIN, or that there is none."""
        self._session.learn(vin=vin)

    def battery(self, reading: BatteryReading) -> None:
        """Take the voltage."""
        self._session.learn(battery=reading)

    def ignition(self, reading: Reading[Ignition]) -> None:
        """Take the key position."""
        self._session.learn(ignition=reading)

    def radio(self, reading: RadioReading) -> None:
        """Take the judgement of the radio."""
        self._session.learn(radio=reading)

    def asking(self, module: ModuleFact) -> None:
        """Take the module that is being asked."""
        self._session.learn(asking=module.name)

    def module(self, result: ModuleResult) -> None:
        """Take a module that is done."""
        self._session.add_module(result)
