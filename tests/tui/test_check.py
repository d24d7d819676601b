"""The adapter check shows its stages, one verdict in words, and what is switched off because of it."""

import pytest

from diag.link.check_report import CheckVerdict
from diag.model import Mode
from tui.screens.check import CheckScreen
from tui.screens.start import StartScreen


async def test_the_report_has_a_verdict_stages_and_consequences(stage, same_as_golden):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        screen = await box.settle(pilot)
    assert "! FAIR (12 ms, 0 errors)" in screen
    assert "! Supply      No supply voltage." in screen
    assert "- Modules     not reached" in screen
    assert "It loses frames while it listens." in screen
    same_as_golden("check-80x24", screen)


@pytest.mark.parametrize(("verdict", "glyph"), [(CheckVerdict.GOOD, "✓"), (CheckVerdict.POOR, "✗")])
async def test_each_verdict_has_glyph_and_word(stage, verdict, glyph):
    box = stage(check_verdict=verdict)
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        assert f"{glyph} {verdict} (12 ms" in await box.settle(pilot)


async def test_escape_stops_a_running_check_and_then_goes_back(stage):
    box = stage(hold="check")
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        box.engine.held.wait(5)
        assert "Esc stops" in await box.look(pilot)
        await pilot.press("escape")
        assert "F3 starts the check." in await box.settle(pilot)
        assert isinstance(pilot.app.screen, CheckScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)


async def test_the_check_lets_go_of_the_line_first_since_a_port_has_one_owner(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press("f3")
        await box.settle(pilot)
        assert box.engine.links[0].closed.is_set()
        await pilot.press("f2")
        assert "9 of 9 modules" in await box.settle(pilot)
    assert len(box.engine.links) == 2


async def test_a_log_has_no_adapter_to_check_and_stays_open(stage):
    box = stage(mode=Mode.REPLAY, at_s=12.0)
    async with box.app("replay:drive.log").run_test(size=(80, 24)) as pilot:
        await box.settle(pilot)
        await pilot.press("f3")
        screen = await box.look(pilot)
        assert not isinstance(pilot.app.screen, CheckScreen)
    assert "A log has no adapter to check." in screen
    assert "POOR" not in screen
    assert len(box.engine.links) == 1


async def test_without_an_adapter_there_is_nothing_to_check(stage):
    box = stage()
    async with box.app("none:").run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        screen = await box.look(pilot)
    assert "First choose an adapter: press its number." in screen
