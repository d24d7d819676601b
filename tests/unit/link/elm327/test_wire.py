"""The adapter link over real wires: what is sent, what is withheld, what is believed."""

from __future__ import annotations

import time

import pytest

from diag.clock import RateClock
from diag.errors import AdapterLost, AdapterSilent, AdapterUnrecognised
from diag.link.base import Outcome, Request
from diag.link.options import LinkOptions
from diag.link.trace import TraceKind
from diag.model import Mode, ModuleAddress

_OK = "OK\r\r>"
_REFUSED = "?\r\r>"


def test_connecting_learns_the_adapter_the_protocol_and_the_supply(bench):
    told = []
    link = bench.connect(LinkOptions(progress=told.append))
    assert link.identity.adapter == "ELM327 v1.5"
    assert link.identity.protocol == "ISO 15765-4 11/500"
    assert link.identity.mode is Mode.LIVE
    assert link.supply().result().voltage_v == 12.6
    assert link.supply().result().step_v == pytest.approx(0.1)
    assert told


def test_an_adapter_that_says_it_is_simulated_is_practice(pty_bench):
    pty_bench.adapter.answers["AT@1"] = "TERRANO SIMULATED ADAPTER\r\r>"
    link = pty_bench.connect()
    assert link.identity.practice
    assert link.identity.mode is Mode.PRACTICE


def test_every_responder_of_a_request_to_everyone_is_kept_apart(bench, ask):
    bench.adapter.answers["03"] = "7E8 04 43 01 05 62\r7E9 02 43 00\r\r>"
    exchange = ask(bench.connect(), "03")
    assert {response.responder: response.payload.hex() for response in exchange.responses} == {
        0x7E8: "43010562",
        0x7E9: "4300",
    }


def test_a_module_is_asked_only_after_each_setting_was_confirmed(pty_bench, ask, body):
    pty_bench.adapter.answers["22F190"] = "7650462F190AA\r\r>"
    link = pty_bench.connect()
    pty_bench.adapter.commands.clear()
    assert ask(link, "22F190", body).response.payload.hex() == "62f190aa"
    assert pty_bench.adapter.commands == [
        "ATST" + pty_bench.adapter.commands[0][4:],
        "ATSH745",
        "ATCRA765",
        "ATFCSH745",
        *pty_bench.adapter.commands[4:],
    ]
    assert pty_bench.adapter.commands[-1] == "22F190"


def test_settings_that_stand_are_not_sent_again(pty_bench, ask, body):
    pty_bench.adapter.answers["22F190"] = "7650462F190AA\r\r>"
    link = pty_bench.connect()
    ask(link, "22F190", body)
    pty_bench.adapter.commands.clear()
    ask(link, "22F190", body)
    assert pty_bench.adapter.commands == ["22F190"]


@pytest.mark.parametrize("command", ["ATSH745", "ATCRA765"])
def test_nothing_reaches_the_bus_without_a_confirmed_address(bench, ask, body, command):
    link = bench.connect()
    before = list(bench.adapter.requests)
    for answer in (_REFUSED, "OK?\r\r>", "\r\r>", "7E8 02 43 00\rOK\r\r>", "LV RESET\r\r>", None):
        bench.adapter.answers[command] = answer
        response = ask(link, "22F190", body).response
        assert response.outcome is Outcome.WITHHELD, answer
        assert "nothing was sent" in str(response.reason)
        assert bench.adapter.requests == before, answer


def test_an_unconfirmed_address_makes_the_next_request_set_everything_again(pty_bench, ask, body):
    link = pty_bench.connect()
    pty_bench.adapter.answers["ATSH745"] = _REFUSED
    ask(link, "22F190", body)
    pty_bench.adapter.answers["ATSH745"] = _OK
    pty_bench.adapter.answers["22F190"] = "7650462F190AA\r\r>"
    pty_bench.adapter.commands.clear()
    assert ask(link, "22F190", body).response.outcome is Outcome.POSITIVE
    assert {"ATE0", "ATH1", "ATSP6", "ATSH745", "ATCRA765"} <= set(pty_bench.adapter.commands)


