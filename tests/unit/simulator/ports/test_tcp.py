import contextlib
import socket
import struct
import threading

import pytest

from diag.errors import AdapterBusy, ExitCode
from diag.simulator.ports.tcp import TcpPort


@pytest.fixture
def port(echoes):
    opened = TcpPort(echoes)
    yield opened
    opened.close()


def connect(port: TcpPort) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port.port), timeout=5)


def test_each_client_has_a_device_of_its_own(port, echoes):
    with connect(port) as one, connect(port) as other:
        one.sendall(b"one")
        assert one.recv(10) == b"one"
        other.sendall(b"other")
        assert other.recv(10) == b"other"
    assert len(echoes) == 2


def test_it_listens_on_the_loopback_address_only(port):
    assert port._listening.getsockname()[0] == "127.0.0.1"


def test_a_client_that_drops_in_the_middle_leaves_the_port_to_the_next(port):
    rude = connect(port)
    rude.sendall(b"half a comm")
    rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    rude.close()
    with connect(port) as next_one:
        next_one.sendall(b"x")
        assert next_one.recv(10) == b"x"


def test_a_client_that_does_not_read_does_not_stop_the_device(port, echoes):
    with connect(port) as lazy:
        lazy.sendall(b"x")
        assert lazy.recv(1) == b"x"
        fed = threading.Event()

        def flood() -> None:
            for _ in range(200):
                echoes[0].output(bytes(65_536))
            fed.set()

        threading.Thread(target=flood, daemon=True).start()
        assert fed.wait(10)


def test_a_taken_port_is_told_with_its_number(port, echoes):
    with pytest.raises(AdapterBusy) as raised:
        TcpPort(echoes, port.port)
    assert str(port.port) in str(raised.value)
    assert raised.value.exit_code is ExitCode.NO_ADAPTER


def test_closing_sends_the_clients_away_and_frees_the_port(port, echoes):
    with connect(port) as client:
        client.sendall(b"x")
        client.recv(1)
        port.close()
        with contextlib.suppress(ConnectionError):
            assert client.recv(1) == b""
    again = TcpPort(echoes, port.port)
    again.close()
    again.close()
