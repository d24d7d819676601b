"""Make the frames that modules of a Renault-platform car (Terrano 2013-2022) send by themselves.

Layout: an open frame list of a Dacia Sandero of the same platform (canDrive, MIT); not tried on a real
Terrano. No source gives the periods, which are those usual for such frames; bytes of unknown meaning are
zero. Which module sends 4F8 is not verified either: here it is the body module, which always has supply.
"""

from __future__ import annotations

from diag.model import Ignition
from diag.simulator.broadcast.frame import ALWAYS, ON, Broadcast, big
from diag.simulator.state import CarState

_ACCESSORIES = 0x80
_IGNITION_ON = 0x40
_HANDBRAKE_APPLIED = 0b10 << 2
_IGNITION_ON_LATE = 0x80
_ALL_CLOSED = 0b01_01_01_01


def _key(state: CarState, _: int) -> bytes:
    """Frame 4F8: ignition in bit 6 of byte 0, handbrake in 3-2; bit 7 tells OFF and ACC apart.

    That it is ACC which sets bit 7 is a guess.
    """
    key = _IGNITION_ON if state.ignition in ON else 0x00
    if state.ignition is Ignition.ACC:
        key = _ACCESSORIES
    return bytes([key | _HANDBRAKE_APPLIED]) + bytes(7)


def _body(state: CarState, _: int) -> bytes:
    """Frame 350: the ignition, some seconds late, in bit 7 of byte 5; doors and locks in byte 6."""
    late = _IGNITION_ON_LATE if state.ignition_on_late else 0x00
    return bytes(5) + bytes([late, _ALL_CLOSED, 0])


def _speed(state: CarState, _: int) -> bytes:
    """Frame 217: the speed in 0.00627 km/h in bytes 3-4, high byte first."""
    return bytes(3) + big(state.speed_kmh / 0.00627) + bytes(3)


def _coolant(state: CarState, _: int) -> bytes:
    """Frame 5DA: coolant + 40 in byte 0."""
    return bytes([round(state.coolant_c) + 40]) + bytes(7)


FRAMES: tuple[Broadcast, ...] = (
    Broadcast(0x186, 10, "ECM", ON, lambda state, _: big(state.rpm / 0.125) + bytes(6)),
    Broadcast(0x217, 20, "ABS", ON, _speed),
    Broadcast(0x5DA, 100, "ECM", ON, _coolant),
    Broadcast(0x350, 100, "BCM", ALWAYS, _body),
    Broadcast(0x4F8, 100, "BCM", ALWAYS, _key),
    Broadcast(0x5DE, 100, "BCM", ALWAYS, lambda _, __: bytes(8)),
)
