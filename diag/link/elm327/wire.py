"""Speak the exchange thread's language over an ELM327-class adapter."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from collections.abc import Callable

from diag.clock import Clock
from diag.errors import AdapterLost, HeaderUnconfirmed, RefusedByGate
from diag.i18n import Message, message
from diag.link.base import Capabilities, Identity, Outcome, Request, SupplySample
from diag.link.collector import ResponseCollector
from diag.link.elm327.answers import AnswerReader
from diag.link.elm327.dialect import Status
from diag.link.elm327.handshake import SPOKEN_PROTOCOLS, AdapterName, Asked, ProtocolFound, sum_up
from diag.link.elm327.monitoring import Monitor
from diag.link.elm327.port import Port, lost
from diag.link.elm327.settings import Settings, words_for_missing
from diag.link.elm327.terminal import PROMPT, Terminal
from diag.link.options import go_on
from diag.link.permit import PermitMode, decide
from diag.link.trace import Trace, TraceKind
from diag.link.wire import Arrival, ArrivalKind
from diag.model import Mode, ModuleAddress

#: How long an adapter may come to its prompt by itself before it is interrupted.
_GRACE_S = 0.025
_SETTLE_S = 0.7
#: All that addressing a module may take, so that giving up stays within 2 s.
_ADDRESSING_S = 1.2
_COMMAND_S = 0.8
_UNANSWERED_LIMIT = 3
#: How long before our own deadline an adapter without a prompt counts as the one who failed.
_BEFORE_DEADLINE_S = 0.02
_LONGEST_REQUEST = 7
_VOLTAGE = re.compile(r"^(-?\d{1,2}\.(\d{1,2})) ?V?$", re.IGNORECASE)
_PLAUSIBLE_V = 30.0

_ADAPTER_LATE = Status(Outcome.BROKEN, message("the adapter did not finish in time"))
_ONE_FRAME = message("Requests of more than 7 bytes need a CAN adapter.")


class Elm327Wire:
    """One adapter, its settings, and the answer that is being read."""

    def __init__(
        self, port: Port, clock: Clock, trace: Trace, on_close: Callable[[], None] | None = None
    ) -> None:
        self._port = port
        self._clock = clock
        self._on_close = on_close
        self._trace = trace
        self.terminal = Terminal(port, clock, trace)
        self.settings = Settings(self.terminal, clock)
        self._monitor = Monitor(self.terminal, self.settings, clock)
        self._reader: AnswerReader | None = None
        self._deadline_s = 0.0
        self._headers_hidden = True
        self._arrivals: deque[Arrival] = deque()
        self.capabilities = Capabilities(longest_request=_LONGEST_REQUEST)
        self.identity = Identity("", Mode.LIVE, "")

    def introduce(self, url: str, name: AdapterName, protocol: ProtocolFound, *, supply: bool) -> None:
        """Keep what connecting found out about the adapter and the car."""
        shows_none = protocol.answered or not self.settings.knows("H")
        self._headers_hidden = self._headers_hidden and shows_none
        mode = Mode.PRACTICE if name.is_simulated else Mode.LIVE
        self.identity = Identity(url, mode, name.name or name.description, protocol.words, name.is_simulated)
        self.capabilities = _capabilities(self.settings, protocol, supply=supply)

    def transmit(self, request: Request) -> None:
        """Address the module, see it confirmed, and send the request.

        Raises:
            HeaderUnconfirmed: the address could not be confirmed; nothing was sent.
        """
        self._reader = None
        self._arrivals.clear()
        self._ready()
        self.settings.address(request)
        self.terminal.discard()
        if self.terminal.stray or not self.terminal.ready:
            self.settings.forget()
            raise self.settings.refusal(request, "SH")
        sent = request.payload.hex().upper()
        long_answers = not isinstance(request.address, ModuleAddress) or self.settings.reaches_long_answers(
            request.address
        )
        self._reader = AnswerReader(
            request, sent, long_answers=long_answers, headerless=self._believes_headerless(request)
        )
        self._deadline_s = request.deadline_s - _BEFORE_DEADLINE_S
        self.terminal.write(sent)

    def _believes_headerless(self, request: Request) -> bool:
        """Say whether a line without header may be an answer: only if this adapter is known to hide headers.

        Otherwise it is a line that lost its beginning, and its length with it.
        """
        filtered = self.settings.knows("CRA") or not isinstance(request.address, ModuleAddress)
        return self._headers_hidden and filtered

    def receive(self, timeout_s: float) -> Arrival | None:
        """Return the next arrival, None when nothing came in `timeout_s`."""
        if not self._arrivals:
            if self._reader is None:
                return self._idle(timeout_s)
            self._read(self._reader, timeout_s)
        return self._arrivals.popleft() if self._arrivals else None

    def drain(self) -> None:
        """End whatever is still running and throw late answers away."""
        self._reader = None
        self._arrivals.clear()
        if not self.terminal.settle(_GRACE_S, _SETTLE_S):
            self._check_alive()

    def monitor(self, active: bool, arbitration_ids: frozenset[int] | None) -> None:
        """Report frames as arrivals from now on (None: all ids), or stop."""
        self._monitor.stop()
        self._monitor.want(active, arbitration_ids)

    def measure_supply(self) -> SupplySample | None:
        """Measure the adapter's supply; None for text that is no voltage a car can have."""
        self._ready()
        reply = self.terminal.command("ATRV", _COMMAND_S)
        self._check_alive()
        match = _VOLTAGE.match(reply.lines[0]) if reply.finished and len(reply.lines) == 1 else None
        if match is None or not 0.0 <= float(match[1]) <= _PLAUSIBLE_V:
            return None
        return SupplySample(float(match[1]), 10.0 ** -len(match[2]), self._clock.now())

    def ask(self, request: Request) -> Asked:
        """Send one request while connecting, if the permit lets it, and wait for all that comes."""
        decision = decide(PermitMode.READ, request.address, request.payload)
        if not decision.allowed:
            return Asked((), answered=False, heard=False, reason=decision.reason)
        try:
            self.transmit(request)
            self._trace.add(self._clock.now(), TraceKind.SENT, request.address, request.payload)
        except RefusedByGate as error:
            return Asked((), False, False, error.what)
        collector = ResponseCollector(request, self._clock.monotonic())
        reader, heard = self._reader, False
        while not collector.complete(self._clock.monotonic()):
            arrival = self.receive(0.05)
            if arrival is not None:
                heard = heard or arrival.kind is not ArrivalKind.END
                collector.feed(arrival, self._clock.monotonic(), self._clock.now())
        self.drain()
        nameless = () if reader is None else reader.nameless
        responses = collector.finish(self._clock.now())
        return sum_up(request, responses, nameless, heard=heard)

    def close(self) -> None:
        """Give the adapter its factory settings back and let go of it."""
        self.terminal.check_stopped = go_on
        with contextlib.suppress(AdapterLost):
            if self.terminal.settle(0.0, 0.3):
                self.terminal.command("ATD", 0.3)
        self._port.close()
        if self._on_close is not None:
            self._on_close()
            self._on_close = None

    def _ready(self) -> None:
        """Bring the adapter to its prompt, and notice where it restarted meanwhile."""
        self.settings.allow(_ADDRESSING_S)
        self._monitor.stop()
        if not self.terminal.settle(_GRACE_S, _SETTLE_S):
            self._check_alive()
            self.settings.forget()
            raise HeaderUnconfirmed(
                message("The adapter does not answer: nothing was sent."),
                message("Unplug the adapter for ten seconds, then connect again."),
            )
        self.terminal.discard()
        if self.terminal.stray or self.terminal.stumbled:
            self.settings.forget()
            self.terminal.stray = self.terminal.stumbled = False

    def _read(self, reader: AnswerReader, timeout_s: float) -> None:
        item = self.terminal.next(timeout_s)
        if item is None:
            quiet_s = self._clock.monotonic() - self.terminal.heard_at_s
            if quiet_s >= self._deadline_s:
                self._end(reader, _ADAPTER_LATE)
        elif item == PROMPT:
            self._end(reader, None)
        else:
            self._arrivals.extend(reader.feed(item))
        if reader.saw_header:
            self._headers_hidden = False

    def _end(self, reader: AnswerReader, status: Status | None) -> None:
        if self.terminal.partial.strip():
            self._arrivals.extend(reader.feed(self.terminal.partial))
        self._arrivals.extend(reader.end(status))
        if reader.was_reset:
            self.settings.forget()
        if status is None and reader.suits_a_command:
            self.terminal.doubt()
        self._reader = None

    def _idle(self, timeout_s: float) -> Arrival | None:
        """Hear frames where somebody listens; anything else that comes unasked means a restart."""
        if self._monitor.wanted:
            arrival = self._monitor.next(timeout_s)
            if self._monitor.refused is not None:
                self._without_listening(self._monitor.refused)
            return arrival
        item = self.terminal.next(timeout_s)
        if item not in (None, PROMPT):
            self.terminal.stray = True
        return None

    def _without_listening(self, reason: Message) -> None:
        known = self.capabilities
        self.capabilities = Capabilities(
            known.addressing,
            False,
            known.supply,
            known.longest_request,
            (*known.why_not, ("listening", reason)),
        )

    def _check_alive(self) -> None:
        if self.terminal.unanswered >= _UNANSWERED_LIMIT:
            raise lost(message("it stopped answering"))


def _capabilities(settings: Settings, protocol: ProtocolFound, *, supply: bool) -> Capabilities:
    why_not: list[tuple[str, Message]] = [("longest_request", _ONE_FRAME)]
    spoken = protocol.digit in SPOKEN_PROTOCOLS
    if not spoken:
        reason = message("The car speaks {protocol}, which this version does not.", protocol=protocol.words)
        why_not = [("addressing", reason), ("longest_request", reason)]
    addressing = spoken and settings.knows("SH")
    if spoken and not addressing:
        why_not.append(("addressing", words_for_missing("SH")))
    if not settings.knows("CRA"):
        why_not.append(("filter", words_for_missing("CRA")))
    why_not += [
        ("long_answers", words_for_missing(name))
        for name in ("FCSH", "FCSD", "FCSM")
        if not settings.knows(name)
    ][:1]
    if protocol.answered and not protocol.responders:
        why_not.append(("responders", message("This adapter does not say which module answered (AT H1).")))
    if not supply:
        why_not.append(("supply", message("This adapter does not measure its supply (AT RV).")))
    return Capabilities(
        addressing=addressing,
        listening=spoken,
        supply=supply,
        longest_request=_LONGEST_REQUEST if spoken else 0,
        why_not=tuple(why_not),
    )
