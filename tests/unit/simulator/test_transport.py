"""ISO 15765-2 as the simulated modules keep it, frame by frame."""

import pytest

from diag.clock import VirtualClock
from diag.simulator.agenda import Agenda
from diag.simulator.transport import TransportServer


class Wire:
    def __init__(self, padding: int | None = 0x00) -> None:
        self.clock = VirtualClock()
        self.agenda = Agenda(self.clock)
        self.sent: list[str] = []
        self.requests: list[tuple[str, bool]] = []
        self.server = TransportServer(
            self.agenda,
            lambda data: self.sent.append(data.hex(" ")),
            lambda payload, functional: self.requests.append((payload.hex(" "), functional)),
            padding,
        )

    def hear(self, data: str, *, functional: bool = False) -> None:
        self.server.hear(bytes.fromhex(data), functional)

    def let_pass(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.agenda.run_due()


@pytest.fixture
def wire():
    return Wire()


LONG = bytes(range(30))


def test_a_single_frame_is_a_request(wire):
    wire.hear("02 10 c0 00 00 00 00 00")
    assert wire.requests == [("10 c0", False)]


@pytest.mark.parametrize(
    "data", ["", "00 00", "05 01 02", "0f 00 00 00 00 00 00 00", "f0 00", "10 05 00 00 00 00 00 00"]
)
def test_frames_that_make_no_sense_are_passed_over(wire, data):
    wire.hear(data)
    assert wire.requests == []
    assert wire.sent == []


def test_a_short_response_is_one_padded_frame():
    wire = Wire(padding=0xFF)
    wire.server.send(b"\x50\xc0")
    assert wire.sent == ["02 50 c0 ff ff ff ff ff"]


def test_without_padding_a_frame_is_as_short_as_its_data():
    wire = Wire(padding=None)
    wire.server.send(b"\x50\xc0")
    assert wire.sent == ["02 50 c0"]


def test_a_long_response_waits_for_flow_control_and_then_comes_whole(wire):
    wire.server.send(LONG)
    assert wire.sent == ["10 1e 00 01 02 03 04 05"]
    wire.hear("30 00 00 00 00 00 00 00")
    assert wire.sent[1:] == [
        "21 06 07 08 09 0a 0b 0c",
        "22 0d 0e 0f 10 11 12 13",
        "23 14 15 16 17 18 19 1a",
        "24 1b 1c 1d 00 00 00 00",
    ]


def test_the_block_size_of_the_tester_is_kept(wire):
    wire.server.send(LONG)
    wire.hear("30 02 00")
    assert len(wire.sent) == 3
    wire.hear("30 02 00")
    assert len(wire.sent) == 5


def test_the_separation_time_of_the_tester_is_kept(wire):
    wire.server.send(LONG)
    wire.hear("30 00 14")
    assert len(wire.sent) == 2
    wire.let_pass(0.019)
    assert len(wire.sent) == 2
    wire.let_pass(0.002)
    assert len(wire.sent) == 3


@pytest.mark.parametrize(("code", "seconds"), [("f5", 0.0005), ("7f", 0.127), ("80", 0.127), ("fa", 0.127)])
def test_odd_separation_times_mean_what_the_standard_says(wire, code, seconds):
    wire.server.send(LONG)
    wire.hear(f"30 00 {code}")
    wire.let_pass(seconds * 0.9)
    assert len(wire.sent) == 2
    wire.let_pass(seconds * 0.2)
    assert len(wire.sent) == 3


def test_a_tester_that_asks_to_wait_is_waited_for(wire):
    wire.server.send(LONG)
    for _ in range(5):
        wire.hear("31 00 00")
        wire.let_pass(0.9)
    wire.hear("30 00 00")
    assert len(wire.sent) == 5


def test_a_tester_that_overflows_gets_nothing_more(wire):
    wire.server.send(LONG)
    wire.hear("32 00 00")
    wire.hear("30 00 00")
    assert len(wire.sent) == 1


def test_without_flow_control_the_response_is_given_up(wire):
    wire.server.send(LONG)
    wire.let_pass(1.1)
    wire.hear("30 00 00")
    assert len(wire.sent) == 1


def test_a_new_request_ends_a_response_that_is_going_out(wire):
    wire.server.send(LONG)
    wire.hear("02 3e 00")
    wire.hear("30 00 00")
    assert len(wire.sent) == 1
    assert wire.requests == [("3e 00", False)]


def test_a_long_request_is_let_in_and_assembled(wire):
    wire.hear("10 09 22 f1 90 f1 87 11")
    assert wire.sent == ["30 00 00 00 00 00 00 00"]
    wire.hear("21 03 f1 8c 00 00 00 00")
    assert wire.requests == [("22 f1 90 f1 87 11 03 f1 8c", False)]


def test_a_long_request_with_a_lost_frame_is_forgotten(wire):
    wire.hear("10 14 22 f1 90 f1 87 11")
    wire.hear("22 03 f1 8c 00 00 00 00")
    wire.hear("21 03 f1 8c 00 00 00 00")
    assert wire.requests == []


def test_a_long_request_that_stops_coming_is_forgotten(wire):
    wire.hear("10 09 22 f1 90 f1 87 11")
    wire.let_pass(1.1)
    wire.hear("21 03 f1 8c 00 00 00 00")
    assert wire.requests == []


def test_a_request_to_everyone_fits_one_frame_or_is_none(wire):
    wire.hear("02 01 00", functional=True)
    wire.hear("10 09 22 f1 90 f1 87 11", functional=True)
    assert wire.requests == [("01 00", True)]
    assert wire.sent == []


def test_the_sequence_number_goes_round_after_fifteen(wire):
    wire.server.send(bytes(150))
    wire.hear("30 00 00")
    assert [frame[:2] for frame in wire.sent[14:18]] == ["2e", "2f", "20", "21"]
