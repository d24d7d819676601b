"""Frames that the simulated car sends by itself."""

from collections import Counter

import pytest

from diag.clock import VirtualClock
from diag.model import Ignition
from diag.resources import data_folder
from diag.simulator.car import SimulatedCar
from diag.simulator.scenarios import load_scenario

POWERTRAIN = {0x002, 0x1F9, 0x233, 0x23D, 0x251, 0x253, 0x280, 0x284, 0x285, 0x354, 0x551, 0x5C5, 0x540}
BODY = {0x35D, 0x60D, 0x625}


def last(made, arbitration_id):
    return made.frames_of(arbitration_id)[-1]


@pytest.mark.parametrize(
    ("key", "ids"),
    [
        (Ignition.OFF, BODY),
        (Ignition.ACC, BODY | {0x358}),
        (Ignition.ON, BODY | {0x358} | POWERTRAIN),
    ],
)
def test_the_key_decides_which_frames_are_on_the_bus(bench, key, ids):
    made = bench("healthy", ignition=key)
    made.let_pass(0.3)
    assert {frame.arbitration_id for frame in made.heard} == ids


def test_each_frame_keeps_its_period(bench):
    made = bench("healthy")
    made.let_pass(2.0)
    counts = Counter(frame.arbitration_id for frame in made.heard)
    for arbitration_id, period_s in {0x1F9: 0.01, 0x284: 0.02, 0x354: 0.04, 0x60D: 0.1, 0x358: 0.11}.items():
        assert counts[arbitration_id] == pytest.approx(2.0 / period_s, rel=0.12), hex(arbitration_id)


def test_the_engine_speed_is_the_same_in_every_frame_that_has_it(bench):
    made = bench("faults")
    made.let_pass(0.05)
    by_eighths = int.from_bytes(last(made, 0x1F9)[2:4], "big") * 0.125
    by_low_first = int.from_bytes(last(made, 0x23D)[3:5], "little") * 3.125
    split = last(made, 0x233)
    by_split = (split[4] | split[7] << 8) * 3.125
    transmission = int.from_bytes(last(made, 0x253)[6:8], "little")
    assert 730 < by_eighths < 770
    assert by_low_first == pytest.approx(by_eighths, abs=3.125)
    assert by_split == by_low_first
    assert transmission == pytest.approx(by_eighths, abs=1)


def test_the_coolant_is_the_same_in_every_frame_that_has_it(bench):
    made = bench("faults")
    made.let_pass(0.05)
    assert last(made, 0x233)[0] - 50 == last(made, 0x23D)[7] - 50 == last(made, 0x551)[0] - 40 == 84


@pytest.mark.parametrize(
    ("key", "body", "half"),
    [(Ignition.OFF, 0x00, 0x00), (Ignition.ACC, 0x02, 0x40), (Ignition.ON, 0x06, 0xC0)],
)
def test_the_key_is_told_by_the_body_module(bench, key, body, half):
    made = bench("healthy", ignition=key)
    made.let_pass(0.2)
    assert last(made, 0x60D)[1] == body
    assert last(made, 0x35D)[0] == half


def test_a_cranking_key_shows_as_start(bench):
    made = bench("healthy", ignition=Ignition.START)
    made.let_pass(0.15)
    assert last(made, 0x60D)[1] == 0x04


def test_frame_lengths_are_those_of_the_car(bench):
    made = bench("healthy")
    made.let_pass(0.15)
    odd = {0x002: 5, 0x551: 7, 0x625: 6}
    assert all(len(frame.data) == odd.get(frame.arbitration_id, 8) for frame in made.heard)


def test_a_silent_module_sends_no_frames_either(bench):
    made = bench("healthy")
    made.car.control({"module": "AV", "silent": True})
    made.let_pass(0.3)
    assert made.frames_of(0x540) == []
    assert made.frames_of(0x60D)


def test_a_car_without_supply_is_silent(bench):
    made = bench("healthy")
    made.car.control({"supply": "cut"})
    made.let_pass(0.3)
    assert made.heard == []


def test_a_radio_on_other_wires_sends_nothing_here(bench):
    made = bench("wrong-can-pair")
    made.let_pass(0.3)
    assert made.frames_of(0x540) == []


def test_frames_carry_the_time_of_the_cars_clock(bench):
    made = bench("healthy")
    made.let_pass(0.1)
    times = [frame.time for frame in made.heard]
    assert times == sorted(times)
    assert times[-1] <= made.clock.now().timestamp()


def test_frames_are_not_even_made_while_nobody_listens():
    clock = VirtualClock()
    car = SimulatedCar(load_scenario("healthy"), clock=clock)
    for _ in range(100):
        car.run_due()
        clock.sleep(0.01)
    heard = []
    car.bus.attach(heard.append)
    clock.sleep(0.1)
    car.run_due()
    assert [frame.data[4] for frame in heard if frame.arbitration_id == 0x002] == [0]


def test_an_independent_decoder_reads_the_same_from_our_database(bench):
    import cantools

    database = cantools.database.load_file(data_folder("dbc") / "nissan_f_alpha.dbc")
    made = bench("faults")
    made.let_pass(0.3)
    values = {}
    for arbitration_id in {frame.arbitration_id for frame in made.heard}:
        values |= database.decode_message(arbitration_id, last(made, arbitration_id))
    assert values["EngineSpeed"] == pytest.approx(755, abs=20)
    assert values["EngineSpeed23D"] == pytest.approx(755, abs=20)
    assert values["CoolantTemperature"] == values["CoolantTemperature551"] == 84
    assert str(values["IgnitionPosition"]) == "ON"
    assert str(values["IgnitionOn"]) == "on"
    assert values["Odometer"] == 142_350
