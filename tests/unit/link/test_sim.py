"""`sim:` is a technician's adapter in front of a simulated car."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from diag.errors import AdapterLost, UsageError
from diag.link import Link, Outcome, Request, open_link
from diag.model import Mode, ModuleAddress

ECM = ModuleAddress(0x7E0, 0x7E8)
BCM = ModuleAddress(0x745, 0x765)


@pytest.fixture(scope="module")
def link() -> Iterator[Link]:
    with open_link("sim:") as opened:
        yield opened


def test_it_says_that_it_is_practice(link):
    assert link.identity.mode is Mode.PRACTICE
    assert link.identity.practice
    assert link.identity.url == "sim:"
    assert "ELM327" in link.identity.adapter


def test_it_measures_its_supply_as_an_adapter_does(link):
    sample = link.supply().result()
    assert sample is not None
    assert (sample.voltage_v, sample.step_v) == (12.6, 0.1)


def test_the_engine_module_gives_the_vin_in_several_frames(link):
    response = link.submit(Request(b"\x09\x02", ECM)).result().response
    assert response.outcome is Outcome.POSITIVE
    assert response.payload[3:].decode() == "VSKJVWR51U0001234"


def test_a_body_module_answers_at_its_own_ids(link):
    response = link.submit(Request(b"\x10\xc0", BCM)).result().response
    assert (response.outcome, response.responder) == (Outcome.POSITIVE, 0x765)


def test_the_key_can_be_turned_in_the_url():
    with open_link("sim:healthy?ignition=acc") as link:
        response = link.submit(Request(b"\x03", ECM, deadline_s=0.4)).result().response
        assert response.outcome is Outcome.SILENT


def test_a_seed_is_the_row_of_the_hostile_table():
    with open_link("sim:hostile?seed=1") as link:
        response = link.submit(Request(b"\x03", ECM)).result().response
        assert (response.outcome, response.negative_response_code) == (Outcome.NEGATIVE, 0x11)


def test_an_unknown_scenario_is_a_usage_error_that_names_the_known_ones():
    with pytest.raises(UsageError) as caught, open_link("sim:nonsense"):
        pass
    assert "nonsense" in str(caught.value.what)
    assert "clarion-code" in str(caught.value.advice)


@pytest.mark.parametrize("url", ["sim:?ignition=SIDEWAYS", "sim:?seed=many", "sim:?seed=nan", "sim:?seed=-1"])
def test_a_wrong_option_is_a_usage_error(url):
    with pytest.raises(UsageError), open_link(url):
        pass


def test_closing_leaves_no_thread_behind_and_the_link_says_so():
    before = set(threading.enumerate())
    with open_link("sim:healthy") as link:
        assert set(threading.enumerate()) > before
    link.close()
    left = [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert left == []
    with pytest.raises(AdapterLost):
        link.submit(Request(b"\x03", ECM)).result()
