"""Run exchanges over a wire: one thread, one exchange in flight, deadlines, response-pending, cancelling.

A wire knows its adapter; this module knows time and truth. A wire turns what it hears into `Arrival`s; the
`ResponseCollector` decides what each responder's outcome is; the `ExchangeLink` is the thread in between.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, Self

from diag.errors import AdapterLost, NotSupportedByLink, RefusedByGate, TerranoError
from diag.i18n import Message, message
from diag.link.base import Capabilities, Exchange, Identity, Outcome, Request, Response, SupplySample
from diag.link.permit import PermitMode, decide
from diag.link.trace import Trace, TraceKind
from diag.model import Frame, ModuleAddress
from diag.protocol.answer import AnswerKind, classify

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from diag.clock import Clock

#: How long one blocking look at the wire may last, so that cancelling is noticed.
_SLICE_S = 0.05
#: How long a multi-frame response may pause between frames (ISO 15765-2 N_Cr).
_BETWEEN_FRAMES_S = 1.0
#: How long to wait before asking a module again that said "working" to an adapter that stopped listening.
_ASK_AGAIN_S = 0.2


class ArrivalKind(Enum):
    """What a wire can report."""

    PAYLOAD = "payload"
    PROGRESS = "progress"
    BROKEN = "broken"
    END = "end"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing a wire heard.

    PAYLOAD: a whole response of `responder`. PROGRESS: a part of one. BROKEN: a response that can no longer
    become whole, with the reason. END: the adapter will deliver nothing more for this request; `outcome`
    says what that means for responders that gave nothing (SILENT, BROKEN or WITHHELD), `reason` why.
    FRAME: a frame heard while listening.
    """

    kind: ArrivalKind
    responder: int | None = None
    payload: bytes = b""
    reason: Message | None = None
    outcome: Outcome = Outcome.SILENT
    frame: Frame | None = None
    raw: tuple[str, ...] = ()


class Wire(Protocol):
    """What an adapter must offer; only the exchange thread calls it, `close` included.

    Every method may raise `AdapterLost`. No method blocks longer than about a second of real time.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this adapter can do."""
        ...

    @property
    def identity(self) -> Identity:
        """Who is at the other end."""
        ...

    def transmit(self, request: Request) -> None:
        """Address the module and send the request.

        Raises:
            HeaderUnconfirmed: the address could not be confirmed; nothing was sent.
        """
        ...

    def receive(self, timeout_s: float) -> Arrival | None:
        """Return the next arrival, None when nothing came in `timeout_s`."""
        ...

    def drain(self) -> None:
        """End whatever is still running and throw late answers away."""
        ...

    def monitor(self, active: bool, arbitration_ids: frozenset[int] | None) -> None:
        """Report frames as arrivals from now on (None: all ids), or stop."""
        ...

    def measure_supply(self) -> SupplySample | None:
        """Measure the adapter's supply."""
        ...

    def close(self) -> None:
        """Let go of the adapter."""
        ...


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

    def complete(self, now_s: float) -> bool:
        """Say whether waiting longer brings nothing."""
        if self._end is not None or now_s >= self._deadline_s:
            return True
        return isinstance(self._request.address, ModuleAddress) and any(
            heard.final for responder, heard in self._heard.items() if self._is_expected(responder)
        )

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
            reason: Message | None = message("the module said it was working and then never answered")
        elif self._end is not None and self._end.reason is not None and heard.broken is None:
            reason = self._end.reason
        else:
            reason = heard.broken or message("the answer broke off")
        return Response(Outcome.BROKEN, responder, wall, reason=reason, raw=tuple(heard.raw))

    def _nothing_from(self, responder: int | None, wall: datetime) -> Response:
        if self._end is not None:
            end = self._end
            return Response(end.outcome, responder, wall, reason=end.reason or self._timeout(), raw=end.raw)
        return Response(Outcome.SILENT, responder, wall, reason=self._timeout())

    def _timeout(self) -> Message:
        return message("timeout {seconds:.1f} s", seconds=self._request.deadline_s)


