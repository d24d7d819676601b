"""Offer a device on a pseudo terminal, which programs open like a serial port. Not for Windows."""

from __future__ import annotations

import os
import select
import threading
import tty

from diag.simulator.ports.device import DeviceMaker
from diag.simulator.ports.outbox import Outbox

_CHUNK = 4096
_LOOK_S = 0.1
#: About what a USB serial chip buffers: a client that comes back finds little of the past.
_MOST_WAITING = 1 << 14


class PtyPort:
    """A pseudo terminal; `path` is what a client opens. It survives clients that come and go."""

    def __init__(self, make_device: DeviceMaker) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._closing = threading.Event()
        self._outbox = Outbox(self._write, _MOST_WAITING)
        self._device = make_device(self._outbox.put)
        self._thread = threading.Thread(target=self._read, name=f"terrano-{self.path}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take the terminal away; closing twice does nothing."""
        if not self._closing.is_set():
            self._closing.set()
            self._device.close()
            self._outbox.close()
            self._thread.join()
            self._outbox.join()
            os.close(self._ours)
            os.close(self._theirs)

    def _read(self) -> None:
        while not self._closing.is_set():
            readable, _, _ = select.select([self._ours], [], [], _LOOK_S)
            if readable:
                self._device.feed(os.read(self._ours, _CHUNK))

    def _write(self, data: bytes) -> None:
        while data and not self._closing.is_set():
            _, writable, _ = select.select([], [self._ours], [], _LOOK_S)
            if writable:
                data = data[_write_some(self._ours, data) :]


def _write_some(descriptor: int, data: bytes) -> int:
    """Write what fits now, and return how much that was."""
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0
