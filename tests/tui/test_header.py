"""The header always shows the values with their age, and marks those that may no longer be true."""

from dataclasses import replace

import pytest
from textual.content import Content

from diag.errors import AdapterNotFound
from diag.i18n import literal, message, use_language
from diag.model import Confidence, Ignition, Mode, RadioLock, RadioPower, Reachability
from diag.reading.result import RadioReading
from tui.engine import Watch
from tui.look import UNICODE
from tui.screens.start import StartScreen
from tui.view import View
from tui.widgets.status_header import header


async def _after_scan(box, pilot):
    await pilot.press("f2")
    return await box.settle(pilot)


async def test_it_shows_mode_vin_tail_voltage_with_uncertainty_ignition_and_radio(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        header = (await _after_scan(box, pilot)).splitlines()[0]
    for value in ("PRACTICE", "VIN ..1234", "12.6 V ±0.3", "IGN ON", "radio on", "00:00"):
        assert value in header
    assert "VSKJVWR51U000" not in header


async def test_a_value_older_than_five_seconds_keeps_its_place_and_shows_a_question_mark_and_its_age(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        fresh = (await _after_scan(box, pilot)).splitlines()
        box.clock.sleep(5.0)
        still = (await box.look(pilot)).splitlines()
        box.clock.sleep(7.5)
        stale = (await box.look(pilot)).splitlines()
    assert "12.6 V ±0.3 ?" not in fresh[0] + still[0]
    assert "12.6 V ±0.3 ?" in stale[0]
    assert "IGN ON ?" in stale[0]
    assert stale[1].count("12 s old") == 2
    assert stale[0].index("12.6 V") == fresh[0].index("12.6 V")
    assert stale[0].index("IGN ON") == fresh[0].index("IGN ON")


async def test_values_of_a_capture_show_their_place_in_it_and_do_not_age(stage):
    box = stage(mode=Mode.REPLAY)
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _after_scan(box, pilot)
        box.clock.sleep(60)
        screen = await box.look(pilot)
    assert "REPLAY" in screen
    assert "at 270.6 s" in screen
    assert "12.6 V ±0.3 ?" not in screen


async def test_an_unknown_key_position_is_a_question_mark(stage):
    box = stage(ignition=Ignition.UNKNOWN)
    async with box.app().run_test(size=(80, 24)) as pilot:
        assert "IGN ?" in await _after_scan(box, pilot)


async def test_a_lost_adapter_is_a_banner_and_the_values_stay(stage, same_as_golden):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _after_scan(box, pilot)
        box.clock.sleep(7)
        box.engine.links[0].lost = message("The port is gone.")
        screen = await box.look(pilot)
    assert "Adapter lost at 10:15:07. Values stay with their age." in screen
    assert "12.6 V ±0.3 ?" in screen
    same_as_golden("lost-80x24", screen)


async def test_an_adapter_lost_during_the_scan_leaves_the_rest_not_asked(stage):
    box = stage(lose_at="HVAC")
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _after_scan(box, pilot)
    assert "Adapter lost at 10:15:00." in screen
    hvac = next(line for line in screen.splitlines() if "HVAC" in line)
    assert "not asked" in hvac


async def test_f2_connects_again_after_the_adapter_was_lost(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _after_scan(box, pilot)
        box.engine.links[0].lost = message("The port is gone.")
        await box.look(pilot)
        await pilot.press("f2")
        screen = await box.settle(pilot)
    assert "Adapter lost" not in screen
    assert len(box.engine.links) == 2
    assert box.engine.links[0].closed.is_set()


@pytest.mark.parametrize("width", [80, 90, 120, 200])
def test_both_lines_of_the_header_are_as_wide_as_the_screen(stage, width):
    box = stage()
    battery = box.engine.battery()
    known = replace(box.session.pull(), battery=battery, vin="VSKJVWR51U0001234", profile=box.engine.profile)
    lines = header(View(known, UNICODE, box.clock.now(), box.clock.monotonic()), width).plain.splitlines()
    assert [Content(line).cell_length for line in lines] == [width - 1, width - 1]
    assert lines[0].endswith("00:00")
    assert "Pathfinder R51" in lines[1]


async def test_a_lost_adapter_is_said_on_every_screen_with_the_time_until_the_line_is_open_again(stage):
    box = stage(mode=Mode.LIVE)
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _after_scan(box, pilot)
        box.clock.sleep(7)
        box.engine.links[0].lost = message("The port is gone.")
        await box.look(pilot)
        box.clock.sleep(60)
        box.engine.fail_connect = AdapterNotFound(message("No port."), message("Plug it in."))
        await pilot.press("f2")
        seen = [await box.settle(pilot)]
        await pilot.press("f3")
        seen.append(await box.settle(pilot))
        await pilot.press("escape", "escape", "escape")
        seen.append(await box.look(pilot))
        assert isinstance(pilot.app.screen, StartScreen)
        for screen in seen:
            assert screen.startswith(" LOST 10:15 ")
            assert "Adapter lost at 10:15:07. Values stay with their age." in screen
        assert "No port. Plug it in." in seen[0]
        box.engine.fail_connect = None
        await pilot.press("f2")
        assert (await box.settle(pilot)).startswith(" LIVE ")


async def test_rows_that_were_read_over_a_lost_line_keep_their_verdict_and_show_their_age(stage):
    box = stage(mode=Mode.LIVE)
    async with box.app().run_test(size=(80, 24)) as pilot:
        fresh = await _after_scan(box, pilot)
        box.clock.sleep(130)
        box.engine.links[0].lost = message("The port is gone.")
        old = await box.look(pilot)
        await pilot.press("5")
        detail = await box.look(pilot)
    assert "2 min old" not in "".join(line for line in fresh.splitlines() if "TCM" in line)
    row = next(line for line in old.splitlines() if "TCM" in line)
    assert "no fault codes (answered) 2 min old" in row
    row = next(line for line in old.splitlines() if "ECM" in line and "1 " in line)
    assert "2 min old: P0603 U1000" in row
    assert "read at 10:15:00, 2 min ago" in detail


async def test_a_line_that_is_not_open_is_no_live_one(stage):
    box = stage(mode=Mode.LIVE)
    async with box.app().run_test(size=(80, 24)) as pilot:
        assert (await _after_scan(box, pilot)).startswith(" LIVE ")
        await pilot.press("f3")
        assert (await box.settle(pilot)).startswith(" NO LINK ")


async def test_values_of_a_simulated_car_stay_practice_when_the_line_is_let_go(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _after_scan(box, pilot)
        await pilot.press("f3")
        assert (await box.settle(pilot)).startswith(" PRACTICE ")


@pytest.mark.parametrize(
    ("power", "lock", "value", "below"),
    [
        (RadioPower.ON, RadioLock.UNKNOWN, "radio on", "lock not asked"),
        (RadioPower.OFF, RadioLock.UNKNOWN, "radio off", "lock not asked"),
        (RadioPower.UNKNOWN, RadioLock.UNKNOWN, "radio ?", "lock not asked"),
        (RadioPower.ON, RadioLock.CODE, "radio CODE", "asked 0 min ago"),
        (None, None, "radio ?", "nobody looked"),
    ],
)
def test_power_and_lock_of_the_radio_are_said_apart(stage, power, lock, value, below):
    box = stage()
    radio = None
    if power is not None:
        radio = RadioReading(
            power, lock, Reachability.YES, literal("a test"), Confidence.HINT, box.clock.now()
        )
    known = replace(box.session.pull(), radio=radio)
    lines = header(View(known, UNICODE, box.clock.now(), 0.0), 80).plain.splitlines()
    assert value in lines[0]
    assert below in lines[1]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("width", [80, 60, 50, 40, 30])
def test_values_never_run_together_and_the_vin_goes_first(stage, width, language):
    use_language(language)
    box = stage(mode=Mode.LIVE)
    link = box.engine.connect("elm327:a", Watch(lambda _: None, lambda: None))
    known = replace(
        box.session.pull(),
        battery=box.engine.battery(),
        vin="VSKJVWR51U0001234",
        identity=link.identity,
        connected=True,
    )
    lines = header(View(known, UNICODE, box.clock.now(), 0.0), width).plain.splitlines()
    assert max(Content(line).cell_length for line in lines) <= width
    words = lines[0].split()
    assert "12.6" in words or "12,6" in words
    if language == "en":
        assert ("..1234" in words) is (width >= 60)
        assert ("00:00" in words) is (width >= 50)
