"""Name the facts that every layer passes on: frames, addresses, readings, verdicts and fault codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Generic, TypeVar

from diag.i18n import Message

T = TypeVar("T")


class Mode(StrEnum):
    """Where values come from: a car, a capture, a simulated car, or a person."""

    LIVE = "live"
    REPLAY = "replay"
    PRACTICE = "practice"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Frame:
    """One CAN frame.

    `time` is seconds since the epoch for live frames and absolute captures, seconds since the first frame for
    relative captures; `transmitted` is true for a frame that the recorder itself sent.
    """

    time: float
    arbitration_id: int
    data: bytes
    is_extended: bool = False
    channel: str = ""
    transmitted: bool = False
    is_error: bool = False
    is_remote: bool = False


@dataclass(frozen=True, slots=True)
class ModuleAddress:
    """The pair of CAN ids of one module: where requests go, and where its responses come from."""

    request_id: int
    response_id: int
    is_extended: bool = False

    def __str__(self) -> str:
        return f"{self.request_id:03X}/{self.response_id:03X}"


@dataclass(frozen=True, slots=True)
class FunctionalAddress:
    """The CAN id that every module listens to, and the ids that their responses come from."""

    request_id: int = 0x7DF
    response_ids: tuple[int, ...] = tuple(range(0x7E8, 0x7F0))
    is_extended: bool = False

    def __str__(self) -> str:
        return f"{self.request_id:03X}"


Address = ModuleAddress | FunctionalAddress


class Confidence(StrEnum):
    """How much a value rests on: measured, a hint, asked of a person, or nothing."""

    MEASURED = "measured"
    HINT = "hint"
    ASKED = "asked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value with its unit, source, uncertainty (half width, same unit) and time.

    `at_s` is the capture time in seconds from its start where the value comes from a capture.
    """

    value: T
    unit: str
    source: Message
    time: datetime
    uncertainty: float | None = None
    confidence: Confidence = Confidence.MEASURED
    at_s: float | None = None


class Comparison(Enum):
    """The three answers of a comparison with a limit."""

    BELOW = "below"
    ABOVE = "above"
    CANNOT_TELL = "cannot tell"


def compare(reading: Reading[float], limit: float) -> Comparison:
    """Compare with a limit; within the uncertainty, or without a known one, the answer is "cannot tell"."""
    if reading.uncertainty is None:
        return Comparison.CANNOT_TELL
    if reading.value + reading.uncertainty < limit:
        return Comparison.BELOW
    if reading.value - reading.uncertainty > limit:
        return Comparison.ABOVE
    return Comparison.CANNOT_TELL


class Ignition(StrEnum):
    """The position of the key."""

    OFF = "OFF"
    ACC = "ACC"
    ON = "ON"
    START = "START"
    UNKNOWN = "unknown"


class RadioPower(StrEnum):
    """Whether the radio runs."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class RadioLock(StrEnum):
    """What the radio's theft lock shows; only ever asked, since no identifier for it is known."""

    UNLOCKED = "unlocked"
    CODE = "code"
    WAIT = "wait"
    LOCKED = "locked"
    UNKNOWN = "unknown"


class Reachability(StrEnum):
    """Whether a module can be spoken to, and why not."""

    YES = "yes"
    OTHER_CAN_PAIR = "other-can-pair"
    NO_POWER = "no-power"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"


class Verdict(StrEnum):
    """What is known of a module's fault codes. Silence is never "none"."""

    CODES = "codes"
    NONE = "none"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"
    LOST = "lost"
    NOT_ASKED = "not-asked"
    NOT_FITTED = "not-fitted"


@dataclass(frozen=True, slots=True)
class Words:
    """A text that data files carry in both languages."""

    en: str
    ru: str

    def in_language(self, language: str) -> str:
        """Return the text in `en` or `ru`."""
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True, slots=True)
class FaultCode:
    """One fault code of one module.

    `code` as SAE J2012 writes it (`P0562`, `B1A15-11`), `status` the names of the status bits that are set,
    `service` the request that delivered it in hex (`03`, `19 02`), `raw` its bytes in hex.
    """

    code: str
    status: tuple[str, ...]
    service: str
    raw: str
    text: Words | None = None


@dataclass(frozen=True, slots=True)
class ServiceResult:
    """What one fault-code service of one module gave: a verdict of its own."""

    service: str
    verdict: Verdict
    reason: Message | None = None
    fault_codes: tuple[FaultCode, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleResult:
    """What is known of one module after a scan; `services` holds each request's own verdict.

    `spoke` says that bytes of this very module came, whole or not, in answer to any request.
    """

    name: str
    address: ModuleAddress
    verdict: Verdict
    reason: Message | None = None
    fault_codes: tuple[FaultCode, ...] = ()
    services: tuple[ServiceResult, ...] = field(default=())
    spoke: bool = False
