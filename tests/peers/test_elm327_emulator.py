"""ELM327-emulator 4.0, somebody else's adapter with somebody else's ECUs, is read as it was set."""

from __future__ import annotations

from pathlib import Path

import pytest

from diag.clock import SystemClock
from diag.link import open_link
from diag.model import Mode, Verdict
from diag.reading.result import ScanResult
from diag.reading.scan import scan

#: What the emulator's `car` scenario says to AT RV and to 01 42, in turn.
ADAPTER_VOLTAGES = [pytest.approx(13 + tenth / 10) for tenth in range(10)]
ENGINE_VOLTAGES = [pytest.approx(volts) for volts in (14.667, 14.785, 14.707, 14.687, 14.746, 14.648)]


def scan_of(url: str) -> ScanResult:
    with open_link(url) as link:
        return scan(link, clock=SystemClock(), profile_name="generic-obd")


@pytest.fixture(params=["pty", "tcp"])
def emulator_url(request: pytest.FixtureRequest, peer_folder: Path, start_peer, free_port: int) -> str:
    """The `car` scenario of the emulator, on a pseudo-terminal and on TCP."""
    command = [str(peer_folder / "elm"), "-s", "car"]
    if request.param == "pty":
        peer = start_peer(command)
        return f"elm327:{peer.wait_for(r'running on (/dev/pts/[0-9]+)')[1]}"
    peer = start_peer([*command, "-n", str(free_port)])
    peer.wait_for(r"is running|started")
    return f"elm327:socket://127.0.0.1:{free_port}"


def test_the_scan_of_the_emulator_agrees_with_its_scenario(emulator_url: str):
    result = scan_of(emulator_url)

    assert result.identity.mode is Mode.LIVE
    assert result.identity.adapter.startswith("ELM327 v1.5")
    assert result.vin == "WP0ZZZ99ZTS390000"
    engine = next(module for module in result.modules if module.name == "ECM")
    assert engine.verdict is Verdict.NONE
    assert {module.verdict for module in result.modules if module is not engine} <= {
        Verdict.NO_ANSWER,
        Verdict.NONE,
    }
    adapter, engine_module = result.battery.witnesses
    assert adapter.value in ADAPTER_VOLTAGES
    assert engine_module.value in ENGINE_VOLTAGES
    assert result.battery.voltage == adapter
