"""Open the python-can bus that a link URL names, and say in a technician's words why it does not open."""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass
from typing import Any

import can
from can.util import load_config

from diag.errors import AdapterBusy, AdapterError, AdapterNotFound, UsageError
from diag.i18n import message
from diag.link.can.slcan import SlcanBus
from diag.link.url import LinkUrl

_BUSY = frozenset({errno.EBUSY, errno.EACCES, errno.EPERM, errno.EADDRINUSE})
_BUSY_WORDS = ("busy", "denied", "in use", "not permitted", "exclusive")

# What the libraries log reaches the technician as outcomes and errors, not to stderr.
for _name in ("can", "isotp"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class OpenedBus:
    """A bus with what is known of it: the interface's name, the bitrate if known, the adapter's own words."""

    bus: can.BusABC
    interface: str
    channel: str
    bitrate: int | None
    practice: bool = False


def open_bus(url: LinkUrl, bitrate: int) -> OpenedBus:
    """Open the bus `INTERFACE:CHANNEL` with the options of `url`; without both, as python-can is configured.

    Serial-line adapters do not open without a bitrate: where `url` names none, they get `bitrate` (bit/s).

    Raises:
        UsageError: the interface or an option is unknown.
        AdapterNotFound, AdapterBusy: the device is not there, or somebody else's.
    """
    interface, _, channel = url.target.partition(":")
    settings = {name: number_or_text(text) for name, text in url.options.items()}
    if interface:
        settings["interface"] = _known(interface)
    if channel:
        settings["channel"] = channel
    try:
        if not (interface and channel):
            settings = dict(load_config(config=settings))
        return _open(settings, bitrate)
    except (can.CanInterfaceNotImplementedError, ImportError) as error:
        raise _not_installed(interface, error) from error
    except (can.CanError, OSError) as error:
        if isinstance(error.__cause__, ValueError):
            raise _refused(url, error) from error
        raise _not_opened(url, error) from error
    except (ValueError, TypeError, KeyError) as error:
        raise _refused(url, error) from error


def _refused(url: LinkUrl, error: Exception) -> UsageError:
    return UsageError(
        message("Link {url}: python-can refuses the settings: {error}", url=url.text, error=str(error)),
        message("Write it as in can:socketcan:can0 or can:slcan:/dev/ttyACM0?bitrate=500000."),
    )


def _open(settings: dict[str, Any], default_bitrate: int) -> OpenedBus:
    interface = str(settings.pop("interface"))
    channel = settings.pop("channel", None)
    if interface == "slcan":
        settings.setdefault("bitrate", default_bitrate)
        slcan = SlcanBus(channel or "", **settings)
        return OpenedBus(slcan, interface, str(channel), settings["bitrate"], slcan.is_simulated)
    bus = can.Bus(channel, interface, ignore_config=True, **settings)
    bitrate = settings.get("bitrate")
    return OpenedBus(
        bus, interface, str(channel or bus.channel_info), bitrate if isinstance(bitrate, int) else None
    )


def number_or_text(text: str) -> int | float | bool | str:
    """Return an option as the number or truth that it is written as, else as text."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (lambda digits: int(digits, 0), float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _known(interface: str) -> str:
    if interface in can.VALID_INTERFACES:
        return interface
    raise UsageError(
        message("Unknown CAN interface: {interface}", interface=interface),
        message("python-can knows: {names}", names=" ".join(sorted(can.VALID_INTERFACES))),
    )


def _not_installed(interface: str, error: Exception) -> AdapterError:
    if not interface:
        return AdapterNotFound(
            message("python-can has no configured interface: {error}", error=str(error)),
            message("Name one, as in can:socketcan:can0, or write it into python-can's configuration file."),
        )
    return AdapterNotFound(
        message(
            "CAN interface {interface} does not work here: {error}", interface=interface, error=str(error)
        ),
        message("Install the driver of the adapter's maker, or use another interface."),
    )


def _not_opened(url: LinkUrl, error: Exception) -> AdapterError:
    reason = str(error) or type(error).__name__
    if _is_busy(error):
        return AdapterBusy(
            message("The CAN adapter {target} is taken or refused: {error}", target=url.target, error=reason),
            message("Close the other program that uses it, and check your rights to the port."),
        )
    return AdapterNotFound(
        message("The CAN adapter {target} does not open: {error}", target=url.target, error=reason),
        message(
            "Plug it in, check the name of the port, then try again; `terrano adapters` lists what is there."
        ),
    )


def _is_busy(error: BaseException | None) -> bool:
    """Say whether any error in the chain means that somebody else has the device."""
    while error is not None:
        number = getattr(error, "errno", None) or getattr(error, "error_code", None)
        if number in _BUSY or any(word in str(error).lower() for word in _BUSY_WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
