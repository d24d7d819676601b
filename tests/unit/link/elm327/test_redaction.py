"""What an immobiliser says never stays in a line that is kept."""

from __future__ import annotations

import pytest

from diag.link.elm327.redaction import WITHHELD, Redactor
from diag.model import ModuleAddress

SECRETS = {
    "one frame": ["765 06 61 21 AA BB CC DD"],
    "one frame, packed": ["765066121AABBCCDD"],
    "one frame with its length": ["765 8 06 61 83 AA BB CC DD 00"],
    "packed with its length": ["7658066121AABBCCDD00"],
    "several frames": ["765 10 0A 61 83 AA BB CC DD", "765 21 AA BB CC DD 00 00 00"],
    "several frames, packed": ["765100A6183AABBCCDD", "76521AABBCCDD000000"],
    "no header": ["61 21 AA BB CC DD"],
    "no header, packed": ["6121AABBCCDD"],
    "segments": ["0: 61 21 AA BB CC DD", "1: AA BB CC DD AA BB CC"],
    "a lost digit": ["765 06 61 21 AA BB CC D"],
    "lost digits in a later frame": ["765 10 0A 61 83 AA BB CC DD", "765 21 AA BB CC D"],
    "damaged": ["765 06 61 21 AA BB CC DD <RX ERROR"],
    "a frame of the immobiliser": ["342 AA BB CC DD", "512AABBCCDD", "  342 8 AA BB CC DD"],
}


@pytest.mark.parametrize("lines", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_struck_out_however_it_is_written(lines):
    redactor = Redactor()
    assert [redactor.shown(line) for line in lines] == [WITHHELD] * len(lines)
    lower = Redactor()
    assert [lower.shown(line.lower()) for line in lines] == [WITHHELD] * len(lines)


@pytest.mark.parametrize(
    "line",
    ["7E8 04 43 01 05 62", "OK", "NO DATA", "12.6V", "ATSH745", "765 21 01 02 03", "ELM327 v1.5", "2180"],
)
def test_other_lines_stay_as_they_are(line):
    assert Redactor().shown(line) == line


def test_another_module_and_a_later_answer_are_shown_again():
    redactor = Redactor()
    redactor.shown("765 10 0A 61 83 AA BB CC DD")
    assert redactor.shown("7E8 21 01 02 03") == "7E8 21 01 02 03"
    assert redactor.shown("765 21 AA BB CC DD") == WITHHELD
    redactor.shown("765 10 0A 59 02 FF 01 02 03")
    assert redactor.shown("765 21 01 02 03 04") == "765 21 01 02 03 04"


def test_the_trace_of_a_link_holds_no_byte_of_it(pty_bench, ask):
    cluster = ModuleAddress(0x743, 0x763)
    pty_bench.adapter.answers["2183"] = "763100A6183DEADBE\r76321EFDEADBE\r\r>"
    link = pty_bench.connect()
    ask(link, "2183", cluster)
    rows = [row.data for row in link.trace.entries()]
    assert "2183" in pty_bench.adapter.requests
    assert not any("DEAD" in row.upper().replace(" ", "") for row in rows)
    assert WITHHELD in rows
