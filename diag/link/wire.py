"""Say what every adapter must offer to the exchange thread, and what it can report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from diag.link.base import Capabilities, Identity, Outcome, Request, SupplySample

if TYPE_CHECKING:
    from diag.i18n import Message
    from diag.model import Frame


class ArrivalKind(Enum):
    """What a wire can report."""

    PAYLOAD = "payload"
    PROGRESS = "progress"
    BROKEN = "broken"
    END = "end"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing a wire heard.

    PAYLOAD: a whole response of `responder`. PROGRESS: a part of one. BROKEN: a response that can no longer
    become whole, with the reason. END: the adapter will deliver nothing more for this request; `outcome`
    says what that means for responders that gave nothing (SILENT, BROKEN or WITHHELD), `reason` why.
    FRAME: a frame heard while listening.
    """

    kind: ArrivalKind
    responder: int | None = None
    payload: bytes = b""
    reason: Message | None = None
    outcome: Outcome = Outcome.SILENT
    frame: Frame | None = None
    raw: tuple[str, ...] = ()


class Wire(Protocol):
    """What an adapter must offer; only the exchange thread calls it, `close` included.

    Every method may raise `AdapterLost`. No method blocks longer than about a second of real time.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this adapter can do."""
        ...

    @property
    def identity(self) -> Identity:
        """Who is at the other end."""
        ...

    def transmit(self, request: Request) -> None:
        """Address the module and send the request.

        Raises:
            HeaderUnconfirmed: the address could not be confirmed; nothing was sent.
        """
        ...

    def receive(self, timeout_s: float) -> Arrival | None:
        """Return the next arrival, None when nothing came in `timeout_s`."""
        ...

    def drain(self) -> None:
        """End whatever is still running and throw late answers away."""
        ...

    def monitor(self, active: bool, arbitration_ids: frozenset[int] | None) -> None:
        """Report frames as arrivals from now on (None: all ids), or stop."""
        ...

    def measure_supply(self) -> SupplySample | None:
        """Measure the adapter's supply."""
        ...

    def close(self) -> None:
        """Let go of the adapter."""
        ...
