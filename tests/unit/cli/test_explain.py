"""The command that says a fault code in words."""

from __future__ import annotations

import argparse
import json

import jsonschema
import pytest

from diag.cli import explain
from diag.errors import UsageError
from diag.i18n import use_language
from diag.report.documents import json_schema
from diag.vehicle.fault_texts import known_codes


def explained(capsys, code: str) -> str:
    parser = argparse.ArgumentParser()
    explain.add_arguments(parser)
    assert explain.run(parser.parse_args([code])) == 0
    return capsys.readouterr().out


def test_a_known_code_comes_with_text_kind_causes_and_source(capsys):
    assert explained(capsys, "P0562").splitlines() == [
        "P0562: System voltage low",
        "  engine and gearbox; standard code, the same on every make",
        "  set by: ECM",
        "  likely causes:",
        "    1. weak or flat battery",
        "    2. loose or corroded battery terminals or grounds",
        "    3. generator or its wiring",
        "  source: SAE J2012 (several sources agree)",
    ]


def test_a_code_of_the_maker_is_called_so(capsys):
    assert "code of the maker" in explained(capsys, "U1000")


def test_codes_left_behind_by_a_lost_supply_say_so(capsys):
    assert "battery was disconnected" in explained(capsys, "U1300")
    assert "often left behind" not in explained(capsys, "P0562")


def test_a_code_on_which_sources_differ_says_so(capsys):
    text = explained(capsys, "P1614")
    assert "sources differ" in text
    assert "B2190" in text


def test_an_unknown_code_has_no_text_but_its_letters_are_explained(capsys):
    text = explained(capsys, "B1A15-11")
    assert text.startswith("B1A15-11: no text known")
    assert "body" in text
    assert "short circuit to ground" in text


def test_an_unknown_failure_type_is_called_so(capsys):
    assert "kind of failure FE: no text known" in explained(capsys, "B2191-FE")


def test_cyrillic_look_alikes_are_corrected_for_all_to_see(capsys):
    text = explained(capsys, "Р0562")
    assert text.startswith("P0562: System voltage low")
    assert "“Р0562” was read as P0562" in text
    assert "was read as" not in explained(capsys, "p0562")


def test_the_text_comes_in_russian(capsys):
    use_language("ru")
    text = explained(capsys, "P0562")
    assert "P0562: Напряжение бортовой сети низкое" in text
    assert "слабый или разряженный аккумулятор" in text


@pytest.mark.parametrize("code", known_codes())
def test_every_known_code_can_be_printed(capsys, code):
    assert explained(capsys, code).startswith(f"{code}: ")


def test_what_is_no_fault_code_is_a_usage_error():
    with pytest.raises(UsageError, match="“hello” is not a fault code"):
        explain.run(argparse.Namespace(code="hello", json=False))


@pytest.mark.parametrize(
    ("typed", "known", "modules"), [("P0562", True, ["ECM"]), ("b1a15-11", False, []), ("U1000", True, None)]
)
def test_a_code_can_be_a_document(terrano, typed, known, modules):
    code, out, _ = terrano("explain", "--json", typed)
    document = json.loads(out)
    jsonschema.validate(document, json_schema("explain"))
    assert code == 0
    assert (document["code"], document["known"]) == (typed.upper(), known)
    assert (document["text"] is not None) is known
    assert modules is None or document["modules"] == modules
