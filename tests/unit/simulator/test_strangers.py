"""Other people's clients, python-can, can-isotp and udsoncan, on the simulated car's SLCAN ports."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import can
import isotp
import pytest
import udsoncan
from udsoncan.client import Client
from udsoncan.connections import PythonIsoTpConnection

from diag.simulator.car import SimulatedCar
from diag.simulator.ports.slcan import SlcanDevice
from diag.simulator.ports.tcp import TcpPort

VIN = b"VSKJVWR51U0001234"

Connect = Callable[..., can.BusABC]


@contextmanager
def plugged(car: SimulatedCar, kind: str) -> Iterator[Connect]:
    """Yield what opens one more python-can bus on the car."""
    with ExitStack() as stack:

        def make_device(output):
            return SlcanDevice(car, car.clock, output)

        if kind == "tcp":
            port = TcpPort(make_device)
            channel = f"socket://127.0.0.1:{port.port}"
        else:
            from diag.simulator.ports.pty import PtyPort

            port = PtyPort(make_device)
            channel = port.path
        stack.callback(port.close)

        def connect(**options) -> can.BusABC:
            bus = can.Bus(
                interface="slcan", channel=channel, bitrate=500_000, sleep_after_open=0.0, **options
            )
            stack.callback(bus.shutdown)
            return bus

        yield connect


@pytest.fixture(
    params=["tcp", pytest.param("pty", marks=pytest.mark.skipif(sys.platform == "win32", reason="no pty"))]
)
def connect(request, running_car) -> Iterator[Connect]:
    with plugged(running_car("clarion-code"), request.param) as connect:
        yield connect


@contextmanager
def module(bus: can.BusABC, request_id: int, response_id: int, **params) -> Iterator[isotp.CanStack]:
    address = isotp.Address(isotp.AddressingMode.Normal_11bits, txid=request_id, rxid=response_id)
    stack = isotp.CanStack(bus, address=address, params={"tx_padding": 0, **params})
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()


def ask(bus: can.BusABC, request_id: int, response_id: int, payload: str, **params) -> bytes | None:
    with module(bus, request_id, response_id, **params) as stack:
        stack.send(bytes.fromhex(payload))
        return stack.recv(block=True, timeout=3)


def test_the_adapter_says_that_it_is_simulated(connect):
    bus = connect()
    assert bus.get_version(5) == (10, 13)
    assert bus.get_serial_number(5) == "TSIM"


def test_the_radio_gives_the_vin_to_a_uds_client(connect):
    config = dict(udsoncan.configs.default_client_config)
    config["data_identifiers"] = {0xF190: udsoncan.AsciiCodec(17)}
    bus = connect()
    address = isotp.Address(isotp.AddressingMode.Normal_11bits, txid=0x747, rxid=0x767)
    stack = isotp.CanStack(bus, address=address, params={"tx_padding": 0})
    with Client(PythonIsoTpConnection(stack), config=config) as client:
        client.change_session(3)
        answer = client.read_data_by_identifier(0xF190)
        assert answer.service_data.values[0xF190] == VIN.decode()
        codes = client.get_dtc_by_status_mask(0xFF).service_data.dtcs
        assert [(code.id, code.status.confirmed) for code in codes] == [(0xD30000, True)]


@pytest.mark.parametrize(
    "params", [{}, {"blocksize": 1}, {"stmin": 10}, {"stmin": 0xF3, "blocksize": 2}], ids=str
)
def test_the_engine_module_gives_the_vin_in_several_frames(connect, params):
    assert ask(connect(), 0x7E0, 0x7E8, "09 02", **params) == b"\x49\x02\x01" + VIN


def test_a_request_of_several_frames_is_understood(connect):
    answer = ask(connect(), 0x747, 0x767, "22 F1 90 F1 87 F1 90 F1 87")
    assert answer == b"\x62" + (b"\xf1\x90" + VIN + b"\xf1\x87" + b"25915SIM01") * 2


def test_the_body_module_gives_its_code(connect):
    assert ask(connect(), 0x745, 0x765, "17 FF 00") == bytes.fromhex("57 01 D0 00 20")


def test_a_silent_module_gives_nothing(connect):
    with module(connect(), 0x744, 0x764) as stack:
        stack.send(b"\x10\xc0")
        assert stack.recv(block=True, timeout=0.2) is None


def test_a_monitor_watches_a_conversation_beside_the_tester(running_car):
    with plugged(running_car("healthy"), "tcp") as connect:
        tester, monitor = connect(), connect(listen_only=True)
        assert monitor.recv(3) is not None
        assert ask(tester, 0x7E0, 0x7E8, "01 0C") == bytes.fromhex("41 0C 00 00")
        wanted = {0x7E0, 0x7E8}
        while wanted:
            frame = monitor.recv(3)
            assert frame is not None
            wanted.discard(frame.arbitration_id)


def test_broadcast_frames_reach_a_client_and_stop_with_the_supply(running_car):
    car = running_car("healthy")
    with plugged(car, "tcp") as connect:
        bus = connect()
        heard = {frame.arbitration_id for frame in (bus.recv(3) for _ in range(300)) if frame}
        assert {0x60D, 0x1F9, 0x23D, 0x540} <= heard
        car.control({"supply": "cut"})
        quiet = 0
        for _ in range(2000):
            quiet += bus.recv(0.15) is None
            if quiet:
                break
        assert quiet


def test_at_acc_the_engine_module_is_silent_and_the_radio_answers(running_car):
    car = running_car("healthy")
    car.control({"ignition": "ACC"})
    with plugged(car, "tcp") as connect:
        bus = connect()
        assert ask(bus, 0x747, 0x767, "22 F1 90") == b"\x62\xf1\x90" + VIN
        with module(bus, 0x7E0, 0x7E8) as stack:
            stack.send(b"\x03")
            assert stack.recv(block=True, timeout=0.2) is None
