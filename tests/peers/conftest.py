"""Start other people's tools, each in a process of its own, from an environment of their own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_HOW = (
    "other people's tools are not here; to have them:"
    " python3 -m venv .venv-peers && .venv-peers/bin/python -m pip"
    " install ELM327-emulator==4.0.0 elmulator==0.3.2 python-uds-server==0.1.0"
)

Starter = Callable[..., "Peer"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.peers)


@pytest.fixture(scope="session")
def peer_folder() -> Path:
    """The folder of the commands of other people's tools; `TERRANO_PEERS` may name their environment."""
    folder = Path(os.environ.get("TERRANO_PEERS", _ROOT / ".venv-peers")) / "bin"
    if not (folder / "elm").exists():
        pytest.skip(_HOW)
    return folder


class Peer:
    """One running tool and what it has printed."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.printed: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)

    def wait_for(self, pattern: str, seconds: float = 15.0) -> re.Match[str]:
        """Return the first match in what the tool prints."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, "".join(self.printed))
            if found:
                return found
            assert self.process.poll() is None, "".join(self.printed)
            time.sleep(0.02)
        raise AssertionError(f"{pattern} not in: {''.join(self.printed)}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._reader.join(5)
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def start_peer(tmp_path: Path) -> Iterator[Starter]:
    """Start a tool in a folder of its own; it is ended with the test."""
    peers: list[Peer] = []

    def start(command: list[str]) -> Peer:
        peers.append(Peer(command, tmp_path))
        return peers[-1]

    yield start
    for peer in peers:
        peer.stop()


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SlcanHub:
    """A CAN wire made of TCP: every frame line of one client goes to all the others, commands stay behind."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._clients: list[socket.socket] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._clients.append(client)
            thread = threading.Thread(target=self._relay, args=(client,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _relay(self, client: socket.socket) -> None:
        rest = b""
        while True:
            try:
                data = client.recv(4096)
            except OSError:
                return
            if not data:
                return
            *lines, rest = (rest + data).split(b"\r")
            frames = b"".join(line + b"\r" for line in lines if line[:1] in (b"t", b"T"))
            with self._lock:
                others = [other for other in self._clients if other is not client]
            for other in others if frames else ():
                try:
                    other.sendall(frames)
                except OSError:
                    continue

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for client in self._clients:
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
                client.close()
        for thread in self._threads:
            thread.join(5)


@pytest.fixture
def slcan_hub() -> Iterator[SlcanHub]:
    hub = SlcanHub()
    yield hub
    hub.close()
