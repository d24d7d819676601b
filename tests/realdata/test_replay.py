"""A capture of a real car answers through the link as the car did."""

from __future__ import annotations

import pytest

from diag.link import Outcome, Request, open_link
from diag.model import FunctionalAddress, ModuleAddress
from diag.protocol.vin import vin_of

ECM = ModuleAddress(0x7E0, 0x7E8)
VOLTAGE = b"\x01\x42"


def ask(url, payload, address=ECM):
    with open_link(url) as link:
        return link.submit(Request(payload, address)).result(timeout=0).response


def volts(response):
    assert response.outcome is Outcome.POSITIVE
    return int.from_bytes(response.payload[2:4], "big") / 1000


@pytest.fixture(params=["log", "blf"])
def octavia(realdata, request):
    return f"replay:{realdata}/derived/octavia_obd2_first600s.{request.param}"


def test_the_vin_is_complete(octavia):
    for address in (ECM, FunctionalAddress()):
        response = ask(octavia, b"\x09\x02", address)
        vin = vin_of(b"\x09\x02", response.payload)
        assert len(vin) == 17
        assert vin.endswith("4923")


def test_the_engine_module_answered_that_it_has_no_codes(octavia):
    assert ask(octavia, b"\x03").payload == b"\x43\x00"


def test_the_lowest_voltage_is_the_one_of_cranking(octavia):
    response = ask(octavia + "?at=270.6", VOLTAGE)
    assert volts(response) == 11.101
    assert response.at_s == pytest.approx(270.519, abs=0.001)


def test_the_first_voltage_is_the_one_before_the_start(octavia, realdata):
    from diag.capture.conversations import find_conversations
    from diag.capture.reading import read_capture

    capture = read_capture(realdata / "derived/octavia_obd2_first600s.log")
    (conversation,) = find_conversations(capture).modules
    first = next(each.response_time for each in conversation.exchanges if each.request == VOLTAGE)
    assert first is not None
    at_s = first - capture.start_s
    assert volts(ask(f"{octavia}?at={at_s + 0.001}", VOLTAGE)) == 12.266
    assert ask(f"{octavia}?at={at_s - 0.001}", VOLTAGE).outcome is Outcome.NOT_RECORDED


def test_what_the_logger_never_asked_is_not_recorded(octavia):
    assert ask(octavia, b"\x07").outcome is Outcome.NOT_RECORDED
    assert ask(octavia, b"\x03", ModuleAddress(0x7E1, 0x7E9)).outcome is Outcome.NOT_RECORDED


def test_nothing_can_be_asked_of_a_capture_without_diagnostics(realdata):
    with open_link(f"replay:{realdata}/captures/savvycan_candump.log") as link:
        for request_id, response_id in ((0x7E0, 0x7E8), (0x745, 0x765), (0x79C, 0x7A4), (0x7D8, 0x7E0)):
            address = ModuleAddress(request_id, response_id)
            for payload in (b"\x03", b"\x17\xff\x00", b"\x19\x02\xff", b"\x22\xf1\x90"):
                response = link.submit(Request(payload, address)).result(timeout=0).response
                assert response.outcome is Outcome.NOT_RECORDED
        everyone = link.submit(Request(b"\x03", FunctionalAddress())).result(timeout=0)
        assert [response.outcome for response in everyone.responses] == [Outcome.NOT_RECORDED]
        assert str(link.coverage()).startswith("of 17 questions the log answers 0 exactly and 0 nearly")


def test_the_frames_around_the_cursor_can_be_heard(realdata):
    url = f"replay:{realdata}/derived/nissan_frontier_2006_revsweep.log"
    with open_link(url) as link, link.listen(frozenset({0x23D, 0x60D})) as stream:
        heard = list(iter(lambda: stream.read(0), None))
    assert {frame.arbitration_id for frame in heard} == {0x23D, 0x60D}
    assert heard[-1].time - heard[0].time <= 2.0
