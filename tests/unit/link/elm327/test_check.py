"""The adapter check: each stage with its cause and next step, and what the adapter is good for."""

from __future__ import annotations

import pytest

from diag.clock import RateClock
from diag.errors import UsageError
from diag.link.check_report import CheckVerdict, Stage, StageState
from diag.link.checking import check_adapter
from diag.link.options import LinkOptions

_REFUSED = "?\r\r>"


def _states(check):
    return {result.stage: result.state for result in check.stages}


def _failed(check):
    return [result.stage for result in check.stages if result.state is StageState.FAILED]


def test_a_sound_adapter_is_good(bench):
    check = check_adapter(bench.url, LinkOptions())
    assert check.verdict is CheckVerdict.GOOD
    assert set(_states(check).values()) == {StageState.PASSED}
    assert check.responders == (0x7E8,)
    assert check.latency_s is not None
    assert check.switched_off == ()
    assert {probe.command for probe in check.probes} >= {
        "AT I",
        "AT @1",
        "STI",
        "AT FC SH",
        "AT FC SM",
        "AT CFC",
        "AT CRA",
        "AT CAF0",
        "AT AT2",
        "AT AL",
        "AT SH 29 bit",
    }


def test_after_the_probes_every_setting_is_made_again(pty_bench):
    check_adapter(pty_bench.url, LinkOptions())
    commands = pty_bench.adapter.commands
    asked = commands.index("0100")
    assert {"ATE0", "ATH1", "ATCAF1", "ATSP6", "ATSH7DF"} <= set(
        commands[commands.index("ATSHDA10F1") : asked]
    )


def test_no_port_fails_the_first_stage_and_reaches_no_other():
    check = check_adapter("elm327:/dev/ttyUSB77", LinkOptions())
    assert check.verdict is CheckVerdict.POOR
    assert _failed(check) == [Stage.PORT]
    assert check.stages[0].advice is not None
    assert {result.state for result in check.stages[1:]} == {StageState.NOT_REACHED}


def test_a_silent_adapter_fails_the_identity_stage(pty_bench):
    pty_bench.adapter.answers.update({"ATZ": None, "AT": None})
    check = check_adapter(pty_bench.url, LinkOptions(clock=RateClock(20)))
    assert _failed(check) == [Stage.IDENTITY]
    assert check.verdict is CheckVerdict.POOR


def test_an_adapter_without_supply_reading_is_fair(pty_bench):
    pty_bench.adapter.answers["ATRV"] = _REFUSED
    check = check_adapter(pty_bench.url, LinkOptions())
    assert _failed(check) == [Stage.SUPPLY]
    assert check.verdict is CheckVerdict.FAIR


def test_no_bus_fails_the_protocol_stage(pty_bench):
    pty_bench.adapter.answers["0100"] = "CAN ERROR\r\r>"
    check = check_adapter(pty_bench.url, LinkOptions())
    assert _failed(check) == [Stage.PROTOCOL]
    assert "CAN ERROR" in str(check.stages[3].found)
    assert check.verdict is CheckVerdict.POOR


def test_no_module_fails_the_last_stage_and_points_at_the_ignition(pty_bench):
    pty_bench.adapter.answers["0100"] = "NO DATA\r\r>"
    check = check_adapter(pty_bench.url, LinkOptions())
    assert _failed(check) == [Stage.MODULES]
    assert "ignition" in str(check.stages[4].advice)
    assert check.verdict is CheckVerdict.FAIR


def test_a_clone_without_flow_control_is_fair_and_says_what_is_off(pty_bench):
    for command in ("ATFCSH740", "ATCFC1"):
        pty_bench.adapter.answers[command] = _REFUSED
    check = check_adapter(pty_bench.url, LinkOptions())
    assert check.verdict is CheckVerdict.FAIR
    assert any("AT FCSH" in str(reason) for reason in check.switched_off)
    assert [probe.command for probe in check.probes if not probe.known] == [
        "STI",
        "AT FC SH",
        "AT FC SM",
        "AT CFC",
    ]


@pytest.mark.parametrize("command", ["ATSH7E0", "ATCRA7E8"])
def test_an_adapter_that_cannot_ask_one_module_is_poor(pty_bench, command):
    pty_bench.adapter.answers[command] = _REFUSED
    check = check_adapter(pty_bench.url, LinkOptions())
    assert check.verdict is CheckVerdict.POOR
    assert check.switched_off


def test_an_adapter_that_does_not_say_who_answered_is_fair(pty_bench):
    pty_bench.adapter.answers["0100"] = "41 00 BE 3F A8 13\r\r>"
    check = check_adapter(pty_bench.url, LinkOptions())
    assert check.verdict is CheckVerdict.FAIR
    assert _failed(check) == []
    assert any("AT H1" in str(reason) for reason in check.switched_off)


def test_any_other_link_is_checked_by_what_it_says_and_one_request():
    check = check_adapter("sim:healthy", LinkOptions())
    assert check.verdict is CheckVerdict.GOOD
    assert check.identity.practice
    assert check.responders == (0x7E8, 0x7E9)


@pytest.mark.parametrize(("url", "word"), [("none:", "nothing to check"), ("replay:drive.log", "log")])
def test_a_link_without_an_adapter_is_not_checked(url, word):
    with pytest.raises(UsageError) as caught:
        check_adapter(url, LinkOptions())
    assert word in str(caught.value.what)
    assert "terrano adapters" in str(caught.value.advice)


def test_an_adapter_lost_in_the_middle_is_reported(pty_bench):
    pty_bench.adapter.on_command["ATRV"] = pty_bench.adapter._stop.set
    pty_bench.adapter.answers["ATRV"] = None
    check = check_adapter(pty_bench.url, LinkOptions(clock=RateClock(20)))
    assert Stage.PROTOCOL not in [
        result.stage for result in check.stages if result.state is StageState.PASSED
    ]
    assert check.verdict is CheckVerdict.POOR


def test_each_stage_is_told_as_it_passes(pty_bench):
    told = []
    check_adapter(pty_bench.url, LinkOptions(progress=told.append))
    assert len(told) == len(Stage)


def test_a_wrong_url_is_a_usage_error():
    with pytest.raises(UsageError):
        check_adapter("elm237:/dev/ttyUSB0", LinkOptions())
