"""A recorded exchange answers the same question, however it was addressed and masked."""

from __future__ import annotations

import pytest

from diag.capture.conversations import RecordedExchange
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
        ("1902FF", "1902FF", "5902FF", ("5902ff", True)),
        ("190401020303", "190401020403", "59040102040300", None),
        ("1800FF00", "1802FF00", "5801056208", ("5801056208", False)),
        ("1800FF00", "1802FF00", "5800", None),
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
    assert answer("1902FF", None, "5902FF") is None
