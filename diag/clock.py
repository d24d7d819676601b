"""Give wall time, monotonic time and sleeping from one injected object; nothing else calls `time`."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the product sees it. All durations are seconds of this clock."""

    def now(self) -> datetime:
        """Return the wall time, with offset."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of this clock pass."""
        ...

    def real_seconds(self, seconds: float) -> float:
        """Return how long a blocking call outside may wait for `seconds` of this clock."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the wall time in the local zone."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep; a negative duration is none."""
        if seconds > 0:
            time.sleep(seconds)

    def real_seconds(self, seconds: float) -> float:
        """Return the duration itself."""
        return seconds


class RateClock:
    """The machine's clock, `rate` times as fast, anchored at the start of 2026.

    Two processes with the same rate agree on the time, since the anchor is fixed.
    """

    _ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)

    def __init__(self, rate: float) -> None:
        if rate <= 0:
            raise ValueError(rate)
        self.rate = rate

    def now(self) -> datetime:
        """Return the wall time, run ahead from the anchor."""
        elapsed = (datetime.now(UTC) - self._ANCHOR).total_seconds()
        return (self._ANCHOR + timedelta(seconds=elapsed * self.rate)).astimezone()

    def monotonic(self) -> float:
        """Return fast monotonic seconds."""
        return time.monotonic() * self.rate

    def sleep(self, seconds: float) -> None:
        """Sleep the real part of a fast duration."""
        if seconds > 0:
            time.sleep(seconds / self.rate)

    def real_seconds(self, seconds: float) -> float:
        """Return the real part of a fast duration."""
        return seconds / self.rate


class VirtualClock:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime(2026, 1, 1, tzinfo=UTC)
        self._elapsed = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the start plus all that was slept."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return all that was slept."""
        with self._lock:
            return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Advance at once."""
        if seconds > 0:
            with self._lock:
                self._elapsed += seconds

    def real_seconds(self, seconds: float) -> float:
        """Return no real time at all."""
        return 0.0
