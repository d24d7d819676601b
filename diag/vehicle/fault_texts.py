"""Look up fault codes in words: what a code says, how well that is known, and what is likely behind it."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from diag.model import Words
from diag.vehicle.profile import Fact, Text
from diag.vehicle.toml_reading import read_struct

_FOLDER = Path(__file__).parent / "faults"
_FAILURE_TYPES = Path(__file__).parent / "failure_types.toml"


class CodeType(StrEnum):
    """Who defines a code: SAE J2012, or the maker of the car."""

    STANDARD = "standard"
    MAKER = "maker"


class Severity(StrEnum):
    """How soon it matters."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class FaultTextFact(Fact, frozen=True, kw_only=True):
    """One fault code: its text in own words, which modules set it, and likely causes, most likely first.

    `power_loss` marks codes that a disconnected or very low battery leaves behind without a fault.
    """

    code: str
    text: Text
    type: CodeType
    where: tuple[str, ...]
    severity: Severity
    power_loss: bool = False
    causes: tuple[Text, ...] = ()
    remark: Text | None = None


class _FaultFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of fault texts."""

    faults: tuple[FaultTextFact, ...]


class _FailureTypeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of failure types: two hexadecimal digits to words."""

    failure_types: dict[str, Text]


def fault_text(code: str) -> FaultTextFact | None:
    """Return what is known of `code` (`P0562`; a failure type as in `B1A15-11` is left aside), else None."""
    return _all_texts().get(code.partition("-")[0].upper())


def failure_type_words(code: str) -> Words | None:
    """Return what the failure type of `code` says, None where it has none or its meaning is not listed."""
    failure_type = code.partition("-")[2].upper()
    text = _all_failure_types().get(failure_type)
    return None if text is None else Words(text.en, text.ru)


def words_for(code: str) -> Words | None:
    """Return the text of `code` with its failure type, None where the base code has no text.

    Failure type 00 adds nothing, so it is left out.
    """
    fact = fault_text(code)
    if fact is None:
        return None
    failure_type = failure_type_words(code)
    if failure_type is None or code.endswith("-00"):
        return Words(fact.text.en, fact.text.ru)
    return Words(f"{fact.text.en}: {failure_type.en}", f"{fact.text.ru}: {failure_type.ru}")


def known_codes() -> tuple[str, ...]:
    """Return every code that has a text, in alphabetical order."""
    return tuple(sorted(_all_texts()))


@cache
def _all_texts() -> dict[str, FaultTextFact]:
    texts: dict[str, FaultTextFact] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        read = read_struct(path.read_text(encoding="utf-8"), path.name, _FaultFile)
        texts.update((fact.code, fact) for fact in read.faults)
    return texts


@cache
def _all_failure_types() -> dict[str, Text]:
    text = _FAILURE_TYPES.read_text(encoding="utf-8")
    return read_struct(text, _FAILURE_TYPES.name, _FailureTypeFile).failure_types
