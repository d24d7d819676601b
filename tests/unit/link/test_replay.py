"""A capture as a car: what was recorded up to the cursor, and nothing else."""

from __future__ import annotations

import pytest

from diag.clock import VirtualClock
from diag.errors import CaptureError, InputNotFound, UsageError
from diag.link import LinkOptions, Outcome, Request, open_link
from diag.link.trace import TraceKind
from diag.model import FunctionalAddress, Mode, ModuleAddress

ECM = ModuleAddress(0x7E0, 0x7E8)
BODY = ModuleAddress(0x745, 0x765)
HVAC = ModuleAddress(0x744, 0x764)
START = 1725694999.0

#: Seconds, id, data: an engine module asked for codes and voltage, a body module, a silent climate module.
DRIVE = [
    (0.0, 0x60D, "0606"),
    (1.0, 0x7E0, "0103000000000000"),
    (1.1, 0x7E8, "0443010562000000"),
    (2.0, 0x7E0, "0201420000000000"),
    (2.1, 0x7E8, "044142300C000000"),
    (3.0, 0x7DF, "0107000000000000"),
    (3.1, 0x7E8, "0247000000000000"),
    (3.2, 0x7E9, "037F0711"),
    (4.0, 0x745, "0317FF00"),
    (4.1, 0x765, "037F1722"),
    (5.0, 0x744, "0317FF00"),
    (7.0, 0x7E0, "0201420000000000"),
    (7.1, 0x7E8, "0441422B5D000000"),
    (8.0, 0x7E0, "0209020000000000"),
    (8.1, 0x7E8, "1014490201564E41"),
    (8.2, 0x60D, "0000"),
    (9.9, 0x60D, "0606"),
    (10.0, 0x23D, "00"),
]


@pytest.fixture
def drive(tmp_path):
    """Write rows as a candump log and return the link URL."""

    def write(rows, query="", start=START, tail=""):
        path = tmp_path / "drive.log"
        lines = (f"({start + time:.6f}) can0 {number:03X}#{data}\n" for time, number, data in rows)
        path.write_text("".join(lines) + tail)
        return f"replay:{path}{query}"

    return write


def ask(url, payload, address=ECM, options=None):
    with open_link(url, options) as link:
        return link.submit(Request(bytes.fromhex(payload), address)).result(timeout=0)


def test_the_link_says_that_it_is_a_capture(drive):
    with open_link(drive(DRIVE)) as link:
        assert link.identity.mode is Mode.REPLAY
        assert link.identity.adapter == "drive.log"
        assert link.identity.protocol == "candump, CAN 11-bit"
        assert link.supply().result(timeout=0) is None
        assert link.capabilities.addressing
        assert link.lost is None


def test_a_recorded_answer_comes_with_the_capture_time(drive):
    response = ask(drive(DRIVE), "03").response
    assert response.outcome is Outcome.POSITIVE
    assert response.payload.hex() == "43010562"
    assert response.at_s == 1.1
    assert response.time.timestamp() == pytest.approx(START + 1.1)


@pytest.mark.parametrize(
    ("at", "payload"), [("2.1", "4142300c"), ("7.0", "4142300c"), ("7.1", "41422b5d"), ("end", "41422b5d")]
)
def test_the_latest_answer_up_to_the_cursor_counts(drive, at, payload):
    assert ask(drive(DRIVE, f"?at={at}"), "0142").response.payload.hex() == payload


def test_no_answer_comes_from_the_future_of_the_cursor(drive):
    response = ask(drive(DRIVE, "?at=2.05"), "0142").response
    assert response.outcome is Outcome.NOT_RECORDED
    assert response.payload == b""


def test_what_was_never_asked_is_not_recorded(drive):
    for payload, address in (
        ("22F190", ECM),
        ("03", ModuleAddress(0x7E1, 0x7E9)),
        ("17FF00", ModuleAddress(0x752, 0x772)),
    ):
        response = ask(drive(DRIVE), payload, address).response
        assert response.outcome is Outcome.NOT_RECORDED
        assert str(response.reason) == "not in this log"


