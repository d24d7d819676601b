"""Run exchanges over a wire: one thread, one exchange in flight, deadlines, response-pending, cancelling.

A wire knows its adapter and turns what it hears into `Arrival`s; the `ResponseCollector` decides what each
responder's outcome is; the `ExchangeLink` is the thread in between, and asks the permit before it sends.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from diag.errors import AdapterLost, NotSupportedByLink, RefusedByGate, TerranoError
from diag.i18n import Message, message
from diag.link.base import Capabilities, Exchange, Identity, Moment, Outcome, Request, Response, SupplySample
from diag.link.collector import ResponseCollector
from diag.link.jobs import ExchangeJob, Job, Jobs, SupplyJob, acknowledge, fail, settle
from diag.link.permit import PermitMode, decide
from diag.link.stream import BusStream
from diag.link.trace import Trace, TraceKind
from diag.model import Frame, ModuleAddress

if TYPE_CHECKING:
    from types import TracebackType

    from diag.clock import Clock
    from diag.link.wire import Wire

_AnyJob = TypeVar("_AnyJob", ExchangeJob, SupplyJob)

#: How long one blocking look at the wire may last, so that cancelling is noticed.
_SLICE_S = 0.05
#: How many arrivals at most are taken in after the deadline.
_UNREAD = 1000
#: How long to wait before asking a module again that said "working" to an adapter that stopped listening.
_ASK_AGAIN_S = 0.2


class ExchangeLink:
    """A link over a wire. Its thread owns the wire from construction until `close`."""

    def __init__(self, wire: Wire, trace: Trace, clock: Clock, mode: PermitMode = PermitMode.READ) -> None:
        self._wire = wire
        self._clock = clock
        self._mode = mode
        self.trace = trace
        self.lost: Message | None = None
        self._jobs = Jobs()
        self._cause: Exception | None = None
        self._streams: list[BusStream] = []
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
        return self._queue(ExchangeJob(request)).future

    def supply(self) -> Future[SupplySample | None]:
        """Queue a measurement of the adapter's supply."""
        if self.capabilities.supply:
            return self._queue(SupplyJob()).future
        future: Future[SupplySample | None] = Future()
        future.set_result(None)
        return future

    def _queue(self, job: _AnyJob) -> _AnyJob:
        self._jobs.put(job)
        if self.lost is not None or self._closing.is_set():
            self._fail_waiting()
        return job

    def listen(self, arbitration_ids: frozenset[int] | None = None) -> BusStream:
        """Hear frames, all of them or the ids named."""
        if not self.capabilities.listening:
            raise NotSupportedByLink(
                message("This adapter cannot listen to the bus."),
                self.capabilities.reason_against("listening"),
            )
        stream = BusStream(arbitration_ids, self._forget)
        with self._streams_lock:
            self._streams.append(stream)
        self._streams_changed.set()
        self._jobs.wake()
        return stream

    def _forget(self, stream: BusStream) -> None:
        """Stop delivering to a stream that was closed."""
        with self._streams_lock:
            if stream in self._streams:
                self._streams.remove(stream)
        self._streams_changed.set()
        self._jobs.wake()

    def moment_of(self, frame: Frame) -> Moment:
        """Say when a frame was on the bus; live frames carry seconds since the epoch."""
        now = self._clock.now()
        return Moment(max(0.0, now.timestamp() - frame.time), datetime.fromtimestamp(frame.time, now.tzinfo))

    def coverage(self) -> Message | None:
        """Return None: what a car does not answer is said of each module."""
        return None

    def cancel(self) -> None:
        """Give up the exchange in flight and all that wait."""
        self._jobs.cancel()

    def close(self) -> None:
        """End the line."""
        if self._closing.is_set():
            return
        self._closing.set()
        self.cancel()
        self._jobs.wake()
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
            self._end(error.what, error)
        except Exception as error:  # noqa: BLE001 - a wire in an unknown state is let go, and everyone is told
            self._end(_stopped_by(error), error)
        finally:
            self._fail_waiting()
            with contextlib.suppress(Exception):  # an adapter that is gone may refuse even this
                self._wire.close()

    def _end(self, why: Message, cause: Exception) -> None:
        """Declare the line lost; the cause stays with the errors that the waiting futures get."""
        self._cause = cause
        self.lost = why

    def _step(self) -> None:
        try:
            job = self._jobs.take(0.0 if self._streams else 0.2)
        except queue.Empty:
            self._look(_SLICE_S if self._streams else 0.0)
            return
        if job is None:
            return
        try:
            self._do(job)
        except AdapterLost as error:
            fail(job.future, error)
            raise
        except TerranoError as error:
            fail(job.future, error)
        finally:
            acknowledge(job.future)

    def _do(self, job: Job) -> None:
        if job.future.cancelled():
            return
        if isinstance(job, SupplyJob):
            settle(job.future, self._wire.measure_supply())
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

    def _run_exchange(self, job: ExchangeJob) -> None:
        request, future = job.request, job.future
        refusal = self._refusal(request)
        if refusal is not None:
            settle(future, self._withheld(request, refusal))
            return
        try:
            exchange = self._converse(request, future)
        except RefusedByGate as error:
            exchange = self._withheld(request, error.what)
        if exchange is None:
            future.cancel()
        else:
            settle(future, exchange)

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
        self._look_once_more(collector)
        self._wire.drain()
        return Exchange(request, collector.finish(self._clock.now()))

    def _look_once_more(self, collector: ResponseCollector) -> None:
        """Take in what waits unread at the deadline: a busy machine is no silent module."""
        for _ in range(_UNREAD):
            if collector.is_settled or not self._take(collector, 0.0):
                return

    def _take(self, collector: ResponseCollector, timeout_s: float = _SLICE_S) -> bool:
        """Hand the collector what the wire heard; False when it heard nothing."""
        arrival = self._wire.receive(timeout_s)
        if arrival is None:
            return False
        if arrival.frame is not None:
            self._deliver(arrival.frame)
            return True
        wall = self._clock.now()
        if arrival.payload:
            self.trace.add(wall, TraceKind.RECEIVED, arrival.responder, arrival.payload)
        collector.feed(arrival, self._clock.monotonic(), wall)
        return True

    def _fail_waiting(self) -> None:
        error = AdapterLost(
            self.lost or message("The link was closed."),
            message("Check the cable and the adapter, then connect again."),
        )
        error.__cause__ = self._cause
        self._jobs.fail(error)


def _stopped_by(error: Exception) -> Message:
    return message(
        "The link stopped because of an error in this program: {error}",
        error=f"{type(error).__name__}: {error}",
    )
