"""Put the hostile table between a simulated car and whoever asks it for fault codes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from diag.clock import Clock
from diag.model import Frame, Ignition
from diag.simulator.bus import SimulatedBus
from diag.simulator.car import SimulatedCar
from diag.simulator.elm327 import Performance
from diag.simulator.hostile.dress import dressed
from diag.simulator.hostile.frames import PlannedFrame, planned_frames
from diag.simulator.hostile.rows import HostileRow, hostile_rows, service_of
from diag.simulator.scenarios import Scenario

SCENARIO = "hostile"


def build_car(
    scenario: Scenario, *, seed: int | None = None, ignition: Ignition | None = None, clock: Clock
) -> SimulatedCar | HostileCar:
    """Return the car of a scenario, with the hostile table in front of it where the scenario is that one.

    There `seed` is the number of the row that is played; without one each reset of an adapter moves on.
    """
    car = SimulatedCar(scenario, seed=seed or 0, ignition=ignition, clock=clock)
    return HostileCar(car, seed) if scenario.name == SCENARIO else car


class HostileCar:
    """A car whose fault-code answers come from one row of the table; everything else is the car's own.

    `fault_requests` lists (request id, payload) of every fault-code request that was on the bus.
    """

    def __init__(self, car: SimulatedCar, row_number: int | None = None) -> None:
        self._car = car
        self._rows = hostile_rows()
        self._moves = row_number is None
        self._fresh = True
        self._number = (row_number or 0) % len(self._rows)
        self._player = _Player(car.clock, self._say)
        self.bus = SimulatedBus()
        self.fault_requests: list[tuple[int, bytes]] = []
        self._detach = (car.bus.attach(self._hear_car), self.bus.attach(self._hear_tester))

    @property
    def scenario(self) -> Scenario:
        """The scenario of the car behind."""
        return self._car.scenario

    @property
    def clock(self) -> Clock:
        """The clock of the car behind."""
        return self._car.clock

    @property
    def latency_ms(self) -> float:
        """What the adapter takes for each command."""
        return self._car.latency_ms

    @property
    def ignition(self) -> Ignition:
        """The position of the key."""
        return self._car.ignition

    @property
    def row(self) -> HostileRow:
        """The row that is played now."""
        return self._rows[self._number]

    def start(self) -> None:
        """Switch the car behind on."""
        self._car.start()

    def stop(self) -> None:
        """Switch the car behind off."""
        self._player.stop()
        self._car.stop()

    def supply_v(self) -> float:
        """Return the volts at pin 16."""
        return self._car.supply_v()

    def control(self, command: dict[str, Any]) -> dict[str, Any]:
        """Play the row that `{"row": ID}` names from now on, or hand the command to the car behind."""
        if "row" not in command:
            return self._car.control(command)
        numbers = {row.id: number for number, row in enumerate(self._rows)}
        if command["row"] not in numbers:
            return {"error": f"unknown row {command['row']}"}
        self._number, self._moves = numbers[command["row"]], False
        return {"row": self.row.id, "words": self.row.words}

    def adapter_reset(self) -> None:
        """Move on to the next row; the first reset begins the table."""
        if self._moves and not self._fresh:
            self._number = (self._number + 1) % len(self._rows)
        self._fresh = False

    def command_performance(self, command: str) -> Performance | None:
        """Refuse the AT commands that this row refuses."""
        refused = any(command.startswith(prefix) for prefix in self.row.refuses)
        return Performance(says=("?",)) if refused else None

    def request_performance(self, header: int, payload: bytes) -> Performance | None:
        """Return how the adapter words the answer to a fault-code request."""
        row = self.row
        if not _concerns(row, payload):
            return None
        return Performance(
            says=row.says or None,
            before=_lines(row.before, payload),
            after=row.after,
            formatting=tuple(row.formatting.items()),
            open_filter=row.leaks,
            dress=partial(dressed, row.dress) if row.dress else None,
        )

    def _hear_car(self, frame: Frame) -> None:
        self.bus.send(frame, self._hear_tester)

    def _hear_tester(self, frame: Frame) -> None:
        payload = _single_frame_payload(frame.data)
        if service_of(payload) is not None:
            self.fault_requests.append((frame.arbitration_id, payload))
        if _concerns(self.row, payload):
            self._player.play(planned_frames(self.row, frame.arbitration_id, payload))
        elif not (frame.data and frame.data[0] >> 4 == 3 and self._player.let_flow()):
            self._car.bus.send(frame, self._hear_car)

    def _say(self, planned: PlannedFrame) -> None:
        now = self._car.clock.now().timestamp()
        self.bus.send(Frame(now, planned.arbitration_id, planned.data), self._hear_tester)


class _Player:
    """Sends planned frames in order: at once, after a pause on a timer, or when flow control has come."""

    def __init__(self, clock: Clock, say: Callable[[PlannedFrame], None]) -> None:
        self._clock = clock
        self._say = say
        self._lock = threading.RLock()
        self._waiting: list[PlannedFrame] = []
        self._flows = False
        self._timer: threading.Timer | None = None

    def play(self, frames: tuple[PlannedFrame, ...]) -> None:
        """Begin a new answer; what was left of the one before is forgotten."""
        with self._lock:
            self.stop()
            self._waiting = list(frames)
            self._flows = False
        self._go_on()

    def let_flow(self) -> bool:
        """Go on after a first frame; False where nothing waits for that."""
        with self._lock:
            if not self._waiting:
                return False
            self._flows = True
        self._go_on()
        return True

    def stop(self) -> None:
        """Say nothing more."""
        with self._lock:
            self._waiting = []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _go_on(self) -> None:
        with self._lock:
            while self._waiting and self._timer is None:
                planned = self._waiting[0]
                if planned.waits and not self._flows:
                    return
                if planned.delay_s:
                    self._pause(planned.delay_s)
                    return
                self._waiting.pop(0)
                self._say(planned)

    def _pause(self, delay_s: float) -> None:
        self._timer = threading.Timer(self._clock.real_seconds(delay_s), self._after_pause)
        self._timer.daemon = True
        self._timer.start()

    def _after_pause(self) -> None:
        with self._lock:
            self._timer = None
            if self._waiting:
                first = self._waiting[0]
                self._waiting[0] = PlannedFrame(first.arbitration_id, first.data, waits=first.waits)
        self._go_on()


def _single_frame_payload(data: bytes) -> bytes:
    """Return the payload of a single frame, nothing of every other frame."""
    return data[1 : 1 + data[0]] if data and 1 <= data[0] <= 7 else b""


def _lines(lines: tuple[str, ...], request: bytes) -> tuple[str, ...]:
    """Put the request into the adapter's lines: `{request}` is its hex, `{request spaced}` with spaces."""
    hex_bytes = request.hex(" ").upper()
    return tuple(
        line.replace("{request}", hex_bytes.replace(" ", "")).replace("{request spaced}", hex_bytes)
        for line in lines
    )


def _concerns(row: HostileRow, payload: bytes) -> bool:
    return service_of(payload) in row.services and not row.refuses
