"""Keep the jobs that wait for the exchange thread, and see that every future given out comes to its end."""

from __future__ import annotations

import queue
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from diag.errors import TerranoError
from diag.link.base import Exchange, Request, SupplySample


@dataclass(frozen=True, slots=True)
class ExchangeJob:
    """A request to be sent."""

    request: Request
    future: Future[Exchange] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class SupplyJob:
    """A measurement of the adapter's supply to be made."""

    future: Future[SupplySample | None] = field(default_factory=Future)


Job = ExchangeJob | SupplyJob


class Jobs:
    """The queue in front of the exchange thread; any thread may put, wake, cancel and fail."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._open: set[Future[Any]] = set()

    def put(self, job: Job) -> None:
        """Queue a job."""
        self._open.add(job.future)
        job.future.add_done_callback(self._open.discard)
        self._waiting.put(job)

    def wake(self) -> None:
        """Let the thread that waits in `take` return at once."""
        self._waiting.put(None)

    def take(self, timeout_s: float) -> Job | None:
        """Return the next job, None when woken.

        Raises:
            queue.Empty: neither came in `timeout_s`.
        """
        return self._waiting.get(timeout=timeout_s)

    def cancel(self) -> None:
        """Cancel the job in flight and all that wait."""
        for future in self._open.copy():
            future.cancel()

    def fail(self, error: TerranoError) -> None:
        """End the job in flight and all that wait with `error`."""
        for future in self._open.copy():
            fail(future, error)
        while True:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                fail(job.future, error)
                acknowledge(job.future)


def settle(future: Future[Any], value: object) -> None:
    """Give a future its value, unless it was cancelled meanwhile."""
    try:
        future.set_result(value)
    except InvalidStateError:
        return


def fail(future: Future[Any], error: TerranoError) -> None:
    """Give a future its error, unless it has its end already."""
    try:
        future.set_exception(error)
    except InvalidStateError:
        return


def acknowledge(future: Future[Any]) -> None:
    """Tell `concurrent.futures.wait` that a cancelled future is over; only whoever took the job may do so."""
    if future.cancelled():
        future.set_running_or_notify_cancel()
