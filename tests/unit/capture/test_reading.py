"""Captures are recognised by content, and what is missing from them is said."""

from __future__ import annotations

import hashlib

import can
import pytest

from diag.capture.capture import DamageKind, TimeBase
from diag.capture.reading import read_capture
from diag.errors import CaptureError, InputNotFound

ASC = """date Sun Nov 22 06:10:26.631 2026
base hex  timestamps absolute
internal events logged
Begin Triggerblock Thu Jan 06 11:46:01.949 2022
 0.000000 Start of measurement
 0.500000 1  7E0             Tx   d 8 02 09 02 00 00 00 00 00
 0.600000 1  7E8             Rx   d 8 03 7F 09 11 00 00 00 00
 0.650000 1  Statistic: D 0 R 0 XD 0 XR 0 E 0 O 0 B 0.00%
 0.700000 1  18DAF110x       Rx   d 2 01 02
"""


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    return path


def messages(count):
    return [
        can.Message(
            timestamp=1725694999.0 + number, arbitration_id=0x123, data=[number % 256], is_extended_id=False
        )
        for number in range(count)
    ]


def blf(path, count):
    with can.BLFWriter(path) as writer:
        for each in messages(count):
            writer(each)
    return path


def test_a_candump_log_is_recognised_under_any_name(tmp_path):
    capture = read_capture(written(tmp_path, "drive.blf", "(1725694999.5) can0 123#01\n"))
    assert capture.format == "candump"
    assert capture.complete
    assert capture.channels == ("can0",)


def test_the_sum_of_the_file_is_kept(tmp_path):
    path = written(tmp_path, "a.log", "(1.0) can0 123#01\n")
    assert read_capture(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_early_times_count_from_the_first_frame_and_have_no_wall_time(tmp_path):
    capture = read_capture(written(tmp_path, "a.log", "(166.0) can0 123#01\n(167.5) can0 123#02\n"))
    assert capture.time_base is TimeBase.RELATIVE
    assert [frame.time for frame in capture.frames] == [0.0, 1.5]
    assert capture.first is None


def test_late_times_are_wall_times(tmp_path):
    capture = read_capture(written(tmp_path, "a.log", "(1725694999.5) can0 123#01\n"))
    assert capture.time_base is TimeBase.ABSOLUTE
    assert capture.first is not None
    assert capture.first.isoformat() == "2024-09-07T07:43:19.500000+00:00"


def test_windows_line_ends_are_line_ends(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"(1.0) can0 123#01\r\n(2.0) can0 123#02\r\n")
    capture = read_capture(path)
    assert len(capture.frames) == 2
    assert capture.complete


def test_a_clock_that_goes_back_is_damage(tmp_path):
    capture = read_capture(written(tmp_path, "a.log", "(9.0) can0 123#01\n(2.0) can0 123#02\n"))
    assert [damage.kind for damage in capture.damage] == [DamageKind.CLOCK_BACK]
    assert capture.end_s - capture.start_s == pytest.approx(7.0)


def test_asc_frames_are_read_and_statistics_passed_over(tmp_path):
    capture = read_capture(written(tmp_path, "drive.txt", ASC + "End TriggerBlock\n"))
    assert capture.format == "asc"
    assert capture.complete
    assert [(frame.arbitration_id, frame.transmitted, frame.is_extended) for frame in capture.frames] == [
        (0x7E0, True, False),
        (0x7E8, False, False),
        (0x18DAF110, False, True),
    ]
    assert [round(frame.time, 6) for frame in capture.frames] == [0.0, 0.1, 0.2]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (" 0.8 1  7E8             Rx   d 8 03 7F\n", DamageKind.BAD_LINE),
        (" 0.8 1  7E8             Rx   d 8 03 7F 09 11 00 00 00 GG\n", DamageKind.BAD_LINE),
        (" 0.8 1  7E8             Rx   d 8 03 7F 09 11 00 00 0", DamageKind.CUT_LINE),
        (" 0.800", DamageKind.CUT_LINE),
        (" 0.8 1  7E8             Rx   d 2 03 7FF\n", DamageKind.BAD_LINE),
    ],
)
def test_a_damaged_asc_line_is_located_and_the_others_stay(tmp_path, line, kind):
    capture = read_capture(written(tmp_path, "a.asc", ASC + line))
    assert len(capture.frames) == 3
    assert [(damage.row, damage.kind) for damage in capture.damage] == [(10, kind)]


def test_reading_goes_on_behind_an_asc_line_that_the_reader_dies_of(tmp_path):
    bad = " 0.8 1  7E8             Rx   d 2 03 7FF\n"
    good = " 0.9 1  7E8             Rx   d 2 01 02\n"
    capture = read_capture(written(tmp_path, "a.asc", ASC + bad + good))
    assert len(capture.frames) == 4
    assert [damage.row for damage in capture.damage] == [10]


def test_blf_is_read_with_the_count_of_its_header(tmp_path):
    capture = read_capture(blf(tmp_path / "a.log.blf", 5))
    assert capture.format == "blf"
    assert capture.complete
    assert capture.announced_frames == 5
    assert [frame.data[0] for frame in capture.frames] == [0, 1, 2, 3, 4]


def test_a_cut_blf_file_is_incomplete_by_its_own_header(tmp_path):
    path = blf(tmp_path / "a.blf", 5000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    capture = read_capture(path)
    assert not capture.complete
    assert capture.announced_frames == 5000
    assert len(capture.frames) < 5000
    assert "5000" in str(capture.damage[0].detail)


def test_a_blf_file_with_bytes_turned_is_unreadable_from_there(tmp_path):
    path = blf(tmp_path / "a.blf", 5000)
    content = bytearray(path.read_bytes())
    content[400:440] = bytes(40)
    path.write_bytes(content)
    try:
        capture = read_capture(path)
    except CaptureError:
        return
    assert not capture.complete


@pytest.mark.parametrize("content", ["", "\n\n(\n", "LOGG", "date x\nbase hex\n"])
def test_what_holds_no_frame_is_an_error_never_an_empty_success(tmp_path, content):
    with pytest.raises(CaptureError):
        read_capture(written(tmp_path, "a.log", content))


def test_an_empty_file_is_called_an_empty_capture(tmp_path):
    with pytest.raises(CaptureError, match="Empty log"):
        read_capture(written(tmp_path, "a.log", ""))


def test_an_unknown_format_says_what_was_looked_for_and_what_was_found(tmp_path):
    with pytest.raises(CaptureError) as caught:
        read_capture(written(tmp_path, "a.log", "4126-682-00\n"))
    assert "blf, candump, asc" in str(caught.value.advice)
    assert "4126-682-00" in str(caught.value.advice)


def test_a_missing_file_and_a_folder_are_no_input(tmp_path):
    for path in (tmp_path / "none.log", tmp_path):
        with pytest.raises(InputNotFound):
            read_capture(path)
