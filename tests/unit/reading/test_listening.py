"""Listening: the newest frame of each id, its age, and why nothing could be heard."""

from __future__ import annotations

import pytest

from diag.clock import VirtualClock
from diag.i18n import message
from diag.link import Capabilities
from diag.link.opening import connect
from diag.link.options import LinkOptions
from diag.model import Frame
from diag.reading.listening import listen


def test_the_newest_frame_of_each_id_is_kept(scripted_link):
    frames = [Frame(0.0, 0x60D, b"\x00"), Frame(0.1, 0x35D, b"\x01"), Frame(0.2, 0x60D, b"\x06")]
    heard = listen(scripted_link(frames=frames), VirtualClock())
    assert heard.ids == {0x60D, 0x35D}
    assert heard.fresh(0x60D, 1.0).frame.data == b"\x06"


def test_only_the_ids_asked_for_are_heard(scripted_link):
    frames = [Frame(0.0, 0x60D, b"\x00"), Frame(0.1, 0x35D, b"\x01")]
    assert listen(scripted_link(frames=frames), VirtualClock(), 0.1, frozenset({0x35D})).ids == {0x35D}


def test_an_adapter_that_cannot_listen_gives_its_reason(scripted_link):
    deaf = Capabilities(listening=False, why_not=(("listening", message("too slow")),))
    assert str(listen(scripted_link(capabilities=deaf), VirtualClock()).why_not) == "too slow"
    unexplained = scripted_link(capabilities=Capabilities(listening=False))
    assert str(listen(unexplained, VirtualClock()).why_not) == "this adapter cannot listen to the bus"


@pytest.mark.parametrize("kind", ["is_extended", "is_remote", "is_error"])
def test_a_frame_that_only_has_the_number_of_another_is_not_taken_for_it(scripted_link, kind):
    other = Frame(0.1, 0x60D, b"\x08\x06", **{kind: True})
    link = scripted_link(frames=[Frame(0.0, 0x60D, b"\x08\x00"), other, Frame(0.1, 0x35D, b"")])
    heard = listen(link, VirtualClock())
    assert heard.ids == {0x60D, 0x35D}
    assert heard.frames[0x60D].frame.data == b"\x08\x00"
    assert listen(scripted_link(frames=[other]), VirtualClock()).frames == {}


def test_a_frame_is_as_old_as_its_link_says(scripted_link):
    link = scripted_link(frames=[Frame(0.0, 0x60D, b"\x00"), Frame(1.5, 0x35D, b"\x01")], at_s=7.0)
    heard = listen(link, VirtualClock())
    assert (heard.frames[0x60D].age_s, heard.frames[0x60D].at_s) == (1.5, 7.0)
    assert heard.fresh(0x60D, 1.0) is None
    assert heard.fresh(0x35D, 1.0) is not None


def test_a_recorded_frame_ages_by_the_cursor_of_the_capture(tmp_path):
    log = tmp_path / "key.log"
    log.write_text("(1000.000000) can0 60D#0006\n(1001.500000) can0 35D#C0\n", encoding="ascii")
    clock = VirtualClock()
    link = connect(f"replay:{log}", LinkOptions(clock=clock))
    heard = listen(link, clock)
    link.close()
    assert heard.fresh(0x60D, 1.0) is None
    old = heard.fresh(0x60D, 2.0)
    assert (round(old.age_s, 3), round(old.at_s, 3)) == (1.5, 0.0)
    assert round(heard.fresh(0x35D, 1.0).at_s, 3) == 1.5