def test_a_recorded_refusal_stays_a_refusal(drive):
    response = ask(drive(DRIVE), "17FF00", BODY).response
    assert response.outcome is Outcome.NEGATIVE
    assert response.negative_response_code == 0x22


def test_a_recorded_silence_stays_silence_with_its_time(drive):
    response = ask(drive(DRIVE), "17FF00", HVAC).response
    assert response.outcome is Outcome.SILENT
    assert str(response.reason) == "asked at 5.0 s of the log, and no answer followed"


def test_silence_is_not_known_before_the_module_had_time(drive):
    assert ask(drive(DRIVE, "?at=5.5"), "17FF00", HVAC).response.outcome is Outcome.NOT_RECORDED


def test_a_request_at_the_very_end_of_the_capture_is_not_silence(drive):
    rows = [*DRIVE, (10.5, 0x745, "0317FF00")]
    response = ask(drive(rows), "17FF00", BODY).response
    assert response.outcome is Outcome.NEGATIVE
    assert response.at_s == 4.1


def test_in_a_damaged_capture_silence_may_be_a_lost_line(drive):
    response = ask(drive(DRIVE, tail="(1725695010.0) can0 7E8#02"), "17FF00", HVAC).response
    assert response.outcome is Outcome.NOT_RECORDED


def test_a_recorded_answer_that_broke_off_is_broken(drive):
    response = ask(drive(DRIVE), "0902").response
    assert response.outcome is Outcome.BROKEN
    assert response.payload == b""
    assert response.reason is not None


def test_one_module_may_be_asked_what_everyone_was_asked(drive):
    assert ask(drive(DRIVE), "07").response.payload.hex() == "4700"


def test_everyone_who_answered_is_there_when_everyone_is_asked(drive):
    exchange = ask(drive(DRIVE), "07", FunctionalAddress())
    outcomes = {response.responder: response.outcome for response in exchange.responses}
    assert outcomes == {0x7E8: Outcome.POSITIVE, 0x7E9: Outcome.NEGATIVE}


def test_a_request_to_everyone_that_nobody_answered_is_silence(drive):
    rows = [(0.0, 0x7DF, "0103000000000000"), (9.0, 0x60D, "0606")]
    response = ask(drive(rows), "03", FunctionalAddress()).response
    assert response.outcome is Outcome.SILENT
    assert response.responder is None
    assert ask(drive(rows), "03").response.outcome is Outcome.SILENT


def test_an_empty_list_that_was_asked_with_a_narrower_mask_is_no_all_clear(drive):
    rows = [(0.0, 0x747, "03190201"), (0.1, 0x767, "035902FF"), (9.0, 0x60D, "0606")]
    response = ask(drive(rows), "1902FF", ModuleAddress(0x747, 0x767)).response
    assert response.outcome is Outcome.NOT_RECORDED


AV = ModuleAddress(0x747, 0x767)


@pytest.mark.parametrize(
    ("mask", "answer", "outcome"),
    [
        ("01", "5902FF", Outcome.NOT_RECORDED),
        ("01", "5902FF00000000", Outcome.NOT_RECORDED),
        ("01", "5902FF00", Outcome.NOT_RECORDED),
        ("50", "5902FFC1000050", Outcome.NOT_RECORDED),
        ("08", "7F1931", Outcome.NOT_RECORDED),
        ("08", "5902FF05620008", Outcome.POSITIVE),
        ("FF", "5902FF", Outcome.POSITIVE),
        ("FF", "5902FF00000000", Outcome.BROKEN),
        ("FF", "5902FF00", Outcome.BROKEN),
        ("FF", "590200", Outcome.BROKEN),
    ],
)
def test_a_list_is_an_answer_only_where_no_wider_mask_could_have_listed_more(drive, mask, answer, outcome):
    size = len(answer) // 2
    rows = [(0.0, 0x747, "021081"), (0.1, 0x767, "025081"), (1.0, 0x747, f"031902{mask}")]
    rows += [(1.1, 0x767, f"{size:02X}{answer}"), (9.0, 0x60D, "0606")]
    assert ask(drive(rows), "1902FF", AV).response.outcome is outcome


