"""Say whether a recorded exchange answers a request: the same service and the same thing asked for.

Addressing and status masks may differ. A mask decides what a list of fault codes leaves out, so with a
narrower mask only a list that names a failure answers: anything else would be a false "no fault codes".

Sources: SAE J1979 (01-0A), ISO 14230-3 (13, 17, 18, 1A, 21), ISO 14229-1 (10, 19, 22, 3E).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from diag.capture.exchanges import RecordedExchange
from diag.i18n import Message
from diag.model import ModuleAddress
from diag.protocol.answer import AnswerKind, classify
from diag.protocol.current_data import split_items
from diag.protocol.faults import lists_a_failure

_SUPPRESS_RESPONSE = 0x80
#: Report of service 19: the fault codes whose status has a bit of a mask.
_BY_STATUS_MASK = 0x02
#: Services of KWP2000 that ask for the fault codes of a group.
_WITH_GROUP = frozenset({0x13, 0x17, 0x18})
_ALL_GROUPS = b"\xff\x00"
#: Services whose first data byte is a sub-function with the suppress bit.
_WITH_SUB_FUNCTION = frozenset({0x10, 0x3E})
_NOBODY = ModuleAddress(0, 0)


@dataclass(frozen=True, slots=True)
class Match:
    """A recorded exchange that answers a request.

    `response` is its answer (for one value out of several, that value's part), None for silence or a broken
    answer. `exact` says that the same bytes were asked in the same addressing.
    """

    exchange: RecordedExchange
    response: bytes | None
    exact: bool
    address: ModuleAddress = _NOBODY
    time: float = 0.0

    @property
    def broken(self) -> Message | None:
        """Why the recorded answer cannot be used."""
        return self.exchange.broken

    @property
    def is_silence(self) -> bool:
        """Whether nothing at all came back."""
        return self.response is None and self.exchange.broken is None

    def found(self, address: ModuleAddress, time: float, *, same_form: bool) -> Match:
        """Return the match with who answered, when, and whether the addressing was the same."""
        return replace(self, address=address, time=time, exact=self.exact and same_form)


def answer_to(payload: bytes, exchange: RecordedExchange) -> Match | None:
    """Return what `exchange` answers to the request `payload`, None where it was another question."""
    recorded = exchange.request
    if recorded == payload:
        return Match(exchange, exchange.response, exact=True)
    if recorded is None:
        return _answer_alone(payload, exchange)
    if recorded[0] != payload[0]:
        return None
    if payload[0] == 0x01 and len(payload) == 2:
        return _one_of_several(payload, recorded, exchange)
    is_same = _subject(payload) == _subject(recorded) and (
        _covers(recorded, payload) or lists_a_failure(recorded, exchange.response or b"")
    )
    return Match(exchange, exchange.response, exact=False) if is_same else None


def _answer_alone(payload: bytes, exchange: RecordedExchange) -> Match | None:
    """Take an answer whose request was not recorded where it can only belong to this request.

    An empty list of a service with mask or group may be of a narrower one; a failure that it names is there.
    """
    response = exchange.response
    if response is None or classify(payload, response).kind is not AnswerKind.POSITIVE:
        return None
    if _is_narrowed(payload) and not lists_a_failure(payload, response):
        return None
    return Match(exchange, response, exact=False)


def _one_of_several(payload: bytes, recorded: bytes, exchange: RecordedExchange) -> Match | None:
    """Take one value out of an answer to several PIDs."""
    pid = payload[1]
    if pid not in recorded[1:]:
        return None
    response = exchange.response
    if response is None or response[0] != 0x41:
        return Match(exchange, response, exact=False)
    data = dict(split_items(recorded, response) or ()).get(pid)
    return None if data is None else Match(exchange, bytes((0x41, pid)) + data, exact=False)


def _subject(payload: bytes) -> bytes:
    """Return what a request asks for, without masks and without the wish for no response."""
    service, rest = payload[0], payload[1:]
    if service in _WITH_SUB_FUNCTION:
        return bytes((rest[0] & ~_SUPPRESS_RESPONSE & 0xFF,)) if rest else b""
    if service == 0x19 and rest:
        report = rest[0] & ~_SUPPRESS_RESPONSE & 0xFF
        return bytes((report,)) if report == _BY_STATUS_MASK else bytes((report,)) + rest[1:]
    if service == 0x18:
        return rest[1:3] or _ALL_GROUPS
    if service == 0x17:
        return rest[:2] or _ALL_GROUPS
    if service == 0x02 and len(rest) == 1:
        return rest + b"\x00"
    return rest


def _is_narrowed(payload: bytes) -> bool:
    """Say whether a request for fault codes names which ones it wants: a status mask or a group."""
    return payload[0] in _WITH_GROUP or _is_by_mask(payload)


def _is_by_mask(payload: bytes) -> bool:
    return payload[0] == 0x19 and len(payload) > 1 and payload[1] & ~_SUPPRESS_RESPONSE == _BY_STATUS_MASK


def _covers(recorded: bytes, payload: bytes) -> bool:
    """Say whether a recorded request asked for all that `payload` asks for.

    The mask of 19 02 has a bit for each status (ISO 14229-1); the first byte of 18 names a kind of list
    (ISO 14230-3), of which none holds the other.
    """
    if _is_by_mask(payload):
        return len(recorded) > 2 and not _byte(payload, 2) & ~recorded[2]
    return payload[0] != 0x18 or payload[1:2] == recorded[1:2]


def _byte(payload: bytes, at: int) -> int:
    return payload[at] if len(payload) > at else 0
