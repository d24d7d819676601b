"""The simulated car as a whole: control, seeds, start and stop."""

import pytest

from diag.model import Ignition


def test_the_state_tells_all_that_can_be_controlled(bench):
    state = bench("clarion-code").car.control({"state": True})
    modules = state.pop("modules")
    assert state == {
        "scenario": "clarion-code",
        "seed": 0,
        "ignition": "ON",
        "engine": "stopped",
        "supply": "on",
        "supply_v": 12.6,
        "latency_ms": 12.0,
        "radio_display": "CODE",
    }
    assert list(modules) == ["ECM", "TCM", "ABS", "cluster", "HVAC", "BCM", "AV", "IPDM", "airbag"]
    assert modules["HVAC"] == {"powered": True, "silent": True}


def test_the_key_is_turned(bench):
    car = bench().car
    state = car.control({"ignition": "ACC"})
    assert car.ignition is Ignition.ACC
    assert state["ignition"] == "ACC"
    assert state["modules"]["AV"]["powered"]
    assert not state["modules"]["ECM"]["powered"]


def test_the_supply_is_held_cut_and_restored(bench):
    car = bench().car
    assert car.control({"supply_v": 10.9})["supply_v"] == 10.9
    assert car.supply_v() == 10.9
    assert car.control({"supply": "cut"})["supply_v"] == 0.0
    assert car.control({"supply": "restore"})["supply_v"] == 12.6


def test_the_engine_is_started_and_stopped(bench):
    made = bench()
    assert made.car.control({"engine": "start"})["ignition"] == "START"
    made.let_pass(4)
    state = made.car.control({"state": True})
    assert (state["engine"], state["supply_v"], state["ignition"]) == ("running", 14.1, "ON")
    assert made.car.control({"engine": "stop"})["engine"] == "stopped"


def test_the_latency_is_changed(bench):
    car = bench().car
    car.control({"latency_ms": 30})
    assert car.latency_ms == 30


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"ignition": "SIDEWAYS"},
        {"ignition": "unknown"},
        {"fuse": "pulled"},
        {"supply_v": "low"},
        {"supply_v": -1},
        {"module": "AV"},
        {"silent": True},
        {"module": "toaster", "silent": True},
        {"latency_ms": -5},
    ],
)
def test_a_wrong_command_is_an_error_and_changes_nothing(bench, command):
    car = bench().car
    before = car.control({"state": True})
    assert set(car.control(command)) == {"error"}
    assert car.control({"state": True}) == before


def test_a_seed_shifts_small_things_and_always_alike(bench):
    plain, one, again, other = (bench("healthy", seed=seed).car.scenario for seed in (0, 7, 7, 8))
    assert one == again
    assert one != other
    assert one.battery.rest_v == pytest.approx(plain.battery.rest_v, abs=0.05)
    assert one.odometer_km > plain.odometer_km
    assert one.modules == plain.modules


def test_a_car_may_begin_at_another_key_position(bench):
    assert bench(ignition=Ignition.ACC).car.ignition is Ignition.ACC


def test_a_car_starts_and_stops_as_often_as_wanted(running_car):
    car = running_car()
    car.start()
    car.stop()
    car.stop()
