"""A fault code is a sentence first, then its code, status, service and bytes; a verdict comes with advice."""

from dataclasses import replace

import pytest

from diag.i18n import literal
from diag.model import Ignition, Mode, ModuleAddress, ModuleResult, Reading, Verdict
from tui.verdicts import advice


async def _open(box, pilot, digit):
    await pilot.press("f2")
    await box.settle(pilot)
    await pilot.press(digit)
    return await box.look(pilot)


async def test_the_sentence_comes_before_the_code(stage, same_as_golden):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "1")
    assert screen.index("memory was without power") < screen.index("confirmed")
    same_as_golden("fault-80x24", screen)


async def test_a_code_without_text_says_so(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _open(box, pilot, "1")
        await pilot.press("down")
        screen = await box.look(pilot)
    assert "no text known. Look the code up in the workshop manual" in screen
    assert "test failed" in screen


async def test_a_module_that_gave_no_answer_says_why_and_what_to_do(stage, same_as_golden):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "5")
    assert "! no answer: timeout 1.0 s" in screen
    assert "17 FF 00" in screen
    assert "no fault codes" not in screen
    assert "Check supply, fuse and plug of this module, or it is not fitted." in " ".join(screen.split())
    assert "Address           744/764 (CAN ids, hexadecimal)" in screen
    same_as_golden("silent-module-80x24", screen)


async def test_each_request_of_a_module_keeps_its_own_verdict(stage):
    box = stage()
    async with box.app().run_test(size=(120, 40)) as pilot:
        screen = await _open(box, pilot, "1")
    assert "refused the request: service not supported" in screen


async def test_a_verdict_shows_when_it_was_read(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "2")
    assert "no fault codes (answered)   read at 10:15:00" in screen


async def test_a_verdict_of_a_log_shows_where_the_log_stood(stage):
    box = stage(mode=Mode.REPLAY, at_s=12.0)
    async with box.app("replay:drive.log").run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "2")
    assert "read with the log at 12.0 s" in screen


async def test_the_status_is_in_words(stage):
    box = stage(status=("confirmed", "failed-since-clear"))
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "1")
    assert "confirmed, failed since cleared" in screen


def _known(box, verdict, **facts):
    result = ModuleResult("HVAC", ModuleAddress(0x744, 0x764), verdict)
    return replace(box.session.pull(), profile=box.engine.profile, modules=(result,), **facts)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.NO_ANSWER, "Check supply, fuse and plug of this module, or it is not fitted."),
        (Verdict.LOST, "Ask again (F2). If it stays: cable, adapter, battery."),
        (Verdict.REFUSED, "it does not give its fault codes this way: nothing is known of them."),
        (Verdict.NOT_ASKED, "Check the adapter (F3), or use another one."),
        (Verdict.NOT_FITTED, "This car does not have this module."),
        (Verdict.NONE, "The module answered, and it reports no fault codes."),
    ],
)
def test_each_verdict_says_what_it_means_and_what_to_do(stage, verdict, words):
    assert words in str(advice(_known(stage(), verdict), "HVAC"))


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.NONE])
def test_no_advice_clears_a_module_that_did_not_answer(stage, verdict):
    said = str(advice(_known(stage(), verdict), "HVAC"))
    assert "no fault codes" not in said


def test_a_module_without_supply_is_to_be_switched_on(stage):
    box = stage()
    key = Reading(Ignition.ACC, "", literal("frame 60D"), box.clock.now())
    said = str(advice(_known(box, Verdict.NOT_ASKED, ignition=key), "HVAC"))
    assert "no supply with the key at ACC" in said
    assert "Turn the key to ON, engine off, and ask again (F2)." in said


@pytest.mark.parametrize(("mode", "words"), [(Mode.REPLAY, "press End"), (Mode.ASKED, "Without an adapter")])
def test_a_log_and_no_adapter_have_their_own_reason(stage, mode, words):
    box = stage(mode=mode)
    box.session.open("replay:drive.log")
    for _ in range(200):
        if not box.session.pull().phase.busy:
            break
        box.engine.go.wait(0.01)
    assert words in str(advice(_known(box, Verdict.NOT_ASKED), "HVAC"))


def test_a_module_that_the_scan_did_not_reach_is_to_be_asked(stage):
    box = stage()
    known = replace(box.session.pull(), profile=box.engine.profile)
    assert "The scan ended before this module" in str(advice(known, "airbag"))
