"""Only the answer to the request that was asked gives a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.protocol.answer import AnswerKind, classify
from diag.protocol.nrc import nrc_name

if TYPE_CHECKING:
    from pathlib import Path

VIN = "31 48 47 43 4D 38 32 36 33 33 41 30 30 34 33 35 32"

POSITIVE = [
    ("03", "43 00"),
    ("03", "43 01 05 62"),
    ("03", "43 00 CC CC CC CC CC"),
    ("03", "43 02 05 62 D0 00 00"),
    ("03", "43 02 05 62 D0 00 AA"),
    ("07", "47 01 05 62"),
    ("0A", "4A 00"),
    ("01 00", "41 00 98 3B 80 11"),
    ("01 01", "41 01 82 07 E1 00"),
    ("01 06", "41 06 80"),
    ("01 06", "41 06 80 7F"),
    ("01 0C", "41 0C 1A F8"),
    ("01 0C", "41 0C 1A F8 55 55 55"),
    ("01 0C 0D 05", "41 0C 1A F8 0D 22 05 55"),
    ("01 0C 0D 05", "41 05 55 0C 1A F8"),
    ("01 FE", "41 FE 01"),
    ("02 0C 00", "42 0C 00 1A F8"),
    ("02 0C", "42 0C 00 1A F8"),
    ("02 02 00", "42 02 00 05 62"),
    ("04", "44"),
    ("09 00", "49 00 55 40 00 00"),
    ("09 02", f"49 02 01 {VIN}"),
    ("09 02", f"49 02 {VIN}"),
    ("09 02", f"49 02 01 {VIN} 00"),
    ("09 05", "49 05 01"),
    ("09 06", "49 06 02 11 22 33 44 55 66 77 88"),
    ("10 03", "50 03 00 32 01 F4"),
    ("10 C0", "50 C0"),
    ("10 81", "50 81"),
    ("13 81", "53 00"),
    ("13 FF 00", "53 01 05 62"),
    ("13 FF 00", "53 02 05 62 60 D0 00 20"),
    ("14 FF FF FF", "54"),
    ("14 FF 00", "54 FF 00"),
    ("17 FF 00", "57 00"),
    ("17 FF 00", "57 01 05 62 60"),
    ("18 00 FF 00", "58 02 05 62 60 D0 00 20"),
    ("19 01 FF", "59 01 FF 01 00 02"),
    ("19 02 FF", "59 02 FF"),
    ("19 02 FF", "59 02 FF 9A 15 11 09"),
    ("19 02 FF", "59 02 FF 9A 15 11 09 00 00 00 00"),
    ("19 04 9A 15 11 FF", "59 04 9A 15 11 09 01 01 11 03 96"),
    ("19 06 9A 15 11 FF", "59 06 9A 15 11 09"),
    ("19 0A", "59 0A FF 9A 15 11 00"),
    ("1A 90", f"5A 90 {VIN}"),
    ("21 81", f"61 81 {VIN} 01"),
    ("22 F1 90", f"62 F1 90 {VIN}"),
    ("22 11 03 F1 88", "62 11 03 96 F1 88 41"),
    ("3E", "7E"),
    ("3E 00", "7E 00"),
    ("3E 01", "7E"),
    ("3E 01", "7E 01"),
    ("3E 80", "7E 00"),
    ("27 01", "67 01 AA BB"),
]

MISMATCH = [
    ("", "43 00"),
    ("03", ""),
    ("03", "43"),
    ("03", "43 01"),
    ("03", "43 02 05 62"),
    ("03", "43 04 05 62 D0 00"),
    ("03", "43 01 00 00"),
    ("03", "43 00 05 62"),
    ("03", "43 01 05 62 D0 00"),
    ("03", "47 00"),
    ("03", "44"),
    ("03", "41 00 98 3B 80 11"),
    ("03", "7F"),
    ("03", "7F 03"),
    ("03", "7F 07 78"),
    ("03", "7F 01 11"),
    ("03", "7F 03 11 12 34"),
    ("03", "03"),
    ("01", "41 0C"),
    ("01 0C", "41"),
    ("01 0C", "41 0C"),
    ("01 0C", "41 0C 1A"),
    ("01 0C", "41 0D 12"),
    ("01 0C", "41 0C 1A F8 0D 22"),
    ("01 0D", "41 0D 12 34"),
    ("01 0C 0D", "41 0C 1A F8 05 22"),
    ("01 0C 0D", "41 0C 1A 0D 22"),
    ("02 0C 00", "42 0C 01 1A F8"),
    ("02 0C 00", "42 0C"),
    ("02", "42 0C 00 1A F8"),
    ("04", "44 12"),
    ("09", "49 02"),
    ("09 00", "49 00 55"),
    ("09 02", "49 02 01 31 48 47 43"),
    ("09 02", "49 04 01 31"),
    ("09 02", f"49 02 01 {VIN} 12 34"),
    ("10", "50 03"),
    ("10 03", "50"),
    ("10 03", "50 C0"),
    ("13 FF 00", "53 02 05 62 60 01 00 00"),
    ("17 FF 00", "57"),
    ("17 FF 00", "57 02 05 62 60"),
    ("17 FF 00", "57 01 05 62"),
    ("17 FF 00", "58 00"),
    ("18 00 FF 00", "58 01 00 00 60"),
    ("19", "59 02 FF"),
    ("19 01 FF", "59 01"),
    ("19 02 FF", "59"),
    ("19 02 FF", "59 02"),
    ("19 02 FF", "59 0A FF"),
    ("19 02 FF", "59 02 FF 9A 15 11"),
    ("19 02 FF", "59 02 FF 9A 15 11 09 AA AA"),
    ("19 02 FF", "59 02 FF 00"),
    ("19 02 FF", "59 02 FF CC CC"),
    ("19 02 FF", "59 02 FF 00 00 00"),
    ("19 02 FF", "59 02 FF 00 00 00 00"),
    ("19 02 FF", "59 02 00"),
    ("19 02 FF", "59 02 50"),
    ("19 02 FF", "59 02 FF FF FF FF FF"),
    ("19 02 FF", "59 02 FF 00 00 00 09"),
    ("19 04 9A 15 11 FF", "59 04 9A 15 12 09 01"),
    ("19 06 9A 15 11 FF", "59 06 9A 15 11"),
    ("1A 90", "5A 91 31"),
    ("1A 90", "5A 90"),
    ("1A", "5A 90 31"),
    ("21 81", "61 83 31"),
    ("21 81", "61"),
    ("22 F1", "62 F1 90 31"),
    ("22 F1 90", "62 F1 90"),
    ("22 F1 90", "62 F1"),
    ("22 F1 90", "62 F1 88 31"),
    ("22 11 03 F1 88", "62 11 03 96"),
    ("22 11 03 F1 88", "62 11 03 96 F1 88"),
    ("3E 00", "7E"),
    ("3E 00", "7E 01"),
    ("3E", "7E 12"),
    ("27 01", "62 01"),
]


@pytest.mark.parametrize(("request_hex", "answer_hex"), POSITIVE)
def test_an_answer_that_echoes_and_holds_everything_is_positive(request_hex: str, answer_hex: str) -> None:
    answer = classify(bytes.fromhex(request_hex), bytes.fromhex(answer_hex))
    assert answer.kind is AnswerKind.POSITIVE, str(answer.reason)
    assert answer.reason is None


@pytest.mark.parametrize(("request_hex", "answer_hex"), MISMATCH)
def test_anything_else_is_a_mismatch_with_a_sentence(request_hex: str, answer_hex: str) -> None:
    answer = classify(bytes.fromhex(request_hex), bytes.fromhex(answer_hex))
    assert answer.kind is AnswerKind.MISMATCH
    assert answer.reason is not None
    assert len(str(answer.reason)) > 10


@pytest.mark.parametrize("service", ["03", "07", "01 0C", "19 02 FF", "17 FF 00", "18 00 FF 00", "22 F1 90"])
def test_a_refusal_is_negative_with_its_code_and_name(service: str) -> None:
    request = bytes.fromhex(service)
    answer = classify(request, bytes((0x7F, request[0], 0x11, 0x00, 0x00)))
    assert (answer.kind, answer.negative_response_code) == (AnswerKind.NEGATIVE, 0x11)
    assert str(answer.reason) == "service not supported"


@pytest.mark.parametrize("service", ["03", "01 0C", "19 02 FF", "17 FF 00"])
def test_a_working_module_is_pending(service: str) -> None:
    request = bytes.fromhex(service)
    answer = classify(request, bytes((0x7F, request[0], 0x78)))
    assert (answer.kind, answer.negative_response_code) == (AnswerKind.PENDING, 0x78)


def test_what_was_asked_and_what_came_are_named() -> None:
    assert str(classify(b"\x01\x0c", b"\x41\x0d\x12").reason) == (
        "an answer about another value: asked 0C, came 0D"
    )
    assert (
        str(classify(b"\x03", b"\x43\x04\x05\x62").reason) == "the answer promises 4 fault codes and gives 1"
    )


def test_unknown_refusal_codes_are_called_unknown() -> None:
    assert str(nrc_name(0xEE)) == "unknown refusal code EE"
    assert str(nrc_name(0x92)) == "voltage too high"
    assert str(nrc_name(0x93)) == "voltage too low"
    assert str(nrc_name(0x80)) == "service not supported in the present diagnostic mode"


@given(st.binary(max_size=12), st.binary(max_size=40))
def test_no_bytes_at_all_raise(request_bytes: bytes, answer_bytes: bytes) -> None:
    answer = classify(request_bytes, answer_bytes)
    assert (answer.kind is AnswerKind.POSITIVE) == (answer.reason is None)


@given(st.sampled_from([request for request, _ in POSITIVE]), st.binary(max_size=40))
def test_positive_always_means_the_service_answered(request_hex: str, tail: bytes) -> None:
    request = bytes.fromhex(request_hex)
    for first in (request[0] + 0x40, 0x7F, *tail[:1]):
        answer = classify(request, bytes((first,)) + tail)
        if answer.kind is AnswerKind.POSITIVE:
            assert first == request[0] + 0x40
        if answer.kind in (AnswerKind.NEGATIVE, AnswerKind.PENDING):
            assert first == 0x7F
            assert tail[0] == request[0]


@given(
    st.sampled_from([case for case in POSITIVE if case[0] in ("01 0C", "22 F1 90", "10 C0", "1A 90")]),
    st.data(),
)
def test_one_wrong_byte_of_the_echo_is_enough_to_reject(case: tuple[str, str], data: st.DataObject) -> None:
    request, answer = bytes.fromhex(case[0]), bytearray.fromhex(case[1])
    at = data.draw(st.integers(0, len(request) - 1))
    answer[at] = data.draw(st.integers(0, 255).filter(lambda value: value != answer[at]))
    assert classify(request, bytes(answer)).kind is not AnswerKind.POSITIVE


@pytest.mark.parametrize(
    ("request_hex", "answer_hex"),
    [case for case in POSITIVE if case[0] in ("03", "07", "17 FF 00", "18 00 FF 00")],
)
def test_no_cut_of_a_list_of_faults_reads_as_a_whole_one(request_hex: str, answer_hex: str) -> None:
    answer = bytes.fromhex(answer_hex)
    count = answer[1]
    row = 2 if request_hex in ("03", "07") else 3
    for length in range(2 + count * row):
        assert classify(bytes.fromhex(request_hex), answer[:length]).kind is AnswerKind.MISMATCH


def test_a_cut_uds_list_is_whole_only_where_the_cut_is_between_two_codes() -> None:
    whole = bytes.fromhex("59 02 FF 9A 15 11 09 D0 00 00 08")
    kinds = {length: classify(b"\x19\x02\xff", whole[:length]).kind for length in range(1, len(whole) + 1)}
    assert [length for length, kind in kinds.items() if kind is AnswerKind.POSITIVE] == [3, 7, 11]


def test_every_answer_of_a_real_car_is_accepted(realdata: Path) -> None:
    lines = (realdata / "derived" / "octavia_obd2_first600s.log").read_text().splitlines()
    request, checked = b"", 0
    for line in lines:
        name, _, data = line.split()[2].partition("#")
        frame = bytes.fromhex(data)
        if frame[0] >> 4:
            continue
        payload = frame[1 : 1 + frame[0]]
        if name == "7E0":
            request = payload
        else:
            checked += 1
            assert classify(request, payload).kind is AnswerKind.POSITIVE, line
    assert checked > 2000