def test_words_of_the_adapter_are_never_an_answer(bench, ask, engine):
    link = bench.connect()
    for says in ("NO DATA", "CAN ERROR", "7E8 04 43 01 05 6", "hello", "7E8 02 41 0D", "?"):
        bench.adapter.answers["03"] = f"{says}\r\r>"
        response = ask(link, "03", engine).response
        assert response.outcome not in (Outcome.POSITIVE, Outcome.NEGATIVE), says
        assert response.payload == b""
        assert response.reason is not None


def test_a_prompt_without_a_line_end_still_ends_the_line(bench, ask, engine):
    bench.adapter.answers["03"] = "7E80443010562>"
    assert ask(bench.connect(), "03", engine).response.payload.hex() == "43010562"


def test_a_late_prompt_is_awaited_before_the_next_request(bench, ask, engine):
    bench.adapter.answers["03"] = [(0.0, b"7E80443010562\r"), (0.3, b"\r>")]
    link = bench.connect()
    first, second = ask(link, "03", engine), ask(link, "03", engine)
    assert [first.response.outcome, second.response.outcome] == [Outcome.POSITIVE] * 2


def test_a_pending_module_is_asked_again_when_the_adapter_stopped_listening(pty_bench, engine):
    pty_bench.adapter.answers["03"] = "7E8037F0378\r\r>"
    link = pty_bench.connect()
    future = link.submit(Request(b"\x03", engine, pending_deadline_s=3.0))
    until = time.monotonic() + 3.0
    while pty_bench.adapter.requests.count("03") < 2 and time.monotonic() < until:
        time.sleep(0.01)
    pty_bench.adapter.answers["03"] = "7E80443010562\r\r>"
    assert future.result(timeout=5.0).response.payload.hex() == "43010562"


def test_an_adapter_without_echo_off_is_understood(pty_bench, ask, engine):
    for command in ("ATE0", "ATL0", "ATS0"):
        pty_bench.adapter.answers[command] = f"{command}\r?\r\r>"
    for command in ("ATH1", "ATSP6", "ATSH7E0", "ATCRA7E8", "ATSH7DF", "ATAR"):
        pty_bench.adapter.answers[command] = f"{command}\rOK\r\r>"
    pty_bench.adapter.answers["03"] = "03\r7E8 04 43 01 05 62 \r\r>"
    assert ask(pty_bench.connect(), "03", engine).response.payload.hex() == "43010562"


def test_after_a_restart_of_the_adapter_everything_is_set_again_before_the_next_request(
    pty_bench, ask, engine
):
    link = pty_bench.connect()
    for says in ("LV RESET\r\r>", "ERR94\r\r>"):
        pty_bench.adapter.answers["03"] = says
        ask(link, "03", engine)
        pty_bench.adapter.commands.clear()
        pty_bench.adapter.answers["03"] = "7E80443010562\r\r>"
        assert ask(link, "03", engine).response.outcome is Outcome.POSITIVE
        assert {"ATE0", "ATH1", "ATSP6", "ATSH7E0", "ATCRA7E8"} <= set(pty_bench.adapter.commands[:-1])


def test_a_restart_between_two_requests_is_noticed(pty_bench, ask, engine):
    link = pty_bench.connect()
    pty_bench.adapter.answers["03"] = "7E80443010562\r\r>"
    ask(link, "03", engine)
    pty_bench.adapter.say(b"\r\rELM327 v1.5\r\r>")
    time.sleep(0.1)
    pty_bench.adapter.commands.clear()
    ask(link, "03", engine)
    assert "ATSH7E0" in pty_bench.adapter.commands
    assert pty_bench.adapter.commands[-1] == "03"


def test_a_clone_without_flow_control_reads_short_answers_and_says_why_long_ones_fail(pty_bench, ask, body):
    for command in ("ATFCSH740", "ATFCSH745"):
        pty_bench.adapter.answers[command] = _REFUSED
    pty_bench.adapter.answers["17FF00"] = "765 02 57 00\r\r>"
    pty_bench.adapter.answers["1902FF"] = "765 10 0A 59 02 FF 01 02 03\r\r>"
    link = pty_bench.connect()
    assert link.capabilities.reason_against("long_answers") is not None
    assert ask(link, "17FF00", body).response.payload.hex() == "5700"
    cut = ask(link, "1902FF", body).response
    assert cut.outcome is Outcome.BROKEN
    assert "AT FC" in str(cut.reason)


