"""Serial-line CAN adapters, over TCP and over a pseudo terminal, in front of the simulated car."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from functools import partial

import pytest

from diag.clock import SystemClock
from diag.errors import AdapterBusy, AdapterLost, AdapterNotFound, UsageError
from diag.link import LinkOptions, Outcome, Request, open_link
from diag.model import FunctionalAddress, Ignition, Mode, ModuleAddress
from diag.protocol.vin import vin_of
from diag.simulator.car import SimulatedCar
from diag.simulator.ports.slcan import SlcanDevice
from diag.simulator.ports.tcp import TcpPort
from diag.simulator.scenarios import load_scenario

ECM = ModuleAddress(0x7E0, 0x7E8)


@pytest.fixture
def car():
    simulated = SimulatedCar(load_scenario("clarion-code"), ignition=Ignition.ON, clock=SystemClock())
    simulated.start()
    yield simulated
    simulated.stop()


@pytest.fixture
def port(car):
    tcp = TcpPort(partial(SlcanDevice, car, car.clock))
    yield tcp
    tcp.close()


def ask(link, payload, address=ECM, deadline_s=1.0):
    return link.submit(Request(bytes.fromhex(payload), address, deadline_s=deadline_s)).result(timeout=5)


class Adapter(threading.Thread):
    """An adapter on TCP that answers each line as `answer` says, and shows what socket its client used."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"can:slcan:socket://127.0.0.1:{self._listening.getsockname()[1]}"
        self.lines = []
        self.client = None

    def run(self):
        self.client, _ = self._listening.accept()
        with contextlib.suppress(OSError):
            self._serve()

    def _serve(self):
        rest = b""
        while data := self.client.recv(4096):
            *lines, rest = (rest + data).split(b"\r")
            for line in lines:
                self.lines.append(line)
                self.client.sendall(self._answer(line))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.client is not None:
            self.client.close()
        self._listening.close()
        self.join(2)


def wait_until(condition):
    for _ in range(200):
        if condition():
            return True
        SystemClock().sleep(0.01)
    return False


def test_the_vin_of_the_simulated_car_is_read_over_tcp_as_practice(port):
    with open_link(f"can:slcan:socket://127.0.0.1:{port.port}") as link:
        assert link.identity.mode is Mode.PRACTICE
        assert link.identity.practice
        assert link.identity.protocol == "CAN 11-bit 500 kbit/s"
        response = ask(link, "0902", FunctionalAddress()).response
    assert vin_of(b"\x09\x02", response.payload) == "VSKJVWR51U0001234"


def test_the_frames_of_the_simulated_car_are_heard_while_a_module_is_asked(port):
    with open_link(f"can:slcan:socket://127.0.0.1:{port.port}") as link, link.listen() as stream:
        assert ask(link, "03").response.outcome is Outcome.POSITIVE
        frames = [stream.read(1.0) for _ in range(100)]
    ids = {frame.arbitration_id for frame in frames if frame is not None}
    assert len([identifier for identifier in ids if identifier < 0x700]) > 5


def test_a_pseudo_terminal_carries_the_same_adapter(car):
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo terminals")
    from diag.simulator.ports.pty import PtyPort

    pty = PtyPort(partial(SlcanDevice, car, car.clock))
    try:
        with open_link(f"can:slcan:{pty.path}?bitrate=500000") as link:
            assert link.identity.practice
            assert ask(link, "03").response.payload[:1] == b"\x43"
    finally:
        pty.close()


def test_an_adapter_that_hangs_up_is_noticed_while_idle(port):
    with open_link(f"can:slcan:socket://127.0.0.1:{port.port}") as link:
        port.close()
        assert wait_until(lambda: link.lost is not None)
        with pytest.raises(AdapterLost):
            ask(link, "03")


def test_an_adapter_that_hangs_up_during_an_exchange_fails_that_exchange(port):
    with open_link(f"can:slcan:socket://127.0.0.1:{port.port}") as link:
        future = link.submit(Request(b"\x03", ModuleAddress(0x7A0, 0x7A8), deadline_s=5.0))
        SystemClock().sleep(0.1)
        port.close()
        with pytest.raises(AdapterLost):
            future.result(timeout=2)


def test_the_connection_sends_small_packets_at_once():
    with Adapter(lambda line: b"NA123\r" if line == b"N" else b"\r") as adapter:
        with open_link(adapter.url) as link:
            connection = link._wire._bus.serialPortOrig._socket
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert link.identity.mode is Mode.LIVE
        assert adapter.lines[:2] == [b"C", b"S6"]


def test_garbage_on_the_line_is_passed_over_and_the_next_answer_is_read():
    def answer(line):
        return b"t7E\xff\xfe\rtXYZ\rt\rt7E8\xc3\rt7E8302430000\rz\r" if line.startswith(b"t7E0") else b"\r"

    with Adapter(answer) as adapter, open_link(adapter.url) as link:
        response = ask(link, "03", deadline_s=0.5).response
    assert response.payload.hex() == "4300"


def test_a_frame_that_the_adapter_refuses_is_withheld_not_silent():
    with (
        Adapter(lambda line: b"\a" if line.startswith(b"t") else b"\r") as adapter,
        open_link(adapter.url) as link,
    ):
        response = ask(link, "03", deadline_s=0.5).response
    assert response.outcome is Outcome.WITHHELD
    assert str(response.reason) == "the adapter refused to send the frame"


def test_an_impossible_bitrate_is_a_usage_error():
    with (
        Adapter(lambda _: b"\r") as adapter,
        pytest.raises(UsageError),
        open_link(adapter.url + "?bitrate=123456"),
    ):
        pass


def test_a_port_that_nobody_listens_on_is_not_found():
    free = socket.create_server(("127.0.0.1", 0))
    number = free.getsockname()[1]
    free.close()
    with pytest.raises(AdapterNotFound), open_link(f"can:slcan:socket://127.0.0.1:{number}"):
        pass


def test_a_port_that_the_system_refuses_is_busy():
    from diag.link.can.buses import _not_opened
    from diag.link.url import parse_link_url

    url = parse_link_url("can:slcan:/dev/ttyACM0")
    assert isinstance(_not_opened(url, PermissionError(13, "Permission denied")), AdapterBusy)
    assert isinstance(_not_opened(url, OSError(16, "Device or resource busy")), AdapterBusy)


@pytest.mark.parametrize(("options", "opened_with"), [("", b"S5"), ("?bitrate=125000", b"S4")])
def test_the_bitrate_is_that_of_the_url_else_that_of_the_car(options, opened_with):
    with (
        Adapter(lambda _: b"\r") as adapter,
        open_link(adapter.url + options, LinkOptions(bitrate=250_000)) as link,
    ):
        assert opened_with in adapter.lines
        assert link.identity.protocol.endswith("250 kbit/s" if not options else "125 kbit/s")


def test_an_adapter_that_never_says_a_word_is_blamed_and_not_the_module():
    with Adapter(lambda _: b"") as adapter, open_link(adapter.url) as link:
        response = ask(link, "03", deadline_s=0.3).response
    assert response.outcome is Outcome.SILENT
    assert "the adapter itself" in str(response.reason)


def test_a_silent_module_behind_an_adapter_that_confirms_is_a_timeout():
    with Adapter(lambda _: b"\r") as adapter, open_link(adapter.url) as link:
        response = ask(link, "03", deadline_s=0.3).response
    assert response.outcome is Outcome.SILENT
    assert str(response.reason) == "timeout 0.3 s"
