"""Judge the radio: whether it runs, what its lock shows, and whether it can be spoken to, in five cases."""

from __future__ import annotations

from datetime import datetime

from diag.i18n import Message, message
from diag.model import (
    Confidence,
    Ignition,
    ModuleResult,
    RadioLock,
    RadioPower,
    Reachability,
    Reading,
    Verdict,
)
from diag.reading.ignition import has_supply
from diag.reading.listening import Heard
from diag.reading.result import RadioReading
from diag.reading.sources import at_capture_time
from diag.text import hex_id
from diag.vehicle.profile import ModuleFact, Profile

_SECOND_BUS = "can2"


def interpret(
    profile: Profile,
    modules: tuple[ModuleResult, ...],
    heard: Heard,
    ignition: Reading[Ignition],
    now: datetime,
) -> RadioReading:
    """Judge the radio from its module's verdict, the frames it sends, and the key.

    The lock is always unknown here: no identifier for it is known, so it is asked of a person.
    """
    known = {result.name: result for result in modules}
    pairs = [
        (fact, known[fact.name])
        for name in profile.radio_modules
        for fact in profile.modules
        if fact.name == name and fact.name in known
    ]
    if not pairs:
        return _reading(
            Reachability.NO_ANSWER, message("no radio module is known for this car"), now, profile, heard
        )
    fact, result = min(pairs, key=lambda pair: _rank(pair[1]))
    reachable, source = _reachability(fact, result, _known_position(profile, known, ignition.value))
    return _reading(reachable, source, now, profile, heard)


_ANSWERED = frozenset({Verdict.CODES, Verdict.NONE, Verdict.REFUSED})
_RANK = {Verdict.CODES: 0, Verdict.NONE: 0, Verdict.LOST: 1, Verdict.REFUSED: 2, Verdict.NO_ANSWER: 3}


def _rank(result: ModuleResult) -> int:
    """Rank modules: whoever answered, then whoever was asked in vain, then the rest."""
    verdict = Verdict.NO_ANSWER if result.verdict is Verdict.LOST and not result.spoke else result.verdict
    return _RANK.get(verdict, 9)


def _known_position(profile: Profile, known: dict[str, ModuleResult], ignition: Ignition) -> Ignition:
    """Return the key position, which a module that answers proves where no frame shows it."""
    if ignition is not Ignition.UNKNOWN:
        return ignition
    powered = {
        fact.powered_from for fact in profile.modules if fact.name in known and _answered(known[fact.name])
    }
    return next((position for position in (Ignition.ON, Ignition.ACC) if position in powered), ignition)


def _answered(result: ModuleResult) -> bool:
    """Say whether the module itself was heard; a lost answer counts only where bytes of its own came."""
    return result.verdict in _ANSWERED or (result.verdict is Verdict.LOST and result.spoke)


def _reachability(fact: ModuleFact, result: ModuleResult, ignition: Ignition) -> tuple[Reachability, Message]:
    module = hex_id(fact.address.request_id)
    match result.verdict:
        case Verdict.CODES | Verdict.NONE:
            return Reachability.YES, message("module {module} answers", module=module)
        case Verdict.LOST if result.spoke:
            return Reachability.YES, message("module {module} began an answer", module=module)
        case Verdict.LOST:
            return Reachability.NO_ANSWER, _why_nothing(result, module)
        case Verdict.REFUSED:
            return Reachability.REFUSED, message("module {module} refuses the request", module=module)
        case Verdict.NO_ANSWER:
            return _why_silent(fact, ignition, module)
        case _:
            return _why_not_asked(fact, result, ignition, module)


def _why_silent(fact: ModuleFact, ignition: Ignition, module: str) -> tuple[Reachability, Message]:
    if fact.reached_by == _SECOND_BUS and ignition is Ignition.UNKNOWN:
        return Reachability.NO_ANSWER, message(
            "module {module} is silent: without supply, or on the second bus, pins 12 and 13", module=module
        )
    if fact.reached_by == _SECOND_BUS:
        return Reachability.OTHER_CAN_PAIR, message(
            "module {module} is silent: this radio is on the second bus, pins 12 and 13", module=module
        )
    return Reachability.NO_ANSWER, message("module {module} is silent", module=module)


def _why_nothing(result: ModuleResult, module: str) -> Message:
    why = result.reason or message("no reason known")
    return message("nothing of module {module} was heard: {why}", module=module, why=why)


def _why_not_asked(
    fact: ModuleFact, result: ModuleResult, ignition: Ignition, module: str
) -> tuple[Reachability, Message]:
    if not has_supply(fact.powered_from, ignition):
        return Reachability.NO_POWER, message("no supply at ignition {position}", position=ignition)
    why = result.reason or message("no reason known")
    return Reachability.NO_ANSWER, message("module {module} was not asked: {why}", module=module, why=why)


def _reading(
    reachable: Reachability, source: Message, now: datetime, profile: Profile, heard: Heard
) -> RadioReading:
    power, confidence = _power(reachable)
    if power is not RadioPower.ON:
        alive = _alive_frame(profile, heard)
        if alive is not None:
            power, confidence, source = RadioPower.ON, Confidence.HINT, message("{a}; {b}", a=alive, b=source)
    return RadioReading(power, RadioLock.UNKNOWN, reachable, source, confidence, now)


def _power(reachable: Reachability) -> tuple[RadioPower, Confidence]:
    match reachable:
        case Reachability.YES | Reachability.REFUSED:
            return RadioPower.ON, Confidence.HINT
        case Reachability.NO_POWER:
            return RadioPower.OFF, Confidence.HINT
        case _:
            return RadioPower.UNKNOWN, Confidence.NONE


def _alive_frame(profile: Profile, heard: Heard) -> Message | None:
    for fact in profile.radio_frames:
        found = heard.fresh(int(fact.frame, 16), fact.fresh_s)
        if found is not None:
            return at_capture_time(message("frame {frame}", frame=fact.frame), found.at_s)
    return None
