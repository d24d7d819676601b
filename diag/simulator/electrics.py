"""Model the key, the battery and the engine: what has supply, how many volts there are, how fast it turns."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from diag.clock import Clock
from diag.model import Ignition
from diag.simulator.scenarios import BatterySetup

_CRANKING_S = 0.8
_DIP_S = 0.15
_CHARGING_RAMP_S = 2.0
_IDLE_RPM = 750.0
_CRANKING_RPM = 190.0
#: How far behind the key a Sandero reports the ignition in frame 350: 2 to 4 s.
_LATE_S = 3.0
_ON = frozenset({Ignition.ON, Ignition.START})
_POSITIONS = (Ignition.OFF, Ignition.ACC, Ignition.ON, Ignition.START)


@dataclass(slots=True)
class _Running:
    """The engine: when cranking began, since when it runs; None where it does neither."""

    cranking_since_s: float | None = None
    running_since_s: float | None = None


class Electrics:
    """Key, battery and engine of the car; every value follows from the clock, without noise."""

    def __init__(
        self, battery: BatterySetup, clock: Clock, ignition: Ignition, *, engine_running: bool
    ) -> None:
        self._battery = battery
        self._clock = clock
        self._lock = threading.Lock()
        self._key = ignition
        self._late_before, self._turned_s = ignition in _ON, clock.monotonic()
        self._engine = _Running()
        self._override_v: float | None = None
        self._cut = False
        if engine_running and ignition is Ignition.ON:
            self._engine.running_since_s = clock.monotonic() - _CHARGING_RAMP_S
        elif ignition is Ignition.START:
            self._engine.cranking_since_s = clock.monotonic()

    @property
    def ignition(self) -> Ignition:
        """The position of the key; it springs back from START to ON when the engine runs."""
        with self._lock:
            self._settle()
            return self._key

    @property
    def engine_running(self) -> bool:
        """Whether the engine runs by itself."""
        with self._lock:
            self._settle()
            return self._engine.running_since_s is not None and not self._cut

    @property
    def supply_cut(self) -> bool:
        """Whether the battery is taken off."""
        return self._cut

    @property
    def ignition_on_late(self) -> bool:
        """Whether the ignition is on, as reported 3 s late."""
        with self._lock:
            return self._on_late()

    def turn_key(self, position: Ignition) -> None:
        """Turn the key; START cranks, OFF and ACC stop the engine."""
        with self._lock:
            self._settle()
            if (position in _ON) is not (self._key in _ON):
                self._late_before, self._turned_s = self._on_late(), self._clock.monotonic()
            self._key = position
            running = self._engine.running_since_s is not None
            if position is Ignition.START and not running and not self._cut:
                self._engine = _Running(cranking_since_s=self._clock.monotonic())
            elif position in (Ignition.OFF, Ignition.ACC) or (position is Ignition.ON and not running):
                self._engine = _Running()

    def stop_engine(self) -> None:
        """Stall the engine; the key stays at ON."""
        with self._lock:
            self._settle()
            self._engine = _Running()
            if self._key is Ignition.START:
                self._key = Ignition.ON

    def set_supply(self, voltage_v: float) -> None:
        """Hold the supply at `voltage_v` until it is restored."""
        with self._lock:
            self._override_v = voltage_v

    def cut_supply(self) -> None:
        """Take the battery off: everything is dead, and the engine stops."""
        with self._lock:
            self._settle()
            self._cut = True
            self._engine = _Running()

    def restore_supply(self) -> None:
        """Put the battery back, at its own voltage."""
        with self._lock:
            self._cut = False
            self._override_v = None

    def has_supply(self, powered_from: Ignition) -> bool:
        """Say whether something has supply that gets it from this key position on."""
        return not self._cut and _POSITIONS.index(self.ignition) >= _POSITIONS.index(powered_from)

    def supply_v(self) -> float:
        """Return the volts at the battery: rest, the dip of cranking, charging, or 0.0 without battery."""
        with self._lock:
            self._settle()
            if self._cut:
                return 0.0
            if self._override_v is not None:
                return self._override_v
            now_s = self._clock.monotonic()
            if self._engine.cranking_since_s is not None:
                return round(self._cranking_v(now_s - self._engine.cranking_since_s), 3)
            if self._engine.running_since_s is not None:
                return round(self._charging_v(now_s - self._engine.running_since_s), 3)
            return self._battery.rest_v

    def rpm(self) -> float:
        """Return the engine's revolutions per minute, with the slow waver of an idling engine."""
        with self._lock:
            self._settle()
            if self._engine.cranking_since_s is not None:
                return _CRANKING_RPM
            if self._engine.running_since_s is None:
                return 0.0
            return _IDLE_RPM + 12.0 * math.sin(self._clock.monotonic() * 1.7)

    def _on_late(self) -> bool:
        settled = self._clock.monotonic() - self._turned_s >= _LATE_S
        return self._key in _ON if settled else self._late_before

    def _cranking_v(self, since_s: float) -> float:
        """Fall to the lowest point at once, then recover to halfway as the starter turns."""
        lowest, rest = self._battery.crank_v, self._battery.rest_v
        if since_s < _DIP_S:
            return lowest
        recovered = min((since_s - _DIP_S) / (_CRANKING_S - _DIP_S), 1.0)
        return lowest + (rest - lowest) * 0.5 * recovered

    def _charging_v(self, since_s: float) -> float:
        ramp = min(since_s / _CHARGING_RAMP_S, 1.0)
        return self._battery.rest_v + (self._battery.charging_v - self._battery.rest_v) * ramp

    def _settle(self) -> None:
        """Let the engine catch when it was cranked long enough."""
        since_s = self._engine.cranking_since_s
        if since_s is not None and self._clock.monotonic() - since_s >= _CRANKING_S:
            self._engine = _Running(running_since_s=since_s + _CRANKING_S)
            self._key = Ignition.ON
