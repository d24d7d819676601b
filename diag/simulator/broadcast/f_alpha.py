"""Make the frames that modules of the R51 family send by themselves.

Layout and periods: decoded from a capture of a 2006 Frontier D40 with the same electrical architecture
(XTG, MIT) and from open DBC files of its relatives; bytes of unknown meaning are zero. Key positions at
which frames appear are concluded from captures of a Sentra, a 370Z and a Qashqai.
"""

from __future__ import annotations

from diag.model import Ignition
from diag.simulator.broadcast.frame import ALWAYS, KEY_TURNED, ON, Broadcast, big, little
from diag.simulator.state import CarState

_KEY_BITS = {Ignition.OFF: 0b00, Ignition.ACC: 0b01, Ignition.ON: 0b11, Ignition.START: 0b10}
_HALF_ON = 0x40
_IGNITION_ON = 0x80
_BRAKE_RELEASED = 0x04


def _engine_and_coolant(state: CarState, _: int) -> bytes:
    """Frame 233: coolant + 50 in byte 0; revolutions / 3.125, low byte in 4, high byte in 7."""
    low, high = little(state.rpm / 3.125)
    return bytes([round(state.coolant_c) + 50, 0, 0, 0, low, 0, 0, high])


def _engine(state: CarState, _: int) -> bytes:
    """Frame 23D: revolutions / 3.125 in bytes 3-4, low byte first; coolant + 50 in byte 7."""
    return bytes(3) + little(state.rpm / 3.125) + bytes([0, 0, round(state.coolant_c) + 50])


def _body(state: CarState, _: int) -> bytes:
    """Frame 35D: ignition and half-on in bits 7 and 6 of byte 0, dash power in bits 1-0 of byte 1."""
    key = _IGNITION_ON | _HALF_ON if state.ignition in ON else _HALF_ON
    dash = 0x03 if state.ignition in ON else 0x00
    return bytes([0x00 if state.ignition is Ignition.OFF else key, dash]) + bytes(6)


def _key(state: CarState, _: int) -> bytes:
    """Frame 60D: the key in bits 2-1 of byte 1; all doors closed."""
    return bytes([0x00, _KEY_BITS[state.ignition] << 1]) + bytes(6)


def _wheels(state: CarState, count: int) -> bytes:
    """Frame 284: two wheels, then the car's speed in 0.01 km/h, then two counters."""
    wheel = big(state.speed_kmh * 175)
    return wheel + wheel + big(state.speed_kmh * 100) + bytes([count & 0xFF, count & 0xFF])


def _rear_wheels(state: CarState, count: int) -> bytes:
    """Frame 285: two wheels, then counters."""
    wheel = big(state.speed_kmh * 175)
    return wheel + wheel + bytes([0, 0, count & 0xFF, count & 0xFF])


FRAMES: tuple[Broadcast, ...] = (
    Broadcast(0x002, 10, "ABS", ON, lambda _, count: bytes([0, 0, 0, 0, count & 0xFF])),
    Broadcast(0x1F9, 10, "ECM", ON, lambda state, _: bytes(2) + big(state.rpm / 0.125) + bytes(4)),
    Broadcast(0x233, 10, "ECM", ON, _engine_and_coolant),
    Broadcast(0x23D, 10, "ECM", ON, _engine),
    Broadcast(0x551, 10, "ECM", ON, lambda state, _: bytes([round(state.coolant_c) + 40]) + bytes(6)),
    Broadcast(0x253, 10, "TCM", ON, lambda state, _: bytes(6) + little(state.rpm)),
    Broadcast(0x251, 10, "TCM", ON, lambda _, __: bytes([0, 0, 0, 0x01, 0, 0, 0, 0])),
    Broadcast(0x284, 20, "ABS", ON, _wheels),
    Broadcast(0x285, 20, "ABS", ON, _rear_wheels),
    Broadcast(0x280, 20, "cluster", ON, lambda state, _: bytes(4) + big(state.speed_kmh * 100) + bytes(2)),
    Broadcast(
        0x354,
        40,
        "ABS",
        ON,
        lambda state, _: big(state.speed_kmh * 100) + bytes([0, 0, 0, 0, _BRAKE_RELEASED, 0]),
    ),
    Broadcast(0x358, 110, "BCM", KEY_TURNED, lambda _, __: bytes([0x01]) + bytes(7)),
    Broadcast(0x35D, 100, "BCM", ALWAYS, _body),
    Broadcast(0x60D, 100, "BCM", ALWAYS, _key),
    Broadcast(0x625, 100, "IPDM", ALWAYS, lambda _, __: bytes([0, 0, 0xFF, 0, 0, 0])),
    Broadcast(
        0x5C5, 100, "cluster", ON, lambda state, _: b"\0" + state.odometer_km.to_bytes(3, "big") + bytes(4)
    ),
    Broadcast(0x540, 100, "AV", ON, lambda _, __: bytes([0x60, 0x40]) + bytes(6)),
)