def test_an_adapter_without_a_filter_asks_engine_and_gearbox_only(pty_bench, ask, body, engine):
    pty_bench.adapter.answers["ATCRA7E8"] = _REFUSED
    pty_bench.adapter.answers["ATCRA765"] = _REFUSED
    pty_bench.adapter.answers["03"] = "7E9 02 43 00\r7E8 04 43 01 05 62\r\r>"
    link = pty_bench.connect()
    assert "AT CRA" in str(link.capabilities.reason_against("filter"))
    answered = {r.responder: r.outcome for r in ask(link, "03", engine).responses}
    assert answered == {0x7E9: Outcome.BROKEN, 0x7E8: Outcome.POSITIVE}
    before = list(pty_bench.adapter.requests)
    assert ask(link, "22F190", body).response.outcome is Outcome.WITHHELD
    assert pty_bench.adapter.requests == before


def test_a_line_that_lost_its_header_is_no_answer(bench, ask, body, engine):
    link = bench.connect()
    for says in ("5902FF", "5902FF0133112F", "59 02 FF", "5902FF00", "003\r0: 59 02 FF"):
        bench.adapter.answers["1902FF"] = f"{says}\r\r>"
        for address in (body, None):
            response = ask(link, "1902FF", address).response
            assert response.outcome is Outcome.BROKEN, says
            assert response.payload == b""
    bench.adapter.answers["03"] = "4300\r\r>"
    assert ask(link, "03", engine).response.outcome is Outcome.BROKEN


@pytest.mark.parametrize("confirms", [_OK, _REFUSED])
def test_an_adapter_that_hides_headers_shows_it_while_connecting_and_is_read(
    pty_bench, ask, body, engine, confirms
):
    pty_bench.adapter.answers["ATH1"] = confirms
    pty_bench.adapter.answers["0100"] = "41 00 BE 3F A8 13\r\r>"
    pty_bench.adapter.answers["03"] = "43 00\r\r>"
    pty_bench.adapter.answers["1902FF"] = "59 02 FF 05 62 00 09\r\r>"
    link = pty_bench.connect()
    assert ask(link, "03", engine).response.payload.hex() == "4300"
    assert ask(link, "1902FF", body).response.payload.hex() == "5902ff05620009"
    pty_bench.adapter.answers["1902FF"] = "59 02 FF\r\r>"
    assert ask(link, "1902FF", body).response.outcome is Outcome.BROKEN


def test_several_modules_may_answer_through_an_adapter_that_hides_headers(pty_bench, ask, engine):
    pty_bench.adapter.answers["0100"] = "41 00 BE 3F A8 13\r41 00 80 08 00 10\r\r>"
    pty_bench.adapter.answers["03"] = "43 00\r\r>"
    link = pty_bench.connect()
    assert pty_bench.adapter.commands.count("0100") == 1
    assert link.capabilities.reason_against("responders") is not None
    assert ask(link, "03", engine).response.payload.hex() == "4300"


def test_headers_that_show_later_end_the_trust_in_lines_without_them(pty_bench, ask, engine):
    pty_bench.adapter.answers["0100"] = "41 00 BE 3F A8 13\r\r>"
    link = pty_bench.connect()
    pty_bench.adapter.answers["03"] = "7E8 02 43 00\r\r>"
    assert ask(link, "03", engine).response.outcome is Outcome.POSITIVE
    pty_bench.adapter.answers["03"] = "43 00\r\r>"
    assert ask(link, "03", engine).response.outcome is Outcome.BROKEN


def test_an_adapter_that_met_nobody_while_connecting_is_not_taken_for_one_that_hides_headers(
    pty_bench, ask, engine
):
    pty_bench.adapter.answers["0100"] = "NO DATA\r\r>"
    link = pty_bench.connect()
    pty_bench.adapter.answers["03"] = "43 00\r\r>"
    assert ask(link, "03", engine).response.outcome is Outcome.BROKEN


def test_nobody_taking_the_request_is_silence(bench, ask, engine):
    link = bench.connect()
    bench.adapter.answers["03"] = "CAN ERROR\r\r>"
    response = ask(link, "03", engine).response
    assert response.outcome is Outcome.SILENT
    assert "CAN ERROR" in str(response.reason)


