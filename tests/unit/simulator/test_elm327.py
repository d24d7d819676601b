"""The simulated ELM327 says what the real chip says, to the byte."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from diag.clock import VirtualClock
from diag.model import Frame
from diag.simulator.bus import SimulatedBus
from diag.simulator.elm327 import QUIRKS, Elm327Engine
from diag.simulator.scenarios import AdapterTraits

VIN_FRAMES = ("1014490201563031", "2132333435363738", "2239303132333400")


class Bench:
    """An engine on a bus with scripted answers: hex beginning of a request frame -> frames `ID#DATA`."""

    def __init__(self, *quirks: str, latency_ms: float = 0.0) -> None:
        self.bus = SimulatedBus()
        self.latency_ms = latency_ms
        self.volts = 12.64
        self.looked = 0
        self.clock = VirtualClock()
        self.sent: list[tuple[int, str]] = []
        self.answers: dict[str, tuple[str, ...]] = {
            "020100": ("7E8#064100BE3EB81100",),
            "020902": (f"7E8#{VIN_FRAMES[0]}",),
            "30": tuple(f"7E8#{frame}" for frame in VIN_FRAMES[1:]),
        }
        self._said = bytearray()
        self._arrived = threading.Condition()
        self.bus.attach(self._hear)
        self.engine = Elm327Engine(self, AdapterTraits(quirks=quirks), self.clock, self._take)

    def supply_v(self) -> float:
        with self._arrived:
            volts = self.volts
            self.looked += 1
            self._arrived.notify_all()
        return volts

    def _take(self, data: bytes) -> None:
        with self._arrived:
            self._said += data
            self._arrived.notify_all()

    def _hear(self, frame: Frame) -> None:
        self.sent.append((frame.arbitration_id, frame.data.hex().upper()))
        for beginning, answers in self.answers.items():
            if frame.data.hex().upper().startswith(beginning):
                for answer in answers:
                    self.put(answer)

    def put(self, text: str) -> None:
        arbitration_id, _, data = text.partition("#")
        self.bus.send(Frame(0.0, int(arbitration_id, 16), bytes.fromhex(data)), self._hear)

    def wait_for(self, wanted: Callable[[str], bool]) -> str:
        with self._arrived:
            assert self._arrived.wait_for(lambda: wanted(self._said.decode("latin-1")), 3.0), self._said
            return self._said.decode("latin-1")

    def type(self, text: str) -> None:
        with self._arrived:
            self._said.clear()
        self.engine.feed(text.encode())

    def say(self, command: str) -> str:
        """Return everything said in reply to a command, prompt included."""
        self.type(command + "\r")
        return self.wait_for(lambda said: said.endswith(">"))

    def quiet(self) -> Bench:
        """Reset, echo off, the car's protocol fixed."""
        for command in ("ATZ", "ATE0", "ATSP6"):
            self.say(command)
        self.sent.clear()
        return self


@pytest.fixture
def plug() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(*quirks: str, latency_ms: float = 0.0) -> Bench:
        made.append(Bench(*quirks, latency_ms=latency_ms))
        return made[-1]

    yield make
    for bench in made:
        bench.engine.close()


def test_a_reset_echoes_its_command_and_gives_the_name_between_blank_lines(plug):
    assert plug().say("ATZ") == "ATZ\r\r\rELM327 v1.5\r\r>"


def test_with_echo_off_a_reply_is_text_a_blank_line_and_the_prompt(plug):
    bench = plug()
    assert bench.say("AT E0") == "AT E0\rOK\r\r>"
    assert bench.say("ATI") == "ELM327 v1.5\r\r>"


def test_linefeeds_follow_every_return_once_they_are_switched_on(plug):
    bench = plug().quiet()
    bench.say("ATL1")
    assert bench.say("ATI") == "ELM327 v1.5\r\n\r\n>"


def test_it_says_that_it_is_simulated(plug):
    assert "TERRANO SIMULATED ADAPTER" in plug().say("AT@1")


def test_an_empty_line_repeats_the_last_command(plug):
    bench = plug().quiet()
    first = bench.say("ATI")
    assert bench.say("") == first


@pytest.mark.parametrize("command", ["STI", "AT", "ATXYZ", "HELLO", "ATSH12345", "ATST", "ATE2", "01 0G"])
def test_what_the_chip_does_not_know_gets_a_question_mark(plug, command):
    assert plug().quiet().say(command) == "?\r\r>"


