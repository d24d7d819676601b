"""Talk to an adapter as a terminal does: a command goes out, lines come back, `>` says that it is ready."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from diag.clock import Clock
from diag.link.elm327.port import Port
from diag.link.permit import IMMOBILISER_FRAMES
from diag.link.trace import Trace, TraceKind

PROMPT = ">"
#: Any character stops what an ELM327 does (data sheet, "interrupting"); a space does no harm where it is idle
#: already, unlike a carriage return, which repeats the last command.
_INTERRUPT = b" "
#: Ends whatever half a command the adapter may hold, and asks for nothing.
_NOTHING = b"AT\r"
_QUIET_S = 0.04
_LONGEST_LINE = 4096
_SECRET_LINE = re.compile(
    "^ *(" + "|".join(f"{id_:03X}" for id_ in sorted(IMMOBILISER_FRAMES)) + ")[0-9A-Fa-f ]+$"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The lines of an answer to a command; `finished` says that the prompt came."""

    lines: tuple[str, ...]
    finished: bool

    @property
    def confirmed(self) -> bool:
        """Whether the adapter said OK and nothing else."""
        return self.finished and [line.upper() for line in self.lines] == ["OK"]

    @property
    def refused(self) -> bool:
        """Whether the adapter does not know the command."""
        return self.finished and self.lines == ("?",)


class Terminal:
    """One port, one command at a time.

    `idle` says that the adapter waits for a command, `unanswered` how often in a row it did not come back to
    its prompt, `heard_at_s` when the last byte came, `stray` that it spoke unasked, as after a restart;
    `tracing` is switched off while frames stream by.
    """

    def __init__(self, port: Port, clock: Clock, trace: Trace) -> None:
        self._port = port
        self._clock = clock
        self._trace = trace
        self._partial = bytearray()
        self._items: deque[str] = deque()
        self.idle = True
        self.unanswered = 0
        self.stray = False
        self.tracing = True
        self.heard_at_s = clock.monotonic()

    @property
    def partial(self) -> str:
        """The line that has begun and not ended."""
        return self._partial.decode("ascii", "replace")

    def write(self, text: str) -> None:
        """Send a command without waiting; what came before it is thrown away."""
        self.discard()
        self._trace.add_text(self._clock.now(), TraceKind.ADAPTER_SENT, text)
        self.idle = False
        self.heard_at_s = self._clock.monotonic()
        self._port.write(text.encode("ascii") + b"\r")

    def next(self, timeout_s: float) -> str | None:
        """Return the next line, `PROMPT`, or None when neither came in `timeout_s`."""
        if not self._items:
            self._take(self._read(timeout_s))
        return self._items.popleft() if self._items else None

    def command(self, text: str, timeout_s: float) -> Reply:
        """Send an adapter command and collect its answer, without the echo and the empty lines."""
        self.write(text)
        lines: list[str] = []
        until_s = self._clock.monotonic() + timeout_s
        while (left_s := until_s - self._clock.monotonic()) > 0:
            item = self.next(left_s)
            if item == PROMPT:
                return Reply(tuple(lines), True)
            words = (item or "").strip()
            if words and not (not lines and words.replace(" ", "").upper() == text.upper()):
                lines.append(words)
        self.unanswered += 1
        return Reply(tuple(lines), False)

    def measure(self, text: str, timeout_s: float) -> float | None:
        """Return how long a command took, in seconds; None where its prompt did not come."""
        started_s = self._clock.monotonic()
        finished = self.command(text, timeout_s).finished
        return self._clock.monotonic() - started_s if finished else None

    def settle(self, grace_s: float, timeout_s: float) -> bool:
        """Bring the adapter back to its prompt; say whether that worked.

        It may come to it by itself for `grace_s`; then it is interrupted, at last with an empty command.
        """
        if self.idle or self._await_prompt(grace_s):
            return True
        self._port.write(_INTERRUPT)
        if self._await_prompt(timeout_s / 2):
            return True
        self._port.write(_NOTHING)
        if self._await_prompt(timeout_s / 2):
            while self._await_prompt(_QUIET_S):
                continue
            return True
        self.unanswered += 1
        return False

    def discard(self) -> None:
        """Throw away what has come and nobody waits for."""
        self._take(self._read(0.0))
        self.stray = self.stray or bool(self._partial) or any(item != PROMPT for item in self._items)
        self._items.clear()
        self._partial.clear()

    def _await_prompt(self, timeout_s: float) -> bool:
        until_s = self._clock.monotonic() + timeout_s
        while True:
            left_s = max(until_s - self._clock.monotonic(), 0.0)
            item = self.next(left_s)
            if item == PROMPT:
                return True
            if item is None and left_s <= 0.0:
                return False

    def _read(self, timeout_s: float) -> bytes:
        """Read for `timeout_s` of the clock, a clock that only sleeping moves included."""
        real_s = self._clock.real_seconds(timeout_s)
        if real_s > 0.0 or timeout_s <= 0.0:
            return self._port.read(max(real_s, 0.0))
        data = self._port.read(0.002)
        if not data:
            self._clock.sleep(min(timeout_s, 0.05))
        return data

    def _take(self, data: bytes) -> None:
        if data:
            self.heard_at_s = self._clock.monotonic()
        for byte in data:
            if byte in b"\r\n":
                self._end_line()
            elif byte == ord(PROMPT):
                self._end_line()
                self._items.append(PROMPT)
                self.idle = True
                self.unanswered = 0
            elif byte:
                self._partial.append(byte)
                if len(self._partial) > _LONGEST_LINE:
                    self._end_line()

    def _end_line(self) -> None:
        text = self.partial
        self._partial.clear()
        if text.strip():
            self._items.append(text)
            if self.tracing:
                self.note(text)

    def note(self, text: str) -> None:
        """Keep a line in the trace, unless it carries what the immobiliser says."""
        shown = "(withheld: immobiliser)" if _SECRET_LINE.match(text) else text
        self._trace.add_text(self._clock.now(), TraceKind.ADAPTER_RECEIVED, shown)
