"""Open a link from its URL; the only place that knows every kind of link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from diag.clock import Clock, SystemClock
from diag.i18n import Message
from diag.link.base import Link
from diag.link.trace import Trace
from diag.link.url import parse_link_url


def _ignore(step: Message) -> None:
    """Take a progress sentence that nobody wants to see."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What every link is opened with.

    `progress` is told each step of connecting; `padding` is the byte that CAN requests are filled with, None
    for no filling; `start_at_end` puts a capture's cursor at its end unless the URL says otherwise.
    """

    clock: Clock = field(default_factory=SystemClock)
    trace: Trace = field(default_factory=Trace)
    progress: Callable[[Message], None] = _ignore
    padding: int | None = 0x00
    start_at_end: bool = True


@contextmanager
def open_link(url: str, options: LinkOptions | None = None) -> Iterator[Link]:
    """Open the link that `url` names and close it at the end.

    Raises:
        UsageError: the URL is wrong.
        AdapterError: the adapter is not there, busy, silent or lost.
        InputNotFound, CaptureError: a capture is not there or cannot be read.
    """
    link = connect(url, options or LinkOptions())
    try:
        yield link
    finally:
        link.close()


def connect(url: str, options: LinkOptions) -> Link:
    """Open the link that `url` names; the caller closes it. Raises what `open_link` raises."""
    parsed = parse_link_url(url)
    match parsed.scheme:
        case "elm327":
            from diag.link.elm327 import connect_elm327

            return connect_elm327(parsed, options)
        case "can":
            from diag.link.can import connect_can

            return connect_can(parsed, options)
        case "replay":
            from diag.link.replay import connect_replay

            return connect_replay(parsed, options)
        case "sim":
            from diag.link.sim import connect_sim

            return connect_sim(parsed, options)
        case _:
            from diag.link.none import connect_none

            return connect_none(parsed, options)
