"""Answer requests from a capture as if it were the car: what was recorded, or that nothing was; never sends.

The cursor is a time of the capture. Answers come from its past only: the latest one at or before it. Without
`speed` the cursor stands still; with it, the cursor runs on with the clock.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from diag.capture.capture import Capture, DamageKind, damage_words
from diag.capture.conversations import conversation_of, find_conversations
from diag.capture.exchanges import Conversation, RecordedExchange
from diag.capture.playback import Cursor, PlayedFrames
from diag.capture.questions import Match, answer_to
from diag.capture.reading import read_capture
from diag.clock import Clock
from diag.errors import UsageError
from diag.i18n import Message, message
from diag.link.base import Capabilities, Exchange, Identity, Moment, Outcome, Request, Response, SupplySample
from diag.link.options import LinkOptions
from diag.link.permit import PermitMode, decide
from diag.link.trace import Trace, TraceKind
from diag.link.url import LinkUrl
from diag.model import Frame, FunctionalAddress, Mode, ModuleAddress
from diag.protocol.answer import AnswerKind, classify

_NOT_RECORDED = message("not in this log")
_NO_SUPPLY = message("A log does not hold the adapter's own supply voltage.")


@dataclass(slots=True)
class _Counts:
    """How the requests fared."""

    asked: int = 0
    exact: int = 0
    near: int = 0
    missing: int = 0


class ReplayLink:
    """A capture behind the seam of a link. Futures are settled when they are returned."""

    capabilities = Capabilities(supply=False, why_not=(("supply", _NO_SUPPLY),))
    lost: Message | None = None

    def __init__(self, capture: Capture, cursor: Cursor, url: str, trace: Trace, clock: Clock) -> None:
        self.capture = capture
        self.cursor = cursor
        self.trace = trace
        self.identity = Identity(url, Mode.REPLAY, capture.path.name, _protocol_of(capture))
        self._clock = clock
        self._opened = clock.now()
        self._conversations = find_conversations(capture)
        self._others: dict[ModuleAddress, Conversation | None] = {}
        self._lossy = any(damage.kind is not DamageKind.CLOCK_BACK for damage in capture.damage)
        self._start_s = capture.start_s
        self._end_s = capture.end_s
        self._frames = sorted((frame for frame in capture.frames if not frame.is_error), key=_time_of)
        self._counts = _Counts()

    def submit(self, request: Request) -> Future[Exchange]:
        """Return the settled exchange as it was recorded up to the cursor; nothing is sent."""
        future: Future[Exchange] = Future()
        decision = decide(PermitMode.READ, request.address, request.payload)
        if decision.allowed:
            responses = self._responses(request)
        else:
            responses = (self._plain(request, Outcome.WITHHELD, decision.reason),)
        for response in responses:
            self._note(request, response)
        future.set_result(Exchange(request, responses))
        return future

    def supply(self) -> Future[SupplySample | None]:
        """Return None: the adapter's supply is not in the frames."""
        future: Future[SupplySample | None] = Future()
        future.set_result(None)
        return future

    def listen(self, arbitration_ids: frozenset[int] | None = None) -> PlayedFrames:
        """Hear the frames around the cursor, all of them or the ids named."""
        wanted = arbitration_ids
        frames = [frame for frame in self._frames if wanted is None or frame.arbitration_id in wanted]
        return PlayedFrames(frames, [frame.time for frame in frames], self.cursor)

    def moment_of(self, frame: Frame) -> Moment:
        """Age a recorded frame by the cursor, whenever it was read."""
        age_s = self.cursor.now() - frame.time
        return Moment(age_s, self._wall_time(frame.time), frame.time - self._start_s)

    def coverage(self) -> Message:
        """Say how many requests the capture could answer, and how."""
        counts = self._counts
        answered = message(
            "of {asked} questions the log answers {exact} exactly and {nearest} nearly; "
            "{missing} are not in it",
            asked=counts.asked,
            exact=counts.exact,
            nearest=counts.near,
            missing=counts.missing,
        )
        damage = damage_words(self.capture)
        return answered if damage is None else message("{one}; {two}", one=answered, two=damage)

    def cancel(self) -> None:
        """Do nothing: nothing is ever in flight."""

    def close(self) -> None:
        """Do nothing: the file is not held open."""

    def _responses(self, request: Request) -> tuple[Response, ...]:
        self._counts.asked += 1
        latest = [self._latest(conversation, request) for conversation in self._asked(request)]
        matches = [match for match in latest if match is not None]
        spoken = [match for match in matches if not match.is_silence] or matches[:1]
        if not spoken:
            self._counts.missing += 1
            return (self._plain(request, Outcome.NOT_RECORDED, _NOT_RECORDED),)
        if any(match.exact for match in spoken):
            self._counts.exact += 1
        else:
            self._counts.near += 1
        return tuple(self._response(request, match) for match in spoken)

    def _asked(self, request: Request) -> list[Conversation]:
        """Return the conversations of the modules that the request goes to; unanswered ones last."""
        address = request.address
        if isinstance(address, FunctionalAddress):
            modules = self._conversations.modules
            found = [each for each in modules if each.address.response_id in address.response_ids]
            nobody = ModuleAddress(address.request_id, 0)
            return [*found, Conversation(nobody, self._conversations.unanswered)]
        own = self._conversations.with_response_id(address.response_id) or self._other(address)
        exchanges = own.exchanges if own is not None else ()
        if address.response_id in FunctionalAddress().response_ids:
            exchanges = (*exchanges, *self._conversations.unanswered)
        return [Conversation(address, exchanges)]

    def _other(self, address: ModuleAddress) -> Conversation | None:
        if address not in self._others:
            self._others[address] = conversation_of(self.capture, address)
        return self._others[address]

    def _latest(self, conversation: Conversation, request: Request) -> Match | None:
        """Return the latest recorded exchange that answers the request and was over at the cursor."""
        functional = isinstance(request.address, FunctionalAddress)
        now = self.cursor.now()
        best: Match | None = None
        for exchange in conversation.exchanges:
            known_at = self._known_at(exchange, request)
            if known_at is None or known_at > now or (best is not None and best.time > known_at):
                continue
            match = answer_to(request.payload, exchange)
            if match is not None:
                same_form = functional == exchange.functional
                best = match.found(conversation.address, known_at, same_form=same_form)
        return best

    def _known_at(self, exchange: RecordedExchange, request: Request) -> float | None:
        """Return when the outcome was known; None for a silence that only the capture's end or loss made."""
        if exchange.response_time is not None:
            return exchange.response_time
        waited_until = exchange.request_time + request.deadline_s
        return None if self._lossy or waited_until > self._end_s else waited_until

    def _response(self, request: Request, match: Match) -> Response:
        responder = match.address.response_id or None
        at_s = self._seconds(match.time)
        time = self._wall_time(match.time)
        if match.response is None:
            outcome = Outcome.SILENT if match.broken is None else Outcome.BROKEN
            reason = match.broken or message(
                "asked at {seconds:.1f} s of the log, and no answer followed",
                seconds=match.exchange.request_time - self._start_s,
            )
            return Response(outcome, responder, time, reason=reason, at_s=at_s)
        answer = classify(request.payload, match.response)
        if answer.kind not in (AnswerKind.POSITIVE, AnswerKind.NEGATIVE):
            return Response(Outcome.BROKEN, responder, time, reason=answer.reason, at_s=at_s)
        outcome = Outcome.POSITIVE if answer.kind is AnswerKind.POSITIVE else Outcome.NEGATIVE
        return Response(
            outcome,
            responder,
            time,
            match.response,
            answer.negative_response_code,
            answer.reason,
            at_s,
        )

    def _plain(self, request: Request, outcome: Outcome, reason: Message | None) -> Response:
        responder = request.address.response_id if isinstance(request.address, ModuleAddress) else None
        at = self.cursor.now()
        return Response(outcome, responder, self._wall_time(at), reason=reason, at_s=self._seconds(at))

    def _seconds(self, frame_time: float) -> float:
        """Return seconds from the start of the capture, to the microsecond that captures keep."""
        return round(frame_time - self._start_s, 6)

    def _wall_time(self, frame_time: float) -> datetime:
        """Return the capture's wall time; where it has none, the time when the capture was opened."""
        time = self.capture.wall_time(frame_time)
        return self._opened if time is None else time

    def _note(self, request: Request, response: Response) -> None:
        """Write to the trace that nothing was sent, and what was taken from the capture instead."""
        now = self._clock.now()
        if response.outcome is Outcome.WITHHELD:
            reason = response.reason.in_language("en") if response.reason else ""
            self.trace.add(now, TraceKind.WITHHELD, request.address, request.payload, reason)
            return
        note = f"not sent, from the capture at {response.at_s:.3f} s: {response.outcome}"
        self.trace.add(now, TraceKind.WITHHELD, request.address, request.payload, note)
        if response.payload:
            self.trace.add(response.time, TraceKind.RECEIVED, response.responder, response.payload, "capture")


