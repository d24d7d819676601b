"""Open a link over an ELM327-class adapter: port, rate, the adapter's own set-up, and the exchange thread."""

from __future__ import annotations

from collections.abc import Callable

from diag.errors import AdapterError, AdapterSilent, AdapterUnrecognised
from diag.i18n import message
from diag.link.elm327.handshake import find_protocol, identify, set_up, wake
from diag.link.elm327.port import Port, SerialPort, baudrates_to_try, open_port
from diag.link.elm327.wire import Elm327Wire
from diag.link.exchange import ExchangeLink
from diag.link.options import LinkOptions, go_on
from diag.link.url import LinkUrl


def connect_elm327(url: LinkUrl, options: LinkOptions) -> ExchangeLink:
    """Open the adapter that `url` names.

    Raises:
        UsageError: the URL names no port.
        AdapterNotFound, AdapterBusy: the port cannot be had.
        AdapterSilent, AdapterUnrecognised: nothing answers on it, or no ELM327.
    """
    options.progress(message("Opening {port}", port=url.target))
    port = open_port(url.target, named_baudrate(url))
    return connect_over(port, url, options)


def connect_over(
    port: Port, url: LinkUrl, options: LinkOptions, on_close: Callable[[], None] | None = None
) -> ExchangeLink:
    """Open a link over bytes that are there already; `on_close` is called once, after the port is closed."""
    wire = Elm327Wire(port, options.clock, options.trace, on_close)
    wire.terminal.check_stopped = options.check_stopped
    try:
        meet(wire, port, url, options)
    except BaseException:  # `progress` and `check_stopped` may raise to give up
        wire.close()
        raise
    wire.terminal.check_stopped = go_on
    return ExchangeLink(wire, options.trace, options.clock)


def meet(wire: Elm327Wire, port: Port, url: LinkUrl, options: LinkOptions) -> None:
    """Go through the stages of connecting; each failure is an error that names its stage's cause."""
    options.progress(message("Waking the adapter"))
    wake_at_some_rate(wire, port, url)
    name = identify(wire.terminal)
    options.progress(message("Adapter: {name}", name=name.name))
    set_up(wire.settings)
    supply = wire.measure_supply()
    options.progress(message("Asking who is there"))
    protocol = find_protocol(wire, wire.terminal, wire.settings)
    wire.introduce(url.text, name, protocol, supply=supply is not None)


def wake_at_some_rate(wire: Elm327Wire, port: Port, url: LinkUrl) -> int | None:
    """Wake the adapter at the first rate it understands; return that rate, None where rates mean nothing.

    Raises:
        AdapterSilent, AdapterUnrecognised: at none of them.
    """
    if not isinstance(port, SerialPort):
        wake(wire.terminal)
        return None
    failure: AdapterError | None = None
    for baudrate in baudrates_to_try(url.target, named_baudrate(url)):
        port.set_baudrate(baudrate)
        try:
            wake(wire.terminal)
        except (AdapterSilent, AdapterUnrecognised) as error:
            failure = failure if isinstance(failure, AdapterUnrecognised) else error
        else:
            return baudrate
    assert failure is not None
    raise failure


def named_baudrate(url: LinkUrl) -> int | None:
    """Return the rate that the URL names, None where it names none."""
    return int(url.number("baudrate", 0)) or None
