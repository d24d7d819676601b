import pytest

from diag.clock import VirtualClock
from diag.model import Ignition
from diag.simulator.electrics import Electrics
from diag.simulator.scenarios import BatterySetup

BATTERY = BatterySetup(rest_v=12.6, crank_v=10.0, charging_v=14.2)


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def electrics(clock):
    return Electrics(BATTERY, clock, Ignition.ON, engine_running=False)


def test_a_battery_at_rest_has_its_resting_voltage(electrics):
    assert electrics.supply_v() == 12.6
    assert electrics.rpm() == 0


def test_cranking_dips_then_recovers_then_charges(electrics, clock):
    electrics.turn_key(Ignition.START)
    assert electrics.ignition is Ignition.START
    assert electrics.supply_v() == 10.0
    assert 0 < electrics.rpm() < 400
    clock.sleep(0.5)
    assert 10.0 < electrics.supply_v() < 12.6
    clock.sleep(0.4)
    assert electrics.ignition is Ignition.ON
    assert electrics.engine_running
    clock.sleep(3)
    assert electrics.supply_v() == 14.2
    assert 700 < electrics.rpm() < 800


@pytest.mark.parametrize("position", [Ignition.OFF, Ignition.ACC])
def test_turning_the_key_back_stops_the_engine(electrics, clock, position):
    electrics.turn_key(Ignition.START)
    clock.sleep(2)
    electrics.turn_key(position)
    assert not electrics.engine_running
    assert electrics.supply_v() == 12.6


def test_a_key_let_go_too_early_does_not_start_the_engine(electrics, clock):
    electrics.turn_key(Ignition.START)
    clock.sleep(0.3)
    electrics.turn_key(Ignition.ON)
    clock.sleep(2)
    assert not electrics.engine_running


def test_turning_the_key_to_on_leaves_a_running_engine_running(electrics, clock):
    electrics.turn_key(Ignition.START)
    clock.sleep(2)
    electrics.turn_key(Ignition.ON)
    assert electrics.engine_running


def test_a_cut_supply_is_no_volts_and_powers_nothing(electrics):
    electrics.cut_supply()
    assert electrics.supply_v() == 0.0
    assert not electrics.has_supply(Ignition.OFF)
    electrics.turn_key(Ignition.START)
    assert electrics.rpm() == 0
    electrics.restore_supply()
    assert electrics.supply_v() == 12.6


def test_a_held_supply_lasts_until_it_is_restored(electrics):
    electrics.set_supply(10.9)
    assert electrics.supply_v() == 10.9
    electrics.restore_supply()
    assert electrics.supply_v() == 12.6


@pytest.mark.parametrize(
    ("key", "powered"),
    [
        (Ignition.OFF, {Ignition.OFF}),
        (Ignition.ACC, {Ignition.OFF, Ignition.ACC}),
        (Ignition.ON, {Ignition.OFF, Ignition.ACC, Ignition.ON}),
        (Ignition.START, {Ignition.OFF, Ignition.ACC, Ignition.ON}),
    ],
)
def test_the_key_decides_what_has_supply(electrics, key, powered):
    electrics.turn_key(key)
    positions = (Ignition.OFF, Ignition.ACC, Ignition.ON)
    assert {position for position in positions if electrics.has_supply(position)} == powered
