"""Every key of the registry works, on the Latin and on the Cyrillic layout."""

import pytest

from diag.i18n import current_language
from tui.actions import ACTIONS, cyrillic_twin, keys_with_twins
from tui.screens.help import HelpScreen
from tui.screens.start import StartScreen
from tui.session import Session

_LETTERS = [
    (action.name, twin)
    for action in ACTIONS
    for key in action.keys
    if len(key) == 1
    for twin in keys_with_twins((key,))
]


def test_there_is_a_letter_to_try():
    assert ("quit", "й") in _LETTERS


def test_the_twin_is_the_letter_on_the_same_key():
    assert [cyrillic_twin(key) for key in "qpc"] == ["й", "з", "с"]
    assert cyrillic_twin("f2") is None


def test_no_key_means_two_things():
    keys = [key for action in ACTIONS for key in keys_with_twins(action.keys)]
    assert len(keys) == len(set(keys))


async def test_every_letter_works_on_both_layouts(stage):
    box = stage()
    app = box.app()
    ran = []
    for name, _ in _LETTERS:
        setattr(app, f"action_{name}", lambda name=name: ran.append(name))
    async with app.run_test(size=(80, 24)) as pilot:
        for name, key in _LETTERS:
            await pilot.press(key)
            assert ran[-1:] == [name], key
    assert len(ran) == len(_LETTERS)


async def test_f1_lists_every_action_with_its_keys(stage, same_as_golden):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        screen = await box.look(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, StartScreen)
    words = " ".join(screen.split())
    for action in ACTIONS:
        assert str(action.sentence) in words
    assert "q й" in screen
    same_as_golden("help-80x24", screen)


async def test_f9_changes_the_language_and_keeps_the_state(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press("f9")
        screen = await box.look(pilot)
        assert current_language() == "ru"
        assert "Airbags (ru)" in screen
        assert "12.6 V" in screen or "12.6 В" in screen
        await pilot.press("f9")
        assert current_language() == "en"


async def test_the_palette_holds_every_action(stage):
    box = stage()
    app = box.app()
    async with app.run_test(size=(80, 24)):
        titles = {command.title for command in app.get_system_commands(app.screen)}
    wanted = {str(action.label) for action in ACTIONS if action.in_palette}
    assert titles == wanted - {"End of the log"}


async def test_the_palette_holds_the_end_of_the_log_where_a_log_is_open(stage):
    box = stage(at_s=12.0)
    app = box.app("replay:drive.log")
    async with app.run_test(size=(80, 24)) as pilot:
        await box.settle(pilot)
        assert "End of the log" in {command.title for command in app.get_system_commands(app.screen)}


@pytest.mark.parametrize("key", ["f10", "й", "ctrl+q", "ctrl+c"])
async def test_leaving_ends_with_exit_code_zero_and_closes_the_link(stage, key):
    box = stage()
    app = box.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press(key)
        await pilot.pause()
    box.session.close()
    assert app.return_code == 0
    assert box.engine.links[0].closed.is_set()
    assert isinstance(box.session, Session)


async def test_the_keys_at_the_foot_can_be_clicked(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        lines = (await box.look(pilot)).splitlines()
        await pilot.click(offset=(lines[-1].index("Help"), 23))
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_ctrl_c_leaves_from_the_palette_too_and_asks_nothing(stage):
    box = stage()
    app = box.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert not app.is_running or app._exit
        assert not app._notifications


async def test_plain_ascii_needs_no_other_letters(stage, same_as_golden):
    box = stage()
    async with box.app(ascii_only=True).run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        screen = await box.settle(pilot)
    assert screen.isascii()
    assert "[ok] no fault codes (answered)" in screen
    assert "[!]  no answer" in screen
    assert "[x]  2 fault codes" in screen
    same_as_golden("scan-ascii-80x24", screen)
