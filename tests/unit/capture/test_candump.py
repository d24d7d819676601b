"""Candump lines are whole frames, or damage with its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.capture.candump import looks_like_candump, read_candump
from diag.capture.capture import DamageKind


def one(line: str):
    read = read_candump([line])
    assert not read.damage
    return read.frames[0]


def test_a_line_is_a_frame_with_time_channel_id_and_data():
    frame = one("(1725694999.693250) can1 7E8#0641010027E100CC R\n")
    assert frame.time == pytest.approx(1725694999.69325)
    assert (frame.arbitration_id, frame.channel) == (0x7E8, "can1")
    assert frame.data.hex() == "0641010027e100cc"
    assert not frame.transmitted
    assert not frame.is_extended


def test_the_direction_letter_says_who_sent_it():
    assert one("(0.1) can0 7E0#0103 T\n").transmitted


def test_eight_digits_are_an_extended_id():
    frame = one("(0.1) can0 18DAF110#024300\n")
    assert frame.is_extended
    assert frame.arbitration_id == 0x18DAF110


def test_remote_and_error_frames_carry_no_data_that_counts():
    assert one("(0.1) can0 123#R8\n").is_remote
    assert one("(0.1) can0 20000080#0000000000000000\n").is_error


def test_a_can_fd_frame_may_be_longer():
    assert len(one("(0.1) can0 123##1" + "00" * 12 + "\n").data) == 12


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("### not a frame ###", "no frame in this line"),
        ("(1.0) 1 7E8#0G410C0000 R", "G is not a hexadecimal digit"),
        ("(1.0) 1 7E8#04410C0 R", "an odd number of hexadecimal digits"),
        ("1.0) 1 7E8#04410C0000 R", "no brackets around the time"),
        ("(1.0) 1 7E8#00112233445566778899AA R", "11 data bytes"),
        ("(1.0) 1 FFF#00", "FFF is no CAN id"),
        ("(1.0) 1 7X8#00", "7X8 is no CAN id"),
        ("(1.0) 1 123##1" + "00" * 9, "9 data bytes"),
        ("(1.0)#00", "not written as time, channel and frame"),
    ],
)
def test_a_bad_line_is_damage_with_its_number_and_the_others_stay(line, why):
    read = read_candump(["(0.5) can0 123#00\n", line + "\n", "(1.5) can0 123#01\n"])
    assert [frame.data.hex() for frame in read.frames] == ["00", "01"]
    assert [(damage.row, damage.kind, str(damage.detail)) for damage in read.damage] == [
        (2, DamageKind.BAD_LINE, why)
    ]


def test_empty_lines_are_no_damage():
    assert not read_candump(["\n", "  \n"]).damage


@pytest.mark.parametrize("line", ["(1.0) can0 754#65FA", "(1.0) can0 75", "(1.0"])
def test_a_last_line_that_was_cut_is_never_a_frame(line):
    read = read_candump(["(0.5) can0 754#65FAFF0000000000\n", line])
    assert len(read.frames) == 1
    assert [(damage.row, damage.kind) for damage in read.damage] == [(2, DamageKind.CUT_LINE)]


def test_a_last_line_that_must_be_whole_is_taken_without_its_line_end():
    assert len(read_candump(["(1.0) can0 754#65FAFF0000000000"]).frames) == 1
    assert len(read_candump(["(1.0) can0 754#65FA R\n", "(1.0) can0 754#65FA R"]).frames) == 2


def test_a_last_line_without_the_direction_that_all_others_have_was_cut():
    read = read_candump(["(1.0) can0 754#65FAFF0000000000 R\n", "(2.0) can0 754#65FAFF0000000000"])
    assert len(read.frames) == 1


def test_the_format_is_recognised_behind_a_damaged_first_line():
    assert looks_like_candump("garbage\n(0.5) can0 123#00\n")
    assert not looks_like_candump("4126-682-00\n4183-35D-0003000000000000\n")


@given(st.text(max_size=60))
def test_no_text_raises_and_every_line_is_accounted_for(text):
    line = text.replace("\n", "").replace("\r", "") + "\n"
    read = read_candump([line])
    assert len(read.frames) + len(read.damage) == (1 if line.strip() else 0)
