"""Put the simulated car together: bus, battery, key, modules and broadcast frames."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import msgspec

from diag.clock import Clock
from diag.model import Frame, Ignition
from diag.simulator.agenda import Agenda
from diag.simulator.broadcast import BROADCASTS, Broadcaster
from diag.simulator.bus import SimulatedBus
from diag.simulator.control import ControlCommand, read_command
from diag.simulator.electrics import Electrics
from diag.simulator.module import SimulatedModule
from diag.simulator.scenarios import Scenario
from diag.simulator.state import CarState

_EVERYONE = 0x7DF


class SimulatedCar:
    """A car in software, of the family that the scenario names.

    `bus` is its CAN on pins 6 and 14. `latency_ms` is what an adapter in front of it shall take for each
    command, changed by `control({"latency_ms": 30})`. Seed 0 is the car as the scenario writes it;
    other seeds shift battery (up to 0.05 V), coolant and odometer, each always alike.
    """

    def __init__(
        self, scenario: Scenario, *, seed: int = 0, ignition: Ignition | None = None, clock: Clock
    ) -> None:
        self.scenario = _varied(scenario, seed)
        self.seed = seed
        self.clock = clock
        self.bus = SimulatedBus()
        self.latency_ms = scenario.adapter.latency_ms
        self._electrics = Electrics(
            self.scenario.battery,
            clock,
            ignition or scenario.ignition,
            engine_running=scenario.engine_running,
        )
        self._agenda = Agenda(clock)
        self.modules = {name: self._module(name) for name in self.scenario.modules}
        self._by_request_id = {module.request_id: module for module in self.modules.values()}
        self.bus.attach(self._hear)
        Broadcaster(
            BROADCASTS[self.scenario.car],
            clock=clock,
            state=self.state,
            alive=lambda name: name in self.modules and self.modules[name].alive,
            has_audience=lambda: self.bus.has_audience(self._hear),
            transmit=lambda frame: self.bus.send(frame, self._hear),
        ).schedule(self._agenda, self.scenario.broadcast_scale)

    @property
    def ignition(self) -> Ignition:
        """The position of the key."""
        return self._electrics.ignition

    def start(self) -> None:
        """Switch the car's own thread on; starting twice does nothing."""
        self._agenda.start()

    def stop(self) -> None:
        """Switch the car's own thread off; stopping twice does nothing."""
        self._agenda.stop()

    def run_due(self) -> None:
        """Do what is due by the car's clock, in the calling thread, where `start` was not called."""
        self._agenda.run_due()

    def supply_v(self) -> float:
        """Return the volts at pin 16; 0.0 while the supply is cut."""
        return self._electrics.supply_v()

    def state(self) -> CarState:
        """Return the car at this moment."""
        return CarState(
            ignition=self._electrics.ignition,
            engine_running=self._electrics.engine_running,
            supply_v=self._electrics.supply_v(),
            rpm=self._electrics.rpm(),
            coolant_c=self.scenario.coolant_c,
            odometer_km=self.scenario.odometer_km,
            vin=self.scenario.vin,
            ignition_on_late=self._electrics.ignition_on_late,
        )

    def control(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one control command and return the state of the car, or `{"error": "..."}`."""
        try:
            read = read_command(command, tuple(self.modules))
        except ValueError as error:
            return {"error": str(error)}
        self._carry_out(read)
        for module in self.modules.values():
            self._agenda.after(0.0, module.notice_supply)
        return self._told()

    def _module(self, name: str) -> SimulatedModule:
        setup = self.scenario.modules[name]
        return SimulatedModule(
            setup,
            agenda=self._agenda,
            clock=self.clock,
            state=self.state,
            has_supply=partial(self._electrics.has_supply, setup.powered_from),
            transmit=self._transmit,
        )

    def _transmit(self, arbitration_id: int, data: bytes) -> None:
        self.bus.send(Frame(self.clock.now().timestamp(), arbitration_id, data), self._hear)

    def _hear(self, frame: Frame) -> None:
        """Hand a frame of the tester to the modules it is for, in the car's own thread."""
        if frame.is_extended or frame.is_remote or frame.is_error:
            return
        if frame.arbitration_id == _EVERYONE:
            for module in self.modules.values():
                if module.hears_everyone:
                    self._agenda.after(0.0, partial(module.hear, frame.data, functional=True))
        elif (module_asked := self._by_request_id.get(frame.arbitration_id)) is not None:
            self._agenda.after(0.0, partial(module_asked.hear, frame.data, functional=False))

    def _carry_out(self, command: ControlCommand) -> None:
        if command.ignition is not None:
            self._electrics.turn_key(Ignition(command.ignition))
        if command.supply == "cut":
            self._electrics.cut_supply()
        elif command.supply == "restore":
            self._electrics.restore_supply()
        if command.supply_v is not None:
            self._electrics.set_supply(command.supply_v)
        if command.engine == "start":
            self._electrics.turn_key(Ignition.START)
        elif command.engine == "stop":
            self._electrics.stop_engine()
        if command.latency_ms is not None:
            self.latency_ms = command.latency_ms
        if command.module is not None and command.silent is not None:
            self.modules[command.module].silent = command.silent

    def _told(self) -> dict[str, Any]:
        """Return the state as the control port tells it."""
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "ignition": str(self.ignition),
            "engine": "running" if self._electrics.engine_running else "stopped",
            "supply": "cut" if self._electrics.supply_cut else "on",
            "supply_v": self.supply_v(),
            "latency_ms": self.latency_ms,
            "radio_display": self.scenario.radio_display,
            "modules": {
                name: {"powered": module.powered, "silent": module.silent}
                for name, module in self.modules.items()
            },
        }


def _varied(scenario: Scenario, seed: int) -> Scenario:
    """Return the scenario with the small differences between one car and another that `seed` stands for."""
    if seed == 0:
        return scenario
    chance = random.Random(f"{scenario.name}:{seed}")  # noqa: S311 - a car's variety is no secret
    rest_v = round(scenario.battery.rest_v + chance.uniform(-0.05, 0.05), 2)
    return msgspec.structs.replace(
        scenario,
        battery=msgspec.structs.replace(scenario.battery, rest_v=rest_v),
        odometer_km=scenario.odometer_km + chance.randrange(5000),
        coolant_c=scenario.coolant_c + chance.randrange(-2, 3),
    )
