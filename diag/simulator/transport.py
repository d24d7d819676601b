"""Carry a module's requests and responses over CAN frames (ISO 15765-2, normal addressing, 11-bit ids).

    first byte   0L single frame      1L LL first frame      2N consecutive frame      3F BS ST flow control

The server side only, written apart from the tool's own assembler so that a misreading cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diag.simulator.agenda import Agenda, Appointment

#: How long to wait for a flow control or for the next consecutive frame (N_Bs, N_Cr).
_PATIENCE_S = 1.0
_MOST_WAITS = 10
_LONGEST = 4095


@dataclass(slots=True)
class _Incoming:
    """A request of several frames that is still coming in."""

    length: int
    data: bytearray
    sequence: int = 1


@dataclass(slots=True)
class _Outgoing:
    """A response of several frames that is still going out."""

    data: bytes
    position: int
    sequence: int = 1
    left_in_block: int = 0
    unlimited: bool = False
    gap_s: float = 0.0
    waits: int = 0


class TransportServer:
    """One module's end of the transport; only the car's own thread calls it."""

    def __init__(
        self,
        agenda: Agenda,
        transmit: Callable[[bytes], None],
        receive: Callable[[bytes, bool], None],
        padding: int | None = 0x00,
    ) -> None:
        """Send frame data with `transmit`; hand whole requests to `receive` with "was for everyone"."""
        self._agenda = agenda
        self._transmit = transmit
        self._receive = receive
        self._padding = padding
        self._incoming: _Incoming | None = None
        self._outgoing: _Outgoing | None = None
        self._timer: Appointment | None = None

    def hear(self, data: bytes, functional: bool = False) -> None:
        """Take in the data of one frame for this module; frames that make no sense are passed over."""
        if not data:
            return
        kind = data[0] >> 4
        if kind == 0:
            self._hear_single(data, functional)
        elif functional:
            return
        elif kind == 1:
            self._hear_first(data)
        elif kind == 2:
            self._hear_consecutive(data)
        elif kind == 3:
            self._hear_flow_control(data)

    def send(self, payload: bytes) -> None:
        """Send a response of 1 to 4095 bytes, in one frame or in several under the tester's flow control."""
        if not 1 <= len(payload) <= _LONGEST:
            raise ValueError(len(payload))
        self._forget_outgoing()
        if len(payload) <= 7:
            self._frame(bytes([len(payload)]) + payload)
            return
        self._outgoing = _Outgoing(payload, position=6)
        self._frame(bytes([0x10 | len(payload) >> 8, len(payload) & 0xFF]) + payload[:6])
        self._timer = self._agenda.after(_PATIENCE_S, self._forget_outgoing)

    def reset(self) -> None:
        """Forget whatever is half done, as a module does that lost its supply."""
        self._forget_incoming()
        self._forget_outgoing()

    def _frame(self, data: bytes) -> None:
        if self._padding is not None:
            data = data.ljust(8, bytes([self._padding]))
        self._transmit(data)

    def _hear_single(self, data: bytes, functional: bool) -> None:
        length = data[0] & 0x0F
        if not 1 <= length <= 7 or len(data) < length + 1:
            return
        self.reset()
        self._receive(data[1 : length + 1], functional)

    def _hear_first(self, data: bytes) -> None:
        length = (data[0] & 0x0F) << 8 | data[1] if len(data) == 8 else 0
        if length < 8:
            return
        self.reset()
        self._incoming = _Incoming(length, bytearray(data[2:]))
        self._frame(bytes([0x30, 0x00, 0x00]))
        self._timer = self._agenda.after(_PATIENCE_S, self._forget_incoming)

    def _hear_consecutive(self, data: bytes) -> None:
        incoming = self._incoming
        if incoming is None:
            return
        if data[0] & 0x0F != incoming.sequence:
            self._forget_incoming()
            return
        incoming.sequence = (incoming.sequence + 1) & 0x0F
        incoming.data += data[1:]
        self._cancel_timer()
        if len(incoming.data) < incoming.length:
            self._timer = self._agenda.after(_PATIENCE_S, self._forget_incoming)
            return
        self._incoming = None
        self._receive(bytes(incoming.data[: incoming.length]), False)

    def _hear_flow_control(self, data: bytes) -> None:
        outgoing = self._outgoing
        if outgoing is None or len(data) < 3 or outgoing.left_in_block or outgoing.unlimited:
            return
        self._cancel_timer()
        status = data[0] & 0x0F
        if status == 0:
            outgoing.left_in_block, outgoing.unlimited = data[1], data[1] == 0
            outgoing.gap_s = _separation_s(data[2])
            self._send_next(outgoing)
        elif status == 1 and outgoing.waits < _MOST_WAITS:
            outgoing.waits += 1
            self._timer = self._agenda.after(_PATIENCE_S, self._forget_outgoing)
        else:
            self._forget_outgoing()

    def _send_next(self, outgoing: _Outgoing) -> None:
        """Send one consecutive frame, and arrange the next or the wait for a flow control."""
        while self._outgoing is outgoing:
            piece = outgoing.data[outgoing.position : outgoing.position + 7]
            outgoing.position += len(piece)
            sequence, outgoing.sequence = outgoing.sequence, (outgoing.sequence + 1) & 0x0F
            done = outgoing.position >= len(outgoing.data)
            if done:
                self._outgoing = None
            elif not outgoing.unlimited:
                outgoing.left_in_block -= 1
            waiting = not done and not outgoing.unlimited and outgoing.left_in_block == 0
            if waiting:
                self._timer = self._agenda.after(_PATIENCE_S, self._forget_outgoing)
            self._frame(bytes([0x20 | sequence]) + piece)
            if done or waiting:
                return
            if outgoing.gap_s > 0:
                self._timer = self._agenda.after(outgoing.gap_s, lambda: self._send_next(outgoing))
                return

    def _forget_incoming(self) -> None:
        self._incoming = None
        self._cancel_timer()

    def _forget_outgoing(self) -> None:
        self._outgoing = None
        self._cancel_timer()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _separation_s(code: int) -> float:
    """Return the least time between consecutive frames that STmin asks for (ISO 15765-2, 9.6.5.4)."""
    if code <= 0x7F:
        return code / 1000
    if 0xF1 <= code <= 0xF9:
        return (code - 0xF0) / 10_000
    return 0.127
