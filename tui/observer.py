"""Hand each thing that a scan finds to the session while the scan still runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diag.i18n import Message
from diag.model import Ignition, ModuleResult, Reading

if TYPE_CHECKING:
    from diag.reading.result import BatteryReading, RadioReading
    from diag.vehicle.profile import ModuleFact, Profile
    from tui.session import Session


class SessionObserver:
    """Hand each thing that a scan finds to the session at once."""

    def __init__(self, session: Session) -> None:
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
