"""How values are written for a technician."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diag.i18n import literal, message, use_language
from diag.link.check_report import CheckVerdict
from diag.model import Reading
from diag.protocol.dtc import kwp_status_names, uds_status_names
from diag.text import (
    bilingual,
    check_word,
    hex_bytes,
    hex_id,
    masked_vin,
    status_words,
    vin_tail,
    voltage_text,
)


def volts(value, uncertainty):
    return Reading(value, "V", literal("test"), datetime(2026, 1, 1, tzinfo=UTC), uncertainty)


@pytest.mark.parametrize(
    ("value", "uncertainty", "text"),
    [
        (12.6, 0.302, "12.6 V ±0.3"),
        (11.101, 0.211, "11.1 V ±0.2"),
        (12.34, 0.05, "12.34 V ±0.05"),
        (12.34, None, "12.34 V"),
    ],
)
def test_a_voltage_has_as_many_decimals_as_mean_something(value, uncertainty, text):
    assert str(voltage_text(volts(value, uncertainty))) == text


def test_a_vin_keeps_its_length_and_its_last_four():
    assert masked_vin("VSKJVWR51U0001234") == "*************1234"
    assert vin_tail("VSKJVWR51U0001234") == "1234"
    assert masked_vin("12") == "12"


def test_ids_and_bytes_are_upper_case_hex():
    assert hex_id(0x7E8) == "7E8"
    assert hex_id(0x2) == "002"
    assert hex_bytes(b"\x19\x02\xff") == "19 02 FF"


def test_a_bilingual_text_follows_the_language_also_inside_another_sentence():
    text = bilingual("adapter", "адаптер")
    outer = message("{source}, log time {seconds:.1f} s", source=text, seconds=1.0)
    assert str(outer).startswith("adapter")
    use_language("ru")
    assert str(text) == "адаптер"
    assert str(outer).startswith("адаптер")
    assert text.in_language("en") == "adapter"


def test_bilingual_texts_are_equal_by_content():
    assert bilingual("a", "б") == bilingual("a", "б")
    assert len({bilingual("a", "б"), bilingual("a", "б"), bilingual("a", "в")}) == 2


@pytest.mark.parametrize("verdict", list(CheckVerdict))
def test_every_verdict_of_an_adapter_check_has_a_word(verdict):
    assert str(check_word(verdict)) == verdict.value


def test_the_status_of_a_code_is_told_in_words():
    words = [str(word) for word in status_words(("confirmed", "test-failed", "failed-since-clear", "odd"))]
    assert words == ["confirmed", "test failed now", "failed since cleared", "odd"]


@pytest.mark.parametrize("status", range(256))
def test_every_status_that_a_module_can_send_has_words_of_its_own(status):
    for name in (*uds_status_names(status), *kwp_status_names(status)):
        (word,) = status_words((name,))
        assert word.msgid != "{text}", name
