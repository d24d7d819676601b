"""A simulated car on a clock that the test moves, and a tester that speaks to it in raw frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from diag.clock import VirtualClock
from diag.model import Frame, Ignition
from diag.simulator.car import SimulatedCar
from diag.simulator.scenarios import Scenario, load_scenario

_STEP_S = 0.001


class Bench:
    """A car that does nothing by itself: time passes when the test says so."""

    def __init__(self, scenario: Scenario, seed: int, ignition: Ignition | None) -> None:
        self.clock = VirtualClock()
        self.car = SimulatedCar(scenario, seed=seed, ignition=ignition, clock=self.clock)
        self.heard: list[Frame] = []
        self.car.bus.attach(self.hear)

    def hear(self, frame: Frame) -> None:
        self.heard.append(frame)

    def let_pass(self, seconds: float) -> None:
        for _ in range(round(seconds / _STEP_S)):
            self.car.run_due()
            self.clock.sleep(_STEP_S)
        self.car.run_due()

    def send(self, arbitration_id: int, data: str) -> None:
        self.car.bus.send(Frame(0.0, arbitration_id, bytes.fromhex(data)), self.hear)

    def frames_of(self, arbitration_id: int) -> list[bytes]:
        return [frame.data for frame in self.heard if frame.arbitration_id == arbitration_id]

    def ask(self, arbitration_id: int, request: str, answers_on: int | None = None) -> list[str]:
        """Return every response of one module as hex, assembled, after a request of one frame."""
        response_id = answers_on or arbitration_id + (8 if arbitration_id >= 0x7E0 else 0x20)
        payload = bytes.fromhex(request)
        self.heard.clear()
        self.send(arbitration_id, (bytes([len(payload)]) + payload).ljust(8, b"\x00").hex())
        self.let_pass(0.15)
        if any(data[0] >> 4 == 1 for data in self.frames_of(response_id)):
            self.send(response_id - (8 if response_id >= 0x7E8 else 0x20), "3000000000000000")
        self.let_pass(0.1)
        return _assembled(self.frames_of(response_id))


def _assembled(frames: list[bytes]) -> list[str]:
    payloads: list[bytes] = []
    length = 0
    for data in frames:
        if data[0] >> 4 == 0:
            payloads.append(data[1 : 1 + data[0]])
        elif data[0] >> 4 == 1:
            length = (data[0] & 0x0F) << 8 | data[1]
            payloads.append(data[2:])
        else:
            payloads[-1] = (payloads[-1] + data[1:])[:length]
    return [payload.hex(" ").upper() for payload in payloads]


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Make a bench: `bench("faults", seed=3, ignition=Ignition.ACC)`, or of a scenario of the test's own."""

    def make(
        scenario: str | Scenario = "clarion-code", *, seed: int = 0, ignition: Ignition | None = None
    ) -> Bench:
        known = load_scenario(scenario) if isinstance(scenario, str) else scenario
        return Bench(known, seed, ignition)

    return make


@pytest.fixture
def running_car() -> Iterator[Callable[..., SimulatedCar]]:
    """Make a car that runs by the machine's clock until the test ends."""
    from diag.clock import SystemClock

    cars: list[SimulatedCar] = []

    def make(scenario: str = "clarion-code", ignition: Ignition | None = None) -> SimulatedCar:
        car = SimulatedCar(load_scenario(scenario), ignition=ignition, clock=SystemClock())
        car.start()
        cars.append(car)
        return car

    yield make
    for car in cars:
        car.stop()
