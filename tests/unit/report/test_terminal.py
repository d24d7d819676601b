"""The tables in a terminal and in a pipe."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from diag.i18n import message
from diag.link import Identity
from diag.model import Mode, Verdict
from diag.reading.result import BatteryReading
from diag.report.terminal import print_adapters, print_scan_table


class Pipe(io.StringIO):
    """A stream with an encoding of its own."""

    def __init__(self, encoding="utf-8"):
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self):
        return self._encoding


def printed(result, encoding="utf-8", **options):
    pipe = Pipe(encoding)
    print_scan_table(result, stream=pipe, **{"show_vin": False, **options})
    return pipe.getvalue()


def test_the_first_line_says_what_is_always_seen(scan_result):
    assert printed(scan_result()).splitlines()[0] == "PRACTICE  12.6 V ±0.3  IGN ON  radio ?"


def test_every_verdict_has_its_words_and_only_an_answer_reads_as_good(scan_result):
    lines = printed(scan_result()).splitlines()
    good = [line for line in lines if "✓" in line]
    assert all("no fault codes (answered)" in line for line in good)
    for words in (
        "1 fault code",
        "refused the request",
        "no answer",
        "answer cut off",
        "not asked",
        "not fitted",
    ):
        assert any(words in line and "✓" not in line for line in lines), words
    assert any("P0562" in line and "System voltage low" in line for line in lines)


def test_the_reason_of_a_doubtful_none_is_told(scan_result):
    result = scan_result()
    doubt = message("the adapter does not show which module answered")
    none = replace(result.modules[1], verdict=Verdict.NONE, reason=doubt)
    assert "which module answered" in printed(replace(result, modules=(none,)))


def test_the_voltages_that_were_compared_are_told(scan_result):
    assert printed(scan_result()).splitlines()[-1] == "voltage: the sources agree (12.6, 12.6 V)"


def test_a_reader_who_has_gone_is_left_to_the_command_line(scan_result):
    class Gone(Pipe):
        def write(self, _):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        print_scan_table(scan_result(), show_vin=False, stream=Gone())


def test_power_loss_is_told_before_the_modules_with_its_evidence(scan_result):
    text = printed(scan_result())
    assert text.index("Power was lost") < text.index("\nmodule ")
    assert "ECM P0562, BCM P0562" in text


@pytest.mark.parametrize(("encoding", "ascii_only"), [("ascii", False), ("utf-8", True)])
def test_ascii_is_enough(scan_result, encoding, ascii_only):
    text = printed(scan_result(), encoding, ascii_only=ascii_only)
    assert text.isascii()
    assert "12.6 V +-0.3" in text


def test_a_pipe_gets_plain_lines_without_trailing_blanks(scan_result):
    text = printed(scan_result())
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_vin_is_shown_whole_only_when_asked_for(scan_result):
    assert "VSKJVWR51U0001234" not in printed(scan_result())
    assert "VIN VSKJVWR51U0001234" in printed(scan_result(), show_vin=True)


@pytest.mark.parametrize(
    ("mode", "practice", "word"),
    [(Mode.LIVE, False, "LIVE"), (Mode.ASKED, False, "ASKED"), (Mode.REPLAY, True, "REPLAY of practice")],
)
def test_the_mode_stands_first(scan_result, mode, practice, word):
    identity = Identity("x", mode, "x", practice=practice)
    assert printed(scan_result(identity=identity)).startswith(f"{word}  ")


def test_a_voltage_that_is_not_known_is_a_question_mark(scan_result):
    assert "voltage ?" in printed(scan_result(battery=BatteryReading(None))).splitlines()[0]


def test_adapters_are_listed_with_the_link_to_use_and_what_to_do():
    pipe = Pipe()
    rows = [("FT232R", "elm327:/dev/ttyUSB0", False, message("add yourself to the group"))]
    print_adapters(rows, stream=pipe)
    assert "elm327:/dev/ttyUSB0" in pipe.getvalue()
    assert "✗ refused" in pipe.getvalue()
    assert "add yourself to the group" in pipe.getvalue()


def test_no_adapter_is_said_in_words():
    pipe = Pipe()
    print_adapters([], stream=pipe)
    assert "No adapter was found." in pipe.getvalue()
