"""A log plays from its start on the screens; F2 reads what has come by, End jumps to its end."""

import time

import pytest

from diag.clock import SystemClock
from diag.i18n import literal
from diag.model import Ignition, Mode
from tui.engine import RealEngine, Watch
from tui.offers import Offer, Offers
from tui.screens.scan import ScanScreen
from tui.screens.start import StartScreen
from tui.session import Session
from tui.verdicts import advice, judge_by_name

LOG = "replay:drive.log"


async def test_the_log_named_at_the_start_plays_at_once(stage, same_as_golden):
    box = stage(mode=Mode.REPLAY, at_s=12.0)
    async with box.app(LOG).run_test(size=(80, 24)) as pilot:
        screen = await box.settle(pilot)
        assert isinstance(pilot.app.screen, StartScreen)
    assert "The log plays: 0:12 of 10:00. F2 reads what has come by, End jumps to its end." in screen
    assert "Ignition ON" not in screen
    assert len(box.engine.links) == 1
    same_as_golden("start-log-80x24", screen)


async def test_a_log_that_is_chosen_plays_and_shows_its_values_before_it_is_read(stage, same_as_golden):
    box = stage(mode=Mode.REPLAY, at_s=12.0)
    offers = Offers(adapters=(), captures=(Offer(LOG, literal("drive.log")),))
    async with box.app(None, offers=offers).run_test(size=(80, 24)) as pilot:
        await box.look(pilot)
        await pilot.press("1")
        screen = await box.settle(pilot)
        assert isinstance(pilot.app.screen, ScanScreen)
        assert "The log plays: 0:12 of 10:00." in screen
        assert "12.6 V" in screen
        assert "0 of" not in screen
        same_as_golden("log-80x24", screen)
        await pilot.press("f2")
        assert "9 of 9 modules" in await box.settle(pilot)
    assert len(box.engine.links) == 1


async def test_end_opens_the_log_at_its_end(stage):
    box = stage(mode=Mode.REPLAY, at_s=12.0)
    async with box.app(LOG).run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press("end")
        screen = await box.settle(pilot)
    assert "The log is at its end (10:00). F2 reads all that it holds." in screen
    assert "2 fault codes" in screen
    assert box.engine.links[0].closed.is_set()


async def test_end_moves_to_the_last_line_where_no_log_is_open(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await box.settle(pilot)
        await pilot.press("end")
        screen = await box.look(pilot)
    assert "Airbags   no fault codes (answered)" in screen
    assert len(box.engine.links) == 1


@pytest.fixture
def log(tmp_path):
    """A log of ten minutes with the key in ON."""
    path = tmp_path / "drive.log"
    path.write_text("(100.0) can0 60D#0006060000000000\n(700.0) can0 60D#0006060000000000\n")
    return f"replay:{path}"


def test_the_engine_opens_a_log_at_its_start_and_at_its_end(log):
    engine = RealEngine(SystemClock(), None)
    watch = Watch(lambda _: None, lambda: None)
    begun = engine.playback(engine.connect(log, watch))
    ended = engine.playback(engine.connect(log, watch, at_end=True))
    assert begun.runs
    assert begun.at_s < 60
    assert not ended.runs
    assert ended.at_s == ended.length_s == 600


def test_a_log_that_plays_shows_the_key_and_asks_nobody(log):
    clock = SystemClock()
    session = Session(RealEngine(clock, "nissan-f-alpha"), clock, reread_s=None)
    session.open(log)
    last = time.monotonic() + 20
    while session.pull().phase.busy and time.monotonic() < last:
        time.sleep(0.02)
    known = session.pull()
    coverage = session._link.coverage()
    session.close()
    assert known.ignition.value is Ignition.ON
    assert known.profile.name == "nissan-f-alpha"
    assert known.modules == ()
    assert judge_by_name(known, "ECM").detail == "F2 asks it"
    assert "Nobody asked this module yet" in str(advice(known, "ECM"))
    assert coverage.params["asked"] == 0
