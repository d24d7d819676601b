"""Frames that a simulated Renault-platform car sends by itself."""

from collections import Counter

import pytest

from diag.model import Ignition
from diag.simulator.scenarios import load_scenario
from diag.vehicle.databases import load_database

ALWAYS = {0x350, 0x4F8, 0x5DE}
WITH_IGNITION = {0x186, 0x217, 0x5DA}
SCENARIO = "wrong-can-pair"


def last(made, arbitration_id):
    return made.frames_of(arbitration_id)[-1]


@pytest.mark.parametrize(
    ("key", "ids", "first_byte"),
    [
        (Ignition.OFF, ALWAYS, 0x08),
        (Ignition.ACC, ALWAYS, 0x88),
        (Ignition.ON, ALWAYS | WITH_IGNITION, 0x48),
        (Ignition.START, ALWAYS | WITH_IGNITION, 0x48),
    ],
)
def test_the_key_decides_which_frames_are_on_the_bus_and_is_told_by_one(bench, key, ids, first_byte):
    made = bench(SCENARIO, ignition=key)
    made.let_pass(0.3)
    assert {frame.arbitration_id for frame in made.heard} == ids
    assert last(made, 0x4F8)[0] == first_byte


def test_each_frame_keeps_its_period_and_has_eight_bytes(bench):
    made = bench(SCENARIO)
    made.let_pass(2.0)
    counts = Counter(frame.arbitration_id for frame in made.heard)
    for arbitration_id, period_s in {0x186: 0.01, 0x217: 0.02, 0x4F8: 0.1, 0x5DA: 0.1, 0x5DE: 0.1}.items():
        assert counts[arbitration_id] == pytest.approx(2.0 / period_s, rel=0.12), hex(arbitration_id)
    assert {len(frame.data) for frame in made.heard} == {8}


def test_the_engine_speed_follows_the_engine(bench):
    made = bench(SCENARIO)
    made.let_pass(0.05)
    assert last(made, 0x186) == bytes(8)
    made.car.control({"engine": "start"})
    made.let_pass(1.0)
    assert 730 < int.from_bytes(last(made, 0x186)[:2], "big") * 0.125 < 770
    assert last(made, 0x5DA)[0] - 40 == 21


def test_the_body_module_tells_the_ignition_three_seconds_late(bench):
    made = bench(SCENARIO, ignition=Ignition.OFF)
    made.car.control({"ignition": "ON"})
    made.let_pass(2.0)
    assert (last(made, 0x4F8)[0] & 0x40, last(made, 0x350)[5]) == (0x40, 0x00)
    made.let_pass(1.5)
    assert last(made, 0x350)[5] == 0x80
    made.car.control({"ignition": "OFF"})
    made.let_pass(0.5)
    assert (last(made, 0x4F8)[0] & 0x40, last(made, 0x350)[5]) == (0x00, 0x80)


def test_a_decoder_reads_the_same_from_our_database(bench):
    database = load_database("renault_b0.dbc")
    scenario = load_scenario(SCENARIO)
    made = bench(scenario)
    made.car.control({"engine": "start"})
    made.let_pass(1.0)
    values = {}
    for arbitration_id in {frame.arbitration_id for frame in made.heard}:
        values |= database.decode_message(arbitration_id, last(made, arbitration_id))
    assert values["EngineSpeed"] == pytest.approx(750, abs=20)
    assert values["CoolantTemperature"] == scenario.coolant_c
    assert values["VehicleSpeed"] == 0
    assert str(values["IgnitionOn"]) == str(values["IgnitionDelayed"]) == "on"
    assert str(values["Handbrake"]) == "applied"
    assert str(values["FrontDoorA"]) == str(values["DoorOrLockPair1"]) == "closed"


def test_the_database_names_the_period_of_each_frame():
    from diag.simulator.broadcast.renault import FRAMES

    database = load_database("renault_b0.dbc")
    for frame in FRAMES:
        assert database.get_message_by_frame_id(frame.arbitration_id).cycle_time == frame.period_ms
