"""Links over CAN adapters: any interface of python-can, ISO-TP by can-isotp."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diag.link.exchange import ExchangeLink
    from diag.link.options import LinkOptions
    from diag.link.url import LinkUrl

__all__ = ["connect_can"]


def connect_can(url: LinkUrl, options: LinkOptions) -> ExchangeLink:
    """Open a link over the python-can interface that `url` names.

    Raises:
        UsageError: the interface or an option is unknown.
        AdapterNotFound: the interface or the device is not there.
        AdapterBusy: another program has it, or the system refuses it.
    """
    from diag.i18n import message
    from diag.link.can.buses import open_bus
    from diag.link.can.wire import CanWire
    from diag.link.exchange import ExchangeLink

    options.progress(message("opening the CAN adapter"))
    opened = open_bus(url, options.bitrate)
    wire = CanWire(opened, url.text, options)
    return ExchangeLink(wire, options.trace, options.clock)
