"""Send the frames that modules of the R51 family send by themselves, each at its period.

Layout and periods: decoded from a capture of a 2006 Frontier D40 with the same electrical architecture
(XTG, MIT) and from open DBC files of its relatives; bytes of unknown meaning are zero. Key positions at
which frames appear are concluded from captures of a Sentra, a 370Z and a Qashqai.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from diag.clock import Clock
from diag.model import Frame, Ignition
from diag.simulator.agenda import Agenda
from diag.simulator.state import CarState

_KEY_BITS = {Ignition.OFF: 0b00, Ignition.ACC: 0b01, Ignition.ON: 0b11, Ignition.START: 0b10}
_HALF_ON = 0x40
_IGNITION_ON = 0x80
_BRAKE_RELEASED = 0x04
_ON = frozenset({Ignition.ON, Ignition.START})
_KEY_TURNED = _ON | {Ignition.ACC}
_ALWAYS = _KEY_TURNED | {Ignition.OFF}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One frame: who sends it, how often, at which key positions, and how its 5 to 8 bytes are made.

    `encode` takes the state of the car and a count that grows with each sending.
    """

    arbitration_id: int
    period_ms: int
    sender: str
    keys: frozenset[Ignition]
    encode: Callable[[CarState, int], bytes]


def _little(value: float) -> bytes:
    return round(value).to_bytes(2, "little")


def _big(value: float) -> bytes:
    return round(value).to_bytes(2, "big")


def _engine_and_coolant(state: CarState, _: int) -> bytes:
    """Frame 233: coolant + 50 in byte 0; revolutions / 3.125, low byte in 4, high byte in 7."""
    low, high = _little(state.rpm / 3.125)
    return bytes([round(state.coolant_c) + 50, 0, 0, 0, low, 0, 0, high])


def _engine(state: CarState, _: int) -> bytes:
    """Frame 23D: revolutions / 3.125 in bytes 3-4, low byte first; coolant + 50 in byte 7."""
    return bytes(3) + _little(state.rpm / 3.125) + bytes([0, 0, round(state.coolant_c) + 50])


def _body(state: CarState, _: int) -> bytes:
    """Frame 35D: ignition and half-on in bits 7 and 6 of byte 0, dash power in bits 1-0 of byte 1."""
    key = _IGNITION_ON | _HALF_ON if state.ignition in _ON else _HALF_ON
    dash = 0x03 if state.ignition in _ON else 0x00
    return bytes([0x00 if state.ignition is Ignition.OFF else key, dash]) + bytes(6)


def _key(state: CarState, _: int) -> bytes:
    """Frame 60D: the key in bits 2-1 of byte 1; all doors closed."""
    return bytes([0x00, _KEY_BITS[state.ignition] << 1]) + bytes(6)


def _wheels(state: CarState, count: int) -> bytes:
    """Frame 284: two wheels, then the car's speed in 0.01 km/h, then two counters."""
    wheel = _big(state.speed_kmh * 175)
    return wheel + wheel + _big(state.speed_kmh * 100) + bytes([count & 0xFF, count & 0xFF])


def _rear_wheels(state: CarState, count: int) -> bytes:
    """Frame 285: two wheels, then counters."""
    wheel = _big(state.speed_kmh * 175)
    return wheel + wheel + bytes([0, 0, count & 0xFF, count & 0xFF])


BROADCASTS: tuple[Broadcast, ...] = (
    Broadcast(0x002, 10, "ABS", _ON, lambda _, count: bytes([0, 0, 0, 0, count & 0xFF])),
    Broadcast(0x1F9, 10, "ECM", _ON, lambda state, _: bytes(2) + _big(state.rpm / 0.125) + bytes(4)),
    Broadcast(0x233, 10, "ECM", _ON, _engine_and_coolant),
    Broadcast(0x23D, 10, "ECM", _ON, _engine),
    Broadcast(0x551, 10, "ECM", _ON, lambda state, _: bytes([round(state.coolant_c) + 40]) + bytes(6)),
    Broadcast(0x253, 10, "TCM", _ON, lambda state, _: bytes(6) + _little(state.rpm)),
    Broadcast(0x251, 10, "TCM", _ON, lambda _, __: bytes([0, 0, 0, 0x01, 0, 0, 0, 0])),
    Broadcast(0x284, 20, "ABS", _ON, _wheels),
    Broadcast(0x285, 20, "ABS", _ON, _rear_wheels),
    Broadcast(0x280, 20, "cluster", _ON, lambda state, _: bytes(4) + _big(state.speed_kmh * 100) + bytes(2)),
    Broadcast(
        0x354,
        40,
        "ABS",
        _ON,
        lambda state, _: _big(state.speed_kmh * 100) + bytes([0, 0, 0, 0, _BRAKE_RELEASED, 0]),
    ),
    Broadcast(0x358, 110, "BCM", _KEY_TURNED, lambda _, __: bytes([0x01]) + bytes(7)),
    Broadcast(0x35D, 100, "BCM", _ALWAYS, _body),
    Broadcast(0x60D, 100, "BCM", _ALWAYS, _key),
    Broadcast(0x625, 100, "IPDM", _ALWAYS, lambda _, __: bytes([0, 0, 0xFF, 0, 0, 0])),
    Broadcast(
        0x5C5, 100, "cluster", _ON, lambda state, _: b"\0" + state.odometer_km.to_bytes(3, "big") + bytes(4)
    ),
    Broadcast(0x540, 100, "AV", _ON, lambda _, __: bytes([0x60, 0x40]) + bytes(6)),
)


class Broadcaster:
    """Sends the broadcast frames of the modules that are alive, while anyone listens."""

    def __init__(
        self,
        clock: Clock,
        state: Callable[[], CarState],
        alive: Callable[[str], bool],
        has_audience: Callable[[], bool],
        transmit: Callable[[Frame], None],
    ) -> None:
        self._clock = clock
        self._state = state
        self._alive = alive
        self._has_audience = has_audience
        self._transmit = transmit
        self._counts: dict[int, int] = defaultdict(int)

    def schedule(self, agenda: Agenda, scale: float) -> None:
        """Put the frames on the agenda, their periods stretched by `scale`."""
        groups: dict[int, list[Broadcast]] = defaultdict(list)
        for broadcast in BROADCASTS:
            groups[broadcast.period_ms].append(broadcast)
        for period_ms, group in groups.items():
            agenda.every(period_ms * scale / 1000, partial(self._send, group), self._has_audience)

    def _send(self, group: list[Broadcast]) -> None:
        state = self._state()
        now = self._clock.now().timestamp()
        alive = {name: self._alive(name) for name in {broadcast.sender for broadcast in group}}
        for broadcast in group:
            if state.ignition in broadcast.keys and alive[broadcast.sender]:
                count = self._counts[broadcast.arbitration_id]
                self._counts[broadcast.arbitration_id] = count + 1
                self._transmit(Frame(now, broadcast.arbitration_id, broadcast.encode(state, count)))
