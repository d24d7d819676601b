"""Find the adapters of this machine: the link URL of each, and what to do where the system refuses it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diag.i18n import Message, message

#: USB ids (vendor, product) of the bridges in ELM327-class adapters, and of CAN adapters that speak SLCAN.
_ELM_BRIDGES = {
    (0x0403, 0x6001): "FTDI FT232R",
    (0x0403, 0x6015): "FTDI FT230X / OBDLink",
    (0x1A86, 0x7523): "WCH CH340",
    (0x1A86, 0x55D4): "WCH CH9102",
    (0x10C4, 0xEA60): "Silicon Labs CP210x",
    (0x067B, 0x2303): "Prolific PL2303",
    (0x04D8, 0x000A): "Microchip CDC",
}
_SLCAN_BRIDGES = {
    (0xAD50, 0x60C4): "CANable slcan",
    (0x16D0, 0x117E): "CANable 2 slcan",
    (0x0403, 0xFFA8): "CANUSB",
}
#: The python-can interfaces for hardware that can say what is plugged in.
_CAN_INTERFACES = ("socketcan", "pcan", "kvaser", "vector", "ixxat", "gs_usb", "usb2can", "neovi", "nixnet")
_BLUETOOTH_WORDS = ("rfcomm", "bluetooth", "obd")


class AdapterKind(StrEnum):
    """What a port probably is."""

    ELM327 = "elm327"
    SLCAN = "slcan"
    CAN = "can"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FoundAdapter:
    """One port or CAN interface: the link URL to use, its name for people, and where known its USB id.

    `usable` is false where the system refuses it to this user; `advice` then says what to do.
    """

    url: str
    name: str
    kind: AdapterKind
    usb_id: str = ""
    usable: bool = True
    advice: Message | None = None


def adapters_here() -> tuple[FoundAdapter, ...]:
    """Return what is plugged in now: likely adapters first, other serial ports after them."""
    from serial.tools import list_ports

    found = [*serial_adapters(list_ports.comports()), *can_adapters(_can_configurations())]
    return tuple(sorted(found, key=lambda adapter: (adapter.kind is AdapterKind.UNKNOWN, adapter.url)))


def serial_adapters(ports: Iterable[Any]) -> list[FoundAdapter]:
    """Return one adapter for each of pyserial's port descriptions (`ListPortInfo`)."""
    return [_of_port(port) for port in ports]


def can_adapters(configurations: Iterable[dict[str, Any]]) -> list[FoundAdapter]:
    """Return one adapter for each configuration that python-can detected."""
    return [
        FoundAdapter(
            f"can:{configuration['interface']}:{configuration['channel']}",
            f"{configuration['interface']} {configuration['channel']}",
            AdapterKind.CAN,
        )
        for configuration in configurations
        if configuration.get("interface") in _CAN_INTERFACES and configuration.get("channel") is not None
    ]


def _can_configurations() -> list[dict[str, Any]]:
    """Ask python-can without its remarks on each driver that is not installed."""
    logger = logging.getLogger("can")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        import can

        return [dict(found) for found in can.detect_available_configs(interfaces=list(_CAN_INTERFACES))]
    finally:
        logger.setLevel(before)


def _of_port(port: Any) -> FoundAdapter:
    known = (port.vid, port.pid) if port.vid is not None and port.pid is not None else None
    kind, chip = _kind(port, known)
    scheme = (
        f"can:slcan:{port.device}?bitrate=500000" if kind is AdapterKind.SLCAN else f"elm327:{port.device}"
    )
    described = port.description if port.description not in (None, "", "n/a") else ""
    usable = _may_open(port.device)
    return FoundAdapter(
        scheme,
        described or chip or port.device,
        kind,
        f"{port.vid:04X}:{port.pid:04X}" if known else "",
        usable,
        None if usable else advice_on_refusal(port.device),
    )


def _kind(port: Any, usb_id: tuple[int, int] | None) -> tuple[AdapterKind, str]:
    if usb_id in _SLCAN_BRIDGES:
        return AdapterKind.SLCAN, _SLCAN_BRIDGES[usb_id]
    if usb_id in _ELM_BRIDGES:
        return AdapterKind.ELM327, _ELM_BRIDGES[usb_id]
    words = f"{port.device} {port.description or ''}".lower()
    likely = any(word in words for word in _BLUETOOTH_WORDS)
    return (AdapterKind.ELM327 if likely else AdapterKind.UNKNOWN), ""


def _may_open(device: str) -> bool:
    return not device.startswith("/dev/") or os.access(device, os.R_OK | os.W_OK)


def advice_on_refusal(device: str) -> Message:
    """Return what to do where the system refuses a port to this user."""
    if device.startswith("/dev/"):
        return message(
            "Your user may not use serial ports. Run: sudo usermod -aG dialout $USER - then log in again."
        )
    return message("Close other programs that may use the adapter, then try again.")
