"""Say what every link is opened with, whatever kind it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from diag.clock import Clock, SystemClock
from diag.i18n import Message
from diag.link.trace import Trace


def _ignore(step: Message) -> None:
    """Take a progress sentence that nobody wants to see."""


def go_on() -> None:
    """Never ask to give up."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What every link is opened with.

    `progress` is told each step of connecting, once; `check_stopped` is called several times a second while
    an adapter is waited for, and raises whatever shall end the connecting. `padding` is the byte that CAN
    requests are filled with, None for no filling; `bitrate` (bit/s) opens CAN adapters whose URL names none;
    `start_at_end` puts a capture's cursor at its end unless the URL says otherwise.
    """

    clock: Clock = field(default_factory=SystemClock)
    trace: Trace = field(default_factory=Trace)
    progress: Callable[[Message], None] = _ignore
    padding: int | None = 0x00
    bitrate: int = 500_000
    start_at_end: bool = True
    check_stopped: Callable[[], None] = go_on

    def for_profile(self, name: str | None) -> LinkOptions:
        """Return the same for the bus of the car that the profile `name` describes; None leaves all as it is.

        Raises:
            UsageError, InputNotFound, ProfileError: there is no such profile, or it is wrong.
        """
        if name is None:
            return self
        from diag.vehicle.loading import load_profile

        profile = load_profile(name)
        return replace(self, padding=int(profile.padding, 16), bitrate=profile.bitrate)
