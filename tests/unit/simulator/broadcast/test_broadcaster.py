"""When the simulated car sends its frames, whichever they are."""

from collections import Counter

import pytest

from diag.clock import VirtualClock
from diag.simulator.broadcast import BROADCASTS
from diag.simulator.car import SimulatedCar
from diag.simulator.scenarios import CarFamily, load_scenario


def test_every_family_has_frames_and_each_of_them_once():
    assert set(BROADCASTS) == set(CarFamily)
    for frames in BROADCASTS.values():
        assert len({frame.arbitration_id for frame in frames}) == len(frames) > 0


def test_each_frame_keeps_its_period(bench):
    made = bench("healthy")
    made.let_pass(2.0)
    counts = Counter(frame.arbitration_id for frame in made.heard)
    for arbitration_id, period_s in {0x1F9: 0.01, 0x284: 0.02, 0x354: 0.04, 0x60D: 0.1, 0x358: 0.11}.items():
        assert counts[arbitration_id] == pytest.approx(2.0 / period_s, rel=0.12), hex(arbitration_id)


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
