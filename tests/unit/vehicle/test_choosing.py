"""Which profile is chosen for which car, and what is said about it."""

from __future__ import annotations

import pytest

from diag.errors import UsageError
from diag.vehicle.choosing import choose_profile

PRACTICE_VIN = "VSKJVWR51U0001234"
F_ALPHA_ON = frozenset({0x60D, 0x35D, 0x358, 0x1F9, 0x23D, 0x233, 0x551, 0x625})
F_ALPHA_ACC = frozenset({0x60D, 0x35D, 0x358, 0x625})
SANDERO = frozenset({0x4F8, 0x186, 0x5DE, 0x217})
NOTHING: frozenset[int] = frozenset()


def test_the_technician_is_believed_first():
    choice = choose_profile(PRACTICE_VIN, F_ALPHA_ON, "renault-b0")
    assert choice.profile.name == "renault-b0"
    assert "although the VIN looks like Nissan Pathfinder R51" in str(choice.because)


def test_a_vin_that_begins_as_none_of_the_named_car_is_mentioned_without_the_rest_of_it():
    because = str(choose_profile("TMBZZZ5E0G0000000", NOTHING, "nissan-f-alpha").because)
    assert because == "chosen by hand, although no known VIN of this car begins with TMB"
    assert str(choose_profile("VSKZZZZZZU0001234", NOTHING, "nissan-f-alpha").because) == "chosen by hand"
    assert str(choose_profile("TMBZZZ5E0G0000000", NOTHING, "generic-obd").because) == "chosen by hand"


def test_a_bus_that_contradicts_the_technician_is_mentioned():
    choice = choose_profile(None, SANDERO, "nissan-f-alpha")
    assert choice.profile.name == "nissan-f-alpha"
    assert "although the bus looks like Nissan Terrano 2013-2022" in str(choice.because)


def test_a_name_that_nothing_contradicts_is_simply_chosen():
    assert str(choose_profile(None, NOTHING, "nissan-d").because) == "chosen by hand"


def test_a_name_that_does_not_exist_is_refused():
    with pytest.raises(UsageError):
        choose_profile(PRACTICE_VIN, NOTHING, "R51")


def test_the_vin_comes_before_the_bus():
    choice = choose_profile("5N1AR2MN0EC600000", F_ALPHA_ON, None)
    assert choice.profile.name == "nissan-d"
    assert "look like Nissan Pathfinder R51" in str(choice.because)
    assert "--profile" in str(choice.because)


def test_vin_and_bus_that_agree_are_both_named():
    choice = choose_profile(PRACTICE_VIN, F_ALPHA_ON, None)
    assert choice.profile.name == "nissan-f-alpha"
    assert str(choice.because) == "told by the VIN and by the frames on the bus"


def test_a_vin_alone_is_enough_and_its_case_is_free():
    assert choose_profile(PRACTICE_VIN.lower(), NOTHING, None).profile.name == "nissan-f-alpha"


@pytest.mark.parametrize("vin", ["VSKZZZZZZU0001234", "JN1ZZZZZZU0001234", "5N1ZZZZZZU0001234"])
def test_a_vin_that_names_only_the_maker_tells_no_car(vin):
    choice = choose_profile(vin, NOTHING, None)
    assert choice.profile.name == "generic-obd"
    assert "not recognised by its VIN" in str(choice.because)


def test_r51_somewhere_in_a_vin_decides_nothing():
    assert choose_profile("Z8NR51R51R51R51R5", NOTHING, None).profile.name == "generic-obd"


@pytest.mark.parametrize(
    ("seen", "name"),
    [(F_ALPHA_ON, "nissan-f-alpha"), (SANDERO, "renault-b0"), (F_ALPHA_ACC, "nissan-f-alpha")],
)
def test_the_bus_tells_the_car_where_the_vin_does_not(seen, name):
    assert choose_profile(None, seen, None).profile.name == name


def test_the_key_at_acc_gives_a_likely_car_only():
    assert "likely" in str(choose_profile(None, F_ALPHA_ACC, None).because)
    assert "likely" not in str(choose_profile(None, F_ALPHA_ON, None).because)


def test_a_sister_car_with_other_engine_frames_is_not_taken_for_a_pathfinder():
    a_370z = frozenset({0x60D, 0x35D, 0x358, 0x1F9, 0x180, 0x551, 0x625})
    assert choose_profile(None, a_370z, None).profile.name == "generic-obd"


@pytest.mark.parametrize(
    ("vin", "seen", "words"),
    [
        (None, NOTHING, "no VIN, no known frames"),
        (None, frozenset({0x123}), "VIN not read"),
        ("TMBZZZ5E0G0000000", NOTHING, "by its VIN"),
        ("TMBZZZ5E0G0000000", frozenset({0x123}), "by VIN or bus"),
    ],
)
def test_a_car_that_is_not_recognised_is_generic_and_says_why(vin, seen, words):
    choice = choose_profile(vin, seen, None)
    assert choice.profile.name == "generic-obd"
    assert words in str(choice.because)
    assert str(choice.because).startswith("not recognised")


def test_the_reason_never_holds_the_vin():
    for seen in (NOTHING, F_ALPHA_ON, SANDERO):
        assert "VSKJV" not in str(choose_profile(PRACTICE_VIN, seen, None).because)


def test_real_captures_are_told_apart(realdata):
    def ids(name: str) -> frozenset[int]:
        lines = (realdata / name).read_text(encoding="utf-8").splitlines()
        return frozenset(int(line.split()[2].partition("#")[0], 16) for line in lines)

    assert choose_profile(None, ids("derived/nissan_frontier_2006_revsweep.log"), None).profile.name == (
        "nissan-f-alpha"
    )
    for other in ("captures/savvycan_candump.log", "derived/octavia_obd2_first600s.log"):
        assert choose_profile(None, ids(other), None).profile.name == "generic-obd"


def test_a_renault_platform_car_is_recognised_with_the_engine_silent():
    choice = choose_profile(None, frozenset({0x4F8, 0x350, 0x5DE}), None)
    assert choice.profile.name == "renault-b0"
