"""Run the car's actions at their times, in one thread of the car's own."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from diag.clock import Clock

Action = Callable[[], None]

#: How often a clock is looked at that no real time moves.
_LOOK_S = 0.005
#: How often it is asked whether a repeated action is wanted again.
_RESTING_S = 0.1


@dataclass(slots=True, order=True)
class Appointment:
    """An action that is due at a time of the car's clock; cancelling it leaves it out."""

    due_s: float
    order: int
    action: Action | None = field(compare=False)

    def cancel(self) -> None:
        """Leave the action out."""
        self.action = None


class Agenda:
    """Actions in the order of their times; all of them run in one thread, so they need no locks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._appointments: list[Appointment] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def after(self, delay_s: float, action: Action) -> Appointment:
        """Run `action` in `delay_s`; from any thread."""
        appointment = Appointment(self._clock.monotonic() + max(delay_s, 0.0), next(self._order), action)
        with self._changed:
            heapq.heappush(self._appointments, appointment)
            if self._appointments[0] is appointment:
                self._changed.notify()
        return appointment

    def every(self, period_s: float, action: Action, wanted: Callable[[], bool]) -> None:
        """Run `action` each `period_s` while it is `wanted`.

        What was missed is left out, never made up for in a burst; while it is not wanted, that is looked at
        again every 0.1 s only.
        """
        next_s = self._clock.monotonic()

        def tick() -> None:
            nonlocal next_s
            active = wanted()
            if active:
                action()
            now_s = self._clock.monotonic()
            next_s += period_s if active else max(period_s, _RESTING_S)
            if next_s <= now_s:
                next_s = now_s + period_s
            self.after(next_s - now_s, tick)

        self.after(0.0, tick)

    def run_due(self) -> float | None:
        """Run what is due now; return the seconds until the next action, or None when there is none."""
        while True:
            with self._changed:
                if not self._appointments:
                    return None
                wait_s = self._appointments[0].due_s - self._clock.monotonic()
                if wait_s > 0:
                    return wait_s
                action = heapq.heappop(self._appointments).action
            if action is not None:
                action()

    def start(self) -> None:
        """Start the thread; starting twice does nothing."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="terrano-car", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; stopping twice does nothing."""
        thread, self._thread = self._thread, None
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while True:
            wait_s = self.run_due()
            with self._changed:
                if self._stopping:
                    return
                if not self._has_due():
                    self._changed.wait(None if wait_s is None else self._real_wait(wait_s))

    def _has_due(self) -> bool:
        return bool(self._appointments) and self._appointments[0].due_s <= self._clock.monotonic()

    def _real_wait(self, wait_s: float) -> float:
        return self._clock.real_seconds(wait_s) or _LOOK_S
