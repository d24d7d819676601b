"""The hostile table: what a fault-code request can bring, wrong answers and valid but odd ones."""

from diag.simulator.hostile.car import HostileCar, build_car
from diag.simulator.hostile.rows import Expectation, HostileRow, MessageScript, RowKind, hostile_rows

__all__ = [
    "Expectation",
    "HostileCar",
    "HostileRow",
    "MessageScript",
    "RowKind",
    "build_car",
    "hostile_rows",
]
