"""Fault codes as people type them."""

from __future__ import annotations

import pytest

from diag.errors import ExitCode, UsageError
from diag.vehicle.code_spelling import read_code


@pytest.mark.parametrize(
    ("typed", "code", "corrected"),
    [
        ("P0562", "P0562", False),
        (" p0562 ", "P0562", False),
        ("b1a15-11", "B1A15-11", False),
        ("B1A1511", "B1A15-11", False),
        ("Р0562", "P0562", True),
        ("р0562", "P0562", True),
        ("С1109", "C1109", True),
        ("В2195", "B2195", True),
        ("U122А", "U122A", True),
        ("U122Е", "U122E", True),
        ("PO562", "P0562", True),
        ("РО562", "P0562", True),
    ],
)
def test_a_code_is_read_and_a_correction_is_remembered(typed, code, corrected):
    spelled = read_code(typed)
    assert (spelled.code, spelled.corrected) == (code, corrected)


def test_the_base_is_without_the_failure_type():
    assert read_code("B1A15-11").base == "B1A15"


@pytest.mark.parametrize(
    "typed", ["", "P", "P056", "P05622", "P056G", "P4562", "X0562", "hello", "P0562-1", "0562"]
)
def test_what_is_no_fault_code_is_a_usage_error(typed):
    with pytest.raises(UsageError) as caught:
        read_code(typed)
    assert caught.value.exit_code is ExitCode.USAGE
    assert "P0562" in str(caught.value.advice)


@pytest.mark.parametrize("typed", ["P9999", "u4000", "BA115-11"])
def test_a_wrong_second_character_is_named(typed):
    with pytest.raises(UsageError, match=f"its second character is {typed[1]}") as caught:
        read_code(typed)
    assert "0-3" in str(caught.value.advice)
