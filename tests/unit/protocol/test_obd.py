"""Values come from python-OBD's formulas, and only from answers that were checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.errors import MalformedResponse
from diag.protocol.current_data import split_items
from diag.protocol.obd import (
    MonitorStatus,
    count_and_mil,
    decode_pid,
    information_texts,
    supported_pids,
)


def values(payload: str, request: str | None = None) -> list[tuple[int, float | str, str]]:
    decoded = decode_pid(bytes.fromhex(payload), bytes.fromhex(request) if request else None)
    return [(value.pid, value.value, value.unit) for value in decoded]


@pytest.mark.parametrize(
    ("payload", "value", "unit"),
    [
        ("41 0C 1A F8", 1726.0, "rpm"),
        ("41 0D 22", 34.0, "km/h"),
        ("41 05 55", 45.0, "°C"),
        ("41 42 2F EA", 12.266, "V"),
        ("41 42 2F EA 00 00 00", 12.266, "V"),
        ("41 10 01 F4", 5.0, "g/s"),
        ("41 04 80", pytest.approx(50.196, abs=0.001), "%"),
        ("41 06 80 7F", 0.0, "%"),
        ("41 1C 06", "EOBD (Europe)", ""),
        ("41 03 02 00", "Closed loop, using oxygen sensor feedback to determine fuel mix", ""),
    ],
)
def test_a_whole_answer_gives_its_value(payload: str, value: object, unit: str) -> None:
    assert [row[1:] for row in values(payload)] == [(value, unit)]


def test_several_values_come_from_one_answer() -> None:
    assert values("41 0C 1A F8 0D 22 05 55", "01 0C 0D 05") == [
        (0x0C, 1726.0, "rpm"),
        (0x0D, 34.0, "km/h"),
        (0x05, 45.0, "°C"),
    ]


def test_a_freeze_frame_gives_its_values() -> None:
    assert values("42 0C 00 1A F8", "02 0C 00") == [(0x0C, 1726.0, "rpm")]


@pytest.mark.parametrize(
    "payload", ["41 00 98 3B 80 11", "41 01 82 07 E1 00", "41 03 00 00", "41 FE 01", "41 4F 01 02 03 04"]
)
def test_answers_without_a_single_value_give_none(payload: str) -> None:
    assert values(payload) == []


@pytest.mark.parametrize(
    "payload", ["7F 01 12", "7F 01 78", "41 0D 12", "41 0C 1A", "41 0C", "41", "", "4E 4F 20"]
)
def test_no_value_comes_from_a_wrong_answer(payload: str) -> None:
    with pytest.raises(MalformedResponse):
        values(payload, "01 0C")


def test_only_value_services_are_decoded() -> None:
    with pytest.raises(MalformedResponse, match="did not ask for values"):
        values("43 00", "03")


@given(st.binary(max_size=10))
def test_any_bytes_give_values_or_the_one_error(tail: bytes) -> None:
    try:
        decode_pid(b"\x41" + tail, b"\x01" + tail[:1])
    except MalformedResponse:
        return
    assert split_items(b"\x01" + tail[:1], b"\x41" + tail) is not None


def test_lamp_and_count_are_read() -> None:
    assert count_and_mil(bytes.fromhex("41 01 82 07 E1 00")) == MonitorStatus(lamp_on=True, confirmed_count=2)
    assert count_and_mil(bytes.fromhex("41 01 00 27 E1 00")) == MonitorStatus(
        lamp_on=False, confirmed_count=0
    )
    with pytest.raises(MalformedResponse):
        count_and_mil(bytes.fromhex("41 01 82"))


def test_supported_pids_are_listed() -> None:
    assert supported_pids(b"\x01\x00", bytes.fromhex("41 00 80 00 00 01")) == {0x01, 0x20}
    assert supported_pids(b"\x01\x20", bytes.fromhex("41 20 00 00 00 03")) == {0x3F, 0x40}
    assert supported_pids(b"\x09\x00", bytes.fromhex("49 00 40 00 00 00")) == {0x02}
    with pytest.raises(MalformedResponse, match="what is supported"):
        supported_pids(b"\x01\x0c", bytes.fromhex("41 0C 1A F8"))
    with pytest.raises(MalformedResponse):
        supported_pids(b"\x01\x00", bytes.fromhex("41 00 80"))


def test_texts_of_the_module_are_whole() -> None:
    request = b"\x09\x04"
    first, second = b"1201ABC021".ljust(16, b"\0"), b"2".ljust(16, b"\0")
    assert information_texts(request, b"\x49\x04\x02" + first + second) == ("1201ABC021", "2")
    assert (
        information_texts(b"\x09\x0a", b"\x49\x0a\x01" + b"ECM\0-EngineControl".ljust(20, b"\0"))[0][:3]
        == "ECM"
    )
    with pytest.raises(MalformedResponse):
        information_texts(request, b"\x49\x04\x02" + first)
    with pytest.raises(MalformedResponse, match="for a text"):
        information_texts(b"\x09\x05", b"\x49\x05\x01")


def test_importing_the_module_does_not_import_the_libraries() -> None:
    code = (
        "import sys, diag.protocol.obd, diag.protocol.uds, diag.protocol.kwp;"
        "import diag.protocol.faults, diag.protocol.vin;"
        "print([name for name in ('obd', 'udsoncan', 'pint', 'serial') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_every_file_of_python_obd_that_is_loaded_is_free_under_any_later_version() -> None:
    code = (
        "import json, sys; from diag.protocol.obd import decode_pid; decode_pid(bytes.fromhex('410C1AF8'));"
        "names = [name for name in sys.modules if name.split('.')[0] == 'obd'];"
        "print(json.dumps([sys.modules[name].__file__ for name in names]))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    files = [Path(name) for name in json.loads(result.stdout)]
    assert len(files) > 10
    with_code = [file for file in files if file.name != "__version__.py"]
    assert len(files) - len(with_code) <= 1
    for file in with_code:
        head = " ".join(file.read_text(encoding="utf-8")[:3000].replace("#", " ").split())
        assert "either version 2 of the License, or (at your option) any later version" in head, file
