"""The session on the simulated car, with the engine of the product and no screens."""

import time

import pytest

from diag.clock import SystemClock
from diag.errors import AdapterLost
from diag.i18n import message
from diag.model import Ignition, Mode, Verdict
from tui.engine import RealEngine
from tui.session import Session
from tui.snapshot import Phase


@pytest.fixture
def session():
    made = Session(RealEngine(SystemClock(), None), SystemClock(), reread_s=0.2)
    yield made
    made.close()


def _wait(session, until):
    last = time.monotonic() + 30
    while not until(session.pull()):
        assert time.monotonic() < last, session.pull()
        time.sleep(0.02)
    return session.pull()


def test_a_scan_of_the_simulated_car_and_values_that_are_read_again(session):
    assert session.scan("sim:clarion-code")
    assert not session.scan("sim:clarion-code")
    known = _wait(session, lambda snapshot: not snapshot.phase.busy)
    assert known.identity.mode is Mode.PRACTICE
    assert known.vin == "VSKJVWR51U0001234"
    assert known.ignition.value is Ignition.ON
    assert len(known.modules) == 9
    assert known.module("HVAC").verdict is Verdict.NO_ANSWER
    assert known.power_loss is not None
    first = known.battery.voltage.time
    again = _wait(session, lambda snapshot: snapshot.battery.voltage.time > first)
    assert again.battery.voltage.value == pytest.approx(12.6, abs=0.3)


def test_stopping_a_scan_takes_less_than_two_seconds(session):
    session.scan("sim:clarion-code")
    _wait(session, lambda snapshot: snapshot.asking is not None)
    session.stop()
    assert session.pull().phase is Phase.STOPPING
    assert session._jobs.empty()
    known = _wait(session, lambda snapshot: not snapshot.phase.busy)
    assert known.stopped
    assert known.result is None
    assert len(known.modules) < 9


def test_another_link_forgets_the_values_of_the_first(stage):
    box = stage()
    box.session.scan("sim:one")
    _wait(box.session, lambda snapshot: not snapshot.phase.busy)
    box.engine.fail_connect = AdapterLost(message("gone"))
    box.session.scan("sim:two")
    known = _wait(box.session, lambda snapshot: not snapshot.phase.busy)
    assert known.vin is None
    assert known.battery is None
    assert known.trouble.adapter_lost
    assert box.engine.links[0].closed.is_set()


def test_stopping_when_nothing_runs_does_nothing(stage):
    box = stage()
    box.session.stop()
    assert box.session.pull().phase is Phase.IDLE
