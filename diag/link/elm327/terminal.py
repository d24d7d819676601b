"""Talk to an adapter as a terminal does: a command goes out, lines come back, `>` says that it is ready."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from diag.clock import Clock
from diag.link.elm327.port import Port
from diag.link.elm327.redaction import Redactor
from diag.link.options import go_on
from diag.link.trace import Trace, TraceKind

PROMPT = ">"
#: Any character stops what an ELM327 does (data sheet, "interrupting"); a space does no harm where it is idle
#: already, unlike a carriage return, which repeats the last command.
_INTERRUPT = b" "
#: Ends whatever half a command the adapter may hold, and asks for nothing.
_NOTHING = b"AT\r"
#: The least silence after which nothing of an earlier command is still to come; a slow line needs more.
_QUIET_S = 0.04
_LONGEST_QUIET_S = 0.4
_LONGEST_LINE = 4096
#: The longest wait before somebody may ask to give up.
_SLICE_S = 0.2


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
    `in_step` says that the next prompt will be that of the last command, and `stumbled` that this was ever in
    doubt since somebody last looked; `delay_s` is what a command takes, on average. `tracing` is switched off
    while frames stream by. `check_stopped` is called while waiting, and may raise to give up.
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
        self.in_step = True
        self.stumbled = False
        self.delay_s = 0.0
        self.check_stopped: Callable[[], None] = go_on
        self.heard_at_s = clock.monotonic()
        self._redactor = Redactor()
        self._names: list[tuple[str, str]] = []
        self._turn = 0

    @property
    def partial(self) -> str:
        """The line that has begun and not ended."""
        return self._partial.decode("ascii", "replace")

    @property
    def ready(self) -> bool:
        """Whether what comes next can only be the answer to the next command."""
        return self.idle and self.in_step

    def know(self, names: dict[str, str]) -> None:
        """Keep what the adapter answers to commands that ask for its names."""
        self._names = [(command, name) for command, name in names.items() if name]

    def begin(self) -> None:
        """Take the line as new: what the adapter was at does not matter, since it is restarted next."""
        self.idle = self.in_step = True

    def doubt(self) -> None:
        """Take the last answer as that to an earlier command: what follows would be one too late as well."""
        self.in_step = False

    def write(self, text: str) -> None:
        """Send a command without waiting; what came before it is thrown away."""
        self.discard()
        self._trace.add_text(self._clock.now(), TraceKind.ADAPTER_SENT, self._redactor.shown(text))
        self.idle = False
        self.heard_at_s = self._clock.monotonic()
        self._port.write(text.encode("ascii") + b"\r")

    def next(self, timeout_s: float) -> str | None:
        """Return the next line, `PROMPT`, or None when neither came in `timeout_s`."""
        if not self._items:
            self._take(self._read(timeout_s))
        return self._items.popleft() if self._items else None

    def command(self, text: str, timeout_s: float) -> Reply:
        """Send an adapter command and collect its answer, without the echo and the empty lines.

        While the answer to an earlier command may still come, nothing is sent.
        """
        until_s = self._clock.monotonic() + timeout_s
        if not self.ready and not self.settle(0.0, timeout_s):
            return Reply((), False)
        self.write(text)
        lines: list[str] = []
        started_s = self._clock.monotonic()
        while (left_s := until_s - self._clock.monotonic()) > 0:
            item = self.next(left_s)
            if item == PROMPT:
                self.delay_s += 0.3 * (self._clock.monotonic() - started_s - self.delay_s)
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
        After that nobody knows how many prompts are to come: it is asked for its name, until it says that.
        """
        if self.in_step:
            if self.idle or self._await_prompt(grace_s):
                return True
            self._port.write(_INTERRUPT)
            if self._await_prompt(timeout_s / 2):
                return True
        self.in_step, self.stumbled = False, True
        self._port.write(_NOTHING)
        if self._await_prompt(timeout_s / 2) and self._fall_in_step(timeout_s / 2 + 2 * self.delay_s):
            return True
        self.unanswered += 1
        return False

    def _fall_in_step(self, timeout_s: float) -> bool:
        """Ask for a name, in turn for each that is known, and throw away all that comes before it.

        A name that was asked for in an earlier turn may come now: it is another one.
        """
        started_s = self._clock.monotonic()
        if self._names:
            command, name = self._names[self._turn % len(self._names)]
            self._turn += 1
            self.write(command)
            if not self._await_line_and_prompt(name, timeout_s):
                return False
            self.delay_s = max(self.delay_s, self._clock.monotonic() - started_s)
        quiet_s = min(max(_QUIET_S, 1.5 * self.delay_s), _LONGEST_QUIET_S)
        while self._await_prompt(quiet_s):
            continue
        self.in_step = True
        return True

    def _await_line_and_prompt(self, line: str, timeout_s: float) -> bool:
        until_s = self._clock.monotonic() + timeout_s
        last = ""
        while (left_s := until_s - self._clock.monotonic()) > 0:
            item = self.next(left_s)
            if item == PROMPT and last == line:
                return True
            last = last if item is None else "" if item == PROMPT else item.strip()
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
        """Read for a slice of `timeout_s` of the clock, a clock that only sleeping moves included."""
        self.check_stopped()
        timeout_s = min(timeout_s, _SLICE_S)
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
        self._trace.add_text(self._clock.now(), TraceKind.ADAPTER_RECEIVED, self._redactor.shown(text))
