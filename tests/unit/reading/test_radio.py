"""The radio in five cases, and what never is claimed of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diag.i18n import message
from diag.model import (
    Confidence,
    Frame,
    Ignition,
    ModuleResult,
    RadioLock,
    RadioPower,
    Reachability,
    Reading,
    Verdict,
)
from diag.reading import radio
from diag.reading.listening import Heard, HeardFrame
from diag.vehicle.loading import load_profile

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PATHFINDER, TERRANO = load_profile("nissan-f-alpha"), load_profile("renault-b0")


def judge(profile, verdicts, position=Ignition.ON, heard=None, spoke=()):
    modules = tuple(
        ModuleResult(
            module.name,
            module.address,
            verdicts.get(module.name, Verdict.NOT_ASKED),
            message("why"),
            spoke=module.name in spoke,
        )
        for module in profile.modules
    )
    key = Reading(position, "", message("frame {frame}", frame="60D"), NOW)
    return radio.interpret(profile, modules, heard or Heard(), key, NOW)


@pytest.mark.parametrize(
    ("profile", "verdict", "position", "reachable", "power"),
    [
        (PATHFINDER, Verdict.NONE, Ignition.ON, Reachability.YES, RadioPower.ON),
        (PATHFINDER, Verdict.CODES, Ignition.ACC, Reachability.YES, RadioPower.ON),
        (PATHFINDER, Verdict.LOST, Ignition.ON, Reachability.NO_ANSWER, RadioPower.UNKNOWN),
        (PATHFINDER, Verdict.REFUSED, Ignition.ON, Reachability.REFUSED, RadioPower.ON),
        (PATHFINDER, Verdict.NO_ANSWER, Ignition.ON, Reachability.NO_ANSWER, RadioPower.UNKNOWN),
        (PATHFINDER, Verdict.NOT_ASKED, Ignition.OFF, Reachability.NO_POWER, RadioPower.OFF),
        (PATHFINDER, Verdict.NOT_ASKED, Ignition.UNKNOWN, Reachability.NO_ANSWER, RadioPower.UNKNOWN),
        (TERRANO, Verdict.NO_ANSWER, Ignition.ON, Reachability.OTHER_CAN_PAIR, RadioPower.UNKNOWN),
        (TERRANO, Verdict.NO_ANSWER, Ignition.UNKNOWN, Reachability.NO_ANSWER, RadioPower.UNKNOWN),
    ],
)
def test_reachability_has_five_cases(profile, verdict, position, reachable, power):
    reading = judge(profile, dict.fromkeys(profile.radio_modules, verdict), position)
    assert reading.reachable is reachable
    assert reading.power is power


def test_an_answer_that_broke_off_shows_that_the_radio_runs():
    reading = judge(PATHFINDER, {"AV": Verdict.LOST}, spoke=("AV",))
    assert (reading.reachable, reading.power) == (Reachability.YES, RadioPower.ON)
    assert str(reading.source) == "module 747 began an answer"


def test_what_only_the_adapter_complained_of_shows_nothing():
    reading = judge(PATHFINDER, {"AV": Verdict.LOST})
    assert str(reading.source) == "nothing of module 747 was heard: why"


def test_modules_that_gave_nothing_do_not_prove_the_key():
    verdicts = {"ECM": Verdict.LOST, **dict.fromkeys(TERRANO.radio_modules, Verdict.NO_ANSWER)}
    assert judge(TERRANO, verdicts, Ignition.UNKNOWN).reachable is Reachability.NO_ANSWER
    spoken = judge(TERRANO, verdicts, Ignition.UNKNOWN, spoke=("ECM",))
    assert spoken.reachable is Reachability.OTHER_CAN_PAIR


def test_a_module_that_spoke_goes_before_one_that_was_only_complained_of():
    first, second = TERRANO.radio_modules[:2]
    verdicts = {first: Verdict.LOST, second: Verdict.REFUSED}
    assert judge(TERRANO, verdicts).reachable is Reachability.REFUSED
    assert judge(TERRANO, verdicts, spoke=(first,)).reachable is Reachability.YES


def test_a_module_that_answers_proves_the_key_where_no_frame_shows_it():
    verdicts = {"ECM": Verdict.NONE, **dict.fromkeys(TERRANO.radio_modules, Verdict.NO_ANSWER)}
    assert judge(TERRANO, verdicts, Ignition.UNKNOWN).reachable is Reachability.OTHER_CAN_PAIR


def test_one_of_two_addresses_that_answers_is_enough():
    first, second = TERRANO.radio_modules[:2]
    assert judge(TERRANO, {first: Verdict.NO_ANSWER, second: Verdict.NONE}).reachable is Reachability.YES


def test_the_screens_frame_hints_that_a_silent_radio_runs():
    frame = HeardFrame(Frame(0.0, 0x540, bytes(8)), 0.1, NOW)
    reading = judge(PATHFINDER, {"AV": Verdict.NO_ANSWER}, heard=Heard({0x540: frame}))
    assert (reading.power, reading.confidence) == (RadioPower.ON, Confidence.HINT)
    assert reading.reachable is Reachability.NO_ANSWER
    assert "frame 540" in str(reading.source)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_lock_is_never_read(verdict):
    assert judge(PATHFINDER, {"AV": verdict}).lock is RadioLock.UNKNOWN


def test_a_car_without_a_known_radio_says_so():
    reading = judge(load_profile("generic-obd"), {"ECM": Verdict.NONE})
    assert reading.power is RadioPower.UNKNOWN
    assert reading.confidence is Confidence.NONE
