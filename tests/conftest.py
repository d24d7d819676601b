"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from diag.i18n import use_language

_REALDATA = Path(__file__).resolve().parents[2] / "shared" / "realdata"


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of captures of real cars, which do not travel with the product."""
    if not _REALDATA.is_dir():
        pytest.skip(
            "captures of real cars are not here; tests/realdata/SOURCES.toml says where they come from"
        )
    return _REALDATA


@pytest.fixture(autouse=True)
def _english() -> None:
    """Every test starts in English, whatever ran before it."""
    use_language("en")
