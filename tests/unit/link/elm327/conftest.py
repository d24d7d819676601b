"""A scripted adapter on real wires: it says what the test tells it to, and counts what reaches the bus."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from diag.link.base import Link, Request
from diag.link.elm327 import connect_elm327
from diag.link.options import LinkOptions
from diag.link.url import parse_link_url
from diag.model import FunctionalAddress, ModuleAddress

_REQUEST = re.compile(r"^[0-9A-F]+$")
#: One answer: text, bytes, or pieces with the seconds to wait before each; None says nothing at all.
Script = str | bytes | list[tuple[float, bytes]] | None


class FakeAdapter:
    """Answers each command as scripted, AT commands with OK and requests with NO DATA otherwise."""

    def __init__(self, reader: int, write: Callable[[bytes], object], *, piecewise: bool = False) -> None:
        self.answers: dict[str, Script] = {
            "ATZ": "\r\rELM327 v1.5\r\r>",
            "ATI": "ELM327 v1.5\r\r>",
            "AT@1": "OBDII to RS232 Interpreter\r\r>",
            "STI": "?\r\r>",
            "ATRV": "12.6V\r\r>",
            "ATDPN": "6\r\r>",
            "0100": "7E8064100BE3FA81300\r\r>",
        }
        self.commands: list[str] = []
        self.on_command: dict[str, Callable[[], None]] = {}
        self.on_interrupt = b""
        self._reader = reader
        self._write = write
        self._piecewise = piecewise
        self._line = bytearray()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def requests(self) -> list[str]:
        """What reached the bus."""
        return [command for command in self.commands if _REQUEST.match(command)]

    def say(self, data: bytes) -> None:
        """Say something unasked."""
        self._write(data)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([self._reader], [], [], 0.02)
            if not ready:
                continue
            try:
                data = os.read(self._reader, 256)
            except OSError:
                return
            if not data:
                return
            for byte in data:
                self._take(byte)

    def _take(self, byte: int) -> None:
        if byte == 0x0D:
            command = "".join(self._line.decode("ascii").split())
            self._line.clear()
            self.commands.append(command)
            self._answer(command)
        else:
            self._line.append(byte)
            if byte == 0x20 and self.on_interrupt:
                self._write(self.on_interrupt)

    def _answer(self, command: str) -> None:
        self.on_command.get(command, lambda: None)()
        default = "NO DATA\r\r>" if _REQUEST.match(command) else "OK\r\r>" if len(command) > 2 else "?\r\r>"
        script = self.answers.get(command, default)
        if script is None:
            return
        pieces = (
            script
            if isinstance(script, list)
            else [(0.0, script.encode() if isinstance(script, str) else script)]
        )
        for delay_s, data in pieces:
            time.sleep(delay_s)
            for part in [data[i : i + 1] for i in range(len(data))] if self._piecewise else [data]:
                try:
                    self._write(part)
                except OSError:
                    return


class Bench:
    """An adapter, the URL that reaches it, and links opened on it."""

    def __init__(self, adapter: FakeAdapter, target: str, unplug: Callable[[], None]) -> None:
        self.adapter = adapter
        self.url = f"elm327:{target}"
        self.unplug = unplug
        self._links: list[Link] = []

    def connect(self, options: LinkOptions | None = None) -> Link:
        link = connect_elm327(parse_link_url(self.url), options or LinkOptions())
        self._links.append(link)
        return link

    def close(self) -> None:
        for link in self._links:
            link.close()
        self.adapter.stop()
        self.unplug()


def _pty_bench() -> Bench:
    near, far = pty.openpty()
    tty.setraw(far)
    closed: list[int] = []

    def unplug() -> None:
        if not closed:
            closed.append(near)
            adapter.stop()
            os.close(far)
            os.close(near)

    adapter = FakeAdapter(near, lambda data: os.write(near, data))
    return Bench(adapter, os.ttyname(far), unplug)


def _tcp_bench() -> Bench:
    server = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = [server]
    read_end, write_end = os.pipe()

    def send(data: bytes) -> None:
        if len(ends) > 1:
            ends[1].sendall(data)

    def accept() -> None:
        try:
            end, _ = server.accept()
        except OSError:
            return
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ends.append(end)
        while True:
            try:
                data = end.recv(256)
            except OSError:
                return
            if not data:
                return
            os.write(write_end, data)

    adapter = FakeAdapter(read_end, send, piecewise=True)
    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    done: list[bool] = []

    def unplug() -> None:
        if done:
            return
        done.append(True)
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        thread.join(2.0)
        adapter.stop()
        for end in ends:
            end.close()
        os.close(write_end)
        os.close(read_end)

    return Bench(adapter, f"socket://127.0.0.1:{server.getsockname()[1]}", unplug)


@pytest.fixture(scope="session")
def closing() -> Iterator[Callable[[Bench], None]]:
    """Close benches beside the next tests, since each waits for its link's thread."""
    with ThreadPoolExecutor(8) as pool:
        closed: list[Future[None]] = []
        yield lambda bench: closed.append(pool.submit(bench.close))
    for future in closed:
        future.result()


@pytest.fixture(params=["pty", "tcp"])
def bench(request: pytest.FixtureRequest, closing: Callable[[Bench], None]) -> Iterator[Bench]:
    """An adapter on a pseudo-terminal, and one on TCP that sends byte by byte."""
    made = _pty_bench() if request.param == "pty" else _tcp_bench()
    yield made
    closing(made)


@pytest.fixture
def pty_bench(closing: Callable[[Bench], None]) -> Iterator[Bench]:
    """An adapter on a pseudo-terminal."""
    made = _pty_bench()
    yield made
    closing(made)


@pytest.fixture
def bench_on() -> Iterator[Callable[..., Bench]]:
    """Put an adapter on a line of the test's own: what it reads from, how it writes, the port's path."""
    made: list[Bench] = []

    def make(reader: int, write: Callable[[bytes], object], path: str) -> Bench:
        made.append(Bench(FakeAdapter(reader, write), path, lambda: None))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def engine() -> ModuleAddress:
    return ModuleAddress(0x7E0, 0x7E8)


@pytest.fixture
def body() -> ModuleAddress:
    return ModuleAddress(0x745, 0x765)


@pytest.fixture
def ask() -> Callable[..., object]:
    """Send a request and return its exchange."""

    def run(link: Link, payload: str, address: object = None, deadline_s: float = 0.6) -> object:
        target = address or FunctionalAddress()
        return link.submit(Request(bytes.fromhex(payload), target, deadline_s)).result(timeout=10.0)  # type: ignore[arg-type]

    return run
