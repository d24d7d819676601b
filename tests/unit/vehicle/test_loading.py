"""Profiles: what they hold, and how a wrong file is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diag.errors import ExitCode, InputNotFound, ProfileError, UsageError
from diag.model import Ignition, ModuleAddress
from diag.vehicle.loading import check_database, common_limits, load_profile, profile_names, read_profile
from diag.vehicle.profile import FactConfidence

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
name = "mine"
title = { en = "Mine", ru = "Моя" }
covers = { en = "one car", ru = "одна машина" }
radio_modules = ["AV"]

[[modules]]
name = "ECM"
title = { en = "Engine", ru = "Двигатель" }
request_id = "7E0"
response_id = "7E8"
powered_from = "ON"
fault_requests = ["03"]
source = "a label"
confidence = "one-source"

[[modules]]
name = "AV"
title = { en = "Radio", ru = "Магнитола" }
request_id = "747"
response_id = "767"
powered_from = "ACC"
fault_requests = ["17 FF 00"]
source = "a label"
confidence = "one-source"

[[voltage_sources]]
name = "adapter"
title = { en = "adapter", ru = "адаптер" }
kind = "adapter"
percent = 2
volts = 0.05
source = "a label"
confidence = "one-source"

[[ignition_frames]]
frame = "60D"
start = 1
mask = "06"
values = { "00" = "OFF", "06" = "ON" }
source = "a label"
confidence = "one-source"

[[limits]]
name = "audio_min_v"
value = 11.0
unit = "V"
source = "a label"
confidence = "one-source"

[[fingerprints]]
frames_present = ["60D"]
vin_prefixes = ["VSKJVWR51"]
source = "a label"
confidence = "one-source"
"""


def test_every_family_of_the_product_has_a_profile():
    assert profile_names() == ("generic-obd", "nissan-d", "nissan-f-alpha", "nissan-pre-can", "renault-b0")


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_loads_under_its_own_name_and_names_a_source_for_every_row(name):
    profile = load_profile(name)
    rows = [
        *profile.modules,
        *profile.voltage_sources,
        *profile.ignition_frames,
        *profile.radio_frames,
        *profile.limits,
        *profile.fingerprints,
    ]
    assert profile.name == name
    assert rows
    assert all(row.source.strip() for row in rows)


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_measures_at_pin_16_first_and_never_asks_for_immobiliser_pages(name):
    profile = load_profile(name)
    requests = [
        request.replace(" ", "")
        for module in profile.modules
        for request in (*module.fault_requests, *module.alternatives, *module.identity_requests)
    ]
    assert profile.voltage_sources[0].kind == "adapter"
    assert not {"2121", "2183"} & {request[:4] for request in requests}


@pytest.mark.parametrize("name", profile_names())
def test_no_request_of_a_profile_does_more_than_read(name):
    reading = {"01", "03", "07", "09", "0A", "17", "18", "19", "21", "22"}
    profile = load_profile(name)
    for module in profile.modules:
        for request in (*module.fault_requests, *module.alternatives, *module.identity_requests):
            assert request[:2] in reading, (module.name, request)
        assert module.session in {"", "10 C0", "10 03"}


def test_the_f_alpha_profile_has_the_nine_modules_of_the_family():
    modules = {module.name: module for module in load_profile("nissan-f-alpha").modules}
    assert list(modules) == ["ECM", "TCM", "ABS", "cluster", "HVAC", "BCM", "AV", "IPDM", "airbag"]
    assert modules["AV"].address == ModuleAddress(0x747, 0x767)
    assert modules["ECM"].requests == (b"\x03", b"\x07")
    assert modules["BCM"].requests == (b"\x17\xff\x00",)
    assert modules["BCM"].alternatives == ("18 00 FF 00", "19 02 FF")
    assert modules["BCM"].session == "10 C0"


def test_supply_by_key_position_is_said_of_each_module():
    powered = {module.name: module.powered_from for module in load_profile("nissan-f-alpha").modules}
    assert powered["AV"] is Ignition.ACC
    assert {name for name, position in powered.items() if position is Ignition.OFF} == {"BCM", "IPDM"}
    assert {name for name, position in powered.items() if position is Ignition.ON} == {
        *("ECM", "TCM", "ABS", "cluster", "HVAC", "airbag")
    }


def test_the_adapter_is_uncertain_by_two_percent_and_half_a_step():
    source = load_profile("nissan-f-alpha").voltage_sources[0]
    assert 12.6 * source.percent / 100 + source.volts == pytest.approx(0.302)


@pytest.mark.parametrize(
    ("name", "payload", "volts"),
    [
        ("pid-42", "41 42 2F EA", 12.266),
        ("did-1103", "62 11 03 96", 12.0),
        ("did-2005", "62 20 05 04 CF", 12.31),
    ],
)
def test_the_samples_of_the_sources_decode_as_documented(name, payload, volts):
    sources = {source.name: source for source in load_profile("nissan-f-alpha").voltage_sources}
    source = sources[name]
    raw = bytes.fromhex(payload)[source.start : source.start + source.length]
    assert int.from_bytes(raw, "big") * source.factor == pytest.approx(volts)


