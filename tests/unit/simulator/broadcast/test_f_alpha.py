"""Frames that a simulated car of the R51 family sends by itself."""

import pytest

from diag.model import Ignition
from diag.vehicle.databases import load_database

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


def test_an_independent_decoder_reads_the_same_from_our_database(bench):
    database = load_database("nissan_f_alpha.dbc")
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