def test_an_empty_list_whose_group_was_not_recorded_is_no_all_clear(drive):
    vin = ["1014490201564E41", "2141424344454647", "2248495051525354"]
    rows = [(0.1 * number, 0x7E8, data) for number, data in enumerate(vin)]
    rows += [(1.0, 0x7E8, "025700"), (2.0, 0x7E8, "024300"), (9.0, 0x60D, "0606")]
    assert ask(drive(rows), "17FF00").response.outcome is Outcome.NOT_RECORDED
    assert ask(drive(rows), "03").response.outcome is Outcome.POSITIVE


def test_two_cars_in_one_capture_are_never_mixed(tmp_path):
    rows = [
        (0.0, "can0", "7E0#0103000000000000"),
        (0.1, "can0", "7E8#0443010562000000"),
        (0.2, "can1", "7E0#0103000000000000"),
        (0.3, "can1", "7E8#0243000000000000"),
        (5.0, "can1", "745#0317FF0000000000"),
        (5.1, "can1", "765#0257000000000000"),
        (9.0, "can0", "60D#0606"),
    ]
    path = tmp_path / "two.log"
    path.write_text("".join(f"({START + time:.6f}) {channel} {frame}\n" for time, channel, frame in rows))
    for address in (ECM, FunctionalAddress()):
        for at in ("0.15", "end"):
            response = ask(f"replay:{path}?at={at}", "03", address).response
            assert response.outcome is Outcome.BROKEN
            assert str(response.reason) == "two channels disagree"
    assert ask(f"replay:{path}", "17FF00", BODY).response.payload.hex() == "5700"


def test_a_writing_request_is_withheld_as_on_a_car(drive):
    assert ask(drive(DRIVE), "14FFFFFF").response.outcome is Outcome.WITHHELD


def test_immobiliser_pages_of_the_body_module_never_leave_a_capture(drive):
    rows = [(0.0, 0x745, "022183"), (0.1, 0x765, "0461831234"), (9.0, 0x60D, "0606")]
    with open_link(drive(rows)) as link:
        response = link.submit(Request(b"\x21\x83", BODY)).result(timeout=0).response
        rows_kept = [row.data for row in link.trace.entries()]
    assert response.outcome is Outcome.WITHHELD
    assert not any("12 34" in row for row in rows_kept)


def test_the_trace_says_that_nothing_was_sent(drive):
    with open_link(drive(DRIVE)) as link:
        link.submit(Request(b"\x03", ECM)).result(timeout=0)
        rows = link.trace.entries()
    assert [row.kind for row in rows] == [TraceKind.WITHHELD, TraceKind.RECEIVED]
    assert rows[0].note == "not sent, from the capture at 1.100 s: positive"


def test_the_coverage_counts_what_the_capture_could_answer(drive):
    with open_link(drive(DRIVE)) as link:
        for payload in ("03", "07", "22F190"):
            link.submit(Request(bytes.fromhex(payload), ECM)).result(timeout=0)
        assert str(link.coverage()) == (
            "of 3 questions the log answers 1 exactly and 1 nearly; 1 are not in it"
        )


def test_the_coverage_says_what_of_the_log_could_not_be_read(drive):
    with open_link(drive(DRIVE, tail="garbage\n")) as link:
        assert str(link.coverage()).endswith("; the log is damaged in 1 place: line 19")


