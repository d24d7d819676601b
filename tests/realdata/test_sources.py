"""The captures used here are the ones that SOURCES.toml names."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

SOURCES = tomllib.loads((Path(__file__).parent / "SOURCES.toml").read_text(encoding="utf-8"))["file"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["name"])
def test_a_file_is_what_its_source_says(realdata, source):
    content = (realdata / source["name"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == source["sha256"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["name"])
def test_a_source_says_where_it_is_from(source):
    if source["name"] != "broken/empty.log":
        assert len(source["commit"]) == 40
        assert source["repository"].count("/") == 1
        assert source["path"]
    assert source["made"]
