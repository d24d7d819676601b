"""Scans for the reports to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diag.i18n import literal, message
from diag.link import Identity
from diag.model import (
    Confidence,
    FaultCode,
    Ignition,
    Mode,
    ModuleResult,
    RadioLock,
    RadioPower,
    Reachability,
    Reading,
    ServiceResult,
    Verdict,
    Words,
)
from diag.reading.result import BatteryReading, PowerLoss, RadioReading, ScanResult
from diag.vehicle.loading import load_profile

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CODE = FaultCode("P0562", ("confirmed",), "03", "0562", Words("System voltage low", "Низкое напряжение"))


@pytest.fixture
def scan_result():
    """A scan with every verdict; fields can be replaced."""

    def make(**changes):
        return replace(_scan(), **changes)

    return make


def _scan():
    profile = load_profile("nissan-f-alpha")
    volts = Reading(12.6, "V", literal("adapter, pin 16"), NOON, 0.302)
    modules = tuple(
        ModuleResult(
            module.name,
            module.address,
            verdict,
            None
            if verdict in {Verdict.CODES, Verdict.NONE}
            else message("no supply at ignition {position}", position="ACC"),
            (CODE,) if verdict is Verdict.CODES else (),
            (ServiceResult("03", verdict),),
        )
        for module, verdict in zip(profile.modules, [*Verdict, Verdict.NONE, Verdict.NONE], strict=True)
    )
    return ScanResult(
        NOON,
        Identity("sim:test", Mode.PRACTICE, "ELM327 v1.5", "ISO 15765-4 11/500"),
        "VSKJVWR51U0001234",
        profile,
        message("chosen by hand"),
        BatteryReading(volts, (volts, volts), message("the sources agree")),
        Reading(Ignition.ON, "", message("frame {frame}", frame="60D"), NOON),
        RadioReading(
            RadioPower.ON,
            RadioLock.UNKNOWN,
            Reachability.YES,
            message("module {module} answers", module="747"),
            Confidence.HINT,
            NOON,
        ),
        modules,
        power_loss=PowerLoss((("ECM", CODE), ("BCM", CODE))),
    )
