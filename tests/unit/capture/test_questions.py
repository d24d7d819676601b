"""A recorded exchange answers the same question, however it was addressed and masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.capture.exchanges import RecordedExchange
from diag.capture.questions import answer_to


def recorded(request: str | None, response: str | None) -> RecordedExchange:
    return RecordedExchange(
        None if request is None else bytes.fromhex(request),
        1.0,
        None if response is None else bytes.fromhex(response),
        1.1,
    )


def answer(asked: str, request: str | None, response: str | None):
    match = answer_to(bytes.fromhex(asked), recorded(request, response))
    return None if match is None else (match.response.hex() if match.response else None, match.exact)


@pytest.mark.parametrize(
    ("asked", "request_", "response", "expected"),
    [
        ("03", "03", "4300", ("4300", True)),
        ("03", "07", "4700", None),
        ("010C", "010C", "410C1AF8", ("410c1af8", True)),
        ("010C", "010D", "410D00", None),
        ("010D", "010C0D", "410C1AF80D32", ("410d32", False)),
        ("010C", "010C0D", "410D32", None),
        ("010C", "010C0D", "7F0112", ("7f0112", False)),
        ("22F190", "22F191", "62F19100", None),
        ("1081", "10C0", "50C0", None),
        ("3E00", "3E80", None, (None, False)),
        ("1902FF", "190208", "5902FF056211AB", ("5902ff056211ab", False)),
        ("1902FF", "190208", "5902FF", None),
        ("1902FF", "190201", "5902FF00000000", None),
        ("1902FF", "190201", "5902FF00", None),
        ("1902FF", "190250", "5902FFC1000050", None),
        ("1902FF", "1902AF", "5902FF", None),
        ("1902FF", "190208", "7F1931", None),
        ("1902FF", "190208", None, None),
        ("1902FF", "1902", "5902FF", None),
        ("190208", "1902FF", "5902FF", ("5902ff", False)),
        ("190208", "1902FF", "7F1911", ("7f1911", False)),
        ("1902FF", "1982FF", "5902FF", ("5902ff", False)),
        ("1902FF", "1902FF", "5902FF", ("5902ff", True)),
        ("190401020303", "190401020403", "59040102040300", None),
        ("1800FF00", "1802FF00", "5801056208", ("5801056208", False)),
        ("1800FF00", "1802FF00", "5800", None),
        ("1800FF00", "1802FF00", "580000", None),
        ("1800FF00", "1802FF00", "5801056210", None),
        ("1800FF00", "18004000", "5801056208", None),
        ("17FF00", "17", "5700", ("5700", False)),
        ("0202", "020200", "4202000562", ("4202000562", False)),
        ("2101", "2102", "610200", None),
    ],
)
def test_the_same_question_is_the_same_service_and_subject(asked, request_, response, expected):
    assert answer(asked, request_, response) == expected


def test_an_answer_without_a_recorded_request_answers_what_it_can_only_belong_to():
    assert answer("22F190", None, "62F190313233") == ("62f190313233", False)
    assert answer("22F191", None, "62F190313233") is None


@pytest.mark.parametrize(
    ("asked", "response"),
    [
        ("1902FF", "5902FF"),
        ("1902FF", "5902FF00000000"),
        ("1902FF", "5902FFC1000050"),
        ("17FF00", "5700"),
        ("17FF00", "570000000000"),
        ("1800FF00", "5800"),
        ("13FF00", "5300"),
    ],
)
def test_an_empty_list_alone_may_be_of_another_mask_or_group(asked, response):
    assert answer(asked, None, response) is None


@pytest.mark.parametrize(
    ("asked", "response"),
    [("1902FF", "5902FF05621108"), ("17FF00", "5701056260"), ("1800FF00", "5801056260"), ("03", "4300")],
)
def test_a_failure_that_a_list_names_is_there_whatever_was_asked(asked, response):
    assert answer(asked, None, response) == (response.lower(), False)


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=12))
def test_no_list_of_a_narrower_mask_becomes_an_all_clear(asked_mask, recorded_mask, body):
    asked, narrower = bytes((0x19, 0x02, asked_mask)), bytes((0x19, 0x02, recorded_mask))
    exchange = RecordedExchange(narrower, 1.0, bytes((0x59, 0x02, 0xFF)) + body, 1.1)
    match = answer_to(asked, exchange)
    if match is not None and asked_mask & ~recorded_mask:
        assert match.response is not None
        assert any(status & ~0x50 for status in match.response[6::4])
