"""Find the adapters plugged into this machine, each with its link URL and what stands in its way."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from diag.i18n import Message, message

#: USB vendor and product of CAN adapters that speak SLCAN; every other serial port is tried as an ELM327.
_SLCAN_BRIDGES = {(0xAD50, 0x60C4): "CANable", (0x16D0, 0x117E): "CANable 2", (0x0403, 0xFFA8): "CANUSB"}
#: USB vendor and product of the bridges inside ELM327-class adapters.
_ELM_BRIDGES = {
    (0x0403, 0x6001): "FTDI FT232R",
    (0x0403, 0x6015): "FTDI FT230X, OBDLink",
    (0x1A86, 0x7523): "WCH CH340",
    (0x1A86, 0x55D4): "WCH CH9102",
    (0x10C4, 0xEA60): "Silicon Labs CP210x",
    (0x067B, 0x2303): "Prolific PL2303",
    (0x04D8, 0x000A): "Microchip CDC",
}
#: Maker interfaces of python-can that can list their own hardware.
_CAN_INTERFACES = ("pcan", "kvaser", "ixxat", "vector")
_NET_FOLDER = Path("/sys/class/net")
_ARP_TYPE_CAN = "280"


@dataclass(frozen=True, slots=True)
class FoundAdapter:
    """One adapter: `advice` says what to do where the system refuses it, or what else to know."""

    name: str
    kind: str
    link: str
    usable: bool = True
    advice: Message | None = None


class SerialPort(Protocol):
    """What pyserial says of a port."""

    device: str
    description: str
    hwid: str
    vid: int | None
    pid: int | None


def find_adapters() -> tuple[FoundAdapter, ...]:
    """Look at serial ports, SocketCAN interfaces and the makers' drivers; send nothing to any of them."""
    return (
        *serial_adapters(_serial_ports(), _may_open),
        *socketcan_adapters(_NET_FOLDER),
        *_maker_adapters(),
    )


def _serial_ports() -> Iterable[SerialPort]:
    from serial.tools.list_ports import comports

    ports: Iterable[SerialPort] = comports()
    return ports


def _may_open(device: str) -> bool:
    return sys.platform == "win32" or os.access(device, os.R_OK | os.W_OK)


def serial_adapters(ports: Iterable[SerialPort], may_open: Callable[[str], bool]) -> tuple[FoundAdapter, ...]:
    """Turn serial ports into adapters; built-in ports without hardware behind them are left out."""
    return tuple(
        _serial_adapter(port, may_open(port.device))
        for port in sorted(ports, key=lambda port: port.device)
        if port.hwid not in {"n/a", ""}
    )


def _serial_adapter(port: SerialPort, usable: bool) -> FoundAdapter:
    usb_id = (port.vid or 0, port.pid or 0)
    slcan = usb_id in _SLCAN_BRIDGES
    link = f"can:slcan:{port.device}?bitrate=500000" if slcan else f"elm327:{port.device}"
    described = port.description if port.description not in {"", "n/a"} else ""
    name = described or _SLCAN_BRIDGES.get(usb_id) or _ELM_BRIDGES.get(usb_id) or port.device
    advice = None if usable else advice_on_refusal(port.device)
    return FoundAdapter(name, "slcan" if slcan else "serial", link, usable, advice)


def advice_on_refusal(device: str) -> Message:
    """Return what to do where the system refuses a port to this user."""
    if device.startswith("/dev/"):
        return message(
            "Your user may not use serial ports. Run: sudo usermod -aG dialout $USER - then log in again."
        )
    return message("Close other programs that may use the adapter, then try again.")


def socketcan_adapters(net_folder: Path) -> tuple[FoundAdapter, ...]:
    """Find the CAN interfaces of the Linux kernel, up or down."""
    if not net_folder.is_dir():
        return ()
    return tuple(
        _socketcan_adapter(folder.name, _text(folder / "flags"))
        for folder in sorted(net_folder.iterdir())
        if _text(folder / "type") == _ARP_TYPE_CAN
    )


def _socketcan_adapter(name: str, flags: str) -> FoundAdapter:
    is_up = bool(flags) and bool(int(flags, 16) & 1)
    down = message(
        "{name} is down: sudo ip link set {name} up type can bitrate 500000",
        name=name,
    )
    return FoundAdapter(name, "socketcan", f"can:socketcan:{name}", is_up, None if is_up else down)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _maker_adapters() -> tuple[FoundAdapter, ...]:
    import logging

    logging.getLogger("can").setLevel(logging.CRITICAL)  # a driver that is not installed is no news
    import can

    configs: Iterable[Any] = can.detect_available_configs(list(_CAN_INTERFACES))
    return tuple(
        FoundAdapter(
            f"{config['interface']} {config['channel']}",
            str(config["interface"]),
            f"can:{config['interface']}:{config['channel']}?bitrate=500000",
        )
        for config in configs
    )