@pytest.mark.parametrize("name", profile_names())
def test_every_voltage_source_can_show_a_plausible_voltage(name):
    for source in load_profile(name).voltage_sources:
        if source.kind != "adapter":
            mask = int(source.mask, 16) if source.mask else (1 << 8 * source.length) - 1
            assert mask * source.factor >= source.maximum_v, source.name


def test_frame_60d_tells_all_four_positions_of_the_key():
    frame = load_profile("nissan-f-alpha").ignition_frames[0]
    assert (frame.frame, frame.start, frame.mask) == ("60D", 1, "06")
    assert frame.values == {
        "00": Ignition.OFF,
        "02": Ignition.ACC,
        "06": Ignition.ON,
        "04": Ignition.START,
    }


def test_the_renault_radio_is_reached_over_the_other_can_pair():
    profile = load_profile("renault-b0")
    radios = [module for module in profile.modules if module.name in profile.radio_modules]
    assert [(str(radio.address), radio.reached_by) for radio in radios] == [
        ("712/732", "can2"),
        ("747/767", "can2"),
    ]


def test_cars_before_can_say_why_nothing_is_asked():
    profile = load_profile("nissan-pre-can")
    assert not profile.has_can
    assert not profile.modules
    assert profile.why_no_can is not None
    assert "K-line" in profile.why_no_can.en


def test_the_voltage_below_which_the_radio_is_said_to_stay_off_has_one_source():
    limits = {limit.name: limit for limit in load_profile("nissan-f-alpha").limits}
    assert limits["audio_min_v"].value == 11.5
    assert limits["audio_min_v"].confidence is FactConfidence.ONE_SOURCE


def test_an_unknown_name_is_a_usage_error_that_lists_the_names():
    with pytest.raises(UsageError) as caught:
        load_profile("nissan-r51")
    assert caught.value.exit_code is ExitCode.USAGE
    assert "nissan-f-alpha" in str(caught.value.advice)


def test_a_file_of_the_user_loads_by_its_path(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert load_profile(str(file)).name == "mine"


def test_a_file_that_is_not_there_is_no_input(tmp_path: Path):
    with pytest.raises(InputNotFound):
        load_profile(str(tmp_path / "none.toml"))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ProfileError, match=r"mine\.toml"):
        load_profile(str(file))