@pytest.mark.parametrize("request_id", [0x7E0, 0x7DF])
def test_a_conversation_of_which_only_half_an_answer_is_left_is_broken_and_not_unrecorded(drive, request_id):
    rows = [(0.0, request_id, "0103000000000000"), (0.1, 0x7E8, "1008430305620603"), (5.0, 0x123, "00")]
    assert ask(drive(rows), "03").response.outcome is Outcome.BROKEN


def test_half_an_answer_counts_at_other_addresses_once_a_tester_is_proven(drive):
    rows = [*DRIVE[1:3], (2.0, 0x743, "0317FF00"), (2.1, 0x763, "055701"), (9.0, 0x123, "00")]
    cluster = ModuleAddress(0x743, 0x763)
    assert ask(drive(rows), "17FF00", cluster).response.outcome is Outcome.BROKEN


def test_a_listener_gets_the_last_two_seconds_before_the_cursor(drive):
    with open_link(drive(DRIVE)) as link, link.listen(frozenset({0x60D, 0x23D})) as stream:
        heard = [stream.read(0) for _ in range(4)]
    assert [frame and (frame.arbitration_id, frame.data.hex()) for frame in heard] == [
        (0x60D, "0000"),
        (0x60D, "0606"),
        (0x23D, "00"),
        None,
    ]


def test_a_standing_cursor_never_waits_for_frames(drive):
    clock = VirtualClock()
    with open_link(drive(DRIVE, "?at=5"), LinkOptions(clock=clock)) as link, link.listen() as stream:
        heard = list(iter(lambda: stream.read(5.0), None))
        assert stream.read(5.0) is None
    assert [frame.arbitration_id for frame in heard] == [0x7E8, 0x7E9, 0x745, 0x765, 0x744]
    assert clock.monotonic() == 0.0


def test_a_running_cursor_delivers_frames_as_the_clock_passes_them(drive):
    clock = VirtualClock()
    url = drive(DRIVE, "?at=0&speed=2")
    with open_link(url, LinkOptions(clock=clock)) as link, link.listen(frozenset({0x60D})) as stream:
        first = stream.read(1.0)
        assert stream.read(1.0) is None
        second = stream.read(10.0)
        assert link.submit(Request(b"\x03", ECM)).result(timeout=0).response.outcome is Outcome.POSITIVE
    assert first is not None
    assert second is not None
    assert second.data.hex() == "0000"
    assert clock.monotonic() == pytest.approx(4.1)


def test_screens_begin_at_the_start_and_run_at_the_speed_of_life(drive):
    clock = VirtualClock()
    options = LinkOptions(clock=clock, start_at_end=False)
    with open_link(drive(DRIVE), options) as link:
        assert link.submit(Request(b"\x03", ECM)).result(timeout=0).response.outcome is Outcome.NOT_RECORDED
        clock.sleep(1.2)
        assert link.submit(Request(b"\x03", ECM)).result(timeout=0).response.outcome is Outcome.POSITIVE


def test_a_capture_without_wall_times_gives_capture_seconds(drive):
    response = ask(drive(DRIVE, start=0.0), "03").response
    assert response.at_s == 1.1


def test_a_cursor_beyond_the_end_stands_at_the_end(drive):
    assert ask(drive(DRIVE, "?at=9999"), "0142").response.payload.hex() == "41422b5d"


@pytest.mark.parametrize("query", ["?at=-1", "?at=soon", "?speed=-1", "?at=nan", "?speed=inf", "?loop=1"])
def test_a_cursor_that_cannot_be_is_a_usage_error(drive, query):
    with pytest.raises(UsageError), open_link(drive(DRIVE, query)):
        pass


def test_a_missing_or_empty_capture_is_said_before_anything_is_asked(tmp_path):
    with pytest.raises(InputNotFound), open_link(f"replay:{tmp_path / 'none.log'}"):
        pass
    (tmp_path / "empty.log").touch()
    with pytest.raises(CaptureError), open_link(f"replay:{tmp_path / 'empty.log'}"):
        pass
