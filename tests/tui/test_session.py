"""The session on the simulated car, with the engine of the product and no screens."""

import time
from pathlib import Path

import pytest

import diag
from diag.clock import SystemClock
from diag.errors import AdapterLost
from diag.i18n import message
from diag.link import checking, opening
from diag.model import Ignition, Mode, Verdict
from tui.engine import RealEngine, Watch
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
    assert known.lost is not None
    assert box.engine.links[0].closed.is_set()


def test_stopping_when_nothing_runs_does_nothing(stage):
    box = stage()
    box.session.stop()
    assert box.session.pull().phase is Phase.IDLE


def test_the_bus_of_the_profile_named_reaches_the_link(monkeypatch, tmp_path):
    text = (Path(diag.__file__).parent / "vehicle/profiles/generic-obd.toml").read_text(encoding="utf-8")
    path = tmp_path / "odd.toml"
    path.write_text(
        text.replace("bitrate = 500000", "bitrate = 250000").replace('padding = "00"', 'padding = "AA"'),
        encoding="utf-8",
    )
    opened = []
    monkeypatch.setattr(opening, "connect", lambda _, options: opened.append(options))
    monkeypatch.setattr(checking, "check_adapter", lambda _, options: opened.append(options))
    engine = RealEngine(SystemClock(), str(path))
    engine.connect("none:", Watch(print, print))
    engine.check("none:", Watch(print, print))
    assert [(options.padding, options.bitrate) for options in opened] == [(0xAA, 250_000)] * 2


def _hold_connecting(box):
    box.session.scan("elm327:a")
    assert box.engine.held.wait(5)
    box.session.stop()


def test_stopping_while_it_connects_ends_as_stopped_and_not_as_an_error(stage):
    box = stage(hold="connect")
    _hold_connecting(box)
    known = _wait(box.session, lambda snapshot: not snapshot.phase.busy)
    assert known.stopped
    assert known.trouble is None
    assert known.identity is None


def test_a_connecting_that_does_not_hear_is_given_up_and_the_next_waits_for_it(stage):
    box = stage(hold="connect", deaf=True)
    _hold_connecting(box)
    assert box.session.pull().phase is Phase.STOPPING
    box.clock.sleep(1.6)
    known = box.session.pull()
    assert known.phase is Phase.IDLE
    assert known.stopped
    assert box.session.scan("elm327:a")
    assert box.session.pull().step is not None
    box.engine.go.set()
    known = _wait(box.session, lambda snapshot: snapshot.result is not None)
    assert box.engine.most_connecting == 1
    assert [link.closed.is_set() for link in box.engine.links] == [True, False]
    assert not known.stopped


def test_an_error_of_a_given_up_connecting_is_not_said_in_the_next(stage):
    box = stage(hold="connect", deaf=True, fail_connect=AdapterLost(message("gone")))
    _hold_connecting(box)
    box.clock.sleep(1.6)
    assert box.session.pull().phase is Phase.IDLE
    box.engine.go.set()
    box.session.close()
    known = box.session.pull()
    assert known.trouble is None
    assert known.lost is None


def test_a_stopped_scan_leaves_the_line_open(stage):
    box = stage(hold="HVAC")
    box.session.scan("elm327:a")
    assert box.engine.held.wait(5)
    box.session.stop()
    known = _wait(box.session, lambda snapshot: not snapshot.phase.busy)
    assert known.connected
