"""The VIN: whole or not at all, and modules that carry another one."""

from __future__ import annotations

import pytest

from diag.i18n import message
from diag.link import Capabilities, Outcome
from diag.reading import identity
from diag.vehicle.loading import load_profile

ECM = load_profile("nissan-f-alpha").modules[0]
VIN = "VSKJVWR51U0001234"
WHOLE = "49 02 01 " + VIN.encode().hex(" ")


def test_the_engine_module_is_asked_first_and_alone(scripted_link):
    link = scripted_link({(0x7E8, "09 02"): WHOLE})
    reading = identity.ask(link)
    assert reading.vin == VIN
    assert "7E8" in str(reading.source)
    assert link.sent == [("7E0/7E8", "09 02")]


def test_where_it_is_silent_everyone_is_asked(scripted_link):
    reading = identity.ask(scripted_link({(0x7E9, "09 02"): WHOLE}))
    assert reading.vin == VIN
    assert "7E9" in str(reading.source)


@pytest.mark.parametrize(
    "answer", [WHOLE[:-6], "49 02 01" + " FF" * 17, "49 02 01" + " 00" * 17, "7F 09 12", Outcome.BROKEN]
)
def test_a_vin_that_is_not_whole_is_no_vin(scripted_link, answer):
    reading = identity.ask(scripted_link({(0x7E8, "09 02"): answer}))
    assert reading.vin is None
    assert str(reading.source)


def test_an_adapter_that_cannot_address_asks_everyone_once(scripted_link):
    link = scripted_link({(0x7E8, "09 02"): WHOLE}, capabilities=Capabilities(addressing=False))
    assert identity.ask(link).vin == VIN
    assert link.sent == [("7DF", "09 02")]


def test_the_engine_module_is_not_asked_twice_for_a_vin_it_gave(scripted_link):
    link = scripted_link()
    identity.ask_module(link, ECM, VIN)
    assert link.sent == []


def test_another_request_of_the_profile_may_give_the_vin(scripted_link):
    link = scripted_link({(0x7E8, "21 81"): "61 81 " + VIN.encode().hex(" ")})
    assert identity.ask_module(link, ECM, None).vin == VIN


def test_a_module_with_another_vin_is_named():
    other = identity.VinReading("VSKJVWR51U0009999", message("test"))
    note = identity.mismatch(VIN, "BCM", other)
    assert "BCM" in str(note)
    assert identity.mismatch(VIN, "BCM", identity.VinReading(VIN, message("test"))) is None
    assert identity.mismatch(None, "BCM", other) is None
