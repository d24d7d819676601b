"""Say how a script may come between the chip and its serial line, so that bad adapters can be played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Piece:
    """One write on the serial line, `delay_s` after the one before."""

    data: bytes
    delay_s: float = 0.0


Dress = Callable[[bytes], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Performance:
    """How one command is answered.

    `before` and `after`: lines around the bus's own. `says`: lines instead of asking the bus, None to ask it.
    `formatting` overrides settings by name for this reply; `open_filter` lets every id through.
    `dress` rewrites the whole reply, prompt included, into the writes that leave the adapter.
    """

    says: tuple[str, ...] | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    formatting: tuple[tuple[str, bool], ...] = ()
    open_filter: bool = False
    dress: Dress | None = None


NORMAL = Performance()


@runtime_checkable
class Interference(Protocol):
    """A script that is told of resets and asked before each command."""

    def adapter_reset(self) -> None:
        """The adapter was reset."""
        ...

    def command_performance(self, command: str) -> Performance | None:
        """Return how an AT command (upper case, no spaces) is answered, None for normally."""
        ...

    def request_performance(self, header: int, payload: bytes) -> Performance | None:
        """Return how a request is answered, None for normally."""
        ...
