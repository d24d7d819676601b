"""The first screen says what to do next and lets anything be picked by its number."""

import pytest

from diag.errors import AdapterBusy
from diag.i18n import literal, message
from diag.simulator.scenarios import scenario_names
from tui import offers
from tui.offers import PRACTICE, Offer, Offers
from tui.screens.scan import ScanScreen
from tui.screens.start import StartScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_it_says_what_to_do_next_and_what_there_is_to_start_with(stage, same_as_golden, size):
    box = stage()
    async with box.app(None).run_test(size=size) as pilot:
        screen = await box.look(pilot)
    assert "Ignition ON, engine off, then F2." in screen
    same_as_golden(f"start-{size[0]}x{size[1]}", screen)


def test_every_car_to_practise_on_exists():
    assert {offer.url for offer in PRACTICE} == {f"sim:{name}" for name in scenario_names()}


async def test_f2_uses_the_only_adapter(stage):
    box = stage()
    async with box.app(None).run_test(size=(80, 24)) as pilot:
        await box.look(pilot)
        await pilot.press("f2")
        await box.settle(pilot)
        assert box.session.pull().url == "elm327:/dev/ttyUSB0"


async def test_f2_asks_for_a_choice_where_there_are_two_adapters(stage):
    box = stage()
    two = Offers(adapters=(Offer("elm327:a", literal("a")), Offer("elm327:b", literal("b"))))
    async with box.app(None, offers=two).run_test(size=(80, 24)) as pilot:
        await box.look(pilot)
        await pilot.press("f2")
        screen = await box.look(pilot)
        assert "First choose what to read: press its number." in screen
        assert isinstance(pilot.app.screen, StartScreen)
        assert box.engine.links == []


@pytest.mark.parametrize(
    ("digit", "url"),
    [("0", "none:"), ("1", "elm327:/dev/ttyUSB0"), ("2", "sim:clarion-code"), ("3", "sim:healthy")],
)
async def test_a_digit_picks_the_line_with_that_number(stage, digit, url):
    box = stage()
    async with box.app(None).run_test(size=(80, 24)) as pilot:
        await box.look(pilot)
        await pilot.press(digit)
        await box.settle(pilot)
        assert isinstance(pilot.app.screen, ScanScreen)
        assert box.session.pull().url == url


async def test_arrows_and_enter_pick_a_line(stage):
    box = stage()
    async with box.app(None).run_test(size=(80, 24)) as pilot:
        await box.look(pilot)
        await pilot.press("down", "down", "enter")
        await box.settle(pilot)
        assert box.session.pull().url == "sim:clarion-code"


async def test_a_click_picks_a_line(stage):
    box = stage()
    async with box.app(None).run_test(size=(80, 24)) as pilot:
        lines = (await box.look(pilot)).splitlines()
        row = next(index for index, line in enumerate(lines) if "A healthy car" in line)
        await pilot.click(offset=(10, row))
        await box.settle(pilot)
        assert box.session.pull().url == "sim:healthy"


async def test_an_adapter_that_the_system_refuses_says_so_and_is_not_taken_by_itself(stage):
    box = stage()
    refused = Offer("elm327:/dev/ttyUSB0", literal("/dev/ttyUSB0"), refused=literal("join the group dialout"))
    async with box.app(None, offers=Offers(adapters=(refused,))).run_test(size=(80, 24)) as pilot:
        screen = await box.look(pilot)
        assert "! /dev/ttyUSB0: join the group dialout" in screen
        await pilot.press("f2")
        assert box.engine.links == []


def test_logs_of_the_technician_come_before_those_of_the_product(tmp_path):
    own = tmp_path / "captures" / "2026"
    own.mkdir(parents=True)
    (own / "bay-3.log").write_text("")
    (own / "notes.txt").write_text("")
    first, *others = offers.find_offers(tmp_path).captures
    assert first.url == f"replay:{own / 'bay-3.log'}"
    assert others == list(offers.find_offers(None).captures)
    assert others == list(offers.find_offers(tmp_path / "nothing here").captures)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AdapterBusy(message("The port is taken.")), "The port is taken."),
        (ZeroDivisionError("a driver"), "The search for adapters failed"),
    ],
)
async def test_a_search_that_fails_says_so_and_the_rest_is_offered(stage, monkeypatch, error, words):
    def fail():
        raise error

    monkeypatch.setattr("diag.link.discovery.find_adapters", fail)
    box = stage()
    async with box.app(None, offers=offers.find_offers()).run_test(size=(80, 24)) as pilot:
        screen = await box.look(pilot)
    assert words in screen
    assert "looking" not in screen
    assert "Work without an adapter: nothing is measured" in screen
