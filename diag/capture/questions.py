"""Say whether a recorded exchange answers a request: the same service and the same thing asked for.

Addressing and status masks may differ. A mask decides what a list of fault codes leaves out, so an empty list
that was asked for with another mask answers nothing: it would be a false "no fault codes".

Sources: SAE J1979 (01-0A), ISO 14230-3 (13, 17, 18, 1A, 21), ISO 14229-1 (10, 19, 22, 3E).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from diag.capture.conversations import RecordedExchange
from diag.i18n import Message
from diag.model import ModuleAddress
from diag.protocol.answer import AnswerKind, classify
from diag.protocol.current_data import split_items

_SUPPRESS_RESPONSE = 0x80
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
    other_mask = _mask(payload) != _mask(recorded)
    if _subject(payload) != _subject(recorded) or (
        other_mask and _lists_nothing(recorded, exchange.response)
    ):
        return None
    return Match(exchange, exchange.response, exact=False)


def _answer_alone(payload: bytes, exchange: RecordedExchange) -> Match | None:
    """Take an answer whose request was not recorded where it can only belong to this request."""
    response = exchange.response
    if response is None or _mask(payload) or classify(payload, response).kind is not AnswerKind.POSITIVE:
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
        return bytes((report,)) if report == 0x02 else bytes((report,)) + rest[1:]
    if service == 0x18:
        return rest[1:3] or _ALL_GROUPS
    if service == 0x17:
        return rest[:2] or _ALL_GROUPS
    if service == 0x02 and len(rest) == 1:
        return rest + b"\x00"
    return rest


def _mask(payload: bytes) -> bytes:
    """Return the status mask of a request for fault codes, empty where it has none."""
    if payload[0] == 0x19 and payload[1:2] and payload[1] & 0x7F == 0x02:
        return payload[2:3]
    return payload[1:2] if payload[0] == 0x18 else b""


def _lists_nothing(recorded: bytes, response: bytes | None) -> bool:
    """Say whether a recorded answer is an empty list of fault codes."""
    if response is None or response[0] != recorded[0] + 0x40:
        return False
    return len(response) <= 3 if recorded[0] == 0x19 else response[1:2] in (b"", b"\x00")
