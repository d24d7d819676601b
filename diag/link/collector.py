"""Decide from what a wire heard what each responder's outcome is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diag.i18n import Message, message
from diag.link.base import Outcome, Request, Response
from diag.link.wire import Arrival, ArrivalKind
from diag.model import ModuleAddress
from diag.protocol.answer import AnswerKind, classify

if TYPE_CHECKING:
    from datetime import datetime

#: How long a multi-frame response may pause between frames (ISO 15765-2 N_Cr).
_BETWEEN_FRAMES_S = 1.0
#: Why a module that only said "response pending" gave nothing.
STILL_WORKING = message("the module said it was working and then never answered")


@dataclass(slots=True)
class _Heard:
    """What one responder has given so far."""

    final: Response | None = None
    pending: bool = False
    broken: Message | None = None
    raw: list[str] = field(default_factory=list)


class ResponseCollector:
    """Turn arrivals into one outcome per responder; pure, times are arguments in seconds."""

    def __init__(self, request: Request, started_s: float) -> None:
        self._request = request
        self._heard: dict[int | None, _Heard] = {}
        self._deadline_s = started_s + request.deadline_s
        self._last_s = started_s + request.total_deadline_s
        self._end: Arrival | None = None

    def feed(self, arrival: Arrival, now_s: float, wall: datetime) -> None:
        """Take in one arrival."""
        if arrival.kind is ArrivalKind.END:
            self._end = arrival
            return
        heard = self._heard.setdefault(arrival.responder, _Heard())
        heard.raw.extend(arrival.raw)
        if not self._is_expected(arrival.responder):
            heard.broken = message("this module was not asked")
        elif arrival.kind is ArrivalKind.PROGRESS:
            self._extend(now_s + _BETWEEN_FRAMES_S)
        elif arrival.kind is ArrivalKind.BROKEN:
            heard.broken = arrival.reason or message("the answer broke off")
        elif arrival.kind is ArrivalKind.PAYLOAD and heard.final is None:
            self._judge(heard, arrival, now_s, wall)

    def _judge(self, heard: _Heard, arrival: Arrival, now_s: float, wall: datetime) -> None:
        answer = classify(self._request.payload, arrival.payload)
        if answer.kind is AnswerKind.PENDING:
            heard.pending = True
            self._extend(now_s + self._request.pending_deadline_s)
        elif answer.kind is AnswerKind.MISMATCH:
            heard.broken = answer.reason
        else:
            outcome = Outcome.POSITIVE if answer.kind is AnswerKind.POSITIVE else Outcome.NEGATIVE
            heard.final = Response(
                outcome,
                arrival.responder,
                wall,
                arrival.payload,
                answer.negative_response_code,
                answer.reason,
                raw=tuple(heard.raw),
            )

    def _is_expected(self, responder: int | None) -> bool:
        address = self._request.address
        if responder is None:
            return True
        if isinstance(address, ModuleAddress):
            return responder == address.response_id
        return responder in address.response_ids

    def _extend(self, deadline_s: float) -> None:
        self._deadline_s = min(max(self._deadline_s, deadline_s), self._last_s)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more can come: the adapter is done, or the one module asked has answered."""
        return self._end is not None or (
            isinstance(self._request.address, ModuleAddress)
            and any(heard.final for responder, heard in self._heard.items() if self._is_expected(responder))
        )

    def complete(self, now_s: float) -> bool:
        """Say whether waiting longer brings nothing."""
        return self.is_settled or now_s >= self._deadline_s

    def should_ask_again(self, now_s: float) -> bool:
        """Say whether the adapter stopped listening to a module that is still working."""
        return (
            self._end is not None
            and self._request.repeatable
            and now_s < self._deadline_s
            and any(heard.pending and heard.final is None for heard in self._heard.values())
        )

    def reopen(self) -> None:
        """Forget that the adapter stopped listening; the request was sent again."""
        self._end = None

    def finish(self, wall: datetime) -> tuple[Response, ...]:
        """Return one response per responder: those that were asked first, and at least one of them."""
        asked = {who: heard for who, heard in self._heard.items() if self._is_expected(who)}
        strangers = {who: heard for who, heard in self._heard.items() if who not in asked}
        responses = [self._outcome_of(who, heard, wall) for who, heard in (asked | strangers).items()]
        if not asked:
            address = self._request.address
            who = address.response_id if isinstance(address, ModuleAddress) else None
            responses.insert(0, self._nothing_from(who, wall))
        return tuple(responses)

    def _outcome_of(self, responder: int | None, heard: _Heard, wall: datetime) -> Response:
        if heard.final is not None:
            return heard.final
        if heard.pending:
            reason: Message | None = STILL_WORKING
        elif self._end is not None and self._end.reason is not None and heard.broken is None:
            reason = self._end.reason
        else:
            reason = heard.broken or message("the answer broke off")
        return Response(Outcome.BROKEN, responder, wall, reason=reason, raw=tuple(heard.raw))

    def _nothing_from(self, responder: int | None, wall: datetime) -> Response:
        if self._end is not None:
            end = self._end
            responder = None if end.outcome is Outcome.BROKEN else responder
            return Response(end.outcome, responder, wall, reason=end.reason or self._timeout(), raw=end.raw)
        return Response(Outcome.SILENT, responder, wall, reason=self._timeout())

    def _timeout(self) -> Message:
        return message("timeout {seconds:.1f} s", seconds=self._request.deadline_s)
