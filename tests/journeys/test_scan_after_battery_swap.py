"""A car arrives with CODE on its radio after a battery swap: the first scan of it."""

from __future__ import annotations

import json
import subprocess
import sys

import jsonschema
import pytest

EIGHT = {"ECM", "TCM", "ABS", "cluster", "BCM", "AV", "IPDM", "airbag"}


@pytest.fixture
def terrano(tmp_path):
    """Run `terrano ARGS` as its own process."""

    def run(*argv):
        return subprocess.run(
            [sys.executable, "-m", "diag", *argv],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
            env={"TERRANO_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        )

    return run


def scanned(terrano, url):
    done = terrano("scan", "--link", url, "--json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads(terrano("schema", "scan").stdout))
    return document


def test_nine_modules_eight_answer_and_one_is_silent(terrano):
    document = scanned(terrano, "sim:clarion-code")
    assert document["mode"] == "practice"
    assert document["vehicle"]["vin"] == "*************1234"
    assert document["vehicle"]["profile"] == "nissan-f-alpha"
    assert document["battery"]["voltage"]["value"] == 12.6
    assert document["ignition"]["value"] == "ON"
    assert document["radio"]["lock"] == "unknown"
    verdicts = {module["name"]: module["verdict"] for module in document["modules"]}
    assert verdicts.pop("HVAC") == "no-answer"
    assert set(verdicts) == EIGHT
    assert set(verdicts.values()) == {"codes", "none"}
    codes = {
        (module["name"], code["code"]) for module in document["modules"] for code in module["fault_codes"]
    }
    assert {("ECM", "P0603"), ("ECM", "U1000"), ("BCM", "U1000")} <= codes
    assert {row["module"] for row in document["power_loss"]} == {"ECM", "BCM", "AV"}


def test_with_the_key_at_acc_modules_without_supply_are_not_asked(terrano):
    document = scanned(terrano, "sim:clarion-code?ignition=ACC")
    assert document["ignition"]["value"] == "ACC"
    not_asked = {
        module["name"]: module["reason"] for module in document["modules"] if module["verdict"] == "not-asked"
    }
    assert not_asked == dict.fromkeys(
        ["ECM", "TCM", "ABS", "cluster", "HVAC", "airbag"], "no supply at ignition ACC"
    )


def test_demo_without_a_terminal_prints_the_scan_with_its_warning(terrano):
    done = terrano("demo", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "PRACTICE  12.6 V ±0.3  IGN ON  radio ?"
    assert any("Power was lost" in line and "Do not enter anything yet." in line for line in lines)
    assert any(line.startswith("HVAC") and "no answer" in line for line in lines)


def test_a_radio_on_the_other_pair_of_wires_is_told_apart(terrano):
    done = terrano("scan", "--link", "sim:wrong-can-pair", "--json", "--quiet")
    document = json.loads(done.stdout)
    assert document["vehicle"]["profile"] == "renault-b0"
    assert document["radio"]["reachable"] == "other-can-pair"
