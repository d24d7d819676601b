import sys

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo terminals", allow_module_level=True)

import serial

from diag.simulator.ports.pty import PtyPort


@pytest.fixture
def port(echoes):
    opened = PtyPort(echoes)
    yield opened
    opened.close()


def open_serial(port: PtyPort) -> serial.Serial:
    return serial.Serial(port.path, timeout=5)


def test_bytes_pass_both_ways_unchanged(port):
    every_byte = bytes(range(256))
    with open_serial(port) as client:
        client.write(every_byte)
        assert client.read(256) == every_byte


def test_it_survives_clients_that_come_and_go(port):
    for _ in range(3):
        with open_serial(port) as client:
            client.write(b"x")
            assert client.read(1) == b"x"


def test_output_that_nobody_fetches_does_not_stop_the_device(port, echoes):
    for _ in range(100):
        echoes[0].output(bytes(4096))
    with open_serial(port) as client:
        assert client.read(1) == b"\x00"


def test_closing_lets_the_device_go_once(echoes):
    port = PtyPort(echoes)
    port.close()
    port.close()
    assert echoes[0].closed == 1
