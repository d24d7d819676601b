"""Speak to serial-line CAN adapters through python-can, over serial ports and over TCP."""

from __future__ import annotations

from typing import Any

import can
import serial
from can.interfaces.slcan import slcanBus

#: Where pyserial finds `nodelay://`, our TCP port for the same bytes as `socket://`.
_HANDLERS = "diag.link.can.ports"
_SIMULATED_SERIAL_NUMBER = "TSIM"
_BELL = "\a"
_ANSWER_WITHIN_S = 0.4
#: python-can waits 2 s for adapters that restart when the port is opened; those with USB of their own do not.
_SETTLE_S = 0.1


class SlcanBus(slcanBus):
    """python-can's bus, with TCP that does not wait to fill packets and a port that always closes.

    `has_spoken` says that it ever sent a whole line; adapters confirm every command. `refused_frames` counts
    the bells, which refuse frames once the channel is open; `garbled_lines` counts what is no text at all.
    """

    def __init__(self, channel: str, sleep_after_open: float | None = None, **settings: Any) -> None:
        over_tcp = channel.startswith("socket://")
        if over_tcp:
            if _HANDLERS not in serial.protocol_handler_packages:
                serial.protocol_handler_packages.append(_HANDLERS)
            channel = channel.replace("socket://", "nodelay://", 1)
        if sleep_after_open is None:
            sleep_after_open = 0.0 if over_tcp else _SETTLE_S
        self.serialPortOrig: Any = None
        self.has_spoken = False
        self.refused_frames = 0
        self.garbled_lines = 0
        try:
            super().__init__(channel, sleep_after_open=sleep_after_open, **settings)
            self.serial_number = self.get_serial_number(_ANSWER_WITHIN_S)
        except (can.CanError, ValueError, TypeError, OSError):
            self._is_shutdown = True
            self._close_port()
            raise

    @property
    def is_simulated(self) -> bool:
        """Whether the adapter says of itself that it is a simulated one."""
        return self.serial_number == _SIMULATED_SERIAL_NUMBER

    def _read(self, timeout: float | None) -> str | None:
        """Return the adapter's next line, an empty one for bytes that no adapter sends.

        python-can passes over the bell that refuses a command, and would keep such bytes for ever.
        """
        try:
            line = super()._read(timeout)
        except can.CanOperationError as error:
            if not isinstance(error.__cause__, UnicodeDecodeError):
                raise
            self._buffer.clear()
            self.garbled_lines += 1
            return ""
        self.has_spoken = self.has_spoken or line is not None
        if line is not None and line.endswith(_BELL):
            self.refused_frames += 1
        return line

    def shutdown(self) -> None:
        """Close the channel and the port, the port also where the adapter is gone."""
        try:
            super().shutdown()
        finally:
            self._close_port()

    def _close_port(self) -> None:
        if self.serialPortOrig is not None:
            self.serialPortOrig.close()
