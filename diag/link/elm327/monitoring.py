"""Listen to the bus through an adapter: `AT MA`, frame lines, and starting again after BUFFER FULL."""

from __future__ import annotations

from diag.clock import Clock
from diag.i18n import Message, message
from diag.link.elm327.dialect import LineKind, parse_frame
from diag.link.elm327.settings import Settings
from diag.link.elm327.terminal import PROMPT, Terminal
from diag.link.wire import Arrival, ArrivalKind
from diag.model import Frame

_SETUP_S = 1.0
_STOP_S = 0.7
_RESTART_S = 0.5


class Monitor:
    """What is wanted of the bus, and whether the adapter is listening now.

    `refused` says why the adapter cannot listen at all. What it says besides frames (BUFFER FULL) goes into
    the trace.
    """

    def __init__(self, terminal: Terminal, settings: Settings, clock: Clock) -> None:
        self._terminal = terminal
        self._settings = settings
        self._clock = clock
        self._ids: frozenset[int] | None = None
        self._running = False
        self._overrun = False
        self._not_before_s = 0.0
        self.wanted = False
        self.refused: Message | None = None

    def want(self, active: bool, arbitration_ids: frozenset[int] | None) -> None:
        """Keep what the listeners want; listening begins with the next `next`."""
        self.wanted = active and self.refused is None
        self._ids = arbitration_ids

    def stop(self) -> None:
        """Bring the adapter back to its prompt if it listens; frames on the way are dropped."""
        if self._running:
            self._terminal.settle(0.0, _STOP_S)
            self._terminal.discard()
            self._terminal.stray = False
        self._running = False
        self._terminal.tracing = True

    def next(self, timeout_s: float) -> Arrival | None:
        """Return the next frame heard."""
        if not self._running and not self._start():
            self._terminal.next(timeout_s)
            return None
        text = self._terminal.next(timeout_s)
        if text is None:
            return None
        if text == PROMPT:
            self._running = False
            self._terminal.tracing = True
            self._not_before_s = self._clock.monotonic() + (0.0 if self._overrun else _RESTART_S)
            return None
        return self._understand(text)

    def _start(self) -> bool:
        if self._clock.monotonic() < self._not_before_s or not self._terminal.settle(0.0, _STOP_S):
            return False
        self._overrun = False
        self._settings.allow(_SETUP_S)
        self._settings.prepare()
        self._settings.ensure("SP", self._settings.protocol)
        self._settings.raw_frames()
        if (
            self._ids is None
            or len(self._ids) != 1
            or not self._settings.ensure("CRA", f"{min(self._ids):03X}")
        ):
            self._settings.hear_all()
        self._terminal.write("ATMA")
        self._terminal.tracing = False
        self._running = True
        return True

    def _understand(self, text: str) -> Arrival | None:
        line = parse_frame(text)
        if line.kind is LineKind.FRAME and line.arbitration_id is not None:
            frame = Frame(self._clock.now().timestamp(), line.arbitration_id, line.data)
            return Arrival(ArrivalKind.FRAME, frame=frame)
        self._terminal.note(text)
        if line.kind is LineKind.UNKNOWN_COMMAND:
            self.refused = message("This adapter cannot listen to the bus (AT MA refused).")
            self.wanted = False
        elif line.status is not None and "BUFFER" in text.upper():
            self._overrun = True
        elif line.status is not None and line.status.was_reset:
            self._settings.forget()
        return None
