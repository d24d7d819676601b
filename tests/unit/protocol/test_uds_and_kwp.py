"""Requests are written as the standards lay them out, and data comes only from their own answers."""

from __future__ import annotations

import pytest

from diag.errors import MalformedResponse
from diag.protocol import kwp, uds
from diag.protocol.checked import require_positive

CODE = b"\x9a\x15\x11"


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (uds.session_request(0x03), "10 03"),
        (uds.tester_present_request(), "3E 00"),
        (uds.fault_codes_request(), "19 02 FF"),
        (uds.fault_codes_request(0x0D), "19 02 0D"),
        (uds.supported_fault_codes_request(), "19 0A"),
        (uds.snapshot_request(CODE), "19 04 9A 15 11 FF"),
        (uds.extended_data_request(CODE, 0x01), "19 06 9A 15 11 01"),
        (uds.clear_request(), "14 FF FF FF"),
        (uds.read_data_request(0xF190), "22 F1 90"),
        (kwp.session_request(), "10 C0"),
        (kwp.session_request(kwp.DEFAULT_SESSION), "10 81"),
        (kwp.tester_present_request(), "3E 01"),
        (kwp.fault_status_request(), "17 FF 00"),
        (kwp.fault_codes_by_status_request(), "18 00 FF 00"),
        (kwp.fault_codes_request(), "13 FF 00"),
        (kwp.clear_request(), "14 FF 00"),
        (kwp.identification_request(0x90), "1A 90"),
        (kwp.local_data_request(0x81), "21 81"),
    ],
)
def test_requests_are_laid_out_as_the_standard_says(request_bytes: bytes, expected: str) -> None:
    assert request_bytes.hex(" ").upper() == expected


def test_data_of_an_identifier_is_returned_as_it_came() -> None:
    assert uds.data_of(b"\x22\x11\x03", b"\x62\x11\x03\x96") == b"\x96"
    assert uds.data_of(b"\x22\xf1\x88", b"\x62\xf1\x88ABC\x00") == b"ABC\x00"


def test_snapshots_and_extended_data_keep_their_bytes() -> None:
    record = uds.fault_record_of(uds.snapshot_request(CODE), b"\x59\x04" + CODE + b"\x09\x01\x01\x11\x03\x96")
    assert (record.code, record.status, record.data) == (
        "B1A15-11",
        ("test-failed", "confirmed"),
        b"\x01\x01\x11\x03\x96",
    )
    empty = uds.fault_record_of(uds.extended_data_request(CODE), b"\x59\x06" + CODE + b"\x08")
    assert (empty.status, empty.data) == (("confirmed",), b"")


def test_local_data_is_returned_as_it_came() -> None:
    assert kwp.local_data_of(b"\x21\x01", b"\x61\x01\x12\x34") == b"\x12\x34"
    assert kwp.local_data_of(b"\x1a\x87", b"\x5a\x87AB") == b"AB"


@pytest.mark.parametrize("response", [b"", b"\x7f\x22\x31", b"\x62\xf1\x88A", b"\x62\xf1\x90", b"\x61\x01A"])
def test_no_data_comes_from_a_wrong_answer(response: bytes) -> None:
    with pytest.raises(MalformedResponse):
        uds.data_of(b"\x22\xf1\x90", response)
    with pytest.raises(MalformedResponse):
        kwp.local_data_of(b"\x21\x83", response)


def test_a_reader_refuses_answers_to_requests_that_are_not_its_own() -> None:
    with pytest.raises(MalformedResponse, match="one value"):
        uds.data_of(b"\x03", b"\x43\x00")
    with pytest.raises(MalformedResponse, match="data of a fault code"):
        uds.fault_record_of(b"\x19\x02\xff", b"\x59\x02\xff")
    with pytest.raises(MalformedResponse, match="one page"):
        kwp.local_data_of(b"\x03", b"\x43\x00")


def test_a_refusal_is_named_in_the_error() -> None:
    with pytest.raises(MalformedResponse, match="Nothing was taken from the answer: access denied"):
        require_positive(b"\x22\xf1\x90", b"\x7f\x22\x33")
