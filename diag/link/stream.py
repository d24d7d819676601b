"""Hand frames from the thread that hears them to whoever listens."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from diag.model import Frame


class BusStream:
    """Frames handed from the exchange thread to one listener; the oldest go first when nobody reads."""

    def __init__(self, arbitration_ids: frozenset[int] | None, forget: Callable[[BusStream], None]) -> None:
        self.arbitration_ids = arbitration_ids
        self._forget = forget
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
        self._forget(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()
