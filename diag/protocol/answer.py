"""Decide whether bytes that came back are the answer to a request: positive, refused, pending, or none of it.

    request   22 F1 90            01 0C              03
    positive  62 F1 90 data..     41 0C hh ll        43 n code x n
    refused   7F 22 nrc           7F 01 nrc          7F 03 nrc

An answer is positive only when its service is the request's plus 40 hex, everything that the standard echoes
is echoed, and no byte that its content needs is missing. Sources: ISO 14229-1, ISO 14230-3, SAE J1979.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from diag.i18n import Message, message
from diag.protocol.current_data import asked_items, split_items
from diag.protocol.fault_rows import is_fault_list, rows_of
from diag.protocol.nrc import RESPONSE_PENDING, nrc_name
from diag.protocol.padding import is_padding
from diag.protocol.pid_lengths import information_item_length

if TYPE_CHECKING:
    from collections.abc import Callable

_NEGATIVE_RESPONSE = 0x7F
_POSITIVE_OFFSET = 0x40
#: Reports of service 19 about one fault code: its snapshots, its extended data.
_ONE_CODE_REPORTS = frozenset({0x04, 0x06})

_TOO_SHORT = message("the answer is too short")
_LEFT_OVER = message("the answer is longer than it may be")
_INCOMPLETE_REQUEST = message("the request itself is incomplete")


class AnswerKind(Enum):
    """What an answer is to a request."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    PENDING = "pending"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class Answer:
    """A judged answer: the refusal's code for NEGATIVE and PENDING, and the reason for all but POSITIVE."""

    kind: AnswerKind
    negative_response_code: int | None = None
    reason: Message | None = None


_POSITIVE = Answer(AnswerKind.POSITIVE)


def classify(request: bytes, answer: bytes) -> Answer:
    """Judge an answer; any bytes at all give one of the four kinds, and never an exception."""
    if not request:
        return _mismatch(_INCOMPLETE_REQUEST)
    if not answer:
        return _mismatch(_TOO_SHORT)
    if answer[0] == _NEGATIVE_RESPONSE:
        return _refusal(request, answer)
    if answer[0] != request[0] + _POSITIVE_OFFSET:
        return _mismatch(
            message(
                "an answer to another service: asked {asked}, came {got}",
                asked=_hex(request[:1]),
                got=_hex(answer[:1]),
            )
        )
    check = _CHECKS.get(request[0])
    objection = check(request, answer) if check is not None else None
    return _POSITIVE if objection is None else _mismatch(objection)


def _mismatch(reason: Message) -> Answer:
    return Answer(AnswerKind.MISMATCH, reason=reason)


def _other_value(asked: bytes, got: bytes) -> Message:
    return message(
        "an answer about another value: asked {asked}, came {got}", asked=_hex(asked), got=_hex(got)
    )


def _other_form(asked: bytes, got: bytes) -> Message:
    return message(
        "an answer to another form of the request: asked {asked}, came {got}",
        asked=_hex(asked),
        got=_hex(got),
    )


def _hex(data: bytes) -> str:
    return data.hex(" ").upper() or "-"


def _refusal(request: bytes, answer: bytes) -> Answer:
    if len(answer) < 3:
        return _mismatch(message("the refusal is too short to name what it refuses"))
    if answer[1] != request[0]:
        return _mismatch(
            message(
                "a refusal of another service: asked {asked}, refused {got}",
                asked=_hex(request[:1]),
                got=_hex(answer[1:2]),
            )
        )
    if not is_padding(answer[3:]):
        return _mismatch(_LEFT_OVER)
    code = answer[2]
    kind = AnswerKind.PENDING if code == RESPONSE_PENDING else AnswerKind.NEGATIVE
    return Answer(kind, code, nrc_name(code))


def _check_current_data(request: bytes, answer: bytes) -> Message | None:
    """Services 01 and 02: each item is echoed and has the bytes that its PID needs."""
    items = asked_items(request)
    if not items:
        return _INCOMPLETE_REQUEST
    head = len(items[0])
    if len(answer) < 1 + head:
        return _TOO_SHORT
    if answer[1 : 1 + head] not in items:
        return _other_value(request[1:], answer[1 : 1 + head])
    if split_items(request, answer) is None:
        return message("the answer has the wrong number of bytes for its values")
    return None


