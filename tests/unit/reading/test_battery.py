"""The battery voltage: which witness is taken, how sure it is, and what comparing them says."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from diag.i18n import message
from diag.link import Outcome
from diag.model import Frame, Ignition, Reading
from diag.reading import battery
from diag.reading.listening import Heard, HeardFrame
from diag.vehicle.loading import load_profile
from diag.vehicle.profile import FactConfidence, Text, VoltageSource

PROFILE = load_profile("nissan-f-alpha")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PID_42 = (0x7E8, "01 42")


def read(link, ignition=Ignition.ON, heard=None):
    return battery.ask(link, PROFILE, heard or Heard(), ignition)


def witness(value, uncertainty=0.1, at_s=None):
    return Reading(value, "V", message("test"), NOW, uncertainty, at_s=at_s)


def test_the_adapter_comes_first_with_two_percent_and_half_a_step_of_doubt(scripted_link):
    reading = read(scripted_link({PID_42: "41 42 31 38"}, volts=12.6))
    assert reading.voltage.value == 12.6
    assert reading.voltage.uncertainty == pytest.approx(12.6 * 0.02 + 0.05, abs=0.001)
    assert [each.value for each in reading.witnesses] == [12.6, 12.6]


def test_an_implausible_adapter_gives_way_to_the_engine_module(scripted_link):
    reading = read(scripted_link({PID_42: "41 42 2B 5D"}, volts=0.0))
    assert reading.voltage.value == 11.101
    assert str(reading.voltage.source) == "module 7E8, PID 42"


@pytest.mark.parametrize(
    "answer",
    ["7F 01 12", "41 42 31", "41 0D 31 38", "41 42 FF FF", Outcome.SILENT, Outcome.BROKEN, Outcome.WITHHELD],
)
def test_no_value_comes_from_a_wrong_answer(scripted_link, answer):
    reading = read(scripted_link({PID_42: answer}))
    assert reading.voltage is None
    assert reading.witnesses == ()


def test_a_module_without_supply_is_not_asked(scripted_link):
    link = scripted_link({PID_42: "41 42 31 38"})
    assert read(link, Ignition.ACC).voltage is None
    assert link.sent == []


def test_a_silent_module_is_asked_once_only(scripted_link):
    link = scripted_link()
    read(link)
    assert len(link.sent) == 1


def with_frame(factor=0.0625, mask="FF"):
    source = VoltageSource(
        name="frame",
        title=Text(en="frame", ru="кадр"),
        kind="frame",
        frame="625",
        start=2,
        factor=factor,
        mask=mask,
        percent=3.0,
        volts=0.05,
        source="test",
        confidence=FactConfidence.INFERRED,
    )
    return msgspec.structs.replace(PROFILE, voltage_sources=(source,))


def heard_625(byte, age_s=0.1):
    frame = Frame(0.0, 0x625, bytes((0, 0, byte, 0, 0, 0)))
    return Heard({0x625: HeardFrame(frame, age_s, NOW)})


def test_a_fresh_frame_is_a_witness_of_its_own(scripted_link):
    reading = battery.ask(scripted_link(), with_frame(), heard_625(200), Ignition.ON)
    assert reading.voltage.value == 12.5
    assert reading.voltage.uncertainty == 0.425
    assert str(reading.voltage.source) == "frame 625"


@pytest.mark.parametrize(("byte", "mask", "age_s"), [(200, "FF", 1.5), (0xFF, "7F", 0.1), (0, "FF", 0.1)])
def test_an_old_or_implausible_frame_is_no_voltage(scripted_link, byte, mask, age_s):
    reading = battery.ask(
        scripted_link(), with_frame(mask=mask, factor=0.04), heard_625(byte, age_s), Ignition.ON
    )
    assert reading.voltage is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([12.6], None),
        ([12.6, 12.5], "the sources agree"),
        ([12.6, 12.9], "cannot tell"),
        ([12.6, 12.0], "use a multimeter to decide"),
        ([12.6, 12.5, 13.4], "use a multimeter to decide"),
    ],
)
def test_witnesses_agree_differ_or_cannot_be_told_apart(values, sentence):
    reading = battery.interpret(PROFILE, [witness(value) for value in values])
    assert reading.voltage.value == values[0]
    if sentence is None:
        assert reading.agreement is None
    else:
        assert sentence in str(reading.agreement)


def test_both_values_are_named_where_they_differ():
    sentence = str(battery.interpret(PROFILE, [witness(12.6), witness(11.4)]).agreement)
    assert "12.6 V" in sentence
    assert "11.4 V" in sentence


def test_values_recorded_minutes_apart_are_not_compared():
    assert battery.interpret(PROFILE, [witness(12.6, at_s=1.0), witness(14.2, at_s=200.0)]).agreement is None


def test_without_any_witness_there_is_no_voltage():
    assert battery.interpret(PROFILE, []).voltage is None
