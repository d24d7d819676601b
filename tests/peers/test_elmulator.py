"""elmulator's own scenarios, with splitting, echo, stalls and disconnects, are read as they say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from diag.clock import SystemClock
from diag.errors import AdapterError
from diag.link import open_link
from diag.model import Verdict
from diag.reading.result import ScanResult
from diag.reading.scan import scan

SCENARIOS = [
    "chunked_stream",
    "headers_off_echo_on",
    "malformed",
    "no_codes_basic",
    "p0301_basic",
    "p0420_basic",
]


@pytest.fixture(scope="session")
def scenarios(peer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenarios that travel inside elmulator, written as the files that it serves."""
    folder = tmp_path_factory.mktemp("elmulator")
    program = (
        "import json, sys; from elmulator._bundled import BUNDLED\n"
        "[open(f'{sys.argv[1]}/{name}.scenario.json', 'w').write(text) for name, text in BUNDLED.items()]"
    )
    subprocess.run([str(peer_folder / "python"), "-c", program, str(folder)], check=True, timeout=30)
    return folder


def serve(start_peer, peer_folder: Path, scenario: Path, *options: str) -> str:
    peer = start_peer([str(peer_folder / "elmulator"), "serve", str(scenario), "--port", "0", *options])
    return f"elm327:socket://127.0.0.1:{peer.wait_for(r'LISTENING (?:[0-9.]+:)?([0-9]+)')[1]}"


def scan_of(url: str) -> ScanResult:
    with open_link(url) as link:
        return scan(link, clock=SystemClock(), profile_name="generic-obd")


@pytest.mark.parametrize("options", [(), ("--split", "1,2,5", "--latency-ms", "5", "--jitter-ms", "5")])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_read_as_it_says(
    name: str, options: tuple[str, ...], scenarios: Path, start_peer, peer_folder: Path
):
    path = scenarios / f"{name}.scenario.json"
    expected = json.loads(path.read_text())["expected_scan_summary"]

    result = scan_of(serve(start_peer, peer_folder, path, *options))

    engine = next(module for module in result.modules if module.name == "ECM")
    stored = {code.code for code in engine.fault_codes if "confirmed" in code.status}
    assert stored == set(expected["stored_codes"])
    assert (engine.verdict is Verdict.NONE) == expected["no_stored_codes_observation"]
    assert (result.vin is not None) == expected["vin_reported"]


def test_an_adapter_that_goes_away_in_the_middle_is_an_error_and_no_verdict(
    scenarios: Path, start_peer, peer_folder: Path
):
    url = serve(start_peer, peer_folder, scenarios / "adapter_disconnect.scenario.json")

    with pytest.raises(AdapterError):
        scan_of(url)
