"""One scan: its order, what it tells while it runs, and what it makes of the whole."""

from __future__ import annotations

import pytest

from diag.clock import VirtualClock
from diag.errors import UsageError
from diag.link.opening import LinkOptions, connect
from diag.model import Frame, Ignition, Mode, Reachability, Verdict
from diag.reading.scan import Unobserved, scan

VIN = "VSKJVWR51U0001234"
WHOLE = "49 02 01 " + VIN.encode().hex(" ")


def body(byte):
    return Frame(0.0, 0x60D, bytes((0x08, byte, 0, 0, 0, 0, 0, 0)))


def run(link, **options):
    return scan(link, clock=VirtualClock(), **options)


class Notebook(Unobserved):
    """Write down what was told, in order."""

    def __init__(self):
        self.told = []

    def profile(self, profile, because):
        self.told.append(profile.name)

    def vin(self, vin):
        self.told.append(vin)

    def battery(self, reading):
        self.told.append("battery")

    def ignition(self, reading):
        self.told.append(reading.value)

    def radio(self, reading):
        self.told.append("radio")

    def asking(self, module):
        self.told.append(f"asking {module.name}")

    def module(self, result):
        self.told.append(f"{result.name} {result.verdict}")


def test_the_observer_is_told_in_the_order_in_which_things_become_known(scripted_link):
    notebook = Notebook()
    link = scripted_link({(0x7E8, "09 02"): WHOLE, (0x7E8, "03"): "43 00"}, frames=[body(6)], volts=12.6)
    result = run(link, observer=notebook)
    assert notebook.told[:7] == [
        VIN,
        "nissan-f-alpha",
        Ignition.ON,
        "battery",
        "asking ECM",
        "ECM none",
        "asking TCM",
    ]
    assert notebook.told[-1] == "radio"
    assert result.modules[0].name == "ECM"


def test_with_the_key_at_acc_the_engine_module_is_not_asked_for_the_vin(scripted_link):
    frames = [body(2), Frame(0.0, 0x35D, bytes(8)), Frame(0.0, 0x625, bytes(6))]
    link = scripted_link(frames=frames)
    result = run(link)
    assert result.vin is None
    assert result.ignition.value is Ignition.ACC
    assert not [address for address, _ in link.sent if address.startswith(("7E", "7DF"))]


def test_a_silent_car_has_no_module_without_fault_codes(scripted_link):
    result = run(scripted_link(), profile_name="nissan-f-alpha")
    assert {module.verdict for module in result.modules} == {Verdict.NO_ANSWER}
    assert (result.vin, result.battery.voltage, result.power_loss) == (None, None, None)


def test_codes_that_power_loss_leaves_in_two_modules_are_its_evidence(scripted_link):
    link = scripted_link({(0x7E8, "03"): "43 01 06 03", (0x765, "17 FF 00"): "57 01 D0 00 61"})
    result = run(link, profile_name="nissan-f-alpha")
    assert [(name, code.code) for name, code in result.power_loss.evidence] == [
        ("ECM", "P0603"),
        ("BCM", "U1000"),
    ]


def test_one_module_alone_is_no_evidence_of_power_loss(scripted_link):
    link = scripted_link({(0x7E8, "03"): "43 02 06 03 D0 00"})
    assert run(link, profile_name="nissan-f-alpha").power_loss is None


def test_a_car_without_can_says_why_nothing_was_asked(scripted_link):
    link = scripted_link(volts=12.4)
    result = run(link, profile_name="nissan-pre-can")
    assert result.modules == ()
    assert result.battery.voltage.value == 12.4
    assert str(result.coverage)
    assert link.sent == []


def test_a_vin_that_another_service_gives_is_the_cars(scripted_link):
    script = {(0x7E8, "03"): "43 00", (0x7E8, "21 81"): "61 81 " + VIN.encode().hex(" ")}
    assert run(scripted_link(script), profile_name="nissan-f-alpha").vin == VIN


def test_a_renault_is_known_by_its_bus_and_its_silent_radio_is_on_the_other_wires(scripted_link):
    frames = [Frame(0.0, 0x4F8, bytes((0x48, *bytes(7)))), *(Frame(0.0, i, bytes(8)) for i in (0x186, 0x5DE))]
    result = run(scripted_link({(0x7E8, "03"): "43 00"}, frames=frames))
    assert result.profile.name == "renault-b0"
    assert result.ignition.value is Ignition.ON
    assert result.radio.reachable is Reachability.OTHER_CAN_PAIR


def test_without_an_adapter_everything_is_not_asked():
    result = run(connect("none:", LinkOptions(clock=VirtualClock())))
    assert result.identity.mode is Mode.ASKED
    assert {module.verdict for module in result.modules} == {Verdict.NOT_ASKED}
    assert str(result.ignition.source) == "no adapter"


def test_an_unknown_profile_is_refused(scripted_link):
    with pytest.raises(UsageError):
        run(scripted_link(), profile_name="R51")