def test_who_answered_while_connecting_is_judged_as_any_answer_is(pty_bench):
    pty_bench.adapter.answers["0100"] = "7E8034100BE\r7E9037F0112\r\r>"
    link = pty_bench.connect()
    assert link.identity.protocol
    assert "0100" in pty_bench.adapter.commands
    assert pty_bench.adapter.commands.count("0100") == 2


def test_flow_control_never_stays_with_the_module_of_an_earlier_request(pty_bench, ask, body):
    link = pty_bench.connect()
    ask(link, "1902FF", body)
    pty_bench.adapter.answers["ATFCSH752"] = _REFUSED
    pty_bench.adapter.answers["ATFCSM0"] = _REFUSED
    before = list(pty_bench.adapter.requests)
    exchange = ask(link, "1902FF", ModuleAddress(0x752, 0x772))
    assert exchange.response.outcome is Outcome.WITHHELD
    assert pty_bench.adapter.requests == before


def test_a_silent_adapter_is_not_a_silent_module(bench, ask, engine):
    link = bench.connect()
    bench.adapter.answers["03"] = None
    exchange = ask(link, "03", engine, deadline_s=0.3)
    assert exchange.response.outcome is Outcome.BROKEN
    assert "did not finish" in str(exchange.response.reason)


def test_an_adapter_that_stops_answering_for_good_is_lost(pty_bench, engine):
    link = pty_bench.connect(LinkOptions(clock=RateClock(10)))
    pty_bench.adapter.stop()
    outcomes = [link.submit(Request(b"\x03", engine, 1.0)) for _ in range(6)]
    assert isinstance(outcomes[-1].exception(timeout=10.0), AdapterLost)
    assert "stopped answering" in str(link.lost)


def test_an_unplugged_adapter_is_noticed_while_idle(bench):
    link = bench.connect()
    bench.unplug()
    until = time.monotonic() + 2.0
    while link.lost is None and time.monotonic() < until:
        time.sleep(0.02)
    assert "gone" in str(link.lost)


def test_an_unplugged_adapter_fails_the_request_in_flight(bench, engine):
    link = bench.connect()
    bench.adapter.answers["03"] = None
    future = link.submit(Request(b"\x03", engine, deadline_s=5.0))
    while "03" not in bench.adapter.commands:
        time.sleep(0.01)
    bench.unplug()
    with pytest.raises(AdapterLost):
        future.result(timeout=2.0)


def test_closing_gives_the_adapter_its_factory_settings_back(pty_bench, ask, engine):
    link = pty_bench.connect()
    ask(link, "03", engine)
    link.close()
    assert pty_bench.adapter.commands[-1] == "ATD"


def test_what_was_said_both_ways_is_in_the_trace(pty_bench, ask, engine):
    link = pty_bench.connect()
    pty_bench.adapter.answers["03"] = "7E8 04 43 01 05 62\r\r>"
    ask(link, "03", engine)
    rows = [(row.kind, row.data) for row in link.trace.entries()]
    assert (TraceKind.ADAPTER_SENT, "03") in rows
    assert (TraceKind.ADAPTER_RECEIVED, "7E8 04 43 01 05 62") in rows


def test_immobiliser_frames_are_struck_out_of_the_trace(pty_bench, ask, engine):
    link = pty_bench.connect()
    pty_bench.adapter.answers["03"] = "342 11 22 33 44\r7E8 04 43 01 05 62\r\r>"
    ask(link, "03", engine)
    assert not any("11 22 33" in row.data for row in link.trace.entries())


def test_a_supply_voltage_is_read(pty_bench):
    link = pty_bench.connect()
    for text, volts in (("12.6V", 12.6), ("11.4", 11.4), ("0.3V", 0.3)):
        pty_bench.adapter.answers["ATRV"] = f"{text}\r\r>"
        assert link.supply().result().voltage_v == volts


def test_an_implausible_supply_is_no_value(pty_bench):
    link = pty_bench.connect()
    for text in ("99.9V", "-1.0V", "ELM", "?", "", "12.6V\r12.7V"):
        pty_bench.adapter.answers["ATRV"] = f"{text}\r\r>"
        assert link.supply().result() is None, text


