"""The hostile table is complete, and is played as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from diag.clock import VirtualClock
from diag.model import Frame, Verdict
from diag.simulator.hostile import Expectation, HostileCar, RowKind, build_car, hostile_rows
from diag.simulator.hostile.dress import DRESSES, dressed
from diag.simulator.hostile.frames import planned_frames, response_id_of
from diag.simulator.hostile.payloads import CODES, LONG_CODES, MANY_CODES, answer_to, expected_codes
from diag.simulator.hostile.rows import FAULT_REQUESTS, service_of
from diag.simulator.scenarios import load_scenario

REPLY = b"7E8 06 43 02 05 62 D0 00 \r\r>"
ADAPTER_WORDS = (
    "NO DATA",
    "STOPPED",
    "BUFFER FULL",
    "CAN ERROR",
    "UNABLE TO CONNECT",
    "BUS INIT: ERROR",
    "ERR94",
    "LV RESET",
    "ACT ALERT",
    "FB ERROR",
    "<RX ERROR",
    "DATA ERROR",
    "?",
)


@pytest.fixture
def car() -> Iterator[Callable[..., HostileCar]]:
    made: list[HostileCar] = []

    def make(seed: int | None = None) -> HostileCar:
        built = build_car(load_scenario("hostile"), seed=seed, clock=VirtualClock())
        assert isinstance(built, HostileCar)
        made.append(built)
        return built

    yield make
    for one in made:
        one.stop()


def _ask(car: HostileCar, *frames: str, request_id: int = 0x7E0) -> list[tuple[int, str]]:
    """Put request frames on the bus, and return what the car sent by then."""
    heard: list[tuple[int, str]] = []

    def listen(frame: Frame) -> None:
        heard.append((frame.arbitration_id, frame.data.hex().upper()))

    detach = car.bus.attach(listen)
    for frame in frames:
        car.bus.send(Frame(0.0, request_id, bytes.fromhex(frame)), listen)
    detach()
    return heard


def test_row_names_are_unique_and_every_row_is_explained():
    rows = hostile_rows()
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.words for row in rows)


def test_at_least_forty_odd_rows_and_at_least_forty_bad_ones():
    kinds = [row.kind for row in hostile_rows()]
    assert kinds.count(RowKind.ODD) >= 40
    assert kinds.count(RowKind.BAD) >= 40


def test_bad_rows_allow_neither_codes_nor_none_and_odd_rows_demand_one_of_them():
    for row in hostile_rows():
        assert (row.expect is Expectation.NOT_NONE) == (row.kind is RowKind.BAD), row.id


def test_every_bad_row_says_over_every_link_what_is_true_and_odd_rows_need_no_word_for_it():
    for row in hostile_rows():
        schemes = ("elm327", "can", "replay") if row.on_can else ("elm327",)
        for scheme in schemes:
            assert row.verdicts(scheme), row.id
            is_all_clear = Verdict.NONE in row.verdicts(scheme)
            assert is_all_clear is (row.expect is Expectation.NONE), row.id
        assert (row.verdict == ()) is (row.kind is RowKind.ODD), row.id


def test_a_frame_that_the_row_loses_is_the_only_one_that_does_not_come():
    rows = {row.id: row for row in hostile_rows()}
    for service in ("03", "19 02"):
        (first,) = planned_frames(rows["first-frame-only"], 0x7E0, FAULT_REQUESTS[service])
        assert first.data[0] >> 4 == 1
    whole = planned_frames(rows["many"], 0x7E0, FAULT_REQUESTS["03"])
    assert planned_frames(rows["last-frame-missing"], 0x7E0, FAULT_REQUESTS["03"]) == whole[:-1]


@pytest.mark.parametrize("words", ADAPTER_WORDS)
def test_the_adapter_says_each_of_its_words_in_some_bad_row(words):
    assert (
        any(words in row.says for row in hostile_rows() if row.kind is RowKind.BAD) or words == "DATA ERROR"
    )
    assert any(words in (*row.says, *row.after) for row in hostile_rows())


@pytest.mark.parametrize("code", ["10", "11", "12", "22", "31", "33", "78"])
def test_each_refusal_is_some_row(code):
    assert any(message.payload == f"7F {{sid}} {code}" for row in hostile_rows() for message in row.messages)


def test_every_dress_that_a_row_names_exists_and_every_dress_is_worn():
    worn = {name for row in hostile_rows() for name in row.dress}
    assert worn == DRESSES


def test_every_row_can_be_played_for_every_service_it_names():
    for row in hostile_rows():
        for service in row.services:
            frames = planned_frames(row, 0x745, FAULT_REQUESTS[service])
            assert all(len(frame.data) <= 8 for frame in frames), row.id


@pytest.mark.parametrize(
    ("service", "payload"),
    [
        ("03", "43020562D000"),
        ("07", "47020562D000"),
        ("19 02", "5902FF05620009D0000009"),
        ("17", "5702056260D00060"),
        ("18", "5802056260D00060"),
    ],
)
def test_the_true_answer_of_each_service_lists_both_codes(service, payload):
    assert answer_to(FAULT_REQUESTS[service], CODES).hex().upper() == payload


@pytest.mark.parametrize(
    ("service", "payload"),
    [("03", "4300"), ("07", "4700"), ("19 02", "5902FF"), ("17", "5700"), ("18", "5800")],
)
def test_the_true_none_of_each_service_is_an_answer_without_codes(service, payload):
    assert answer_to(FAULT_REQUESTS[service], ()).hex().upper() == payload


def test_a_row_knows_the_codes_it_truly_lists():
    rows = {row.id: row for row in hostile_rows()}
    assert expected_codes(rows["plain-codes"]) == CODES
    assert expected_codes(rows["two-responders-interleaved"]) == LONG_CODES
    assert expected_codes(rows["many"]) == MANY_CODES
    assert expected_codes(rows["plain-none"]) == expected_codes(rows["nrc-11"]) == ()


def test_only_fault_code_requests_are_the_tables_business():
    assert service_of(bytes.fromhex("1902FF")) == "19 02"
    assert service_of(bytes.fromhex("190A")) is None
    assert service_of(bytes.fromhex("0100")) is None
    assert service_of(b"") is None


def test_rows_that_only_frames_can_tell_are_marked_for_can():
    rows = {row.id: row for row in hostile_rows()}
    assert rows["nrc-11"].on_can
    assert rows["first-frame-only"].on_can
    assert not any(
        rows[name].on_can for name in ("no-data", "lower-case", "header-refused", "no-header", "echo")
    )


@pytest.mark.parametrize(("request_id", "response_id"), [(0x7DF, 0x7E8), (0x7E1, 0x7E9), (0x747, 0x767)])
def test_modules_answer_with_the_id_of_their_pair(request_id, response_id):
    assert response_id_of(request_id) == response_id


def test_a_seed_is_the_number_of_the_row_and_resets_leave_it(car):
    rows = hostile_rows()
    one = car(seed=len(rows) + 3)
    one.adapter_reset()
    one.adapter_reset()
    assert one.row is rows[3]


def test_without_a_seed_each_reset_moves_on_through_the_whole_table(car):
    one = car()
    seen = []
    for _ in range(len(hostile_rows()) + 1):
        one.adapter_reset()
        seen.append(one.row)
    assert tuple(seen) == (*hostile_rows(), hostile_rows()[0])


def test_a_refusal_is_sent_on_the_modules_own_id(car):
    one = car()
    one.control({"row": "nrc-31"})
    assert _ask(one, "0317FF0000000000", request_id=0x745) == [(0x765, "037F173100000000")]
    assert one.fault_requests == [(0x745, bytes.fromhex("17FF00"))]


def test_the_rest_of_a_long_answer_waits_for_flow_control(car):
    one = car()
    one.control({"row": "long"})
    first = _ask(one, "0103000000000000")
    assert first == [(0x7E8, "100E43060562D000")]
    assert _ask(one, "3000000000000000") == [
        (0x7E8, "21060351309A150"[:-1] + "C1"),
        (0x7E8, "2200000000000000"),
    ]


def test_a_lost_frame_is_not_sent(car):
    one = car()
    one.control({"row": "second-frame-missing"})
    heard = _ask(one, "0103000000000000", "3000000000000000")
    assert [data[:2] for _, data in heard] == ["10", "22"]


def test_an_unknown_row_is_named_in_the_error(car):
    assert car().control({"row": "nonsense"}) == {"error": "unknown row nonsense"}


def test_every_other_command_reaches_the_car_behind(car):
    one = car()
    assert one.control({"ignition": "ACC"})["ignition"] == "ACC"
    assert one.ignition.value == "ACC"


def test_every_other_scenario_is_an_ordinary_car():
    assert not isinstance(build_car(load_scenario("healthy"), clock=VirtualClock()), HostileCar)


def test_an_at_command_that_the_row_refuses_gets_a_question_mark(car):
    one = car()
    one.control({"row": "header-refused"})
    performance = one.command_performance("ATSH7E0")
    assert performance is not None
    assert performance.says == ("?",)
    assert one.command_performance("ATI") is None


def test_an_echo_carries_the_request_itself(car):
    one = car()
    one.control({"row": "echo-spaced"})
    performance = one.request_performance(0x745, bytes.fromhex("17FF00"))
    assert performance is not None
    assert performance.before == ("17 FF 00",)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("lower-case", b"7e8 06 43 02 05 62 d0 00 \r\r>"),
        ("cr-lf", b"7E8 06 43 02 05 62 D0 00 \r\n\r\n>"),
        ("lf-only", b"7E8 06 43 02 05 62 D0 00 \n\n>"),
        ("leading-nul", b"\0\0" + REPLY),
        ("glued-prompt", b"7E8 06 43 02 05 62 D0 00 >"),
        ("prompt-space", REPLY + b" "),
        ("rx-error", b"7E8 06 43 02 05 62 D0 00 <RX ERROR\r\r>"),
        ("only-prompt", b">"),
        ("lost-digit", b"7E8 06 43 02 05 62 D0 0\r\r>"),
        ("reset", b"\r\rELM327 v1.5\r\r>"),
        ("silence", b""),
    ],
)
def test_a_dress_changes_the_text_as_its_name_says(name, written):
    assert b"".join(piece.data for piece in dressed((name,), REPLY)) == written


def test_split_writes_lose_nothing_and_a_late_prompt_comes_later():
    assert b"".join(piece.data for piece in dressed(("byte-by-byte",), REPLY)) == REPLY
    assert len(dressed(("byte-by-byte",), REPLY)) == len(REPLY)
    late = dressed(("late-prompt",), REPLY)
    assert (late[0].delay_s, late[1].data) == (0.0, b">")
    assert late[1].delay_s > 0
