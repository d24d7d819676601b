"""Hand bytes to a slow client without making the car wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Outbox:
    """Bytes on their way to one client, written by a thread of its own.

    What a client does not fetch is kept up to `most` bytes; beyond that newer bytes are thrown away, as an
    adapter with a full buffer does.
    """

    def __init__(self, write: Callable[[bytes], None], most: int = 1 << 18) -> None:
        """Write with `write`, which may block; an `OSError` of it ends the outbox."""
        self._write = write
        self._most = most
        self._waiting = bytearray()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="terrano-port-out", daemon=True)
        self._thread.start()

    def put(self, data: bytes) -> None:
        """Send `data` soon; never blocks."""
        with self._changed:
            if not self._closed and len(self._waiting) + len(data) <= self._most:
                self._waiting += data
                self._changed.notify()

    def close(self) -> None:
        """Throw away what waits, and end the thread as soon as its write returns."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()

    def join(self) -> None:
        """Wait until the thread has ended, after `close`."""
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                data = bytes(self._waiting)
                self._waiting.clear()
            try:
                self._write(data)
            except OSError:
                self.close()
                return
