"""The DBC files of the product, on a capture of a real car of the family."""

from __future__ import annotations

from collections import defaultdict

import can
import pytest

from diag.vehicle.databases import load_database
from diag.vehicle.loading import load_profile, profile_names

FILES = ["nissan_f_alpha.dbc", "renault_b0.dbc"]


@pytest.fixture(scope="module")
def decoded(realdata):
    """Every value of every signal of the 2006 Frontier capture, decoded with our file."""
    database = load_database("nissan_f_alpha.dbc")
    values = defaultdict(list)
    with can.LogReader(realdata / "derived" / "nissan_frontier_2006_revsweep.log") as frames:
        for frame in frames:
            message = database.get_message_by_frame_id(frame.arbitration_id)
            assert len(frame.data) == message.length, message.name
            for signal, value in message.decode(frame.data).items():
                values[message.name, signal].append(value)
    return values


@pytest.mark.parametrize("file", FILES)
def test_every_message_and_signal_says_how_well_it_is_known(file):
    for message in load_database(file).messages:
        assert "ource" in message.comment or "apture" in message.comment, message.name
        for signal in message.signals:
            assert any(
                word in signal.comment.lower() for word in ("confirmed", "one source", "inferred", "disputed")
            ), signal.name


@pytest.mark.parametrize("file", FILES)
def test_every_physical_signal_has_a_unit(file):
    physical = ("Speed", "Temperature", "Angle", "Position", "Odometer")
    for message in load_database(file).messages:
        for signal in message.signals:
            raw = "Byte" in signal.name or "Raw" in signal.name or signal.choices
            if not raw and any(word in signal.name for word in physical):
                assert signal.unit, signal.name


@pytest.mark.parametrize("file", FILES)
def test_frames_of_the_immobiliser_are_left_out(file):
    assert not {0x342, 0x512} & {message.frame_id for message in load_database(file).messages}


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_names_a_database_that_loads(name):
    dbc = load_profile(name).dbc
    if dbc:
        assert load_database(dbc).messages


def test_the_ignition_of_the_database_is_that_of_the_profile():
    message = load_database("nissan_f_alpha.dbc").get_message_by_frame_id(0x60D)
    for raw, position in load_profile("nissan-f-alpha").ignition_frames[0].values.items():
        data = bytes([0, int(raw, 16), 0, 0, 0, 0, 0, 0])
        assert message.decode(data)["IgnitionPosition"] == position.value


def test_both_engine_speeds_of_the_real_capture_decode_to_the_sweep(decoded):
    speed_23d = decoded["ENGINE_STATE", "EngineSpeed23D"]
    speed_1f9 = decoded["ENGINE_SPEED", "EngineSpeed"]
    assert (min(speed_23d), max(speed_23d)) == (743.75, 2993.75)
    assert (min(speed_1f9), max(speed_1f9)) == (737.5, 2993.75)
    assert (speed_23d[0], speed_23d[-1]) == (871.875, 753.125)


@pytest.mark.parametrize(
    ("message", "signal"),
    [
        ("ENGINE_TEMPERATURE", "CoolantTemperature"),
        ("ENGINE_STATE", "CoolantTemperature23D"),
        ("COOLANT", "CoolantTemperature551"),
    ],
)
def test_every_coolant_signal_of_the_real_capture_agrees(decoded, message, signal):
    values = decoded[message, signal]
    assert (min(values), max(values)) == (76, 78)


@pytest.mark.parametrize(
    ("message", "signal", "value"),
    [
        ("BODY", "IgnitionPosition", "ON"),
        ("BODY", "DriverDoor", "open"),
        ("BODY", "PassengerDoor", "closed"),
        ("BODY_STATE", "IgnitionOn", "on"),
        ("KEY", "KeyInserted", "key inserted"),
        ("GEAR", "SelectorPosition", "P"),
        ("SPEED", "VehicleSpeed280", 0),
        ("BRAKE", "VehicleSpeed354", 0),
        ("BRAKE", "BrakeLamp", "off"),
        ("CLUSTER_STATE", "ParkingBrake", "released"),
    ],
)
def test_the_real_capture_stands_with_the_key_at_on_throughout(decoded, message, signal, value):
    assert {str(each) for each in decoded[message, signal]} == {str(value)} or set(
        decoded[message, signal]
    ) == {value}
