"""Fault codes are taken only from answers that are whole; a contradiction is an error, never "none"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.errors import MalformedResponse
from diag.protocol.dtc import format_dtc
from diag.protocol.faults import fault_codes_of, lists_a_failure

REQUESTS = ("03", "07", "0A", "13 FF 00", "17 FF 00", "18 00 FF 00", "19 02 FF", "19 0A")


def read(request: str, response: str) -> list[tuple[str, tuple[str, ...], str, str]]:
    codes = fault_codes_of(bytes.fromhex(request), bytes.fromhex(response))
    assert all(code.text is None for code in codes)
    return [(code.code, code.status, code.service, code.raw) for code in codes]


def test_obd_services_say_what_kind_their_codes_are() -> None:
    assert read("03", "43 01 05 62") == [("P0562", ("confirmed",), "03", "0562")]
    assert read("07", "47 01 D0 00") == [("U1000", ("pending",), "07", "D000")]
    assert read("0A", "4A 01 06 03") == [("P0603", ("permanent",), "0A", "0603")]


def test_uds_codes_carry_failure_type_and_status() -> None:
    assert read("19 02 FF", "59 02 FF 9A 15 11 09 D0 00 00 50") == [
        ("B1A15-11", ("test-failed", "confirmed"), "19 02", "9A151109"),
        ("U1000-00", ("not-tested-since-clear", "not-tested-this-cycle"), "19 02", "D0000050"),
    ]


def test_supported_codes_count_only_where_they_failed() -> None:
    assert read("19 0A", "59 0A FF 9A 15 11 00 05 62 00 50 D0 00 00 08") == [
        ("U1000-00", ("confirmed",), "19 0A", "D0000008")
    ]


def test_kwp_codes_carry_their_status() -> None:
    row = ("P0562", ("test-failed", "confirmed"))
    assert read("17 FF 00", "57 01 05 62 60") == [(*row, "17", "056260")]
    assert read("18 00 FF 00", "58 01 05 62 60") == [(*row, "18", "056260")]


def test_service_13_is_read_with_and_without_status() -> None:
    assert read("13 FF 00", "53 01 05 62") == [("P0562", (), "13", "0562")]
    assert read("13 FF 00", "53 02 05 62 60 D0 00 20")[1] == ("U1000", ("confirmed",), "13", "D00020")


@pytest.mark.parametrize(
    ("request_hex", "response_hex"),
    [
        ("03", "43 00"),
        ("03", "43 00 CC CC CC CC CC"),
        ("07", "47 00"),
        ("0A", "4A 00"),
        ("13 81", "53 00"),
        ("17 FF 00", "57 00"),
        ("18 00 FF 00", "58 00 00 00 00"),
        ("19 02 FF", "59 02 FF"),
        ("19 02 FF", "59 02 08"),
    ],
)
def test_only_a_whole_answer_without_codes_is_none(request_hex: str, response_hex: str) -> None:
    assert read(request_hex, response_hex) == []


@pytest.mark.parametrize("request_hex", REQUESTS)
def test_refusals_cuts_and_other_answers_are_errors(request_hex: str) -> None:
    request = bytes.fromhex(request_hex)
    service = request[0]
    answers = [
        b"",
        bytes((0x7F, service, 0x11)),
        bytes((0x7F, service, 0x78)),
        bytes((service + 0x40,)),
        bytes((service + 0x41, 0x00)),
        b"NO DATA",
        b"\x41\x0c\x1a\xf8",
    ]
    for answer in answers:
        with pytest.raises(MalformedResponse, match="Nothing was taken"):
            fault_codes_of(request, answer)


@pytest.mark.parametrize(
    ("request_hex", "response_hex"),
    [
        ("03", "43 04 05 62 D0 00"),
        ("03", "43 01 00 00"),
        ("03", "43 00 05 62"),
        ("17 FF 00", "57 02 05 62 60"),
        ("18 00 FF 00", "58 01 00 00 60"),
        ("19 02 FF", "59 02 FF 9A 15 11"),
        ("19 02 FF", "59 02 FF AA AA AA AA"),
        ("19 02 FF", "59 02 FF 00"),
        ("19 02 FF", "59 02 FF 00 00"),
        ("19 02 FF", "59 02 FF 00 00 00"),
        ("19 02 FF", "59 02 FF 00 00 00 00"),
        ("19 0A", "59 0A FF 00"),
        ("19 02 FF", "59 02 FF 9A 15 11 09 00"),
        ("19 02 FF", "59 02 FF 9A 15 11 09 AA AA"),
    ],
)
def test_a_contradiction_is_an_error(request_hex: str, response_hex: str) -> None:
    with pytest.raises(MalformedResponse):
        read(request_hex, response_hex)


@pytest.mark.parametrize(
    ("request_hex", "response_hex"),
    [
        ("19 02 FF", "59 02 00"),
        ("19 02 FF", "59 02 50"),
        ("19 02 FF", "59 02 50 9A 15 11 50"),
        ("19 02 FF", "59 02 00 9A 15 11 09"),
        ("19 0A", "59 0A 00 9A 15 11 00"),
    ],
)
def test_a_module_that_keeps_no_failure_status_confirms_nothing(request_hex: str, response_hex: str) -> None:
    with pytest.raises(MalformedResponse, match="marks no fault code as failed"):
        read(request_hex, response_hex)


@pytest.mark.parametrize("left_over", ["00", "CC CC", "FF FF FF", "33", "33 11", "33 11 2F"])
def test_bytes_left_over_after_a_uds_list_are_counted_in_the_sentence(left_over: str) -> None:
    with pytest.raises(MalformedResponse, match="bytes left over after the last fault code"):
        read("19 02 FF", f"59 02 FF {left_over}")


def test_a_list_of_nothing_but_empty_rows_is_no_empty_list() -> None:
    with pytest.raises(MalformedResponse, match="counts a fault code and leaves it empty"):
        read("19 02 FF", "59 02 FF 00 00 00 00 00 00 00 00")


def test_empty_rows_behind_fault_codes_are_filling() -> None:
    assert [row[0] for row in read("19 02 FF", "59 02 FF 9A 15 11 09 00 00 00 00")] == ["B1A15-11"]


@pytest.mark.parametrize(
    ("request_hex", "response_hex", "expected"),
    [
        ("03", "43 01 05 62", True),
        ("03", "43 00", False),
        ("17 FF 00", "57 01 05 62 60", True),
        ("17 FF 00", "57 01 05 62 10", False),
        ("19 02 FF", "59 02 FF 9A 15 11 08", True),
        ("19 02 FF", "59 02 FF 9A 15 11 50", False),
        ("19 02 FF", "59 02 FF", False),
        ("19 02 FF", "59 02 FF 00", False),
        ("19 02 FF", "7F 19 11", False),
        ("22 F1 90", "62 F1 90 41", False),
    ],
)
def test_a_failure_is_listed_only_where_a_whole_answer_lists_one(
    request_hex: str, response_hex: str, expected: bool
) -> None:
    assert lists_a_failure(bytes.fromhex(request_hex), bytes.fromhex(response_hex)) is expected


def test_a_request_for_something_else_is_an_error() -> None:
    with pytest.raises(MalformedResponse, match="did not ask for fault codes"):
        read("01 0C", "41 0C 1A F8")


@given(st.lists(st.binary(min_size=2, max_size=2).filter(any), max_size=60))
def test_all_codes_of_an_answer_are_listed(rows: list[bytes]) -> None:
    response = bytes((0x43, len(rows))) + b"".join(rows)
    assert [code.code for code in fault_codes_of(b"\x03", response)] == [format_dtc(row) for row in rows]


@given(st.sampled_from(REQUESTS), st.binary(max_size=30))
def test_any_bytes_give_codes_or_the_one_error(request_hex: str, response: bytes) -> None:
    request = bytes.fromhex(request_hex)
    try:
        codes = fault_codes_of(request, bytes((request[0] + 0x40,)) + response)
    except MalformedResponse:
        return
    if request[0] != 0x19:
        assert len(codes) == response[0]
