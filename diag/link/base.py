"""Say what a link is: requests and exchanges, frames, supply, and what this one can do.

    with open_link("elm327:/dev/ttyUSB0") as link:
        exchange = link.submit(Request(bytes.fromhex("03"), ModuleAddress(0x7E0, 0x7E8))).result()

Synchronous code calls `.result()`, asynchronous code `asyncio.wrap_future`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from diag.i18n import Message
from diag.link.trace import Trace
from diag.model import Address, Frame, Mode, ModuleAddress


@dataclass(frozen=True, slots=True)
class Request:
    """One diagnostic request: the service and its data, to one module or to everyone.

    `deadline_s` bounds the wait for the first sign of a response; every "response pending" (NRC 78) moves it
    by `pending_deadline_s`, and `total_deadline_s` bounds the whole. `repeatable` says that asking twice
    does no harm, which every reading service allows.
    """

    payload: bytes
    address: Address
    deadline_s: float = 1.0
    pending_deadline_s: float = 5.0
    total_deadline_s: float = 30.0
    repeatable: bool = True


class Outcome(StrEnum):
    """What one responder gave to a request."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    SILENT = "silent"
    BROKEN = "broken"
    NOT_RECORDED = "not recorded"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Response:
    """The outcome of one responder.

    `payload` is the whole response with its service id for POSITIVE and NEGATIVE, and empty otherwise: no
    value can be taken from a broken answer. `responder` is None where nobody, or nobody known, answered; a
    BROKEN response names its responder only where bytes of that very responder came.
    `at_s` is the capture time of a recorded response. `raw` keeps what came over the wire, for people.
    """

    outcome: Outcome
    responder: int | None
    time: datetime
    payload: bytes = b""
    negative_response_code: int | None = None
    reason: Message | None = None
    at_s: float | None = None
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and every responder's outcome; there is always at least one."""

    request: Request
    responses: tuple[Response, ...]

    @property
    def response(self) -> Response:
        """The outcome of the addressed module, or the first one of a functional request."""
        if isinstance(self.request.address, ModuleAddress):
            for response in self.responses:
                if response.responder in (self.request.address.response_id, None):
                    return response
        return self.responses[0]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a link can do; what it cannot is refused before anything is sent, with the reason.

    `addressing`: a request can be sent to one module. `listening`: frames can be heard. `supply`: the adapter
    measures its own supply. `longest_request`: bytes of a request it can carry (7 = one frame).
    `why_not` names the reason for each one that is False, by field name.
    """

    addressing: bool = True
    listening: bool = True
    supply: bool = False
    longest_request: int = 4095
    why_not: tuple[tuple[str, Message], ...] = ()

    def reason_against(self, name: str) -> Message | None:
        """Return why the capability `name` is missing, where a reason is known."""
        return dict(self.why_not).get(name)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is at the other end: the link URL, the adapter's own name, the protocol in words, and the mode.

    A recording or an adapter that says it is simulated gives `practice` true.
    """

    url: str
    mode: Mode
    adapter: str
    protocol: str = ""
    practice: bool = False


@dataclass(frozen=True, slots=True)
class SupplySample:
    """A supply voltage measured by the adapter: volts, and the step of its display in volts."""

    voltage_v: float
    step_v: float
    time: datetime
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a frame was on the bus: seconds before now, the wall time, and the capture time in seconds."""

    age_s: float
    time: datetime
    at_s: float | None = None


class FrameStream(Protocol):
    """Frames heard on the bus since the stream was opened; closing it stops the listening."""

    def read(self, timeout_s: float) -> Frame | None:
        """Return the next frame, or None when none came in `timeout_s` (0 asks without waiting)."""
        ...

    def close(self) -> None:
        """Stop listening."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class Link(Protocol):
    """An open line to a car. One exchange is in flight at a time; any thread may submit."""

    @property
    def capabilities(self) -> Capabilities:
        """What this link can do."""
        ...

    @property
    def identity(self) -> Identity:
        """Who is at the other end."""
        ...

    @property
    def trace(self) -> Trace:
        """Every byte sent, received or withheld."""
        ...

    @property
    def lost(self) -> Message | None:
        """Why the adapter is gone, or None while it is there."""
        ...

    def submit(self, request: Request) -> Future[Exchange]:
        """Queue a request. The future fails with `AdapterLost`, never with a refusal: those are outcomes."""
        ...

    def supply(self) -> Future[SupplySample | None]:
        """Measure the adapter's supply; None where the adapter gave no plausible value."""
        ...

    def listen(self, arbitration_ids: frozenset[int] | None = None) -> FrameStream:
        """Hear frames, all of them or the ids named.

        Raises:
            NotSupportedByLink: this link hears no frames.
        """
        ...

    def moment_of(self, frame: Frame) -> Moment:
        """Say when a frame that this link handed out was on the bus, seen from now."""
        ...

    def coverage(self) -> Message | None:
        """Say what could not be told, as a capture does; None where nothing is missing by nature."""
        ...

    def cancel(self) -> None:
        """Give up the exchange in flight and all that wait, within 2 s; late answers are drained once."""
        ...

    def close(self) -> None:
        """End the line. Closing twice does nothing."""
        ...


Progress = Callable[[Message], None]
