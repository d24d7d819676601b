"""Let a capture pass by: a cursor that stands or runs with the clock, and the frames that it passes."""

from __future__ import annotations

from bisect import bisect_right
from types import TracebackType
from typing import Self

from diag.capture.capture import Capture
from diag.clock import Clock
from diag.model import Frame

#: How much of the past a listener gets at once, so that slow periodic frames are among it.
_WINDOW_S = 2.0


class Cursor:
    """Where in the capture the car is now, as frames carry their time."""

    def __init__(self, capture: Capture, at_s: float, speed: float, clock: Clock) -> None:
        self._end = capture.end_s
        self._from = min(capture.start_s + at_s, self._end)
        self._speed = speed
        self._clock = clock
        self._opened_s = clock.monotonic()

    @property
    def runs(self) -> bool:
        """Whether time goes on and the end is not reached."""
        return self._speed > 0 and self.now() < self._end

    def now(self) -> float:
        """Return the frame time that the cursor stands at."""
        elapsed_s = (self._clock.monotonic() - self._opened_s) * self._speed
        return min(self._from + elapsed_s, self._end)

    def wait(self, frame_time: float | None, timeout_s: float) -> None:
        """Let the clock run until the cursor reaches `frame_time`, at most `timeout_s`."""
        if frame_time is not None and self._speed > 0:
            timeout_s = min(timeout_s, max(0.0, (frame_time - self.now()) / self._speed))
        self._clock.sleep(timeout_s)


class PlayedFrames:
    """The frames of the last two seconds before the cursor, then those that it passes."""

    def __init__(self, frames: list[Frame], times: list[float], cursor: Cursor) -> None:
        self._frames = frames
        self._times = times
        self._cursor = cursor
        self._next = bisect_right(times, cursor.now() - _WINDOW_S)

    def read(self, timeout_s: float) -> Frame | None:
        """Return the next frame, or None when the cursor passes none in `timeout_s`."""
        frame = self._passed()
        if frame is None and timeout_s > 0 and self._cursor.runs:
            ahead = self._times[self._next] if self._next < len(self._times) else None
            self._cursor.wait(ahead, timeout_s)
            frame = self._passed()
        return frame

    def _passed(self) -> Frame | None:
        if self._next >= len(self._frames) or self._times[self._next] > self._cursor.now():
            return None
        self._next += 1
        return self._frames[self._next - 1]

    def close(self) -> None:
        """Hand out nothing more."""
        self._next = len(self._frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()
