import threading

from diag.clock import RateClock, VirtualClock
from diag.simulator.agenda import Agenda


def test_actions_run_in_the_order_of_their_times():
    clock = VirtualClock()
    agenda = Agenda(clock)
    done: list[str] = []
    agenda.after(0.2, lambda: done.append("late"))
    agenda.after(0.1, lambda: done.append("early"))
    agenda.run_due()
    assert done == []
    clock.sleep(0.3)
    assert agenda.run_due() is None
    assert done == ["early", "late"]


def test_a_cancelled_action_is_left_out():
    clock = VirtualClock()
    agenda = Agenda(clock)
    done: list[str] = []
    agenda.after(0.1, lambda: done.append("no")).cancel()
    clock.sleep(1)
    agenda.run_due()
    assert done == []


def test_a_late_repeated_action_runs_once_and_never_in_a_burst():
    clock = VirtualClock()
    agenda = Agenda(clock)
    done: list[float] = []
    agenda.every(0.01, lambda: done.append(clock.monotonic()), lambda: True)
    agenda.run_due()
    clock.sleep(5.0)
    agenda.run_due()
    assert done == [0.0, 5.0]
    clock.sleep(0.0101)
    agenda.run_due()
    assert len(done) == 3


def test_an_action_that_nobody_wants_does_not_run_until_it_is_wanted():
    clock = VirtualClock()
    agenda = Agenda(clock)
    done: list[float] = []
    wanted: list[bool] = []
    agenda.every(0.01, lambda: done.append(clock.monotonic()), lambda: bool(wanted))
    for _ in range(100):
        agenda.run_due()
        clock.sleep(0.01)
    assert done == []
    wanted.append(True)
    clock.sleep(0.1)
    agenda.run_due()
    assert len(done) == 1


def test_the_thread_wakes_for_an_action_that_comes_before_the_one_it_waits_for():
    agenda = Agenda(RateClock(10))
    early = threading.Event()
    agenda.after(3600, lambda: None)
    agenda.start()
    agenda.after(0.01, early.set)
    assert early.wait(5)
    agenda.stop()
    agenda.stop()


def test_the_thread_follows_a_clock_that_only_others_move():
    clock = VirtualClock()
    agenda = Agenda(clock)
    done = threading.Event()
    agenda.start()
    agenda.after(60, done.set)
    assert not done.is_set()
    clock.sleep(61)
    assert done.wait(5)
    agenda.stop()
