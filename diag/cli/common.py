"""Turn the options that every command takes into objects: clock, link URL, open link, output."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from diag.config import Settings
from diag.errors import AdapterNotFound, InputOutputError
from diag.i18n import Message, message

if TYPE_CHECKING:
    from diag.clock import Clock
    from diag.link import Link, LinkOptions
    from diag.link.trace import TraceEntry


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings that `main` put there."""
    settings = arguments.settings
    assert isinstance(settings, Settings)
    return settings


def clock_of(arguments: argparse.Namespace) -> Clock:
    """Return the clock that `--clock` names, else the machine's."""
    from diag.clock import RateClock, SystemClock, VirtualClock

    text: str | None = arguments.clock
    if text is None:
        return SystemClock()
    if text == "virtual":
        return VirtualClock()
    return RateClock(float(text.partition("=")[2]))


def add_link_option(parser: argparse.ArgumentParser) -> None:
    """Add `--link URL`; where it is not given, one given before the command holds."""
    from diag.i18n import tr

    parser.add_argument(
        "--link",
        metavar="URL",
        default=argparse.SUPPRESS,
        help=tr("as elm327:/dev/ttyUSB0, can:socketcan:can0, sim:, replay:FILE, none:"),
    )


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    from diag.i18n import tr

    parser.add_argument("--json", action="store_true", help=tr("one JSON document instead of a table"))


def link_of(arguments: argparse.Namespace) -> str:
    """Return the link URL given, else the one of the settings, else that of the only adapter found.

    Raises:
        AdapterNotFound: none was named, and there is none or more than one.
    """
    named = arguments.link or settings_of(arguments).link
    if named:
        return str(named)
    from diag.link.discovery import find_adapters

    urls = [found.link for found in find_adapters() if found.usable]
    if len(urls) == 1:
        return urls[0]
    if urls:
        raise AdapterNotFound(
            message("More than one adapter is here: {urls}", urls="  ".join(urls)),
            message("Name the one to use, as in --link {url}", url=urls[0]),
        )
    raise AdapterNotFound(
        message("No adapter was found."),
        message("Plug one in and see `terrano adapters`, or try `terrano demo` without any hardware."),
    )


@contextmanager
def link_options(
    arguments: argparse.Namespace, clock: Clock, step: Callable[[Message], None]
) -> Iterator[LinkOptions]:
    """Give a link `clock`, the bus of the profile named, the log asked for, and who hears each `step`.

    Raises:
        InputOutputError: the log cannot be written.
        UsageError, InputNotFound, ProfileError: there is no such profile, or it is wrong.
    """
    from diag.link import LinkOptions
    from diag.link.trace import Trace

    with _log_sink(arguments.log) as sink:
        options = LinkOptions(clock=clock, trace=Trace(sink=sink), progress=step)
        yield options.for_profile(settings_of(arguments).profile)


@contextmanager
def opened_link(
    arguments: argparse.Namespace, url: str, clock: Clock, step: Callable[[Message], None]
) -> Iterator[Link]:
    """Open a link with `link_options`. Raises what `diag.link.open_link` raises."""
    from diag.link import open_link

    with link_options(arguments, clock, step) as options, open_link(url, options) as link:
        yield link


@contextmanager
def _log_sink(path: str | None) -> Iterator[Callable[[TraceEntry], None] | None]:
    if path is None:
        yield None
        return
    from pathlib import Path

    try:
        file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - closed below, after errors of opening are told
    except OSError as error:
        raise InputOutputError(
            message("The log {path} cannot be written: {detail}", path=path, detail=error.strerror),
            message("Name another file, or free some space."),
        ) from error
    with file:
        yield _writer(file)


def _writer(file: TextIO) -> Callable[[TraceEntry], None]:
    def write(entry: TraceEntry) -> None:
        file.write(entry.as_json() + "\n")
        file.flush()

    return write


def print_data(text: str) -> None:
    """Write the command's data to the standard output."""
    print(text, flush=True)  # noqa: T201 - this is where data goes
