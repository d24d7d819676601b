"""Hold what the modules and the broadcast frames report of the car at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from diag.model import Ignition


@dataclass(frozen=True, slots=True)
class CarState:
    """The car at one moment; `ignition_on_late` is the ignition as slow modules still report it."""

    ignition: Ignition
    engine_running: bool
    supply_v: float
    rpm: float
    coolant_c: float
    odometer_km: int
    vin: str
    speed_kmh: float = 0.0
    ignition_on_late: bool = False
