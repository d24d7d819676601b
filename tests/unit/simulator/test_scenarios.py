"""Scenario files of the simulated car."""

import pytest

from diag.errors import ConfigurationError, UsageError
from diag.simulator import scenarios
from diag.simulator.elm327 import QUIRKS
from diag.simulator.scenarios import CarFamily, load_scenario, scenario_names
from diag.simulator.services.values import ENCODERS, data_of

MODULES = {
    CarFamily.F_ALPHA: ("ECM", "TCM", "ABS", "cluster", "HVAC", "BCM", "AV", "IPDM", "airbag"),
    CarFamily.RENAULT: ("ECM", "TCM", "ABS", "EPS", "cluster", "HVAC", "BCM", "IPDM", "AV", "airbag"),
}


def test_every_promised_scenario_is_there():
    promised = "healthy clarion-code faults silent-module clone-adapter wrong-can-pair low-voltage hostile"
    assert set(promised.split()) <= set(scenario_names())


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_has_the_modules_of_its_car_titles_and_playable_data(name, bench):
    scenario = load_scenario(name)
    assert tuple(scenario.modules) == MODULES[scenario.car]
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


def test_the_radio_on_the_other_wires_is_that_of_a_renault_whose_vin_claims_no_maker():
    scenario = load_scenario("wrong-can-pair")
    assert scenario.car is CarFamily.RENAULT
    assert [name for name, module in scenario.modules.items() if not module.on_bus] == ["AV"]
    assert len(scenario.vin) == 17
    assert not set(scenario.vin) & set("IOQ")
    assert (scenario.vin[0], scenario.vin[-4:]) == ("0", "5678")


def test_a_nearly_flat_battery_has_11_6_volts(bench):
    assert bench("low-voltage").car.supply_v() == 11.6


def test_an_unknown_scenario_is_refused_with_the_names_there_are():
    with pytest.raises(UsageError) as raised:
        load_scenario("nonsense")
    assert "nonsense" in str(raised.value.what)
    assert "clarion-code" in str(raised.value.advice)


@pytest.mark.parametrize("name", ["../scenarios/healthy", "base/renault", ""])
def test_a_name_is_no_path(name):
    with pytest.raises(UsageError):
        load_scenario(name)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('title = { en = "x", ru = "y" }\nvoltage = 3', "voltage"),
        ('title = { en = "x", ru = "y" }\n[modules.AV]\nfaults = [{ code = "Q1234" }]', "code"),
        ('title = { en = "x", ru = "y" }\ncar = "lada"', "$.car"),
        ("title = ", "broken.toml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path, monkeypatch, text, told):
    (tmp_path / "broken.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(scenarios, "_FOLDER", tmp_path)
    with pytest.raises(ConfigurationError) as raised:
        load_scenario("broken")
    assert "broken.toml" in str(raised.value.what)
    assert told in str(raised.value.what)