@pytest.mark.parametrize(
    "command",
    [
        "ATM0",
        "ATAL",
        "ATAT2",
        "ATST FF",
        "ATPP 0C SV 23",
        "ATPP 0C ON",
        "ATTP 6",
        "ATCF 7E8",
        "ATCM 7F8",
        "AT D1",
        "atcaf0",
        "ATCRA",
        "ATAR",
        "ATPC",
        "ATD",
    ],
)
def test_settings_are_confirmed_with_ok(plug, command):
    assert plug().quiet().say(command).endswith("OK\r\r>")


def test_an_answer_is_printed_without_header_and_control_byte(plug):
    assert plug().quiet().say("0100") == "41 00 BE 3E B8 11 \r\r>"


def test_headers_show_the_id_and_every_byte_of_the_frame(plug):
    bench = plug().quiet()
    bench.say("ATH1")
    assert bench.say("01 00") == "7E8 06 41 00 BE 3E B8 11 00 \r\r>"


def test_without_spaces_nothing_stands_between_the_digits(plug):
    bench = plug().quiet()
    bench.say("ATH1")
    bench.say("ATS0")
    assert bench.say("0100") == "7E8064100BE3EB81100\r\r>"


def test_the_length_is_shown_on_request(plug):
    bench = plug().quiet()
    bench.say("ATH1")
    bench.say("ATD1")
    assert bench.say("0100") == "7E8 8 06 41 00 BE 3E B8 11 00 \r\r>"


def test_a_long_answer_is_a_length_and_numbered_segments(plug):
    assert plug().quiet().say("0902") == (
        "014 \r0: 49 02 01 56 30 31 \r1: 32 33 34 35 36 37 38 \r2: 39 30 31 32 33 34 00 \r\r>"
    )


def test_flow_control_goes_to_the_sender_of_the_first_frame(plug):
    bench = plug().quiet()
    bench.say("0902")
    assert bench.sent == [(0x7DF, "0209020000000000"), (0x7E0, "3000000000000000")]


def test_flow_control_can_be_given_a_header_and_data(plug):
    bench = plug().quiet()
    for command in ("ATFCSH747", "ATFCSD300005", "ATFCSM1"):
        assert bench.say(command) == "OK\r\r>"
    bench.say("0902")
    assert bench.sent[1] == (0x747, "3000050000000000")


def test_flow_control_by_hand_is_refused_before_its_header_and_data_are_known(plug):
    bench = plug().quiet()
    assert bench.say("ATFCSM1") == "?\r\r>"
    assert bench.say("ATFCSM2") == "?\r\r>"


def test_no_flow_control_leaves_the_first_frame_alone(plug):
    bench = plug().quiet()
    bench.say("ATCFC0")
    assert bench.say("0902") == "014 \r0: 49 02 01 56 30 31 \r\r>"
    assert len(bench.sent) == 1


def test_a_module_outside_the_default_filter_is_heard_only_with_its_own_filter(plug):
    bench = plug().quiet()
    bench.answers["023E00"] = ("767#027E000000000000",)
    bench.say("ATSH747")
    assert bench.say("3E00") == "NO DATA\r\r>"
    bench.say("ATCRA767")
    assert bench.say("3E00") == "7E 00 \r\r>"
    bench.say("ATCRA")
    assert bench.say("3E00") == "NO DATA\r\r>"
    bench.say("ATCRA7X7")
    assert bench.say("3E00") == "7E 00 \r\r>"
    assert {arbitration_id for arbitration_id, _ in bench.sent} == {0x747}


def test_pattern_and_mask_make_a_filter_too(plug):
    bench = plug().quiet()
    bench.answers["023E00"] = ("767#027E000000000000",)
    bench.say("ATCF760")
    bench.say("ATCM7F0")
    assert bench.say("3E00") == "7E 00 \r\r>"


def test_the_first_request_after_automatic_protocol_searches(plug):
    bench = plug()
    bench.say("ATE0")
    bench.say("ATSP0")
    assert bench.say("ATDP") == "AUTO\r\r>"
    assert bench.say("0902").startswith("SEARCHING...\r014 \r")
    assert bench.say("ATDPN") == "A6\r\r>"
    assert bench.say("ATDP") == "AUTO, ISO 15765-4 (CAN 11/500)\r\r>"
    assert bench.say("0100") == "41 00 BE 3E B8 11 \r\r>"


