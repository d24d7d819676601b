"""Carry frames between everyone on the simulated CAN bus, in process."""

from __future__ import annotations

import threading
from collections.abc import Callable

from diag.model import Frame

Listener = Callable[[Frame], None]
Detach = Callable[[], None]


class SimulatedBus:
    """A bus that every attached listener hears; a sender does not hear itself.

    Listeners run in the thread of the sender and must be quick; any thread may send.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def attach(self, listener: Listener) -> Detach:
        """Let `listener` hear every frame from now on; return what ends it (twice does no harm)."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def detach() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other != listener)

        return detach

    def send(self, frame: Frame, sender: Listener | None = None) -> None:
        """Let everyone attached hear `frame`, but the listener that is the sender itself."""
        for listener in self._listeners:
            if listener != sender:
                listener(frame)

    def has_audience(self, sender: Listener | None = None) -> bool:
        """Say whether anyone but the sender listens; where nobody does, a frame need not be made."""
        return any(listener != sender for listener in self._listeners)