def _check_fault_list(request: bytes, answer: bytes) -> Message | None:
    rows = rows_of(request, answer)
    return rows if isinstance(rows, Message) else None


def _check_information(request: bytes, answer: bytes) -> Message | None:
    """Service 09: the type is echoed; the count of items, where there is one, is kept."""
    objection = _check_echo(request, answer, 1)
    if objection is not None:
        return objection
    if answer[1] % 0x20 == 0:
        return None if len(answer) >= 6 else _TOO_SHORT
    item_length = information_item_length(answer[1])
    if item_length is None or len(answer) == 2 + item_length:
        return None
    end = 3 + max(1, answer[2]) * item_length
    if len(answer) < end:
        return _TOO_SHORT
    return None if is_padding(answer[end:]) else _LEFT_OVER


def _check_echo(request: bytes, answer: bytes, length: int, data_length: int = 1) -> Message | None:
    """The first `length` bytes after the service are echoed and at least `data_length` bytes follow."""
    echo = request[1 : 1 + length]
    if len(echo) < length:
        return _INCOMPLETE_REQUEST
    got = answer[1 : 1 + length]
    if len(got) < length:
        return _TOO_SHORT
    if got != echo:
        return _other_value(echo, got)
    return None if len(answer) >= 1 + length + data_length else _TOO_SHORT


def _check_identifiers(request: bytes, answer: bytes) -> Message | None:
    """Service 22: the first DID follows the service, the others follow each other with data between."""
    if len(request) % 2 == 0:
        return _INCOMPLETE_REQUEST
    objection = _check_echo(request, answer, 2)
    at = 4
    for start in range(3, len(request), 2):
        did = request[start : start + 2]
        found = answer.find(did, at)
        if found < 0:
            return objection or message("the answer leaves out value {asked}", asked=_hex(did))
        at = found + 3
    return objection if len(answer) >= at else objection or _TOO_SHORT


def _check_fault_report(request: bytes, answer: bytes) -> Message | None:
    """Service 19: the report type is echoed; 04 and 06 name the fault code and its status before the data."""
    if len(request) < 2:
        return _INCOMPLETE_REQUEST
    report = request[1] & 0x7F
    if len(answer) >= 2 and answer[1] != report:
        return _other_form(bytes((report,)), answer[1:2])
    if is_fault_list(request):
        return _check_fault_list(request, answer)
    if report in _ONE_CODE_REPORTS:
        return _check_one_code(request, answer)
    return None if len(answer) >= 3 else _TOO_SHORT


def _check_one_code(request: bytes, answer: bytes) -> Message | None:
    if len(answer) < 6:
        return _TOO_SHORT
    return None if answer[2:5] == request[2:5] else _other_value(request[2:5], answer[2:5])


def _check_session(request: bytes, answer: bytes) -> Message | None:
    return _check_echo(request, answer, 1, data_length=0)


def _check_tester_present(request: bytes, answer: bytes) -> Message | None:
    """Service 3E: UDS echoes the sub-function, KWP2000 answers with the service alone."""
    asked = request[1:2]
    echoed = bytes((asked[0] & 0x7F,)) if asked else b""
    if len(answer) >= 2 and answer[1:2] == echoed and is_padding(answer[2:]):
        return None
    if asked not in (b"", b"\x01", b"\x02"):
        return _other_form(asked, answer[1:2])
    return None if is_padding(answer[1:]) else _LEFT_OVER


def _check_clear(request: bytes, answer: bytes) -> Message | None:
    """Services 04 and 14: nothing follows, but for the group that KWP2000 echoes."""
    rest = answer[1:].removeprefix(request[1:])
    return None if is_padding(rest) else _LEFT_OVER


def _check_local_id(request: bytes, answer: bytes) -> Message | None:
    return _check_echo(request, answer, 1)


_CHECKS: dict[int, Callable[[bytes, bytes], Message | None]] = {
    0x01: _check_current_data,
    0x02: _check_current_data,
    0x03: _check_fault_list,
    0x04: _check_clear,
    0x07: _check_fault_list,
    0x09: _check_information,
    0x0A: _check_fault_list,
    0x10: _check_session,
    0x13: _check_fault_list,
    0x14: _check_clear,
    0x17: _check_fault_list,
    0x18: _check_fault_list,
    0x19: _check_fault_report,
    0x1A: _check_local_id,
    0x21: _check_local_id,
    0x22: _check_identifiers,
    0x3E: _check_tester_present,
}
