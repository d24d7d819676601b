"""Fault codes are written as SAE J2012 does and read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.errors import UsageError
from diag.protocol.dtc import (
    failure_type_name,
    format_dtc,
    format_dtc_with_failure_type,
    kwp_status_names,
    parse_dtc,
    uds_status_names,
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0562", "P0562"),
        ("1610", "P1610"),
        ("3FFF", "P3FFF"),
        ("4000", "C0000"),
        ("9A15", "B1A15"),
        ("D000", "U1000"),
    ],
)
def test_two_bytes_are_a_code(raw: str, code: str) -> None:
    assert format_dtc(bytes.fromhex(raw)) == code


def test_three_bytes_carry_the_failure_type() -> None:
    assert format_dtc_with_failure_type(b"\x9a\x15\x11") == "B1A15-11"


@given(st.binary(min_size=2, max_size=3))
def test_every_code_reads_back(raw: bytes) -> None:
    text = format_dtc(raw) if len(raw) == 2 else format_dtc_with_failure_type(raw)
    assert parse_dtc(text) == raw
    assert parse_dtc(f" {text.lower().replace('-', '')} ") == raw


@pytest.mark.parametrize(
    "text", ["", "P562", "X0562", "P4562", "P056G", "P0562-1", "P0562-123", "0562", "R0562"]
)
def test_what_is_no_code_is_said_so(text: str) -> None:
    with pytest.raises(UsageError, match="is not a fault code"):
        parse_dtc(text)


@pytest.mark.parametrize("raw", [b"", b"\x05", b"\x05\x62\x11\x00"])
def test_a_wrong_number_of_bytes_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="b'"):
        format_dtc(raw)
    with pytest.raises(ValueError, match="b'"):
        format_dtc_with_failure_type(raw)


def test_uds_status_bits_have_names() -> None:
    assert uds_status_names(0x00) == ()
    assert uds_status_names(0x09) == ("test-failed", "confirmed")
    assert uds_status_names(0x04) == ("pending",)
    assert uds_status_names(0x50) == ("not-tested-since-clear", "not-tested-this-cycle")
    assert len(uds_status_names(0xFF)) == 8


@pytest.mark.parametrize(
    ("status", "names"),
    [
        (0x00, ()),
        (0x20, ("confirmed",)),
        (0x40, ("test-failed", "pending")),
        (0x60, ("test-failed", "confirmed")),
        (0xE4, ("test-failed", "confirmed", "warning-lamp", "no-signal")),
        (0x31, ("confirmed", "not-tested-this-cycle", "above-maximum")),
        (0x03, ()),
    ],
)
def test_kwp_status_says_storage_lamp_and_symptom(status: int, names: tuple[str, ...]) -> None:
    assert kwp_status_names(status) == names


def test_failure_types_have_names_and_unknown_ones_say_so() -> None:
    assert str(failure_type_name(0x11)) == "short circuit to ground"
    assert str(failure_type_name(0x87)) == "message missing"
    assert str(failure_type_name(0xF3)) == "failure type F3 of the maker"
