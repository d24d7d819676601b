"""Captures of real cars are read to the last frame, and what is broken in them is located."""

from __future__ import annotations

import pytest

from diag.capture.capture import DamageKind, TimeBase
from diag.capture.conversations import find_conversations
from diag.capture.reading import read_capture
from diag.errors import CaptureError

OCTAVIA = "derived/octavia_obd2_first600s"


@pytest.mark.parametrize(
    ("name", "frames", "ids", "time_base"),
    [
        (OCTAVIA + ".log", 4818, 2, TimeBase.ABSOLUTE),
        (OCTAVIA + ".blf", 4818, 2, TimeBase.ABSOLUTE),
        ("derived/nissan_leaf_kwp_79b_7bb.asc", 5588, 12, TimeBase.RELATIVE),
        ("derived/nissan_frontier_2006_revsweep.log", 6105, 28, TimeBase.RELATIVE),
        ("captures/savvycan_candump.log", 12974, 180, TimeBase.RELATIVE),
    ],
)
def test_a_whole_capture_is_read_whole(realdata, name, frames, ids, time_base):
    capture = read_capture(realdata / name)
    assert (len(capture.frames), len(capture.ids), capture.time_base) == (frames, ids, time_base)
    assert capture.complete
    assert not capture.damage


def test_two_formats_of_the_same_frames_are_the_same_frames(realdata):
    text = read_capture(realdata / (OCTAVIA + ".log")).frames
    binary = read_capture(realdata / (OCTAVIA + ".blf")).frames
    assert [(f.arbitration_id, f.data, f.transmitted) for f in text] == [
        (f.arbitration_id, f.data, f.transmitted) for f in binary
    ]
    assert max(abs(one.time - other.time) for one, other in zip(text, binary, strict=True)) < 1e-4


@pytest.mark.parametrize(
    ("name", "frames", "damage"),
    [
        ("savvycan_candump_cut_midline.log", 2649, [(2650, DamageKind.CUT_LINE)]),
        ("leaf_cut_midline.asc", 3200, [(3206, DamageKind.CUT_LINE)]),
        ("octavia_cut_60pct.blf", 2921, [(2921, DamageKind.CUT_FILE)]),
        (
            "octavia_five_bad_lines.log",
            400,
            [(row, DamageKind.BAD_LINE) for row in (51, 101, 151, 201, 251)],
        ),
    ],
)
def test_a_broken_capture_keeps_its_good_frames_and_names_the_bad_places(realdata, name, frames, damage):
    capture = read_capture(realdata / "broken" / name)
    assert len(capture.frames) == frames
    assert [(each.row, each.kind) for each in capture.damage] == damage
    assert not capture.complete


def test_the_good_frames_of_a_broken_capture_are_those_of_the_whole_one(realdata):
    broken = read_capture(realdata / "broken" / "octavia_five_bad_lines.log")
    whole = read_capture(realdata / (OCTAVIA + ".log"))
    assert [frame.data for frame in broken.frames] == [frame.data for frame in whole.frames[:400]]


def test_a_cut_file_says_how_much_its_header_promised(realdata):
    capture = read_capture(realdata / "broken" / "octavia_cut_60pct.blf")
    assert capture.announced_frames == 4818
    assert "4818" in str(capture.damage[0].detail)


def test_an_empty_file_is_an_empty_capture(realdata):
    with pytest.raises(CaptureError, match="Empty log"):
        read_capture(realdata / "broken" / "empty.log")


def test_every_request_of_the_octavia_has_its_answer(realdata):
    (conversation,) = find_conversations(read_capture(realdata / (OCTAVIA + ".log"))).modules
    assert str(conversation.address) == "7E0/7E8"
    assert (conversation.requests, conversation.responses, conversation.broken) == (2407, 2407, 0)


def test_the_leaf_speaks_on_ids_of_its_own(realdata):
    capture = read_capture(realdata / "derived/nissan_leaf_kwp_79b_7bb.asc")
    (conversation,) = find_conversations(capture).modules
    assert str(conversation.address) == "79B/7BB"
    lengths = [len(exchange.response or b"") for exchange in conversation.exchanges]
    assert sorted(lengths) == [31] * 13 + [53] * 13


@pytest.mark.parametrize(
    "name",
    [
        "captures/savvycan_candump.log",
        "broken/savvycan_candump_cut_midline.log",
        "derived/nissan_frontier_2006_revsweep.log",
    ],
)
def test_ordinary_traffic_on_high_ids_is_no_diagnostic_conversation(realdata, name):
    conversations = find_conversations(read_capture(realdata / name))
    assert conversations.modules == ()
    assert conversations.unanswered == ()
