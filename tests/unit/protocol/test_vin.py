"""A VIN loses none of its characters, whatever they are."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.errors import MalformedResponse
from diag.protocol.vin import VIN_REQUESTS, check_digit_matches, masked_vin, vin_of, wmi

HONDA = "1HGCM82633A004352"
REQUESTS = {"09 02": b"\x49\x02\x01", "22 F1 90": b"\x62\xf1\x90", "1A 90": b"\x5a\x90", "21 81": b"\x61\x81"}

vins = st.text(string.ascii_uppercase + string.digits, min_size=17, max_size=17)


@given(vins, st.sampled_from(list(REQUESTS)), st.integers(0, 3))
def test_every_character_survives(vin: str, request_hex: str, filling: int) -> None:
    response = REQUESTS[request_hex] + vin.encode() + bytes(filling)
    assert vin_of(bytes.fromhex(request_hex), response) == vin


@pytest.mark.parametrize(
    "vin", ["0" * 16 + "1", "2HGCM82633A00435X", "12012012012012012", "X0000000000000000"]
)
def test_vins_that_begin_and_end_in_digits_are_whole(vin: str) -> None:
    assert vin_of(b"\x09\x02", b"\x49\x02\x01" + vin.encode()) == vin


def test_filling_before_the_vin_and_an_answer_without_count_are_read() -> None:
    assert vin_of(b"\x22\xf1\x90", b"\x62\xf1\x90\x00\x00\x00" + HONDA.encode()) == HONDA
    assert vin_of(b"\x09\x02", b"\x49\x02" + HONDA.encode()) == HONDA
    assert vin_of(b"\x21\x81", b"\x61\x81" + HONDA.encode() + b"\x12\x34") == HONDA


@pytest.mark.parametrize(
    "data",
    [
        bytes(17),
        b"\xff" * 17,
        b" " * 17,
        HONDA[:16].encode(),
        b"1HGCM82633A0043\xff\x01",
        b"1HGCM 2633A004352",
    ],
)
@pytest.mark.parametrize("request_hex", REQUESTS)
def test_a_blank_or_damaged_vin_is_an_error(request_hex: str, data: bytes) -> None:
    with pytest.raises(MalformedResponse):
        vin_of(bytes.fromhex(request_hex), REQUESTS[request_hex] + data)


def test_too_many_characters_are_an_error() -> None:
    with pytest.raises(MalformedResponse, match="17 characters"):
        vin_of(b"\x22\xf1\x90", b"\x62\xf1\x90" + HONDA.encode() + b"12")


@pytest.mark.parametrize("response", [b"\x7f\x09\x12", b"\x49\x04\x01" + HONDA.encode(), b"", b"\x49\x02"])
def test_other_answers_are_errors(response: bytes) -> None:
    with pytest.raises(MalformedResponse):
        vin_of(b"\x09\x02", response)


def test_only_vin_requests_give_a_vin() -> None:
    assert set(VIN_REQUESTS) == {bytes.fromhex(request) for request in REQUESTS}
    with pytest.raises(MalformedResponse, match="did not ask for the VIN"):
        vin_of(b"\x22\xf1\x88", b"\x62\xf1\x88" + HONDA.encode())


@pytest.mark.parametrize(
    ("vin", "matches"),
    [
        (HONDA, True),
        (HONDA.lower(), True),
        ("1M8GDM9AXKP042788", True),
        ("1" * 17, True),
        ("1HGCM82633A004353", False),
        ("VSKJVWR51U0001235", False),
        ("1HGCM82633A00435", False),
        ("1HGCM82633A00435O", False),
        ("1HGCM82633A00435\u00b2", False),
    ],
)
def test_the_check_digit_is_information(vin: str, matches: bool) -> None:
    assert check_digit_matches(vin) is matches


def test_the_maker_and_the_last_four_characters_are_shown() -> None:
    assert wmi(HONDA) == "1HG"
    assert masked_vin("VSKJVWR51U0001234") == "*************1234"
