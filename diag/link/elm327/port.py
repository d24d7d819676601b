"""Carry bytes to and from an adapter: a serial port, a pseudo-terminal, or a TCP socket."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import serial
from serial.tools import list_ports

from diag.errors import AdapterBusy, AdapterError, AdapterLost, AdapterNotFound, UsageError
from diag.i18n import Message, literal, message
from diag.link.discovery import advice_on_refusal

#: Rates of ELM327-class adapters, the commonest first; the factory setting is 38400 (ELM327 data sheet).
BAUDRATES = (38_400, 115_200, 9_600)
#: Connecting cannot be given up in between; a lost packet is sent again after 1 s (RFC 6298).
_TCP_CONNECT_S = 1.5
_WRITE_S = 1.0
_CHUNK = 4096
_PSEUDO_TERMINALS = ("/dev/pts/", "/dev/ttyp", "/dev/ttys0")


class Port(Protocol):
    """Bytes both ways. Every method may raise `AdapterLost`."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """Return what has come, waiting up to `timeout_s` real seconds for the first byte."""
        ...

    def close(self) -> None:
        """Let go of the port. Closing twice does nothing."""
        ...


def lost(detail: object) -> AdapterLost:
    """Return the error of an adapter that is gone, with the system's own words."""
    return AdapterLost(
        message("The adapter is gone: {detail}.", detail=detail),
        message("Check the cable and the adapter, then connect again."),
    )


def _cause(error: OSError) -> Message:
    """Return why a connection was not made, in words of ours where there are any."""
    if isinstance(error, TimeoutError):
        return message("no answer in time")
    if isinstance(error, ConnectionRefusedError):
        return message("nobody listens there")
    if isinstance(error, socket.gaierror):
        return message("there is no such host")
    return literal(error.strerror or str(error))


class SerialPort:
    """A serial device, whatever name pyserial knows it by; no other program may use it meanwhile."""

    def __init__(self, name: str, baudrate: int) -> None:
        try:
            self._serial = serial.serial_for_url(
                name, baudrate=baudrate, timeout=0.0, write_timeout=_WRITE_S, exclusive=True
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise _refused(name, error) from error

    def set_baudrate(self, baudrate: int) -> None:
        """Talk at another rate from now on; what came at the old one is thrown away."""
        try:
            self._serial.baudrate = baudrate
            self._serial.reset_input_buffer()
        except (OSError, ValueError) as error:
            raise lost(error) from error

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._serial.write(data)
        except OSError as error:
            raise lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        """Return what has come."""
        try:
            if self._serial.timeout != timeout_s:
                self._serial.timeout = timeout_s
            first: bytes = self._serial.read(1)
            waiting = self._serial.in_waiting if first else 0
            return first + (self._serial.read(waiting) if waiting else b"")
        except (
            OSError,
            TypeError,
        ) as error:  # pyserial raises TypeError where another thread closed the port
            raise lost(error) from error

    def close(self) -> None:
        """Let go of the device."""
        self._serial.close()


class SocketPort:
    """A TCP adapter, as the WiFi ones are; its end of the line going away is noticed at once."""

    def __init__(self, host: str, port: int, connect_timeout_s: float = _TCP_CONNECT_S) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=connect_timeout_s)
        except OSError as error:
            raise AdapterNotFound(
                message(
                    "Nothing answers at {host}:{port}: {detail}.", host=host, port=port, detail=_cause(error)
                ),
                message(
                    "Join the adapter's WiFi network and check address and port; many use 192.168.0.10:35000."
                ),
            ) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._socket.settimeout(_WRITE_S)
            self._socket.sendall(data)
        except OSError as error:
            raise lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        """Return what has come."""
        try:
            self._socket.settimeout(timeout_s)
            data = self._socket.recv(_CHUNK)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise lost(error) from error
        if not data:
            raise lost(message("it closed the connection"))
        return data

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def open_port(target: str, baudrate: int | None = None) -> Port:
    """Open what the link URL names: `/dev/ttyUSB0`, `COM5`, `socket://HOST:PORT`.

    Raises:
        UsageError: the name is no port's name.
        AdapterNotFound: there is no such port, or nothing answers at the address.
        AdapterBusy: another program has it, or the system refuses it.
    """
    if target.startswith("socket://"):
        return SocketPort(*_host_and_port(target))
    if not target:
        raise UsageError(
            message("The link names no port."),
            message("Write it as in elm327:/dev/ttyUSB0. {ports}", ports=ports_here()),
        )
    return SerialPort(target, baudrate or BAUDRATES[0])


def baudrates_to_try(target: str, named: int | None) -> tuple[int, ...]:
    """Return the rates worth trying on a port: one where it is named, or where there is no real wire."""
    if named is not None:
        return (named,)
    if target.startswith("socket://") or os.path.realpath(target).startswith(_PSEUDO_TERMINALS):
        return BAUDRATES[:1]
    return BAUDRATES


def ports_here() -> Message:
    """Return a sentence that names the serial ports of this machine."""
    names = sorted(port.device for port in list_ports.comports())
    if not names:
        return message("This machine has no serial port now.")
    return message("Serial ports here: {names}.", names=", ".join(names))


def _host_and_port(target: str) -> tuple[str, int]:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port:
        raise UsageError(
            message("{target} names no address.", target=target),
            message("Write host and port, as in elm327:socket://192.168.0.10:35000"),
        )
    return host, port


def _refused(name: str, error: Exception) -> AdapterError:
    """Tell apart a port that is not there, one that is taken, and one the system refuses."""
    number = getattr(error, "errno", None)
    words = str(error)
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in words:
        return AdapterBusy(
            message("The system does not let you use {name}.", name=name), advice_on_refusal(name)
        )
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in words:
        return AdapterBusy(
            message("Another program uses {name}.", name=name),
            message("Close the other program, or unplug the adapter and plug it in again."),
        )
    if Path(name).is_file():
        return AdapterNotFound(message("{name} is a file, not a port.", name=name), ports_here())
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV, None) or "FileNotFoundError" in words:
        return AdapterNotFound(message("There is no port {name}.", name=name), ports_here())
    return AdapterNotFound(
        message("{name} cannot be opened: {detail}.", name=name, detail=literal(words)), ports_here()
    )
