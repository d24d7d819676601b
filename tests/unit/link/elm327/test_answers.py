"""What the lines of an answer mean, without any wire: every word an adapter is known to say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diag.link.base import Exchange, Outcome, Request
from diag.link.collector import ResponseCollector
from diag.link.elm327.answers import AnswerReader
from diag.link.wire import ArrivalKind
from diag.model import FunctionalAddress, ModuleAddress

_WALL = datetime(2026, 1, 1, tzinfo=UTC)
_ENGINE = ModuleAddress(0x7E0, 0x7E8)


def exchange_of(request: Request, says: str) -> Exchange:
    """Return what the exchange thread makes of an adapter that says this and then gives its prompt."""
    reader = AnswerReader(request, request.payload.hex().upper())
    collector = ResponseCollector(request, 0.0)
    lines = [line for line in says.replace("\n", "\r").split("\r") if line.strip()]
    for arrival in [arrival for line in lines for arrival in reader.feed(line)] + reader.end():
        collector.feed(arrival, 0.1, _WALL)
    return Exchange(request, collector.finish(_WALL))


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ("NO DATA", Outcome.SILENT),
        ("UNABLE TO CONNECT", Outcome.SILENT),
        ("SEARCHING...UNABLE TO CONNECT", Outcome.SILENT),
        ("BUS INIT: ...ERROR", Outcome.SILENT),
        ("BUS INIT: ERROR", Outcome.SILENT),
        ("STOPPED", Outcome.BROKEN),
        ("BUFFER FULL", Outcome.BROKEN),
        ("CAN ERROR", Outcome.SILENT),
        ("BUS ERROR", Outcome.BROKEN),
        ("BUS BUSY", Outcome.BROKEN),
        ("FB ERROR", Outcome.BROKEN),
        ("DATA ERROR", Outcome.BROKEN),
        ("<DATA ERROR", Outcome.BROKEN),
        ("<RX ERROR", Outcome.BROKEN),
        ("ACT ALERT", Outcome.BROKEN),
        ("LV RESET", Outcome.BROKEN),
        ("ERR94", Outcome.BROKEN),
        ("ERR71", Outcome.BROKEN),
        ("ELM327 v1.5", Outcome.BROKEN),
        ("?", Outcome.WITHHELD),
        ("OK", Outcome.BROKEN),
        ("hello world", Outcome.BROKEN),
        ("\xfc\x81\x02", Outcome.BROKEN),
        ("", Outcome.BROKEN),
        ("7E8 03 43 01", Outcome.BROKEN),
        ("7E8 04 43 01 05 6", Outcome.BROKEN),
        ("7E804430105 6", Outcome.BROKEN),
        ("7E8", Outcome.BROKEN),
        ("7E8 04 43 01 05 62 <DATA ERROR", Outcome.BROKEN),
        ("7E8 10 0A 43 04 05 62 01 02\r7E8 21 03 04 05", Outcome.BROKEN),
        ("7E8 10 0A 43 04 05 62 01 02\rBUFFER FULL", Outcome.BROKEN),
        ("00A\r0: 43 04 05 62 01 02", Outcome.BROKEN),
        ("7E8 02 41 0D", Outcome.BROKEN),
        ("41 0D 12", Outcome.BROKEN),
        ("7E8 03 7F 01 12", Outcome.BROKEN),
        ("7E8 03 7F 03 11", Outcome.NEGATIVE),
    ],
)
@pytest.mark.parametrize("address", [_ENGINE, FunctionalAddress()])
def test_words_of_the_adapter_are_never_an_answer(address, says, outcome):
    exchange = exchange_of(Request(b"\x03", address), says)
    response = exchange.response
    assert response.outcome is outcome
    if outcome is not Outcome.NEGATIVE:
        assert response.reason is not None
        assert response.payload == b""
    assert not any(response.outcome is Outcome.POSITIVE for response in exchange.responses)


_ODD = [
    "7E8 04 43 01 05 62",
    "7E804430105620000",
    "7E80443010562",
    "7e8 04 43 01 05 62",
    "7e80443010562",
    "7E8 04 43 01 05 62 00 00 00",
    "7E8 04 43 01 05 62 AA AA AA",
    "7E80443010562FFFFFF",
    "7E8 8 04 43 01 05 62 00 00 00",
    "7E880443010562000000",
    "7E8 5 04 43 01 05 62",
    "43 01 05 62",
    "43010562",
    "43 01 05 62 ",
    " 7E8 04 43 01 05 62",
    "SEARCHING...\r7E8 04 43 01 05 62",
    "SEARCHING...7E8 04 43 01 05 62",
    "SEARCHING...43 01 05 62",
    "BUS INIT: ...OK\r7E8 04 43 01 05 62",
    "BUS INIT: OK\r43 01 05 62",
    "\r\n7E8 04 43 01 05 62\r\n",
    "\n7E8 04 43 01 05 62\n",
    "\0007E8 04\0 43 01 05 62\0",
    "03\r7E8 04 43 01 05 62",
    "0 3\r7E8 04 43 01 05 62",
    "03\r\n43 01 05 62",
    "7E8 03 7F 03 78\r7E8 04 43 01 05 62",
    "7F 03 78\r43 01 05 62",
    "7E8 03 7F 03 78\r7E8 03 7F 03 78\r7E8 04 43 01 05 62",
    "7E9 02 43 00\r7E8 04 43 01 05 62",
    "7E8 04 43 01 05 62\r7E9 02 43 00",
    "23D 00 11 22 33 44 55 66 77\r7E8 04 43 01 05 62",
    "7E8 04 43 01 05 62\rSTOPPED",
    "noise\r7E8 04 43 01 05 62",
    "7E8 04 43 01 05 62\r7E8 04 43 01 05 62",
    "7E8 30 00 00\r7E8 04 43 01 05 62",
]


@pytest.mark.parametrize("says", _ODD)
def test_odd_but_valid_answers_are_read_right(says):
    exchange = exchange_of(Request(b"\x03", _ENGINE), says)
    response = next(r for r in exchange.responses if r.responder in (0x7E8, None))
    assert (response.outcome, response.payload.hex()) == (Outcome.POSITIVE, "43010562")


@pytest.mark.parametrize(
    "says",
    [
        "7E8 10 0A 43 04 05 62 01 02\r7E8 21 03 04 05 06 00 00 00",
        "7E8100A430405620102\r7E82103040506",
        "00A\r0: 43 04 05 62 01 02\r1: 03 04 05 06 00 00 00",
        "00A\r0:430405620102\r1:03040506000000",
        "7E8 10 0A 43 04 05 62 01 02\r7E9 02 43 00\r7E8 21 03 04 05 06",
        "7E8 8 10 0A 43 04 05 62 01 02\r7E8 8 21 03 04 05 06 00 00 00",
    ],
)
def test_long_answers_are_put_together_in_every_dress(says):
    exchange = exchange_of(Request(b"\x03", _ENGINE), says)
    response = next(r for r in exchange.responses if r.responder in (0x7E8, None))
    assert response.payload.hex() == "43040562010203040506"


def test_a_tester_present_answer_without_header_is_no_cut_line():
    assert exchange_of(Request(b"\x3e\x00", _ENGINE), "7E00").response.outcome is Outcome.POSITIVE


def test_garbage_beside_a_good_answer_shows_in_a_request_to_everyone():
    exchange = exchange_of(Request(b"\x03", FunctionalAddress()), "7E8 02 43 00\r7#9 02 43 00")
    assert [response.outcome for response in exchange.responses] == [Outcome.POSITIVE, Outcome.BROKEN]


def test_two_modules_never_merge():
    says = "7E8 10 0A 43 04 05 62 01 02\r7E9 10 0A 43 04 11 11 11 11\r7E8 21 03 04 05 06\r7E9 21 22 22 22 22"
    exchange = exchange_of(Request(b"\x03", FunctionalAddress()), says)
    assert {response.responder: response.payload.hex() for response in exchange.responses} == {
        0x7E8: "43040562010203040506",
        0x7E9: "43041111111122222222",
    }


def test_a_module_that_was_not_asked_gives_no_value():
    exchange = exchange_of(Request(b"\x03", _ENGINE), "7E9 02 43 00")
    assert exchange.response.outcome is Outcome.SILENT
    assert all(response.outcome is not Outcome.POSITIVE for response in exchange.responses)


@pytest.mark.parametrize(
    ("says", "part"),
    [
        ("7E8 10 0A 43 04 05 62 01 02\rBUFFER FULL", "BUFFER FULL"),
        ("CAN ERROR", "wrong pins"),
        ("UNABLE TO CONNECT", "ignition"),
        ("ERR94", "ERR94"),
        ("7E8 04 43 01 05 6", "lost characters"),
    ],
)
def test_the_reason_names_what_the_adapter_said(says, part):
    assert part in str(exchange_of(Request(b"\x03", _ENGINE), says).response.reason)


@pytest.mark.parametrize(("says", "was_reset"), [("LV RESET", True), ("ERR94", True), ("NO DATA", False)])
def test_a_restart_of_the_adapter_is_known_by_its_words(says, was_reset):
    reader = AnswerReader(Request(b"\x03", _ENGINE), "03")
    reader.feed(says)
    assert reader.was_reset is was_reset


def test_two_answers_without_header_to_everyones_question_are_nobodys():
    exchange = exchange_of(Request(b"\x03", FunctionalAddress()), "43 00\r43 01 05 62")
    assert [response.outcome for response in exchange.responses] == [Outcome.BROKEN]
    assert "which module" in str(exchange.response.reason)


@pytest.mark.parametrize("says", ["5902FF", "59 02 FF", "5902", "590AFF"])
def test_an_empty_list_whose_length_nobody_gave_may_have_lost_its_codes(says):
    body = ModuleAddress(0x745, 0x765)
    request = Request(b"\x19" + bytes.fromhex(says)[1:2] + b"\xff", body)
    response = exchange_of(request, says).response
    assert response.outcome is Outcome.BROKEN
    assert response.payload == b""
    assert "how long" in str(response.reason)


def test_an_empty_list_that_came_with_its_length_is_whole():
    body = ModuleAddress(0x745, 0x765)
    request = Request(b"\x19\x02\xff", body)
    assert exchange_of(request, "765 03 59 02 FF").response.payload.hex() == "5902ff"
    assert exchange_of(request, "003\r0: 59 02 FF").response.payload.hex() == "5902ff"


def test_lines_without_header_from_an_adapter_that_shows_headers_are_nobodys():
    reader = AnswerReader(Request(b"\x03", _ENGINE), "03", headerless=False)
    arrivals = reader.feed("4300") + reader.end()
    assert [(arrival.kind, arrival.outcome) for arrival in arrivals] == [(ArrivalKind.END, Outcome.BROKEN)]


def test_one_answer_without_header_to_everyones_question_is_read():
    exchange = exchange_of(Request(b"\x03", FunctionalAddress()), "7F 03 78\r43 01 05 62")
    assert exchange.response.payload.hex() == "43010562"
    assert exchange.response.responder is None
