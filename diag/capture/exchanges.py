"""Say what a recorded conversation is: requests to one module, each with what came back."""

from __future__ import annotations

from dataclasses import dataclass

from diag.i18n import Message
from diag.model import ModuleAddress


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """One request and what one module gave to it; times are those of the frames.

    `request` is None where only the answers were recorded. `response` is None for silence, and where the
    answer was cut, belongs to another request, or never came after "working": then `broken` says why.
    `response_time` is the time of the last frame that mattered.
    """

    request: bytes | None
    request_time: float
    response: bytes | None = None
    response_time: float | None = None
    broken: Message | None = None
    functional: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that was asked of one module, in order of the requests."""

    address: ModuleAddress
    exchanges: tuple[RecordedExchange, ...]

    @property
    def requests(self) -> int:
        """How many requests were recorded."""
        return sum(exchange.request is not None for exchange in self.exchanges)

    @property
    def responses(self) -> int:
        """How many whole responses were recorded."""
        return sum(exchange.response is not None for exchange in self.exchanges)

    @property
    def broken(self) -> int:
        """How many responses broke off or do not belong to their request."""
        return sum(exchange.broken is not None for exchange in self.exchanges)


@dataclass(frozen=True, slots=True)
class Conversations:
    """The conversations of a capture, and the requests to everyone that nobody answered."""

    modules: tuple[Conversation, ...]
    unanswered: tuple[RecordedExchange, ...] = ()

    def with_response_id(self, response_id: int) -> Conversation | None:
        """Return the conversation of the module that answers from `response_id`."""
        return next((each for each in self.modules if each.address.response_id == response_id), None)
