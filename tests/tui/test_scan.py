"""The scan shows every module's verdict in words, and never silence as good."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diag.errors import AdapterNotFound
from diag.i18n import literal, message, use_language
from diag.model import Confidence, ModuleResult, RadioLock, RadioPower, Reachability, Verdict
from diag.reading.result import RadioReading
from diag.vehicle.loading import load_profile, profile_names
from tui.look import UNICODE
from tui.screens.fault import FaultScreen
from tui.screens.scan import ScanScreen, remarks_of
from tui.screens.start import StartScreen
from tui.snapshot import Phase, Snapshot
from tui.view import View
from tui.widgets.module_table import columns_of, module_line


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_a_finished_scan_shows_every_module_with_word_and_reason(stage, same_as_golden, size):
    box = stage()
    async with box.app().run_test(size=size) as pilot:
        await pilot.press("f2")
        screen = await box.settle(pilot)
    hvac = next(line for line in screen.splitlines() if "HVAC" in line)
    assert "! no answer" in hvac
    assert "timeout 1.0 s" in hvac
    assert "no fault codes" not in hvac
    same_as_golden(f"scan-{size[0]}x{size[1]}", screen)


async def test_power_that_was_lost_is_said_with_its_evidence(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        screen = await box.settle(pilot)
    assert "Power was lost (battery disconnected?). The radio may ask for a code." in screen
    assert "Evidence: ECM P0603, ECM U1000, read at 10:15:00" in screen


async def test_a_running_scan_shows_which_module_is_asked_and_which_wait(stage, same_as_golden):
    box = stage(hold="HVAC")
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        box.engine.held.wait(5)
        screen = await box.look(pilot)
        same_as_golden("scan-running-80x24", screen)
        box.engine.go.set()
        await box.settle(pilot)
    assert "4 of 9 modules" in screen
    assert "waiting" in screen


async def test_escape_stops_a_running_scan_and_keeps_what_was_read(stage):
    box = stage(hold="HVAC")
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        box.engine.held.wait(5)
        await pilot.press("escape")
        screen = await box.settle(pilot)
        assert isinstance(pilot.app.screen, ScanScreen)
    assert "Scan stopped." in screen
    assert "2 fault codes" in screen
    airbag = next(line for line in screen.splitlines() if "airbag" in line)
    assert "not asked" in airbag


async def test_escape_after_the_scan_goes_back_to_the_first_screen(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)


@pytest.mark.parametrize("keys", [("enter",), ("1",)])
async def test_a_module_opens_by_enter_or_digit(stage, keys):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press(*keys)
        await pilot.pause()
        assert isinstance(pilot.app.screen, FaultScreen)


async def test_a_module_opens_by_a_click(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        lines = (await box.settle(pilot)).splitlines()
        row = next(index for index, line in enumerate(lines) if "HVAC" in line)
        await pilot.click(offset=(10, row))
        screen = await box.look(pilot)
    assert "HVAC  Climate" in screen


async def test_an_adapter_that_is_not_there_gives_what_and_advice(stage):
    error = AdapterNotFound(message("No port /dev/ttyUSB7."), message("Look with: terrano adapters"))
    box = stage(fail_connect=error)
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        screen = await box.settle(pilot)
    assert "✗ No port /dev/ttyUSB7." in screen
    assert "Look with: terrano adapters" in screen
    assert "no fault codes" not in screen


async def test_an_error_of_the_program_is_a_sentence_and_the_screens_go_on(stage, caplog):
    box = stage(fail_connect=ZeroDivisionError("oops"))
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        screen = await box.settle(pilot)
        assert "The program met an error of its own" in screen
        assert "ZeroDivisionError" not in screen
        box.engine.fail_connect = None
        await pilot.press("f2")
        assert "9 of 9 modules" in await box.settle(pilot)
    assert "oops" in caplog.text


async def test_a_second_scan_uses_the_line_that_is_open(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        for _ in range(2):
            await pilot.press("f2")
            await box.settle(pilot)
    assert len(box.engine.links) == 1


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", [name for name in profile_names() if load_profile(name).modules])
def test_reasons_are_readable_at_eighty_columns_beside_the_titles_of_every_car(stage, name, language):
    use_language(language)
    profile = load_profile(name)
    reason = message("no supply at ignition {position}", position="OFF")
    modules = tuple(
        ModuleResult(fact.name, fact.address, Verdict.NOT_ASKED, reason) for fact in profile.modules
    )
    box = stage()
    known = replace(box.session.pull(), profile=profile, modules=modules)
    view = View(known, UNICODE, box.clock.now(), 0.0)
    columns = columns_of(view, 78)
    for fact in profile.modules:
        line = module_line(view, fact.name, 1, columns)
        assert line.cell_length == 78
        assert str(reason) in line.plain


def test_no_column_moves_while_the_verdicts_come_in(stage):
    box = stage()
    results = tuple(
        ModuleResult(fact.name, fact.address, Verdict.NONE) for fact in box.engine.profile.modules
    )
    known = replace(box.session.pull(), profile=box.engine.profile, phase=Phase.SCANNING)
    seen = {
        columns_of(View(replace(known, modules=results[:done]), UNICODE, box.clock.now(), 0.0), 78)
        for done in range(len(results) + 1)
    }
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("reachable", "told"),
    [
        (Reachability.YES, False),
        (Reachability.NO_ANSWER, False),
        (Reachability.OTHER_CAN_PAIR, True),
        (Reachability.NO_POWER, True),
        (Reachability.REFUSED, True),
    ],
)
def test_what_keeps_the_radio_from_answering_is_said_under_the_table(reachable, told):
    source = literal("on the second bus, pins 12 and 13")
    radio = RadioReading(
        RadioPower.UNKNOWN,
        RadioLock.UNKNOWN,
        reachable,
        source,
        Confidence.NONE,
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    remarks = remarks_of(Snapshot(0.0, radio=radio)).plain
    assert ("Radio: on the second bus, pins 12 and 13" in remarks) == told
