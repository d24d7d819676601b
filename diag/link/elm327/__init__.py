"""Adapters of the ELM327 class, on a serial port, a pseudo-terminal or TCP."""

from __future__ import annotations

from diag.link.elm327.check import (
    AdapterCheck,
    CheckVerdict,
    Stage,
    StageResult,
    StageState,
    check_adapter,
    check_over,
)
from diag.link.elm327.opening import connect_elm327, connect_over
from diag.link.elm327.port import Port
from diag.link.elm327.probing import Probe

__all__ = [
    "AdapterCheck",
    "CheckVerdict",
    "Port",
    "Probe",
    "Stage",
    "StageResult",
    "StageState",
    "check_adapter",
    "check_over",
    "connect_elm327",
    "connect_over",
]
