"""One scan: its order, what it tells while it runs, and what it makes of the whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diag.clock import VirtualClock
from diag.errors import UsageError
from diag.i18n import message
from diag.link import Outcome, Response
from diag.link.opening import connect
from diag.link.options import LinkOptions
from diag.model import Frame, Ignition, Mode, RadioPower, Reachability, Verdict
from diag.reading.result import ScanObserver
from diag.reading.scan import scan

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VIN = "VSKJVWR51U0001234"
WHOLE = "49 02 01 " + VIN.encode().hex(" ")


def body(byte):
    return Frame(0.0, 0x60D, bytes((0x08, byte, 0, 0, 0, 0, 0, 0)))


def run(link, **options):
    return scan(link, clock=VirtualClock(), **options)


class Notebook(ScanObserver):
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


@pytest.mark.parametrize("power", ["AV", None])
def test_when_everything_breaks_in_the_adapter_nothing_is_said_to_run(scripted_link, power):
    link = scripted_link(volts=12.6)
    link._one = lambda _, responder, __: Response(
        Outcome.BROKEN, 0x767 if power and responder == 0x767 else None, NOON, reason=message("CAN ERROR")
    )
    result = run(link, profile_name="nissan-f-alpha")
    assert {module.verdict for module in result.modules} == {Verdict.LOST}
    assert {module.name for module in result.modules if module.spoke} == ({power} if power else set())
    assert result.radio.power is (RadioPower.ON if power else RadioPower.UNKNOWN)
    assert result.radio.reachable is (Reachability.YES if power else Reachability.NO_ANSWER)


@pytest.mark.parametrize(
    ("volts", "notes"),
    [
        (12.6, []),
        (12.2, []),
        (11.9, ["11.9 V ±0.3 against 11.8 V (concluded, not looked up): cannot tell with this adapter; "]),
        (11.6, ["11.6 V ±0.3 against 11.5 V (one source): cannot tell with this adapter; "]),
        (
            11.4,
            [
                "11.4 V ±0.3 against 11.5 V (one source): cannot tell with this adapter; ",
                "11.4 V ±0.3 is below 11.8 V (concluded, not looked up): charge before working on the radio",
            ],
        ),
        (11.2, ["11.2 V ±0.3 is below 11.5 V (one source): the radio may be blocked; charge first"]),
        (None, []),
    ],
)
def test_the_battery_is_compared_with_what_the_radio_needs(scripted_link, volts, notes):
    result = run(scripted_link(volts=volts), profile_name="nissan-f-alpha")
    posts = "measure at the battery posts"
    assert [str(note) for note in result.notes] == [
        note + posts if note[-1] == " " else note for note in notes
    ]


def test_what_a_link_could_not_tell_is_said(scripted_link):
    assert run(scripted_link()).coverage is None
    assert (
        str(run(scripted_link(missing=message("half of it is missing"))).coverage) == "half of it is missing"
    )
