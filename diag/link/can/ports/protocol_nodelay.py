"""Give pyserial a TCP port, `nodelay://HOST:PORT`, that sends at once and reads in large pieces."""

from __future__ import annotations

import select
import socket

from serial.serialutil import SerialException
from serial.urlhandler import protocol_socket

_PIECE = 65_536


class Serial(protocol_socket.Serial):  # type: ignore[misc]
    """pyserial's socket port with TCP_NODELAY, a receive buffer, and the end of the connection noticed."""

    def open(self) -> None:
        """Connect."""
        self._received = bytearray()
        super().open()
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def from_url(self, url: str) -> tuple[str, int]:
        """Return host and port."""
        host, port = super().from_url(url.replace("nodelay://", "socket://", 1))
        return str(host), int(port)

    @property
    def in_waiting(self) -> int:
        """How many bytes can be read at once.

        Raises:
            SerialException: the other side closed the connection.
        """
        self._fill(0.0)
        return len(self._received)

    def read(self, size: int = 1) -> bytes:
        """Return up to `size` bytes, waiting as the port's timeout says.

        Raises:
            SerialException: the other side closed the connection.
        """
        if len(self._received) < size:
            self._fill(self._timeout)
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def reset_input_buffer(self) -> None:
        """Throw away what was received."""
        self._received.clear()
        super().reset_input_buffer()

    def _fill(self, timeout_s: float | None) -> None:
        ready, _, _ = select.select([self._socket], [], [], timeout_s)
        if not ready:
            return
        try:
            piece = self._socket.recv(_PIECE)
        except OSError as error:
            raise SerialException("the connection broke") from error
        if not piece:
            raise SerialException("the connection was closed")
        self._received += piece

    def close(self) -> None:
        """Close at once; pyserial's own waits for a server to be ready for the next client."""
        if self.is_open:
            self._socket.close()
        self.is_open: bool = False
