"""A CAN adapter is checked by what it says of itself and by one request to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from diag.clock import SystemClock
from diag.link.check_report import CheckVerdict, Stage, StageState
from diag.link.checking import check_adapter
from diag.link.options import LinkOptions
from diag.model import Ignition
from diag.simulator.hostile import build_car
from diag.simulator.ports.slcan import SlcanDevice
from diag.simulator.ports.tcp import TcpPort
from diag.simulator.scenarios import load_scenario


@pytest.fixture
def can_url() -> Iterator[Callable[[Ignition], str]]:
    """Start a car behind a SLCAN adapter with the key in a position, and name the link to it."""
    with ExitStack() as stack:

        def start(ignition: Ignition) -> str:
            clock = SystemClock()
            car = build_car(load_scenario("healthy"), ignition=ignition, clock=clock)
            car.start()
            stack.callback(car.stop)
            port = TcpPort(lambda output: SlcanDevice(car, clock, output))
            stack.callback(port.close)
            return f"can:slcan:socket://127.0.0.1:{port.port}?bitrate=500000"

        yield start


def _failed(check) -> list[Stage]:
    return [result.stage for result in check.stages if result.state is StageState.FAILED]


def test_modules_that_answer_pass_all_but_the_supply(can_url):
    check = check_adapter(can_url(Ignition.ON), LinkOptions())
    assert _failed(check) == [Stage.SUPPLY]
    assert check.verdict is CheckVerdict.FAIR
    assert check.responders == (0x7E8, 0x7E9)
    assert check.identity.practice
    assert check.latency_s is not None


def test_a_car_that_is_off_fails_the_protocol_stage(can_url):
    check = check_adapter(can_url(Ignition.OFF), LinkOptions())
    assert Stage.PROTOCOL in _failed(check)
    assert check.responders == ()


def test_a_port_that_is_not_there_fails_the_first_stage():
    check = check_adapter("can:slcan:/dev/nowhere?bitrate=500000", LinkOptions())
    assert _failed(check) == [Stage.PORT]
    assert check.verdict is CheckVerdict.POOR
