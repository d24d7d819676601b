"""`terrano simulate` as a process of its own, spoken to over its ports."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import jsonschema
import pytest
import serial

from diag.errors import AdapterBusy, NotSupportedByLink, UsageError
from diag.report.documents import json_schema

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and pseudo terminals of POSIX")

#: The command by itself, so that these tests stand on nothing but the simulator.
_RUN = """
import argparse, sys
from diag.cli import simulate
parser = argparse.ArgumentParser()
simulate.add_arguments(parser)
arguments = parser.parse_args()
arguments.clock = None
sys.exit(simulate.run(arguments))
"""

Simulate = Callable[..., tuple[subprocess.Popen[str], dict]]


@pytest.fixture
def simulate() -> Iterator[Simulate]:
    """Start the command, and return the process and its first line."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[subprocess.Popen[str], dict]:
        process = subprocess.Popen([sys.executable, "-c", _RUN, *options], stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def run_here(*options: str) -> int:
    import argparse

    from diag.cli import simulate as command

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    arguments = parser.parse_args(options)
    arguments.clock = None
    return command.run(arguments)


def address(text: str) -> tuple[str, int]:
    host, _, port = text.removeprefix("socket://").partition(":")
    return host, int(port)


@POSIX
def test_without_ports_it_offers_an_elm327_on_a_pseudo_terminal(simulate):
    process, told = simulate()
    assert told["schema"] == "terrano/simulate/1"
    assert (told["scenario"], told["seed"]) == ("clarion-code", None)
    (url,) = told["links"]["elm327"]
    assert "control" not in told
    with serial.Serial(url.removeprefix("elm327:"), timeout=5) as port:
        port.write(b"ATZ\r")
        assert b"ELM327 v1.5" in port.read_until(b">")
        port.write(b"AT@1\r")
        assert b"TERRANO SIMULATED ADAPTER" in port.read_until(b">")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


@POSIX
def test_an_interrupt_ends_it_with_130(simulate):
    process, _ = simulate("--slcan", "tcp")
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130


def test_every_port_asked_for_has_a_link_url(simulate):
    _, told = simulate(
        "--elm327", "tcp", "--elm327", "tcp", "--slcan", "tcp", "--control", "tcp", "--seed", "3"
    )
    assert len(told["links"]["elm327"]) == 2
    assert all(url.startswith("elm327:socket://127.0.0.1:") for url in told["links"]["elm327"])
    (slcan,) = told["links"]["slcan"]
    assert slcan.startswith("can:slcan:socket://127.0.0.1:")
    assert slcan.endswith("?bitrate=500000")
    assert told["seed"] == 3
    assert told["control"].startswith("127.0.0.1:")
    jsonschema.validate(told, json_schema("simulate"))


def test_the_control_port_turns_the_key_of_the_car_behind_the_others(simulate):
    _, told = simulate("--slcan", "tcp", "--control", "tcp", "--scenario", "healthy")
    slcan = address(told["links"]["slcan"][0].removeprefix("can:slcan:").partition("?")[0])
    with (
        socket.create_connection(address(told["control"]), timeout=5) as control,
        socket.create_connection(slcan, timeout=5) as adapter,
        adapter.makefile("rb") as from_adapter,
        control.makefile("r", encoding="utf-8") as answers,
    ):
        control.sendall(b'{"ignition": "OFF"}\n')
        assert json.loads(answers.readline())["ignition"] == "OFF"
        control.sendall(b"nonsense\n")
        assert "error" in json.loads(answers.readline())
        adapter.sendall(b"O\r")
        heard = b""
        while b"t60D8" not in heard:
            heard += from_adapter.read1()
        assert b"t60D80000" in heard


def test_a_client_that_drops_does_not_end_the_car(simulate):
    process, told = simulate("--elm327", "tcp")
    where = address(told["links"]["elm327"][0].removeprefix("elm327:"))
    for _ in range(2):
        with socket.create_connection(where, timeout=5) as client:
            client.sendall(b"ATZ\r01")
    with socket.create_connection(where, timeout=5) as client:
        client.sendall(b"ATI\r")
        said = b""
        while b">" not in said:
            said += client.recv(100)
    assert b"ELM327" in said
    assert process.poll() is None


def test_a_taken_port_is_an_error_that_names_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AdapterBusy, match=str(port)):
            run_here("--slcan", f"tcp:{port}")


@pytest.mark.parametrize(
    "options",
    [
        ("--slcan", "usb"),
        ("--elm327", "tcp:"),
        ("--elm327", "tcp:99999"),
        ("--elm327", "tcp:²"),
        ("--control", "pty"),
        ("--scenario", "nonsense"),
    ],
)
def test_what_is_not_understood_is_a_usage_error(options):
    with pytest.raises(UsageError):
        run_here(*options)


def test_windows_is_told_to_use_tcp(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NotSupportedByLink) as raised:
        run_here("--elm327", "pty")
    assert "tcp" in str(raised.value.advice)
