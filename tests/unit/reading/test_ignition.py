"""The key position: only from a fresh frame, and "unknown" with its reason otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diag.i18n import message
from diag.model import Confidence, Frame, Ignition
from diag.reading import ignition
from diag.reading.listening import Heard, HeardFrame
from diag.vehicle.loading import load_profile

PROFILE = load_profile("nissan-f-alpha")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def heard(*frames, age_s=0.1, at_s=None):
    return Heard({frame.arbitration_id: HeardFrame(frame, age_s, NOW, at_s) for frame in frames})


def body(byte):
    return Frame(0.0, 0x60D, bytes((0x08, byte, 0, 0, 0, 0, 0, 0)))


@pytest.mark.parametrize(
    ("byte", "position"),
    [
        (0x00, Ignition.OFF),
        (0x02, Ignition.ACC),
        (0x06, Ignition.ON),
        (0x04, Ignition.START),
        (0xFF, Ignition.ON),
    ],
)
def test_the_body_frame_shows_the_key(byte, position):
    reading = ignition.interpret(PROFILE, heard(body(byte)), NOW)
    assert reading.value is position
    assert str(reading.source) == "frame 60D"


def test_a_recorded_position_names_its_capture_time():
    reading = ignition.interpret(PROFILE, heard(body(6), at_s=8.3), NOW)
    assert str(reading.source) == "frame 60D, log time 8.3 s"
    assert reading.at_s == 8.3


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (heard(body(6), age_s=1.5), "no fresh frame shows the key"),
        (Heard(), "the bus is quiet"),
        (Heard(why_not=message("no adapter")), "no adapter"),
        (heard(Frame(0.0, 0x60D, b"\x08")), "no fresh frame shows the key"),
    ],
)
def test_without_a_fresh_whole_frame_the_key_is_unknown_and_says_why(what, reason):
    reading = ignition.interpret(PROFILE, what, NOW)
    assert reading.value is Ignition.UNKNOWN
    assert reading.confidence is Confidence.NONE
    assert str(reading.source) == reason


def test_a_second_frame_helps_where_the_first_is_missing():
    reading = ignition.interpret(PROFILE, heard(Frame(0.0, 0x35D, bytes((0xC0, 3, 0, 0, 0, 0, 0, 0)))), NOW)
    assert reading.value is Ignition.ON
    assert str(reading.source) == "frame 35D"


@pytest.mark.parametrize(
    ("needed", "present", "supplied"),
    [
        (Ignition.OFF, Ignition.OFF, True),
        (Ignition.ACC, Ignition.OFF, False),
        (Ignition.ON, Ignition.ACC, False),
        (Ignition.ACC, Ignition.START, True),
        (Ignition.ON, Ignition.UNKNOWN, True),
    ],
)
def test_supply_follows_the_key(needed, present, supplied):
    assert ignition.has_supply(needed, present) is supplied