def _time_of(frame: Frame) -> float:
    return frame.time


def _protocol_of(capture: Capture) -> str:
    extended = {frame.is_extended for frame in capture.frames}
    bits = "11-bit and 29-bit" if len(extended) == 2 else "29-bit" if True in extended else "11-bit"
    return f"{capture.format}, CAN {bits}"


def connect_replay(url: LinkUrl, options: LinkOptions) -> ReplayLink:
    """Open a capture as a car.

    The cursor begins at `at` (seconds from the start, or `end`), else at the end or the start as
    `options.start_at_end` says. It runs with `speed` times the clock: by default it stands where a scan looks
    at the end, and runs at speed 1 where screens begin at the start.

    Raises:
        UsageError: `at` or `speed` is no usable number.
        InputNotFound, InputOutputError, CaptureError: the file cannot be read.
    """
    capture = read_capture(Path(url.target))
    length_s = capture.end_s - capture.start_s
    if url.options.get("at") == "end":
        at_s = length_s
    else:
        at_s = url.number("at", length_s if options.start_at_end else 0.0)
    speed = url.number("speed", 0.0 if options.start_at_end else 1.0)
    for name, value in (("at", at_s), ("speed", speed)):
        if not 0 <= value < float("inf"):
            raise UsageError(
                message("Link option {name} cannot be {value}.", name=name, value=url.options.get(name, "")),
                message("Write {name} as a number from 0 up, as in {name}=12.5.", name=name),
            )
    cursor = Cursor(capture, at_s, speed, options.clock)
    return ReplayLink(capture, cursor, url.text, options.trace, options.clock)