def test_a_search_that_nobody_answers_ends_in_unable_to_connect(plug):
    bench = plug()
    bench.say("ATE0")
    bench.answers.clear()
    assert bench.say("0100") == "SEARCHING...\rUNABLE TO CONNECT\r\r>"


@pytest.mark.parametrize(
    ("digit", "answer"), [("3", "BUS INIT: ...ERROR"), ("5", "BUS INIT: ERROR"), ("8", "CAN ERROR")]
)
def test_a_protocol_that_the_car_does_not_speak_sends_nothing(plug, digit, answer):
    bench = plug().quiet()
    bench.say(f"ATSP{digit}")
    assert bench.say("0100") == f"{answer}\r\r>"
    assert bench.sent == []


def test_silence_is_no_data_after_the_set_time(plug):
    bench = plug().quiet()
    bench.answers.clear()
    bench.say("ATST 19")
    before_s = bench.clock.monotonic()
    assert bench.say("0100") == "NO DATA\r\r>"
    assert 0.1 <= bench.clock.monotonic() - before_s < 0.13


def test_a_count_behind_the_request_ends_the_wait_at_once(plug):
    bench = plug().quiet()
    before_s = bench.clock.monotonic()
    assert bench.say("01001") == "41 00 BE 3E B8 11 \r\r>"
    assert bench.clock.monotonic() == before_s


def test_a_byte_during_a_request_stops_it_and_is_lost(plug):
    bench = plug().quiet()
    bench.answers["020100"] = ()
    bench.bus.attach(lambda frame: bench.engine.feed(b"ATI\r") if frame.arbitration_id == 0x7DF else None)
    assert bench.say("0100") == "STOPPED\r\r>"


def test_more_than_one_frame_of_request_is_refused(plug):
    bench = plug().quiet()
    assert bench.say("1122334455667788") == "?\r\r>"
    assert bench.say("11223344556677") == "NO DATA\r\r>"
    bench.say("ATCAF0")
    assert bench.say("1122334455667788") == "NO DATA\r\r>"
    assert [data for _, data in bench.sent] == ["0711223344556677", "1122334455667788"]


def test_monitoring_prints_every_frame_until_a_byte_comes(plug):
    bench = plug().quiet()
    for command in ("ATCAF0", "ATH1"):
        bench.say(command)
    bench.type("ATMA\r")
    said = _frames_until(bench, "60D 00 06 00 \r", "60D#000600")
    assert ">" not in said
    bench.engine.feed(b" ")
    assert bench.wait_for(lambda text: text.endswith(">")).endswith("STOPPED\r\r>")


def test_monitoring_with_formatting_marks_what_is_no_diagnostic_frame(plug):
    bench = plug().quiet()
    bench.type("ATMA\r")
    assert _frames_until(bench, "FF 06 <DATA ERROR\r", "60D#FF06")
    bench.say("")


def test_monitoring_keeps_to_the_filter(plug):
    bench = plug().quiet()
    for command in ("ATH1", "ATCAF0", "ATCRA60D"):
        bench.say(command)
    bench.type("ATMA\r")
    assert "23D" not in _frames_until(bench, "60D 01 \r", "23D#02", "60D#01")


def test_a_slow_serial_line_ends_monitoring_with_buffer_full(plug):
    bench = plug("slow-serial").quiet()
    for command in ("ATCAF0", "ATH1"):
        bench.say(command)
    bench.type("ATMA\r")
    assert _frames_until(bench, "BUFFER FULL\r\r>", *["60D#0006000000000000"] * 200)


def _frames_until(bench: Bench, wanted: str, *frames: str) -> str:
    """Put frames on the bus again and again, since nobody knows when the chip began to listen."""
    for _ in range(200):
        for frame in frames:
            bench.put(frame)
        with bench._arrived:
            if bench._arrived.wait_for(lambda: wanted in bench._said.decode("latin-1"), 0.02):
                return bench._said.decode("latin-1")
    raise AssertionError(bench._said[-200:])


def test_the_supply_is_shown_with_one_decimal_and_can_be_calibrated(plug):
    bench = plug().quiet()
    assert bench.say("ATRV") == "12.6V\r\r>"
    assert bench.say("ATCV 1300") == "OK\r\r>"
    assert bench.say("ATRV") == "13.0V\r\r>"
    bench.say("ATCV 0000")
    assert bench.say("ATRV") == "12.6V\r\r>"


