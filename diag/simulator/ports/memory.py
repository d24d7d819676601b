"""Join two ends by bytes inside this process, as a serial cable would."""

from __future__ import annotations

import threading


class MemoryEnd:
    """One end of a cable; make both with `memory_pipe`."""

    def __init__(self, arrived: threading.Condition) -> None:
        self._arrived = arrived
        self._received = bytearray()
        self._other: MemoryEnd = self
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether either end was closed: nothing more will come than what is still unread."""
        return self._closed

    def write(self, data: bytes) -> None:
        """Hand `data` to the other end.

        Raises:
            BrokenPipeError: an end was closed.
        """
        with self._arrived:
            if self._closed:
                raise BrokenPipeError
            self._other._received += data  # noqa: SLF001 - the two ends are one cable
            self._arrived.notify_all()

    def read(self, timeout_s: float) -> bytes:
        """Return all that has come, waiting up to `timeout_s` real seconds for a first byte."""
        with self._arrived:
            if not self._received and not self._closed and timeout_s > 0:
                self._arrived.wait_for(lambda: self._received or self._closed, timeout_s)
            data = bytes(self._received)
            self._received.clear()
            return data

    def close(self) -> None:
        """Close the cable at both ends; closing twice does nothing."""
        with self._arrived:
            self._closed = True
            self._other._closed = True  # noqa: SLF001 - the two ends are one cable
            self._arrived.notify_all()

    @classmethod
    def pair(cls) -> tuple[MemoryEnd, MemoryEnd]:
        """Return the two ends of a new cable."""
        arrived = threading.Condition()
        one, other = cls(arrived), cls(arrived)
        one._other, other._other = other, one
        return one, other


def memory_pipe() -> tuple[MemoryEnd, MemoryEnd]:
    """Return the two ends of a new cable."""
    return MemoryEnd.pair()
