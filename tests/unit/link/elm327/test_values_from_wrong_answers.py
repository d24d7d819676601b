"""No voltage is taken from a refusal, another answer, half of one, or the adapter's own words."""

from __future__ import annotations

import pytest

from diag.clock import RateClock
from diag.link import LinkOptions
from diag.model import Ignition
from diag.reading import battery
from diag.reading.listening import Heard
from diag.vehicle.loading import load_profile

PROFILE = load_profile("generic-obd")

WRONG = {
    "refused": "7E8037F0112",
    "still working, then nothing": "7E8037F0178",
    "another value": "7E8 03 41 0D 12",
    "one byte too few": "7E8 03 41 42 2F",
    "another service": "7E8 04 62 42 2F EA",
    "another module": "7E9 04 41 42 2F EA",
    "length says more than came": "7E8 05 41 42 2F EA",
    "a digit was lost": "7E8 04 41 42 2F E",
    "no data": "NO DATA",
    "bus init": "BUS INIT: ERROR",
    "no protocol": "UNABLE TO CONNECT",
    "stopped": "STOPPED",
    "buffer full": "BUFFER FULL",
    "CAN error": "CAN ERROR",
    "not understood": "?",
    "about to sleep": "ACT ALERT",
    "supply lost": "LV RESET",
    "no echo": "FB ERROR",
    "damaged": "7E8 04 41 42 2F EA <RX ERROR",
    "internal error": "ERR94",
    "nonsense": "\x91\x82 %&/ elm",
    "0 V": "7E8 04 41 42 00 00",
    "65 V": "7E8 04 41 42 FF FF",
}


def read(bench, answer: str):
    bench.adapter.answers["ATRV"] = "?\r\r>"
    bench.adapter.answers["0142"] = answer + "\r\r>"
    link = bench.connect(LinkOptions(clock=RateClock(20)))
    return battery.ask(link, PROFILE, Heard(), Ignition.ON)


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_gives_no_voltage(pty_bench, answer: str):
    reading = read(pty_bench, answer)
    assert reading.voltage is None
    assert reading.witnesses == ()


def test_the_right_answer_gives_one(pty_bench):
    reading = read(pty_bench, "7E8 04 41 42 2F EA")
    assert reading.voltage is not None
    assert reading.voltage.value == pytest.approx(12.266)


@pytest.mark.parametrize("answer", ["", "0.0V", "45.2V", "-3.0V", "V", "12,6 volts", "OK", "1Z.6V", "12.6"])
def test_the_adapters_own_voltage_is_taken_only_as_it_writes_one(pty_bench, answer: str):
    pty_bench.adapter.answers["ATRV"] = answer + "\r\r>"
    reading = battery.ask(pty_bench.connect(), PROFILE, Heard(), Ignition.ON)
    assert [witness.value for witness in reading.witnesses] == ([12.6] if answer == "12.6" else [])