def test_every_command_takes_the_adapter_its_latency(plug):
    bench = plug(latency_ms=30.0)
    before_s = bench.clock.monotonic()
    bench.say("ATI")
    assert bench.clock.monotonic() - before_s == pytest.approx(0.03)


def test_nul_bytes_and_linefeeds_on_the_line_are_ignored(plug):
    bench = plug().quiet()
    assert bench.say("\0A\0T\nI") == "ELM327 v1.5\r\r>"


def test_the_parameters_are_listed(plug):
    assert plug().quiet().say("ATPPS").startswith("00:FF F  01:FF F")


def test_ignition_reads_the_pin_that_most_adapters_leave_open(plug):
    assert plug().quiet().say("ATIGN") == "ON\r\r>"


def test_requests_on_the_bus_are_counted_flow_control_is_not(plug):
    bench = plug().quiet()
    bench.say("0902")
    assert bench.engine.requests_sent == 1


def test_closing_twice_does_nothing(plug):
    bench = plug()
    bench.engine.close()
    bench.engine.close()


@pytest.mark.parametrize(
    ("quirk", "command"),
    [
        ("refuses-sh", "ATSH7E0"),
        ("refuses-fc", "ATFCSH7E0"),
        ("refuses-cra", "ATCRA7E8"),
        ("refuses-cra", "ATCM7F8"),
        ("refuses-caf", "ATCAF0"),
        ("refuses-timing", "ATAT2"),
        ("refuses-timing", "ATST20"),
        ("refuses-monitor", "ATMA"),
        ("refuses-protocol", "ATSP6"),
        ("refuses-description", "AT@1"),
        ("no-voltage", "ATRV"),
    ],
)
def test_a_copy_refuses_what_its_quirk_says(plug, quirk, command):
    bench = plug(quirk)
    bench.say("ATE0")
    assert bench.say(command) == "?\r\r>"


def test_a_copy_without_filters_still_switches_flow_control(plug):
    assert plug("refuses-cra").quiet().say("ATCFC0") == "OK\r\r>"


def test_a_copy_says_ok_to_headers_and_prints_none(plug):
    bench = plug("no-headers").quiet()
    assert bench.say("ATH1") == "OK\r\r>"
    assert bench.say("0100") == "41 00 BE 3E B8 11 \r\r>"


def test_a_copy_says_ok_to_flow_control_and_keeps_its_own(plug):
    bench = plug("lies-fc").quiet()
    for command in ("ATFCSH747", "ATFCSD300005", "ATFCSM1"):
        assert bench.say(command) == "OK\r\r>"
    bench.say("0902")
    assert bench.sent[1] == (0x7E0, "3000000000000000")


def test_a_copy_says_ok_to_a_filter_and_keeps_its_own(plug):
    bench = plug("lies-cra").quiet()
    assert bench.say("ATCRA767") == "OK\r\r>"
    assert bench.say("0100") == "41 00 BE 3E B8 11 \r\r>"


def test_low_supply_resets_a_weak_copy_and_its_settings(plug):
    bench = plug("low-voltage-reset").quiet()
    bench.say("ATH1")
    bench.volts = 7.2
    assert bench.say("0100") == "LV RESET\r\r>"
    bench.volts = 12.6
    assert bench.say("0100").startswith("0100\rSEARCHING...\r41 00")


def test_without_supply_it_is_dead_and_afterwards_it_starts_anew(plug):
    bench = plug().quiet()
    bench.say("ATH1")
    bench.volts = 0.0
    looked = bench.looked
    bench.type("ATI\r")
    assert bench.wait_for(lambda _: bench.looked >= looked + 4) == ""
    bench.volts = 12.6
    assert bench.say("ATRV") == "\r\rELM327 v1.5\r\r>"
    assert bench.say("0100") == "0100\rSEARCHING...\r41 00 BE 3E B8 11 \r\r>"


def test_a_noisy_copy_sends_nonsense_after_a_reset(plug):
    assert plug("noisy-reset").say("ATZ") == "ATZ\r\xfc\0\r\rELM327 v1.5\r\r>"


def test_every_quirk_is_explained():
    assert all(words for words in QUIRKS.values())
