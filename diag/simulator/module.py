"""Play one module of the car: hear requests, refuse or answer them, and fall silent without supply."""

from __future__ import annotations

from collections.abc import Callable

from diag.clock import Clock
from diag.simulator.agenda import Agenda
from diag.simulator.scenarios import ModuleSetup
from diag.simulator.services.kwp import KwpServices
from diag.simulator.services.obd import ObdServices
from diag.simulator.services.refusal import KEPT_SILENT, RESPONSE_PENDING, SERVICE_NOT_SUPPORTED, Refusal
from diag.simulator.services.session import Session
from diag.simulator.services.uds import UdsServices
from diag.simulator.state import CarState
from diag.simulator.transport import TransportServer

_BETWEEN_PENDING_S = 0.05


class SimulatedModule:
    """One module: its transport, its session and the services it speaks. The car's own thread calls it."""

    def __init__(
        self,
        setup: ModuleSetup,
        *,
        agenda: Agenda,
        clock: Clock,
        state: Callable[[], CarState],
        has_supply: Callable[[], bool],
        transmit: Callable[[int, bytes], None],
    ) -> None:
        self.setup = setup
        self.request_id = int(setup.request_id, 16)
        self.response_id = int(setup.response_id, 16)
        self.silent = setup.silent
        self._agenda = agenda
        self._has_supply = has_supply
        self._transmit = transmit
        padding = int(setup.padding, 16) if setup.padding else None
        self._transport = TransportServer(agenda, self._send_frame, self._receive, padding)
        self._session = Session(clock, kwp="kwp" in setup.speaks, uds="uds" in setup.speaks)
        self._handlers = self._services(state)

    @property
    def powered(self) -> bool:
        """Whether it has supply."""
        return self._has_supply()

    @property
    def alive(self) -> bool:
        """Whether it can be heard on this bus: fitted to these wires, with supply and not silenced."""
        return self.setup.on_bus and not self.silent and self._has_supply()

    @property
    def hears_everyone(self) -> bool:
        """Whether requests to everyone concern it."""
        return "obd" in self.setup.speaks

    def hear(self, data: bytes, functional: bool) -> None:
        """Take in the data of one frame that was sent to it, or to everyone."""
        if self.alive:
            self._transport.hear(data, functional)

    def notice_supply(self) -> None:
        """Forget session and transfers when the supply is gone."""
        if not self.alive:
            self._session.lose()
            self._transport.reset()

    def _services(self, state: Callable[[], CarState]) -> dict[int, Callable[[bytes], bytes | None]]:
        handlers: dict[int, Callable[[bytes], bytes | None]] = {}
        if "obd" in self.setup.speaks:
            handlers |= ObdServices(self.setup, state).handlers
        if "kwp" in self.setup.speaks:
            handlers |= KwpServices(self.setup, state, self._session).handlers
        if "uds" in self.setup.speaks:
            handlers |= UdsServices(self.setup, state, self._session).handlers
        if "kwp" in self.setup.speaks or "uds" in self.setup.speaks:
            handlers |= self._session.handlers
        return handlers

    def _receive(self, request: bytes, functional: bool) -> None:
        """Answer a whole request after the time the module takes, and after any "working" it says first."""
        self._session.keep()
        answer = self._answer(request, functional)
        if answer is None:
            return
        delay_s = self.setup.response_ms / 1000
        working = bytes([0x7F, request[0], RESPONSE_PENDING])
        for _ in range(self.setup.pending):
            self._agenda.after(delay_s, lambda: self._send(working))
            delay_s += _BETWEEN_PENDING_S
        self._agenda.after(delay_s, lambda: self._send(answer))

    def _answer(self, request: bytes, functional: bool) -> bytes | None:
        try:
            return self._handled(request)
        except Refusal as refusal:
            if functional and refusal.code in KEPT_SILENT:
                return None
            return bytes([0x7F, request[0], refusal.code])

    def _handled(self, request: bytes) -> bytes | None:
        text = request.hex().upper()
        refused = [start for start in self.setup.refuses if text.startswith(start)]
        if refused:
            raise Refusal(int(self.setup.refuses[max(refused, key=len)], 16))
        handler = self._handlers.get(request[0])
        if handler is None:
            raise Refusal(SERVICE_NOT_SUPPORTED)
        return handler(request)

    def _send(self, payload: bytes) -> None:
        if self.alive:
            self._transport.send(payload)

    def _send_frame(self, data: bytes) -> None:
        if self.alive:
            self._transmit(self.response_id, data)
