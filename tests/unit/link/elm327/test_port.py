"""Bytes to and from an adapter: what opens, what is refused and in which words."""

from __future__ import annotations

import contextlib
import os
import pty
import socket

import pytest

from diag.errors import AdapterBusy, AdapterLost, AdapterNotFound, UsageError
from diag.link.elm327.port import BAUDRATES, SerialPort, _refused, baudrates_to_try, open_port


@pytest.fixture
def terminal():
    near, far = pty.openpty()
    yield near, os.ttyname(far)
    for end in (near, far):
        with contextlib.suppress(OSError):
            os.close(end)


def test_a_port_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(AdapterNotFound) as caught:
        open_port("/dev/ttyUSB77")
    assert "/dev/ttyUSB77" in str(caught.value.what)
    assert "port" in str(caught.value.advice)


def test_a_file_is_no_port(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("no port", encoding="utf-8")
    with pytest.raises(AdapterNotFound, match=r"notes.txt is a file, not a port"):
        SerialPort(str(file), 38_400)


def test_a_port_in_use_is_busy(terminal):
    first = open_port(terminal[1])
    with pytest.raises(AdapterBusy, match="Another program"):
        open_port(terminal[1])
    first.close()


def test_a_port_the_system_refuses_gets_the_command_that_helps():
    error = _refused("/dev/ttyUSB0", PermissionError(13, "Permission denied"))
    assert isinstance(error, AdapterBusy)
    assert "usermod -aG dialout" in str(error.advice)


def test_a_link_without_a_port_is_a_usage_error():
    with pytest.raises(UsageError):
        open_port("")


@pytest.mark.parametrize("target", ["socket://", "socket://host", "socket://host:x", "socket://:35000"])
def test_a_socket_without_an_address_is_a_usage_error(target):
    with pytest.raises(UsageError):
        open_port(target)


def test_an_address_where_nothing_listens_is_not_found():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    with pytest.raises(AdapterNotFound, match=str(number)):
        open_port(f"socket://127.0.0.1:{number}")


def test_a_socket_sends_at_once_and_notices_the_other_end_leaving():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}")
        other, _ = server.accept()
        assert port._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        port.write(b"ATI\r")
        assert other.recv(16) == b"ATI\r"
        assert port.read(0.0) == b""
        other.sendall(b">")
        assert port.read(1.0) == b">"
        other.close()
        with pytest.raises(AdapterLost):
            port.read(1.0)
        port.close()


def test_a_serial_line_carries_bytes_both_ways(terminal):
    near, name = terminal
    port = open_port(name)
    port.write(b"ATI\r")
    assert os.read(near, 16) == b"ATI\r"
    assert port.read(0.0) == b""
    os.write(near, b"OK>")
    assert port.read(1.0) == b"OK>"
    port.close()


def test_a_pulled_serial_line_is_lost(terminal):
    near, name = terminal
    port = open_port(name)
    os.close(near)
    with pytest.raises(AdapterLost):
        port.read(0.2)
    port.close()


def test_rates_are_guessed_on_real_wires_only(terminal):
    assert baudrates_to_try("/dev/ttyUSB0", None) == BAUDRATES
    assert baudrates_to_try("COM5", None) == BAUDRATES
    assert baudrates_to_try("/dev/ttyUSB0", 9600) == (9600,)
    assert len(baudrates_to_try(terminal[1], None)) == 1
    assert len(baudrates_to_try("socket://127.0.0.1:1", None)) == 1


def test_the_rate_of_an_open_port_can_be_changed(terminal):
    port = SerialPort(terminal[1], 38_400)
    port.set_baudrate(115_200)
    assert port._serial.baudrate == 115_200
    port.close()
