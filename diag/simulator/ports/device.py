"""Say what stands behind a port: something that takes bytes and gives bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Output = Callable[[bytes], None]


class ByteDevice(Protocol):
    """An adapter, or whatever else speaks over a port."""

    def feed(self, data: bytes) -> None:
        """Take bytes from the client."""
        ...

    def close(self) -> None:
        """Let go; the client is gone. Closing twice does nothing."""
        ...


#: Makes the device for one client, which answers through the output it is given.
DeviceMaker = Callable[[Output], ByteDevice]
