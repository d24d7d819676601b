"""Say what one broadcast frame is: who sends it, how often, at which key positions, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diag.model import Ignition
from diag.simulator.state import CarState

#: Key positions at which a frame is on the bus.
ON = frozenset({Ignition.ON, Ignition.START})
KEY_TURNED = ON | {Ignition.ACC}
ALWAYS = KEY_TURNED | {Ignition.OFF}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One frame; `sender` is the name of a module, and `encode` makes its 5 to 8 bytes.

    `encode` takes the state of the car and a count that grows with each sending.
    """

    arbitration_id: int
    period_ms: int
    sender: str
    keys: frozenset[Ignition]
    encode: Callable[[CarState, int], bytes]


def little(value: float) -> bytes:
    """Return two bytes, the low one first."""
    return round(value).to_bytes(2, "little")


def big(value: float) -> bytes:
    """Return two bytes, the high one first."""
    return round(value).to_bytes(2, "big")