def test_an_adapter_without_supply_measurement_says_so(pty_bench):
    pty_bench.adapter.answers["ATRV"] = _REFUSED
    link = pty_bench.connect()
    assert not link.capabilities.supply
    assert link.capabilities.reason_against("supply") is not None


def test_frames_are_heard_and_listening_goes_on_after_a_request(bench, ask, engine):
    bench.adapter.answers["ATMA"] = b"23D 00 05 60 FF 00 00 00 00\r1F9\x00 20 00\r60D0006\r"
    bench.adapter.answers["03"] = "7E80443010562\r\r>"
    bench.adapter.on_interrupt = b"\r>"
    link = bench.connect()
    with link.listen() as stream:
        heard = [stream.read(2.0) for _ in range(3)]
        assert ask(link, "03", engine).response.payload.hex() == "43010562"
        again = stream.read(2.0)
    assert [(frame.arbitration_id, frame.data.hex()) for frame in heard] == [
        (0x23D, "000560ff00000000"),
        (0x1F9, "2000"),
        (0x60D, "0006"),
    ]
    assert again.arbitration_id == 0x23D


def test_listening_starts_again_when_the_adapter_could_not_keep_up(pty_bench):
    pty_bench.adapter.answers["ATMA"] = "23D0005\rBUFFER FULL\r\r>"
    link = pty_bench.connect()
    with link.listen() as stream:
        assert all(stream.read(2.0) for _ in range(3))
    assert pty_bench.adapter.commands.count("ATMA") >= 3
    assert [row.data for row in link.trace.entries()].count("BUFFER FULL") >= 2


def test_one_id_is_filtered_by_the_adapter(pty_bench):
    pty_bench.adapter.answers["ATMA"] = "23D0005\r"
    link = pty_bench.connect()
    with link.listen(frozenset({0x23D})) as stream:
        assert stream.read(2.0).arbitration_id == 0x23D
    assert "ATCRA23D" in pty_bench.adapter.commands


def test_an_adapter_that_cannot_listen_says_so(pty_bench):
    pty_bench.adapter.answers["ATMA"] = _REFUSED
    link = pty_bench.connect()
    with link.listen() as stream:
        assert stream.read(0.4) is None
    assert not link.capabilities.listening
    assert "AT MA" in str(link.capabilities.reason_against("listening"))


def test_a_car_with_another_protocol_is_named_and_never_asked(pty_bench, ask, engine):
    pty_bench.adapter.answers["0100"] = "CAN ERROR\r\r>"
    link = None

    def answer_after_search() -> None:
        pty_bench.adapter.answers["0100"] = "BUS INIT: ...OK\r48 6B 10 41 00 BE 3F A8 13 2C\r\r>"

    pty_bench.adapter.answers["ATDPN"] = "A3\r\r>"
    pty_bench.adapter.on_command = {"ATSP0": answer_after_search}
    link = pty_bench.connect()
    assert link.identity.protocol == "ISO 9141-2"
    before = list(pty_bench.adapter.requests)
    assert ask(link, "03", engine).response.outcome is Outcome.WITHHELD
    assert ask(link, "03").response.outcome is Outcome.WITHHELD
    assert pty_bench.adapter.requests == before


def test_a_stranger_on_the_port_is_told_apart_from_silence(pty_bench):
    pty_bench.adapter.answers.update({"ATZ": "login: ", "AT": "login: "})
    with pytest.raises(AdapterUnrecognised, match="login"):
        pty_bench.connect(LinkOptions(clock=RateClock(20)))


def test_a_silent_port_is_named_so(pty_bench):
    pty_bench.adapter.answers.update({"ATZ": None, "AT": None})
    with pytest.raises(AdapterSilent):
        pty_bench.connect(LinkOptions(clock=RateClock(20)))


def test_giving_up_a_request_takes_less_than_two_seconds(bench, ask, engine):
    link = bench.connect()
    bench.adapter.answers["03"] = None
    future = link.submit(Request(b"\x03", engine, deadline_s=30.0, total_deadline_s=60.0))
    while "03" not in bench.adapter.commands:
        time.sleep(0.01)
    link.cancel()
    bench.adapter.answers["03"] = "7E80443010562\r\r>"
    assert future.cancelled()
    assert ask(link, "03", engine).response.outcome is Outcome.POSITIVE
