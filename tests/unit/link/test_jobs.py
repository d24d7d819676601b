"""Jobs: whatever becomes of them, every future given out comes to its end once."""

from __future__ import annotations

import queue
from concurrent.futures import CancelledError
from concurrent.futures import wait as wait_for

import pytest

from diag.errors import AdapterLost
from diag.i18n import message
from diag.link.base import Request
from diag.link.jobs import ExchangeJob, Jobs, SupplyJob, acknowledge, fail, settle
from diag.model import ModuleAddress

LOST = AdapterLost(message("The cable was pulled."))


def asked() -> ExchangeJob:
    return ExchangeJob(Request(b"\x03", ModuleAddress(0x7E0, 0x7E8)))


def test_jobs_are_taken_in_their_order_and_waking_takes_none() -> None:
    jobs, first, second = Jobs(), asked(), SupplyJob()
    jobs.put(first)
    jobs.wake()
    jobs.put(second)
    assert [jobs.take(0.0), jobs.take(0.0), jobs.take(0.0)] == [first, None, second]
    with pytest.raises(queue.Empty):
        jobs.take(0.0)


def test_failing_ends_the_job_in_flight_and_those_that_wait() -> None:
    jobs, in_flight, waiting, cancelled = Jobs(), asked(), SupplyJob(), asked()
    for job in (in_flight, waiting, cancelled):
        jobs.put(job)
    assert jobs.take(0.0) is in_flight
    cancelled.future.cancel()
    jobs.wake()
    jobs.fail(LOST)
    for job in (in_flight, waiting):
        assert job.future.exception(0) is LOST
    assert wait_for([cancelled.future], 0).done
    with pytest.raises(queue.Empty):
        jobs.take(0.0)


def test_cancelling_leaves_what_is_done_as_it_is() -> None:
    jobs, done, waiting = Jobs(), SupplyJob(), asked()
    jobs.put(done)
    jobs.put(waiting)
    settle(done.future, None)
    jobs.cancel()
    assert done.future.result(0) is None
    with pytest.raises(CancelledError):
        waiting.future.result(0)


def test_the_first_end_of_a_future_counts() -> None:
    job = SupplyJob()
    settle(job.future, None)
    fail(job.future, LOST)
    assert job.future.exception(0) is None
    given_up = asked()
    given_up.future.cancel()
    settle(given_up.future, "late")
    fail(given_up.future, LOST)
    assert given_up.future.cancelled()
    acknowledge(given_up.future)
    assert wait_for([given_up.future], 0).done
