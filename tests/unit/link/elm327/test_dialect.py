"""One line of adapter text and what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.link.elm327.dialect import LineKind, parse_frame, parse_line

_RESPONDERS = frozenset({0x7E8})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7E8 02 43 00", LineKind.FRAME),
        ("7E8024300", LineKind.FRAME),
        ("43 00", LineKind.DATA),
        ("4300", LineKind.DATA),
        ("014", LineKind.LENGTH),
        ("0: 49 02 01", LineKind.SEGMENT),
        ("0: 49 0", LineKind.CUT),
        ("7E8 02 43 0", LineKind.CUT),
        ("7E802430", LineKind.CUT),
        ("7E8 7 02 43 00", LineKind.CUT),
        ("7E8", LineKind.CUT),
        ("4", LineKind.CUT),
        ("SEARCHING...", LineKind.EMPTY),
        ("...", LineKind.EMPTY),
        ("OK", LineKind.OK),
        ("?", LineKind.UNKNOWN_COMMAND),
        ("NODATA", LineKind.STATUS),
        ("no data", LineKind.STATUS),
        ("7E8 02 43 00 <DATA ERROR", LineKind.CUT),
        ("xyz", LineKind.GARBAGE),
    ],
)
def test_a_line_is_known_for_what_it_is(text, kind):
    assert parse_line(text, _RESPONDERS).kind is kind


@given(st.integers(0, 0x7FF), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_monitored_frame_is_read_back_whole(arbitration_id, data, spaced):
    text = (
        f"{arbitration_id:03X} {data.hex(' ').upper()}"
        if spaced
        else f"{arbitration_id:03X}{data.hex().upper()}"
    )
    line = parse_frame(text)
    assert (line.kind, line.arbitration_id, line.data) == (LineKind.FRAME, arbitration_id, data)


@given(st.binary(min_size=2, max_size=7), st.integers(1, 4))
def test_a_frame_that_lost_digits_is_never_taken_for_another_answer(payload, lost):
    whole = f"7E8{len(payload):02X}{payload.hex()}".upper()
    line = parse_line(whole[:-lost], _RESPONDERS)
    if line.kind is LineKind.FRAME:
        assert line.data[0] > len(line.data) - 1
    else:
        assert line.kind is LineKind.CUT


@given(st.text(max_size=40))
def test_no_text_makes_the_reader_stumble(text):
    parse_line(text, _RESPONDERS)
    parse_frame(text)
