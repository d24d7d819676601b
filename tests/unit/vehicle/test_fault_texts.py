"""Fault codes in words, in both languages."""

from __future__ import annotations

import re

import pytest

from diag.model import Words
from diag.vehicle.code_meaning import Definer, definer_of, system_of
from diag.vehicle.fault_texts import failure_type_words, fault_text, known_codes, words_for
from diag.vehicle.profile import FactConfidence

CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def test_about_fifty_codes_have_a_text():
    assert len(known_codes()) >= 45


@pytest.mark.parametrize("code", known_codes())
def test_every_text_is_well_formed_and_in_both_languages(code):
    fact = fault_text(code)
    assert fact is not None
    assert re.fullmatch(r"[PCBU][0-3][0-9A-F]{3}", code)
    assert fact.type.value == definer_of(code).value
    assert fact.where
    assert fact.source
    for text in (fact.text, *fact.causes, *([fact.remark] if fact.remark else [])):
        assert text.en
        assert not CYRILLIC.search(text.en)
        assert CYRILLIC.search(text.ru)


def test_no_code_is_given_twice():
    from diag.vehicle.fault_texts import _FOLDER

    codes = [
        code
        for file in _FOLDER.glob("*.toml")
        for code in re.findall(r'^code = "(.*)"', file.read_text("utf-8"), re.MULTILINE)
    ]
    assert sorted(codes) == list(known_codes())


def test_a_text_comes_in_both_languages():
    assert words_for("P0562") == Words("System voltage low", "Напряжение бортовой сети низкое")


def test_a_failure_type_is_added_to_the_text_of_the_base_code():
    words = words_for("U1300-87")
    assert words == Words(
        "AV bus: circuit fault: message missing", "Шина AV: неисправность цепи: сообщение пропало"
    )


def test_failure_type_00_adds_nothing_to_the_text():
    assert words_for("U1300-00") == words_for("U1300")


def test_an_unknown_failure_type_leaves_the_base_text():
    assert words_for("U1300-FE") == words_for("U1300")
    assert failure_type_words("U1300-FE") is None
    assert failure_type_words("U1300") is None


def test_an_unknown_code_has_no_words_whatever_its_failure_type():
    assert words_for("B1A15-11") is None
    assert failure_type_words("B1A15-11") == Words("short circuit to ground", "замыкание на массу")


def test_codes_that_a_lost_supply_leaves_behind_are_marked():
    left_behind = {code for code in known_codes() if fault_text(code).power_loss}
    assert left_behind == {"P0603", "U1000", "U1300"}


@pytest.mark.parametrize("code", ["P1614", "B2190"])
def test_codes_that_sources_pair_differently_are_disputed_and_say_so(code):
    fact = fault_text(code)
    assert fact.confidence is FactConfidence.DISPUTED
    assert fact.remark is not None


@pytest.mark.parametrize("code", ["B1318", "P0624"])
def test_codes_that_lists_give_wrongly_for_this_make_have_no_text(code):
    assert fault_text(code) is None


@pytest.mark.parametrize(
    ("code", "definer"),
    [
        ("P0562", Definer.STANDARD),
        ("P2101", Definer.STANDARD),
        ("P1610", Definer.MAKER),
        ("P3012", Definer.MAKER),
        ("P3401", Definer.STANDARD),
        ("P3A00", Definer.RESERVED),
        ("U0100", Definer.STANDARD),
        ("U1000", Definer.MAKER),
        ("B2190", Definer.MAKER),
        ("C0035", Definer.STANDARD),
        ("C1109", Definer.MAKER),
        ("B3000", Definer.RESERVED),
    ],
)
def test_the_first_digits_say_who_defines_a_code(code, definer):
    assert definer_of(code) is definer
    assert str(definer.words)


def test_the_letter_names_the_part_of_the_car():
    assert "engine" in str(system_of("P0562"))
    assert "network" in str(system_of("U1000"))


def test_failure_types_say_the_same_as_those_of_the_protocol():
    from diag.protocol.dtc import failure_type_name
    from diag.vehicle.fault_texts import _all_failure_types

    for code, text in _all_failure_types().items():
        assert text.en == str(failure_type_name(int(code, 16)))
