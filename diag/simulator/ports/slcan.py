"""Speak the serial line CAN protocol of LAWICEL in front of the simulated bus.

Written from the CANUSB manual: one command a line ended by a carriage return, answered by a carriage return,
or by a bell where it is wrong. Every client is an adapter of its own, and all share the one bus.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from diag.clock import Clock
from diag.model import Frame
from diag.simulator.bus import Detach, SimulatedBus
from diag.simulator.ports.device import Output

VERSION = b"V1013"
SERIAL_NUMBER = b"NTSIM"
_OK = b"\r"
_BELL = b"\a"
_LONGEST_LINE = 64
#: The speed of the car's bus, 500 kbit/s, as the S command numbers it.
_CAR_SPEED = "6"
_BUS_ERROR = 0x80
_TIMESTAMP_WRAPS_MS = 60_000
#: Id, length and data, by the number of digits of the id.
_FRAMES = {
    digits: re.compile(rf"([0-9A-Fa-f]{{{digits}}})([0-8])((?:[0-9A-Fa-f]{{2}})*)") for digits in (3, 8)
}


class BusOwner(Protocol):
    """What the adapter is plugged into."""

    @property
    def bus(self) -> SimulatedBus:
        """The CAN on pins 6 and 14."""
        ...


class SlcanDevice:
    """One SLCAN adapter."""

    def __init__(self, car: BusOwner, clock: Clock, output: Output) -> None:
        self._bus = car.bus
        self._clock = clock
        self._output = output
        self._line = bytearray()
        self._speed = _CAR_SPEED
        self._timestamps = False
        self._detach: Detach | None = None
        self._listens_only = False
        self._commands: dict[str, Callable[[str], bytes]] = {
            "S": self._set_speed,
            "s": lambda argument: _OK if len(argument) == 4 and self._detach is None else _BELL,
            "O": lambda argument: self._open(argument, listens_only=False),
            "L": lambda argument: self._open(argument, listens_only=True),
            "C": self._close_channel,
            "V": lambda _: VERSION + _OK,
            "N": lambda _: SERIAL_NUMBER + _OK,
            "F": self._status,
            "Z": self._set_timestamps,
            "t": lambda argument: self._transmit(argument, digits=3, remote=False),
            "T": lambda argument: self._transmit(argument, digits=8, remote=False),
            "r": lambda argument: self._transmit(argument, digits=3, remote=True),
            "R": lambda argument: self._transmit(argument, digits=8, remote=True),
        }

    def feed(self, data: bytes) -> None:
        """Take bytes from the client and carry out each whole line; an empty one is only answered."""
        for byte in data:
            if byte != 0x0D:
                self._line.append(byte)
                continue
            line = self._line.decode("latin-1").strip("\n")
            self._line.clear()
            self._output(self._carry_out(line) if len(line) <= _LONGEST_LINE else _BELL)
        del self._line[_LONGEST_LINE + 1 :]

    def close(self) -> None:
        """Leave the bus."""
        if self._detach is not None:
            self._detach()
            self._detach = None

    def _carry_out(self, line: str) -> bytes:
        if not line:
            return _OK
        command = self._commands.get(line[0])
        return _BELL if command is None else command(line[1:])

    def _set_speed(self, argument: str) -> bytes:
        if self._detach is not None or len(argument) != 1 or argument not in "012345678":
            return _BELL
        self._speed = argument
        return _OK

    def _set_timestamps(self, argument: str) -> bytes:
        if self._detach is not None or argument not in ("0", "1"):
            return _BELL
        self._timestamps = argument == "1"
        return _OK

    def _open(self, argument: str, *, listens_only: bool) -> bytes:
        if argument or self._detach is not None:
            return _BELL
        self._listens_only = listens_only
        self._detach = self._bus.attach(self._hear)
        return _OK

    def _close_channel(self, argument: str) -> bytes:
        if argument or self._detach is None:
            return _BELL
        self.close()
        return _OK

    def _status(self, argument: str) -> bytes:
        if argument or self._detach is None:
            return _BELL
        return b"F%02X" % (0 if self._speed == _CAR_SPEED else _BUS_ERROR) + _OK

    def _transmit(self, text: str, *, digits: int, remote: bool) -> bytes:
        """Send `IIIldd..` or `IIIIIIIIldd..`; at a wrong speed the frame is taken and never gets through."""
        frame = self._frame_of(text, digits=digits, remote=remote)
        if frame is None or self._detach is None or self._listens_only:
            return _BELL
        if self._speed == _CAR_SPEED:
            self._bus.send(frame, self._hear)
        return (b"z" if digits == 3 else b"Z") + _OK

    def _frame_of(self, text: str, *, digits: int, remote: bool) -> Frame | None:
        found = _FRAMES[digits].fullmatch(text)
        if found is None:
            return None
        arbitration_id, length, data = int(found[1], 16), int(found[2]), bytes.fromhex(found[3])
        highest = 0x7FF if digits == 3 else 0x1FFF_FFFF
        if arbitration_id > highest or len(data) != (0 if remote else length):
            return None
        now = self._clock.now().timestamp()
        return Frame(now, arbitration_id, data, is_extended=digits == 8, is_remote=remote)

    def _hear(self, frame: Frame) -> None:
        """Print a frame of the bus; at a wrong speed there is nothing to read."""
        if self._speed != _CAR_SPEED or frame.is_error:
            return
        letter, digits = ("t", 3) if not frame.is_extended else ("T", 8)
        if frame.is_remote:
            letter = "r" if letter == "t" else "R"
        line = f"{letter}{frame.arbitration_id:0{digits}X}{len(frame.data):X}{frame.data.hex().upper()}"
        if self._timestamps:
            line += f"{int(self._clock.monotonic() * 1000) % _TIMESTAMP_WRAPS_MS:04X}"
        self._output(line.encode("ascii") + _OK)