class _Stream:
    """Frames handed from the exchange thread to one listener; the oldest go first when nobody reads."""

    def __init__(self, owner: ExchangeLink, arbitration_ids: frozenset[int] | None) -> None:
        self.arbitration_ids = arbitration_ids
        self._owner = owner
        self._frames: deque[Frame] = deque(maxlen=100_000)
        self._arrived = threading.Condition()

    def offer(self, frame: Frame) -> None:
        """Keep a frame for the listener if it is one of the ids asked for."""
        if self.arbitration_ids is None or frame.arbitration_id in self.arbitration_ids:
            with self._arrived:
                self._frames.append(frame)
                self._arrived.notify()

    def read(self, timeout_s: float) -> Frame | None:
        """Return the next frame, or None when none came in `timeout_s`."""
        with self._arrived:
            if not self._frames and timeout_s > 0:
                self._arrived.wait(timeout_s)
            return self._frames.popleft() if self._frames else None

    def close(self) -> None:
        """Stop listening."""
        self._owner.forget(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _ExchangeJob:
    request: Request
    future: Future[Exchange]


@dataclass(frozen=True, slots=True)
class _SupplyJob:
    future: Future[SupplySample | None]


class ExchangeLink:
    """A link over a wire. Its thread owns the wire from construction until `close`."""

    def __init__(self, wire: Wire, trace: Trace, clock: Clock, mode: PermitMode = PermitMode.READ) -> None:
        self._wire = wire
        self._clock = clock
        self._mode = mode
        self.trace = trace
        self.lost: Message | None = None
        self._jobs: queue.Queue[_ExchangeJob | _SupplyJob] = queue.Queue()
        self._open: set[Future[Any]] = set()
        self._streams: list[_Stream] = []
        self._streams_lock = threading.Lock()
        self._streams_changed = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="terrano-link", daemon=True)
        self._thread.start()

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do."""
        return self._wire.capabilities

    @property
    def identity(self) -> Identity:
        """Who is at the other end."""
        return self._wire.identity

    def submit(self, request: Request) -> Future[Exchange]:
        """Queue a request."""
        future: Future[Exchange] = Future()
        self._queue(_ExchangeJob(request, future))
        return future

    def supply(self) -> Future[SupplySample | None]:
        """Queue a measurement of the adapter's supply."""
        future: Future[SupplySample | None] = Future()
        if self.capabilities.supply:
            self._queue(_SupplyJob(future))
        else:
            future.set_result(None)
        return future

    def _queue(self, job: _ExchangeJob | _SupplyJob) -> None:
        self._open.add(job.future)
        job.future.add_done_callback(self._open.discard)
        self._jobs.put(job)
        if self.lost is not None or self._closing.is_set():
            self._fail_waiting()

    def listen(self, arbitration_ids: frozenset[int] | None = None) -> _Stream:
        """Hear frames, all of them or the ids named."""
        if not self.capabilities.listening:
            raise NotSupportedByLink(
                message("This adapter cannot listen to the bus."),
                self.capabilities.reason_against("listening"),
            )
        stream = _Stream(self, arbitration_ids)
        with self._streams_lock:
            self._streams.append(stream)
        self._streams_changed.set()
        return stream

    def forget(self, stream: _Stream) -> None:
        """Stop delivering to a stream that was closed."""
        with self._streams_lock:
            if stream in self._streams:
                self._streams.remove(stream)
        self._streams_changed.set()

    def cancel(self) -> None:
        """Give up the exchange in flight and all that wait."""
        for future in self._open.copy():
            future.cancel()

    def close(self) -> None:
        """End the line."""
        if self._closing.is_set():
            return
        self._closing.set()
        self.cancel()
        self._thread.join(timeout=2.0)
        self._fail_waiting()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._follow_streams()
                self._step()
        except TerranoError as error:
            self.lost = error.what
        finally:
            if not self._closing.is_set():
                self.lost = self.lost or message("The link stopped because of an error in this program.")
            self._fail_waiting()
            self._wire.close()

    def _step(self) -> None:
        try:
            job = self._jobs.get(timeout=0.0 if self._streams else 0.2)
        except queue.Empty:
            self._look(_SLICE_S if self._streams else 0.0)
            return
        try:
            self._do(job)
        except AdapterLost as error:
            _fail(job.future, error)
            raise
        except TerranoError as error:
            _fail(job.future, error)
        finally:
            _acknowledge(job.future)

    def _do(self, job: _ExchangeJob | _SupplyJob) -> None:
        if job.future.cancelled():
            return
        if isinstance(job, _SupplyJob):
            _settle(job.future, self._wire.measure_supply())
        else:
            self._run_exchange(job)

    def _look(self, timeout_s: float) -> None:
        """Hand an idle wire's frames to the listeners; what else arrives is late and dropped."""
        arrival = self._wire.receive(timeout_s)
        if arrival is not None and arrival.frame is not None:
            self._deliver(arrival.frame)

    def _deliver(self, frame: Frame) -> None:
        with self._streams_lock:
            for stream in self._streams:
                stream.offer(frame)

    def _follow_streams(self) -> None:
        if not self._streams_changed.is_set():
            return
        self._streams_changed.clear()
        with self._streams_lock:
            wanted = [stream.arbitration_ids for stream in self._streams]
        named = [ids for ids in wanted if ids is not None]
        everything = len(named) < len(wanted)
        self._wire.monitor(bool(wanted), None if everything else frozenset().union(*named))

    def _run_exchange(self, job: _ExchangeJob) -> None:
        request, future = job.request, job.future
        refusal = self._refusal(request)
        if refusal is not None:
            _settle(future, self._withheld(request, refusal))
            return
        try:
            exchange = self._converse(request, future)
        except RefusedByGate as error:
            exchange = self._withheld(request, error.what)
        if exchange is None:
            future.cancel()
        else:
            _settle(future, exchange)

    def _refusal(self, request: Request) -> Message | None:
        decision = decide(self._mode, request.address, request.payload)
        if not decision.allowed:
            return decision.reason
        if len(request.payload) > self.capabilities.longest_request:
            return self.capabilities.reason_against("longest_request") or message(
                "This adapter cannot send a request of {length} bytes.", length=len(request.payload)
            )
        if isinstance(request.address, ModuleAddress) and not self.capabilities.addressing:
            return self.capabilities.reason_against("addressing") or message(
                "This adapter cannot address one module."
            )
        return None

    def _withheld(self, request: Request, reason: Message) -> Exchange:
        wall = self._clock.now()
        note = reason.in_language("en")
        self.trace.add(wall, TraceKind.WITHHELD, request.address, request.payload, note)
        responder = request.address.response_id if isinstance(request.address, ModuleAddress) else None
        return Exchange(request, (Response(Outcome.WITHHELD, responder, wall, reason=reason),))

    def _transmit(self, request: Request) -> None:
        self._wire.transmit(request)
        self.trace.add(self._clock.now(), TraceKind.SENT, request.address, request.payload)

    def _converse(self, request: Request, future: Future[Exchange]) -> Exchange | None:
        """Send and collect; None when it was cancelled."""
        self._transmit(request)
        collector = ResponseCollector(request, self._clock.monotonic())
        while not (future.cancelled() or self._closing.is_set()):
            now_s = self._clock.monotonic()
            if collector.should_ask_again(now_s):
                self._clock.sleep(_ASK_AGAIN_S)
                self._transmit(request)
                collector.reopen()
            elif collector.complete(now_s):
                break
            self._take(collector)
        else:
            self._wire.drain()
            return None
        self._wire.drain()
        return Exchange(request, collector.finish(self._clock.now()))

    def _take(self, collector: ResponseCollector) -> None:
        arrival = self._wire.receive(_SLICE_S)
        if arrival is None:
            return
        if arrival.frame is not None:
            self._deliver(arrival.frame)
            return
        wall = self._clock.now()
        if arrival.payload:
            self.trace.add(wall, TraceKind.RECEIVED, arrival.responder, arrival.payload)
        collector.feed(arrival, self._clock.monotonic(), wall)

    def _fail_waiting(self) -> None:
        error = AdapterLost(
            self.lost or message("The link was closed."),
            message("Check the cable and the adapter, then connect again."),
        )
        for future in self._open.copy():
            _fail(future, error)
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            _fail(job.future, error)
            _acknowledge(job.future)


def _settle(future: Future[Any], value: object) -> None:
    """Give a future its value, unless it was cancelled meanwhile."""
    try:
        future.set_result(value)
    except InvalidStateError:
        return


def _fail(future: Future[Any], error: TerranoError) -> None:
    """Give a future its error, unless it has its end already."""
    try:
        future.set_exception(error)
    except InvalidStateError:
        return


def _acknowledge(future: Future[Any]) -> None:
    """Tell `concurrent.futures.wait` that a cancelled future is over; only whoever took the job may do so."""
    if future.cancelled():
        future.set_running_or_notify_cancel()
