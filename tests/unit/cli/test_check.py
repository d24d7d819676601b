"""The adapter check on the command line: a table or a document, and 69 where there is no adapter."""

from __future__ import annotations

import json

import jsonschema
import pytest

from diag.report.documents import json_schema


def test_a_good_adapter_is_called_good_and_every_stage_is_named(terrano):
    code, out, _ = terrano("check", "--link", "sim:healthy", "--json", "--quiet")
    document = json.loads(out)
    jsonschema.validate(document, json_schema("check"))
    assert code == 0
    assert document["verdict"] == "GOOD"
    assert document["mode"] == "practice"
    assert [stage["name"] for stage in document["stages"]] == [
        "port",
        "identity",
        "supply",
        "protocol",
        "modules",
    ]
    assert document["latency_ms"] > 0


@pytest.mark.parametrize("as_json", [True, False])
def test_a_port_that_is_not_there_is_poor_and_ends_with_69(terrano, as_json):
    code, out, _ = terrano(
        "check", "--link", "elm327:/dev/nowhere", "--quiet", *(["--json"] if as_json else [])
    )
    assert code == 69
    assert "POOR" in out
    assert "/dev/nowhere" in out


@pytest.mark.parametrize("url", ["none:", "replay:drive.log"])
def test_where_there_is_no_adapter_there_is_nothing_to_check(terrano, url):
    code, out, err = terrano("check", "--link", url, "--json", "--quiet")
    assert code == 64
    assert out == ""
    assert "to check" in err
    assert "terrano adapters" in err


def test_a_clone_is_told_what_is_switched_off(terrano):
    code, out, _ = terrano("check", "--link", "sim:clone-adapter", "--quiet")
    assert code == 0
    assert out.startswith(("Adapter FAIR", "Adapter POOR"))
    assert "Switched off: " in out
