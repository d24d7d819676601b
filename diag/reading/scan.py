"""Read a car once: key, VIN, profile, battery, every module's fault codes, and the radio."""

from __future__ import annotations

from dataclasses import dataclass

from diag.clock import Clock
from diag.i18n import Message, message
from diag.link import Link
from diag.model import Ignition, ModuleResult, Reading, Verdict
from diag.reading import battery, faults, identity, ignition, power_loss, radio
from diag.reading.listening import Heard, listen
from diag.reading.result import ScanObserver, ScanResult
from diag.text import bilingual
from diag.vehicle.choosing import Choice, choose_profile
from diag.vehicle.profile import Profile

#: A narrow second look lasts three periods of a frame that shows the key.
_SECOND_LOOK_S = 0.35


class _Nobody(ScanObserver):
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class _Car:
    """What is known before the modules are asked."""

    heard: Heard
    vin: str | None
    choice: Choice
    ignition: Reading[Ignition]


def scan(
    link: Link, *, clock: Clock, profile_name: str | None = None, observer: ScanObserver | None = None
) -> ScanResult:
    """Read the car behind `link` once, telling `observer` as things become known.

    Raises:
        AdapterLost: the adapter is gone; what was told to the observer stays true.
        UsageError, ProfileError: no profile of that name, or a broken one.
    """
    observer = observer or _Nobody()
    car = _recognise(link, clock, profile_name, observer)
    profile = car.choice.profile
    observer.step(message("Battery"))
    voltage = battery.ask(link, profile, car.heard, car.ignition.value)
    observer.battery(voltage)
    asked = _ask_modules(link, car, observer)
    radio_reading = radio.interpret(profile, asked.modules, car.heard, car.ignition, clock.now())
    observer.radio(radio_reading)
    return ScanResult(
        clock.now(),
        link.identity,
        asked.vin,
        profile,
        car.choice.because,
        voltage,
        car.ignition,
        radio_reading,
        asked.modules,
        _coverage(link, profile),
        power_loss.interpret(asked.modules),
        (*battery.compare_with_limits(profile, voltage.voltage), *asked.notes),
    )


def _recognise(link: Link, clock: Clock, profile_name: str | None, observer: ScanObserver) -> _Car:
    """Listen, ask for the VIN unless the engine module has no supply, and choose the profile."""
    observer.step(message("Listening to the bus"))
    heard = listen(link, clock)
    guess = choose_profile(None, heard.ids, profile_name).profile
    key = ignition.interpret(guess, heard, clock.now()).value
    vin = None
    if guess.has_can and key not in {Ignition.OFF, Ignition.ACC}:
        observer.step(message("VIN"))
        vin = identity.ask(link).vin
    observer.vin(vin)
    choice = choose_profile(vin, heard.ids, profile_name)
    observer.profile(choice.profile, choice.because)
    heard = _look_again(link, clock, choice.profile, heard)
    position = ignition.interpret(choice.profile, heard, clock.now())
    observer.ignition(position)
    return _Car(heard, vin, choice, position)


def _look_again(link: Link, clock: Clock, profile: Profile, heard: Heard) -> Heard:
    """Listen to the key's frames alone where a busy bus hid them, as a slow adapter makes it do."""
    ids = frozenset(int(fact.frame, 16) for fact in profile.ignition_frames)
    if not heard.frames or not ids or ids & heard.ids:
        return heard
    return heard.joined(listen(link, clock, _SECOND_LOOK_S, ids))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the modules gave."""

    modules: tuple[ModuleResult, ...]
    vin: str | None
    notes: tuple[Message, ...]


def _ask_modules(link: Link, car: _Car, observer: ScanObserver) -> _Asked:
    """Ask one module after the other; one that answers is asked for its VIN, too, if the profile says so."""
    results: list[ModuleResult] = []
    notes: list[Message] = []
    vin = car.vin
    for module in car.choice.profile.modules:
        observer.asking(module)
        result = faults.ask(link, module, car.ignition)
        results.append(result)
        observer.module(result)
        if result.verdict in {Verdict.CODES, Verdict.NONE}:
            own = identity.ask_module(link, module, vin)
            note = identity.mismatch(vin, module.name, own)
            notes += [note] if note is not None else []
            if vin is None and own.vin is not None:
                vin = own.vin
                observer.vin(vin)
    return _Asked(tuple(results), vin, tuple(notes))


def _coverage(link: Link, profile: Profile) -> Message | None:
    if not profile.has_can and profile.why_no_can is not None:
        return bilingual(profile.why_no_can.en, profile.why_no_can.ru)
    return link.coverage()
