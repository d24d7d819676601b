"""Verdicts of modules: what counts as codes, as none, and what never does."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime

import pytest

from diag.i18n import message
from diag.link import Capabilities, Exchange, Outcome, Response
from diag.model import Ignition, Mode, Reading, Verdict
from diag.reading import faults
from diag.vehicle.loading import load_profile

PROFILE = load_profile("nissan-f-alpha")
MODULES = {module.name: module for module in PROFILE.modules}
ECM, BCM, AV = MODULES["ECM"], MODULES["BCM"], MODULES["AV"]
SESSION, KWP, KWP_BY_STATUS, UDS = "10 C0", "17 FF 00", "18 00 FF 00", "19 02 FF"


def key(position):
    return Reading(position, "", message("frame {frame}", frame="60D"), datetime(2026, 1, 1, tzinfo=UTC))


ON = key(Ignition.ON)


def judge(link, module, ignition=ON):
    return faults.ask(link, module, ignition)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("57 00", Verdict.NONE),
        ("57 01 D0 00 61", Verdict.CODES),
        ("7F 17 22", Verdict.REFUSED),
        (Outcome.SILENT, Verdict.NO_ANSWER),
        (Outcome.BROKEN, Verdict.LOST),
        (Outcome.NOT_RECORDED, Verdict.NOT_ASKED),
        (Outcome.WITHHELD, Verdict.NOT_ASKED),
        ("57", Verdict.LOST),
        ("57 02 D0 00 61", Verdict.LOST),
        ("43 00", Verdict.LOST),
    ],
)
def test_each_outcome_has_its_verdict_and_only_an_answer_is_none(scripted_link, answer, verdict):
    mode = Mode.REPLAY if answer is Outcome.NOT_RECORDED else Mode.LIVE
    link = scripted_link({(0x765, SESSION): "50 C0", (0x765, KWP): answer}, mode=mode)
    result = judge(link, BCM)
    assert result.verdict is verdict
    assert bool(result.fault_codes) == (verdict is Verdict.CODES)
    assert (result.reason is None) == (verdict in {Verdict.CODES, Verdict.NONE})


def test_a_module_that_does_not_know_the_service_is_asked_in_the_next_way(scripted_link):
    link = scripted_link(
        {(0x767, KWP): "7F 17 11", (0x767, KWP_BY_STATUS): "7F 18 11", (0x767, UDS): "59 02 FF"}
    )
    result = judge(link, AV)
    assert result.verdict is Verdict.NONE
    assert result.services[0].service == "19 02"


@pytest.mark.parametrize("nrc", ["11", "12", "13", "31", "7F", "80"])
def test_a_refusal_by_all_services_is_refused_with_the_meaning_of_the_code(scripted_link, nrc):
    script = {(0x767, request): f"7F {request[:2]} {nrc}" for request in (KWP, KWP_BY_STATUS, UDS)}
    result = judge(scripted_link(script), AV)
    assert result.verdict is Verdict.REFUSED
    assert str(result.reason)


def test_a_module_that_refused_and_then_fell_silent_has_refused(scripted_link):
    assert judge(scripted_link({(0x767, KWP): "7F 17 11"}), AV).verdict is Verdict.REFUSED


def test_a_refusal_for_another_reason_is_not_worked_around(scripted_link):
    link = scripted_link({(0x767, KWP): "7F 17 22", (0x767, UDS): "59 02 FF"})
    assert judge(link, AV).verdict is Verdict.REFUSED
    assert ("747/767", UDS) not in link.sent


def test_a_silent_module_costs_the_session_and_one_request_only(scripted_link):
    link = scripted_link()
    assert judge(link, AV).verdict is Verdict.NO_ANSWER
    assert [text for _, text in link.sent] == [SESSION, KWP]


def test_a_refused_session_does_not_stop_the_question(scripted_link):
    link = scripted_link({(0x765, SESSION): "7F 10 12", (0x765, KWP): "57 00"})
    assert judge(link, BCM).verdict is Verdict.NONE


def test_a_broken_answer_is_asked_for_once_more(scripted_link):
    link = scripted_link({(0x765, KWP): [Outcome.BROKEN, "57 00"]})
    assert judge(link, BCM).verdict is Verdict.NONE
    assert [text for _, text in link.sent].count(KWP) == 2


def test_silence_after_a_broken_answer_stays_an_answer_cut_off(scripted_link):
    link = scripted_link({(0x765, KWP): [Outcome.BROKEN, Outcome.SILENT]})
    assert judge(link, BCM).verdict is Verdict.LOST


def test_silence_about_pending_codes_is_named_and_does_not_pass_for_none(scripted_link):
    result = judge(scripted_link({(0x7E8, "03"): "43 00", (0x7E8, "01 01"): "41 01 00 07 E1 00"}), ECM)
    assert result.verdict is Verdict.NONE
    assert str(result.reason).startswith("pending codes:")
    assert [service.verdict for service in result.services] == [Verdict.NONE, Verdict.NO_ANSWER]


def test_pending_codes_alone_are_codes(scripted_link):
    result = judge(scripted_link({(0x7E8, "03"): "43 00", (0x7E8, "07"): "47 01 05 62"}), ECM)
    assert result.verdict is Verdict.CODES
    assert [code.code for code in result.fault_codes] == ["P0562"]
    assert result.fault_codes[0].text is not None


def test_a_code_named_twice_is_one_code_with_both_states(scripted_link):
    result = judge(scripted_link({(0x7E8, "03"): "43 01 05 62", (0x7E8, "07"): "47 01 05 62"}), ECM)
    assert [(code.code, code.status) for code in result.fault_codes] == [("P0562", ("confirmed", "pending"))]


def test_a_module_that_counts_codes_and_names_none_is_not_without_codes(scripted_link):
    script = {(0x7E8, "03"): "43 00", (0x7E8, "07"): "47 00", (0x7E8, "01 01"): "41 01 82 07 E1 00"}
    result = judge(scripted_link(script), ECM)
    assert result.verdict is Verdict.LOST
    assert "counts 2 fault codes" in str(result.reason)


@pytest.mark.parametrize(
    ("position", "asked"),
    [
        (Ignition.OFF, {"BCM", "IPDM"}),
        (Ignition.ACC, {"BCM", "IPDM", "AV"}),
        (Ignition.ON, set(MODULES)),
        (Ignition.START, set(MODULES)),
        (Ignition.UNKNOWN, set(MODULES)),
    ],
)
def test_a_module_without_supply_is_not_asked_and_says_so(scripted_link, position, asked):
    link = scripted_link()
    results = {name: judge(link, module, key(position)) for name, module in MODULES.items()}
    assert {name for name, result in results.items() if result.verdict is not Verdict.NOT_ASKED} == asked
    for name in set(MODULES) - asked:
        assert str(results[name].reason) == f"no supply at ignition {position}"
    sent_to = {address for address, _ in link.sent}
    assert sent_to == {str(MODULES[name].address) for name in asked}


def test_an_adapter_that_cannot_address_asks_everyone_and_takes_only_the_modules_own_answer(scripted_link):
    link = scripted_link({(0x7E9, "03"): "43 01 D0 00"}, capabilities=Capabilities(addressing=False))
    assert judge(link, ECM).verdict is Verdict.NO_ANSWER
    assert judge(link, MODULES["TCM"]).verdict is Verdict.CODES
    assert judge(link, BCM).verdict is Verdict.NOT_ASKED


def test_a_module_nobody_asked_is_not_asked():
    assert faults.interpret(BCM, []).verdict is Verdict.NOT_ASKED


def test_a_capture_is_searched_for_every_service_that_could_have_been_asked(scripted_link):
    link = scripted_link({(0x765, UDS): "59 02 FF"}, mode=Mode.REPLAY)
    assert judge(link, BCM).verdict is Verdict.NONE


def test_codes_whose_test_has_only_not_run_yet_are_no_faults_but_are_told(scripted_link):
    link = scripted_link(
        {
            (0x767, KWP): "7F 17 11",
            (0x767, KWP_BY_STATUS): "7F 18 11",
            (0x767, UDS): "59 02 FF D0 00 88 50 05 62 16 40",
        }
    )
    result = judge(link, AV)
    assert result.verdict is Verdict.NONE
    assert str(result.reason) == "2 tests of this module have not run yet"


def test_one_real_fault_among_tests_that_have_not_run_is_a_code(scripted_link):
    link = scripted_link(
        {
            (0x767, KWP): "7F 17 11",
            (0x767, KWP_BY_STATUS): "7F 18 11",
            (0x767, UDS): "59 02 FF D0 00 88 50 05 62 16 08",
        }
    )
    result = judge(link, AV)
    assert [code.code for code in result.fault_codes] == ["P0562-16"]
    assert str(result.reason) == "1 test of this module has not run yet"


class Nameless:
    """An adapter that asks everyone only and hides who answered."""

    capabilities = Capabilities(addressing=False)

    def submit(self, request):
        future = Future()
        answer = Response(Outcome.POSITIVE, None, datetime(2026, 1, 1, tzinfo=UTC), b"\x43\x00")
        future.set_result(Exchange(request, (answer,)))
        return future


@pytest.mark.parametrize("module", [ECM, MODULES["TCM"]])
def test_an_answer_of_nobody_known_clears_no_module(module):
    result = judge(Nameless(), module)
    assert result.verdict is Verdict.LOST
    assert str(result.reason) == "the adapter does not show which module answered"
