"""Scans of captures of real cars: what was recorded is read, what was not is never invented."""

from __future__ import annotations

import pytest

from diag.clock import VirtualClock
from diag.link import LinkOptions, open_link
from diag.model import Ignition, Verdict
from diag.reading.scan import scan


@pytest.fixture
def scan_of(realdata):
    def run(name, profile=None):
        clock = VirtualClock()
        with open_link(f"replay:{realdata / name}", LinkOptions(clock=clock)) as link:
            return scan(link, clock=clock, profile_name=profile)

    return run


def verdicts(result):
    return {module.name: module.verdict for module in result.modules}


@pytest.mark.parametrize("kind", ["log", "blf"])
def test_a_recorded_conversation_gives_vin_verdict_and_voltage(scan_of, kind):
    result = scan_of(f"derived/octavia_obd2_first600s.{kind}")
    assert len(result.vin) == 17
    assert result.vin.endswith("4923")
    assert verdicts(result) == {"ECM": Verdict.NONE, "TCM": Verdict.NOT_ASKED}
    assert result.modules[0].services[0].service == "03"
    assert result.modules[0].services[0].verdict is Verdict.NONE
    assert result.modules[0].services[1].verdict is Verdict.NOT_ASKED
    assert result.coverage is not None


@pytest.mark.parametrize(("at", "volts", "seconds"), [("270.6", 11.101, "270.5"), ("end", None, "599.4")])
def test_the_voltage_is_the_last_one_before_the_cursor_and_names_its_time(scan_of, at, volts, seconds):
    voltage = scan_of(f"derived/octavia_obd2_first600s.log?at={at}").battery.voltage
    assert volts is None or voltage.value == volts
    assert str(voltage.source) == f"module 7E8, PID 42, log time {seconds} s"
    assert round(voltage.at_s, 1) == float(seconds)


def test_the_first_voltage_appears_with_the_first_answer_and_not_before(scan_of):
    name = "derived/octavia_obd2_first600s.log"
    first = next(
        reading for at in range(1, 20) if (reading := scan_of(f"{name}?at={at}").battery.voltage) is not None
    )
    assert first.value == 12.266
    before = first.at_s - 0.05
    assert scan_of(f"{name}?at={before:.3f}").battery.voltage is None


def test_ids_that_only_look_diagnostic_are_no_conversation(scan_of):
    for profile in (None, "nissan-f-alpha", "nissan-d"):
        result = scan_of("captures/savvycan_candump.log", profile)
        assert set(verdicts(result).values()) == {Verdict.NOT_ASKED}
        assert (result.vin, result.battery.voltage) == (None, None)


def test_broadcast_frames_show_the_key_and_no_module_is_judged(scan_of):
    result = scan_of("derived/nissan_frontier_2006_revsweep.log", "nissan-f-alpha")
    assert result.ignition.value is Ignition.ON
    assert "frame 60D, log time" in str(result.ignition.source)
    assert set(verdicts(result).values()) == {Verdict.NOT_ASKED}
    assert result.battery.voltage is None


def test_the_bus_alone_tells_the_family(scan_of):
    assert scan_of("derived/nissan_frontier_2006_revsweep.log").profile.name == "nissan-f-alpha"