def test_a_profile_keeps_its_own_limit_and_gets_the_common_ones_it_lacks():
    limits = {limit.name: limit.value for limit in read_profile(GOOD, "mine.toml").limits}
    assert limits["audio_min_v"] == 11.0
    assert set(limits) == {limit.name for limit in common_limits()}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('request_id = "747"', 'requst_id = "747"', ["modules.2 (AV)", "requst_id", "not known"]),
        ('powered_from = "ACC"\n', "", ["modules.2 (AV)", "powered_from", "missing"]),
        ('powered_from = "ACC"', 'powered_from = "acc"', ["modules.2 (AV).powered_from", "acc"]),
        ('request_id = "747"', "request_id = 747", ["modules.2 (AV).request_id", "a text", "a whole number"]),
        (
            'request_id = "747"',
            'request_id = "0x747"',
            ["modules.2 (AV).request_id", "0x747", "id of a module"],
        ),
        ('request_id = "747"', 'request_id = "74G"', ["modules.2 (AV).request_id", "74G"]),
        ('request_id = "747"', 'request_id = "847"', ["modules.2 (AV).request_id", "847"]),
        ('request_id = "747"', 'request_id = "60D"', ["modules.2 (AV).request_id", "60D", "700 to 7FF"]),
        ('request_id = "747"', 'request_id = "7DF"', ["modules.2 (AV).request_id", "7DF"]),
        ('request_id = "747"', 'request_id = "18DA10F1"', ["modules.2 (AV).request_id", "18DA10F1"]),
        ('response_id = "767"', 'response_id = "68A"', ["modules.2 (AV).response_id", "68A", "700 to 7FF"]),
        ('response_id = "767"', 'response_id = "7DF"', ["modules.2 (AV).response_id", "7DF"]),
        ('response_id = "767"', 'response_id = "18DAF110"', ["modules.2 (AV).response_id", "18DAF110"]),
        ('frame = "60D"', 'frame = "0000060D"', ["ignition_frames.1 (0000060D).frame", "CAN id"]),
        ('response_id = "767"', 'response_id = "747"', ["modules.2 (AV).response_id"]),
        ('["17 FF 00"]', '["17 FF 0"]', ["modules.2 (AV).fault_requests", "17 FF 0"]),
        ('["17 FF 00"]', "[]", ["modules.2 (AV).fault_requests"]),
        ('["17 FF 00"]', '["17 FF 00 00 00 00 00 00"]', ["modules.2 (AV).fault_requests"]),
        ('name = "AV"', 'name = "ECM"', ["modules", "ECM", "twice"]),
        ('powered_from = "ACC"', 'powered_from = "unknown"', ["modules.2 (AV).powered_from"]),
        ('powered_from = "ACC"', 'powered_from = "ACC"\nreached_by = "lin"', ["reached_by"]),
        ('radio_modules = ["AV"]', 'radio_modules = ["radio"]', ["radio_modules", "radio"]),
        ('kind = "adapter"', 'kind = "guess"', ["voltage_sources.1 (adapter).kind"]),
        ('kind = "adapter"', 'kind = "request"\nrequest = "01 42"\nmodule = "X"', [".module", "X"]),
        ('kind = "adapter"', 'kind = "request"\nrequest = "1 42"\nmodule = "ECM"', [".request"]),
        ('kind = "adapter"', 'kind = "frame"', ["voltage_sources.1 (adapter).frame"]),
        ("volts = 0.05", "volts = 0.05\nminimum_v = 19", ["voltage_sources.1 (adapter).minimum_v"]),
        ("volts = 0.05", "volts = nan", ["voltage_sources.1 (adapter)", "nan"]),
        ("value = 11.0", "value = inf", ["limits.1 (audio_min_v).value", "inf"]),
        ("volts = 0.05", "volts = 0.05\nlength = 0", ["voltage_sources.1 (adapter)"]),
        ("percent = 2\nvolts = 0.05", "percent = 0\nvolts = 0", ["voltage_sources.1 (adapter).percent"]),
        ('mask = "06"', 'mask = "6"', ["ignition_frames.1 (60D).mask"]),
        ('mask = "06"', 'mask = "02"', ["ignition_frames.1 (60D).values", "06"]),
        ("start = 1", "start = 8", ["ignition_frames.1 (60D)"]),
        ('"06" = "ON"', '"06" = "GO"', ["ignition_frames.1", "GO"]),
        ('["VSKJVWR51"]', '["VSK"]', ["fingerprints.1.vin_prefixes", "VSK"]),
        ('frames_present = ["60D"]\nvin_prefixes = ["VSKJVWR51"]\n', "", ["fingerprints.1"]),
        ('name = "mine"', 'name = "mine"\npadding = "0"', ["padding"]),
        ('name = "mine"', 'name = "mine"\nbitrate = 0', ["bitrate"]),
        ('name = "mine"', 'name = "mine"\nhas_can = false', ["why_no_can"]),
        ('name = "mine"', 'name = "mine"\ncolour = "red"', ["colour", "not known"]),
        ('name = "mine"', "", ["name", "missing"]),
        ('name = "mine"', "name = mine", ["not valid TOML", "line"]),
        (
            'confidence = "one-source"\n\n[[fingerprints]]',
            'confidence = "sure"\n\n[[fingerprints]]',
            ["sure"],
        ),
    ],
)
def test_a_wrong_key_or_value_names_the_file_and_the_key(old, new, words):
    assert old in GOOD
    with pytest.raises(ProfileError) as caught:
        read_profile(GOOD.replace(old, new), "mine.toml")
    for word in ["mine.toml", *words]:
        assert word in str(caught.value), str(caught.value)
    assert caught.value.exit_code is ExitCode.CONFIGURATION


def test_a_car_without_can_cannot_have_can_modules():
    text = GOOD.replace(
        'name = "mine"', 'name = "mine"\nhas_can = false\nwhy_no_can = { en = "old", ru = "старая" }'
    )
    with pytest.raises(ProfileError, match="modules"):
        read_profile(text, "mine.toml")


def with_dbc(folder: Path, name: str) -> str:
    file = folder / "mine.toml"
    file.write_text(GOOD.replace('name = "mine"', f'name = "mine"\ndbc = "{name}"'), encoding="utf-8")
    return str(file)


def test_a_dbc_that_is_not_there_is_refused_at_load(tmp_path):
    with pytest.raises(ProfileError, match=r"mine.toml, dbc: there is no file car.dbc") as caught:
        load_profile(with_dbc(tmp_path, "car.dbc"))
    assert caught.value.exit_code is ExitCode.CONFIGURATION


def test_a_dbc_is_looked_for_beside_the_file_and_among_those_of_the_product(tmp_path):
    assert load_profile(with_dbc(tmp_path, "renault_b0.dbc")).dbc == "renault_b0.dbc"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "own.dbc").write_text('VERSION ""\n', encoding="utf-8")
    assert load_profile(with_dbc(tmp_path / "other", "own.dbc")).dbc == "own.dbc"


def test_a_dbc_that_does_not_load_is_refused_where_the_file_is_checked(tmp_path):
    (tmp_path / "car.dbc").write_text("BO_ what\n", encoding="utf-8")
    name = with_dbc(tmp_path, "car.dbc")
    load_profile(name)
    with pytest.raises(ProfileError, match=r"dbc: .*car.dbc does not load as a DBC: line 1") as caught:
        check_database(name)
    assert caught.value.exit_code is ExitCode.CONFIGURATION


def test_the_cars_of_the_product_pass_the_check_of_their_dbc(tmp_path):
    check_database("nissan-f-alpha")
    check_database(with_dbc(tmp_path, "nissan_f_alpha.dbc"))
    with pytest.raises(UsageError, match="no car called “R51”") as caught:
        check_database("R51")
    assert str(caught.value.advice).startswith("Known cars: ")
