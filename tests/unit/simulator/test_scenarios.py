"""Scenario files of the simulated car."""

import pytest

from diag.errors import ConfigurationError, UsageError
from diag.simulator import scenarios
from diag.simulator.elm327 import QUIRKS
from diag.simulator.scenarios import load_scenario, scenario_names
from diag.simulator.services.values import ENCODERS, data_of

MODULES = ("ECM", "TCM", "ABS", "cluster", "HVAC", "BCM", "AV", "IPDM", "airbag")


def test_every_promised_scenario_is_there():
    promised = "healthy clarion-code faults silent-module clone-adapter wrong-can-pair low-voltage hostile"
    assert set(promised.split()) <= set(scenario_names())


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_has_nine_modules_titles_and_playable_data(name, bench):
    scenario = load_scenario(name)
    assert tuple(scenario.modules) == MODULES
    assert scenario.title.en
    assert scenario.title.ru
    assert set(scenario.adapter.quirks) <= set(QUIRKS)
    state = bench(scenario).car.state()
    for module in scenario.modules.values():
        assert {int(pid, 16) for pid in module.obd_pids} <= set(ENCODERS) | {0x01}
        for table in (module.vehicle_information, module.local_ids, module.identification, module.data_ids):
            assert all(data_of(text, state) for text in table.values())


def test_the_clarion_scenario_is_the_car_that_lost_power():
    scenario = load_scenario("clarion-code")
    codes = {name: [fault.code for fault in module.faults] for name, module in scenario.modules.items()}
    assert {name: found for name, found in codes.items() if found} == {
        "ECM": ["P0603", "U1000"],
        "BCM": ["U1000"],
        "AV": ["U1300"],
    }
    assert [name for name, module in scenario.modules.items() if module.silent] == ["HVAC"]
    assert scenario.battery.rest_v == 12.6
    assert scenario.radio_display == "CODE"


def test_a_nearly_flat_battery_has_11_6_volts(bench):
    assert bench("low-voltage").car.supply_v() == 11.6


def test_an_unknown_scenario_is_refused_with_the_names_there_are():
    with pytest.raises(UsageError) as raised:
        load_scenario("nonsense")
    assert "nonsense" in str(raised.value.what)
    assert "clarion-code" in str(raised.value.advice)


@pytest.mark.parametrize("name", ["../scenarios/healthy", "base/car", ""])
def test_a_name_is_no_path(name):
    with pytest.raises(UsageError):
        load_scenario(name)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('title = { en = "x", ru = "y" }\nvoltage = 3', "voltage"),
        ('title = { en = "x", ru = "y" }\n[modules.AV]\nfaults = [{ code = "Q1234" }]', "code"),
        ("title = ", "broken.toml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path, monkeypatch, text, told):
    base = tmp_path / "base"
    base.mkdir()
    (base / "car.toml").write_text(scenarios._BASE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "broken.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(scenarios, "_FOLDER", tmp_path)
    with pytest.raises(ConfigurationError) as raised:
        load_scenario("broken")
    assert "broken.toml" in str(raised.value.what)
    assert told in str(raised.value.what)
