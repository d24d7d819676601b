"""Open a link from its URL; the only place that knows every kind of link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from diag.link.base import Link
from diag.link.options import LinkOptions
from diag.link.url import parse_link_url


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
