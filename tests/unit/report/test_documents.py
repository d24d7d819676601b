"""The JSON documents: what they hold, and that their schema accepts exactly that."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from diag.i18n import use_language
from diag.link import Identity
from diag.model import Mode
from diag.reading.result import BatteryReading
from diag.report.documents import DOCUMENTS, as_json, json_schema
from diag.report.scan_document import scan_document

ORDER = ["schema", "mode", "time", "link", "vehicle", "battery", "ignition", "radio", "modules"]


def document(result, *, show_vin=False):
    parsed = json.loads(as_json(scan_document(result, show_vin=show_vin)))
    jsonschema.validate(parsed, json_schema("scan"), format_checker=jsonschema.FormatChecker())
    return parsed


def test_a_scan_document_is_what_the_contract_shows(scan_result):
    parsed = document(scan_result())
    assert list(parsed)[: len(ORDER)] == ORDER
    assert parsed["schema"] == "terrano/scan/1"
    assert parsed["mode"] == "practice"
    assert parsed["battery"]["voltage"]["value"] == 12.6
    assert parsed["radio"]["lock"] == "unknown"
    module = parsed["modules"][0]
    assert (module["request_id"], module["response_id"]) == ("7E0", "7E8")
    assert module["reason"] is None
    assert module["fault_codes"] == [
        {
            "code": "P0562",
            "status": ["confirmed"],
            "service": "03",
            "raw": "0562",
            "text": {"en": "System voltage low", "ru": "Низкое напряжение"},
        }
    ]


def test_the_vin_shows_its_last_four_characters_unless_asked_for(scan_result):
    assert document(scan_result())["vehicle"]["vin"] == "*************1234"
    assert document(scan_result(), show_vin=True)["vehicle"]["vin"] == "VSKJVWR51U0001234"
    assert document(scan_result(vin=None))["vehicle"]["vin"] is None


@pytest.mark.parametrize(
    ("mode", "practice", "said"),
    [
        (Mode.REPLAY, True, True),
        (Mode.REPLAY, False, None),
        (Mode.PRACTICE, True, None),
        (Mode.LIVE, False, None),
    ],
)
def test_practice_is_said_beside_replay_only(scan_result, mode, practice, said):
    identity = Identity("replay:x.log", mode, "x.log", "", practice)
    assert document(scan_result(identity=identity)).get("practice") is said


def test_what_is_not_known_is_null(scan_result):
    parsed = document(
        scan_result(battery=BatteryReading(None), identity=Identity("none:", Mode.ASKED, "none"))
    )
    assert parsed["battery"] == {"voltage": None, "witnesses": [], "agreement": None}
    assert parsed["link"]["protocol"] is None


def test_sentences_in_documents_are_english_whatever_the_language(scan_result):
    before = document(scan_result())
    use_language("ru")
    assert document(scan_result()) == before


def test_the_schema_refuses_a_verdict_that_does_not_exist(scan_result):
    parsed = document(scan_result())
    parsed["modules"][0]["verdict"] = "ok"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(parsed, json_schema("scan"))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_schema_is_a_valid_schema_that_names_its_document(name):
    schema = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert f"terrano/{name}/1" in json.dumps(schema)


def test_a_module_keeps_the_verdict_of_each_service(scan_result):
    result = scan_result()
    modules = document(replace(result, modules=result.modules[:1]))["modules"]
    assert modules[0]["services"] == [{"service": "03", "verdict": "codes", "reason": None}]
