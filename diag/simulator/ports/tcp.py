"""Offer a device on a TCP port of this machine, to any number of clients; each gets a device of its own."""

from __future__ import annotations

import errno
import socket
import sys
import threading

from diag.errors import AdapterBusy
from diag.i18n import message
from diag.simulator.ports.device import DeviceMaker
from diag.simulator.ports.outbox import Outbox

LOOPBACK = "127.0.0.1"
_CHUNK = 4096


class TcpPort:
    """A listening socket on the loopback address; open it with a `with` statement, or close it."""

    def __init__(self, make_device: DeviceMaker, port: int = 0) -> None:
        """Listen on `port`, or on any free one.

        Raises:
            AdapterBusy: another program has the port.
        """
        self._make_device = make_device
        self._clients: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._listening = _listen(port)
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name=f"terrano-tcp-{self.port}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and send the clients away; closing twice does nothing."""
        with self._lock:
            self._closed = True
            clients = tuple(self._clients)
        _hang_up(self._listening)
        for client in clients:
            _hang_up(client)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                if self._closed:
                    client.close()
                    return
                self._clients.add(client)
            threading.Thread(
                target=self._serve, args=(client,), name="terrano-tcp-client", daemon=True
            ).start()

    def _serve(self, client: socket.socket) -> None:
        """Carry bytes between one client and its device until the client goes, however it goes."""
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        outbox = Outbox(client.sendall)
        device = self._make_device(outbox.put)
        try:
            while data := client.recv(_CHUNK):
                device.feed(data)
        except OSError:
            pass
        finally:
            device.close()
            outbox.close()
            with self._lock:
                self._clients.discard(client)
            client.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listening.close()
        in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise AdapterBusy(
            message("TCP port {port} is taken by another program.", port=port)
            if in_use
            else message("TCP port {port} cannot be opened: {problem}", port=port, problem=str(error)),
            message("Name another port, or none: then a free one is chosen."),
        ) from error
    listening.listen()
    return listening


def _hang_up(one: socket.socket) -> None:
    """End a socket so that a thread that waits on it notices."""
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        one.close()
