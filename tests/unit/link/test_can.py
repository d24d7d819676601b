"""A CAN adapter as a link: python-can's virtual bus, with modules written frame by frame."""

from __future__ import annotations

import errno
import itertools
import threading
from contextlib import contextmanager

import can
import pytest

from diag.clock import SystemClock, VirtualClock
from diag.errors import AdapterError, AdapterLost, AdapterNotFound, UsageError
from diag.link import LinkOptions, Outcome, Request, open_link
from diag.link.can.buses import number_or_text
from diag.link.trace import TraceKind
from diag.model import FunctionalAddress, Mode, ModuleAddress

ECM = ModuleAddress(0x7E0, 0x7E8)
CHANNELS = itertools.count()
VIN_ANSWER = bytes.fromhex("4902015653 4B4A565752 3531553030 3031323334".replace(" ", ""))


class Module(threading.Thread):
    """A module on the bus: for a request frame's data (without padding), the frames to answer with.

    An answer is a tuple of (response id, hex data); the word "flow" waits for a flow control frame first.
    """

    def __init__(self, channel: str, answers: dict[str, list[tuple[int, str] | str]]) -> None:
        super().__init__(daemon=True)
        self._bus = can.Bus(channel, "virtual")
        self._answers = answers
        self._ending = threading.Event()
        self.heard: list[can.Message] = []

    def run(self) -> None:
        while not self._ending.is_set():
            heard = self._hear()
            if heard is None:
                continue
            length = heard.data[0] + 1 if heard.data[0] < 8 else 8
            for answer in self._answers.get(bytes(heard.data[:length]).hex().upper(), []):
                if isinstance(answer, str):
                    while not self._ending.is_set() and (flow := self._hear()) is not None:
                        if flow.data[0] >> 4 == 3:
                            break
                else:
                    self.say(*answer)

    def _hear(self) -> can.Message | None:
        heard = self._bus.recv(0.05)
        if heard is not None:
            self.heard.append(heard)
        return heard

    def say(self, arbitration_id: int, data: str) -> None:
        self._bus.send(
            can.Message(
                arbitration_id=arbitration_id, data=bytes.fromhex(data), is_extended_id=arbitration_id > 0x7FF
            )
        )

    def end(self) -> None:
        self._ending.set()
        self.join()
        self._bus.shutdown()


@contextmanager
def car(answers, options=None):
    channel = f"test-{next(CHANNELS)}"
    module = Module(channel, answers)
    module.start()
    try:
        with open_link(f"can:virtual:{channel}?bitrate=500000", options) as link:
            yield link, module
    finally:
        module.end()


def ask(link, payload, address=ECM, deadline_s=0.3):
    return link.submit(Request(bytes.fromhex(payload), address, deadline_s=deadline_s)).result(timeout=5)


def long_answer(payload: bytes, response_id: int) -> list[tuple[int, str] | str]:
    """Cut a payload into a first frame, a wait for flow control, and consecutive frames."""
    frames: list[tuple[int, str] | str] = [
        (response_id, (bytes((0x10 | len(payload) >> 8, len(payload) & 0xFF)) + payload[:6]).hex()),
        "flow",
    ]
    for number, start in enumerate(range(6, len(payload), 7), start=1):
        frames.append(
            (response_id, (bytes((0x20 | number & 15,)) + payload[start : start + 7].ljust(7, b"\xaa")).hex())
        )
    return frames


def test_a_single_frame_answer_arrives_whole_and_without_its_padding():
    with car({"0103": [(0x7E8, "0443010562AAAAAA")]}) as (link, _):
        exchange = ask(link, "03")
    assert exchange.response.outcome is Outcome.POSITIVE
    assert exchange.response.payload.hex() == "43010562"
    assert exchange.response.raw == ("7E8#0443010562AAAAAA",)


def test_the_link_says_what_it_is():
    with car({}) as (link, _):
        assert link.identity.mode is Mode.LIVE
        assert link.identity.protocol == "CAN 11-bit 500 kbit/s"
        assert link.identity.adapter.startswith("virtual test-")
        assert link.capabilities.longest_request == 4095
        assert link.supply().result() is None


def test_requests_are_padded_as_the_profile_says():
    with car({}, LinkOptions(padding=0x55)) as (link, module):
        ask(link, "03", deadline_s=0.05)
        sent = [(frame.arbitration_id, bytes(frame.data).hex()) for frame in module.heard]
    assert sent == [(0x7E0, "0103555555555555")]


def test_requests_go_out_unpadded_where_no_padding_is_wanted():
    with car({}, LinkOptions(padding=None)) as (link, module):
        ask(link, "03", FunctionalAddress(), deadline_s=0.05)
        ask(link, "03", deadline_s=0.05)
        sent = [(frame.arbitration_id, bytes(frame.data).hex()) for frame in module.heard]
    assert sent == [(0x7DF, "0103"), (0x7E0, "0103")]


def test_a_long_answer_is_put_together_with_flow_control_to_the_module():
    with car({"020902": long_answer(VIN_ANSWER, 0x7E8)}) as (link, module):
        exchange = ask(link, "0902")
        flow = [frame for frame in module.heard if frame.data[0] >> 4 == 3]
    assert exchange.response.payload == VIN_ANSWER
    assert [frame.arbitration_id for frame in flow] == [0x7E0]


def test_everyone_who_answers_a_request_to_all_is_kept_apart_and_gets_its_own_flow_control():
    answers = {
        "020902": [*long_answer(VIN_ANSWER, 0x7E8), *long_answer(VIN_ANSWER, 0x7EA), (0x7EB, "037F0911")]
    }
    with car(answers) as (link, module):
        exchange = ask(link, "0902", FunctionalAddress())
        flow = [frame.arbitration_id for frame in module.heard if frame.data[0] >> 4 == 3]
    outcomes = {response.responder: response.outcome for response in exchange.responses}
    assert outcomes == {0x7E8: Outcome.POSITIVE, 0x7EA: Outcome.POSITIVE, 0x7EB: Outcome.NEGATIVE}
    assert flow == [0x7E0, 0x7E2]


@pytest.mark.parametrize(
    "address",
    [ModuleAddress(0x18DA10F1, 0x18DAF110, is_extended=True), ModuleAddress(0x18DA10F1, 0x18DAF110)],
)
def test_a_module_with_29_bit_ids_is_not_asked_and_the_link_goes_on(address):
    with car({"0103": [(0x18DAF110, "024300"), (0x7E8, "024300")]}) as (link, module):
        assert ask(link, "03", address).response.outcome is Outcome.WITHHELD
        assert module.heard == []
        assert ask(link, "03").response.outcome is Outcome.POSITIVE
        assert link.lost is None


def test_an_extended_frame_with_the_number_of_the_module_is_no_answer():
    with car({}) as (link, module):
        ask(link, "03", deadline_s=0.05)
        future = link.submit(Request(b"\x03", ECM, deadline_s=0.2))
        frame = can.Message(arbitration_id=0x7E8, data=b"\x02\x43\x00", is_extended_id=True)
        module._bus.send(frame)
        assert future.result(5).response.outcome is Outcome.SILENT


@pytest.mark.parametrize("payload", ["03", "22F190F187F18CF18A"])
def test_on_a_clock_that_only_sleeping_moves_a_silent_bus_comes_to_its_deadline(payload):
    with open_link(f"can:virtual:test-{next(CHANNELS)}", LinkOptions(clock=VirtualClock())) as link:
        responses = [ask(link, payload, address).response for address in (ECM, FunctionalAddress())]
    assert responses[0].outcome is (Outcome.SILENT if payload == "03" else Outcome.BROKEN)
    assert responses[1].outcome is (Outcome.SILENT if payload == "03" else Outcome.WITHHELD)


def test_silence_is_silence_with_its_deadline():
    with car({}) as (link, _):
        response = ask(link, "03", deadline_s=0.1).response
    assert response.outcome is Outcome.SILENT
    assert str(response.reason) == "timeout 0.1 s"


def test_a_bus_without_a_single_frame_is_noted_once_in_the_trace():
    with car({}) as (link, _):
        ask(link, "03", deadline_s=0.05)
        ask(link, "03", deadline_s=0.05)
        notes = [row.data for row in link.trace.entries() if row.kind is TraceKind.ADAPTER_RECEIVED]
    assert notes == ["not one frame heard on this bus since it was opened"]


def test_a_lost_frame_in_the_middle_breaks_the_answer():
    frames = long_answer(VIN_ANSWER, 0x7E8)
    del frames[2]
    with car({"020902": frames}) as (link, _):
        response = ask(link, "0902").response
    assert response.outcome is Outcome.BROKEN
    assert str(response.reason) == "a frame in the middle of the answer was lost"
    assert response.payload == b""


def test_an_answer_that_stops_in_the_middle_is_broken_not_silent():
    frames = long_answer(VIN_ANSWER, 0x7E8)[:3]
    with car({"020902": frames}) as (link, _):
        response = ask(link, "0902").response
    assert response.outcome is Outcome.BROKEN


def test_an_answer_of_another_module_is_no_answer():
    with car({"0103": [(0x7E9, "024300")]}) as (link, _):
        assert ask(link, "03", deadline_s=0.1).response.outcome is Outcome.SILENT


def test_a_late_answer_is_not_taken_for_the_next_request():
    with car({}) as (link, module):
        ask(link, "03", deadline_s=0.05)
        module.say(0x7E8, "024300")
        response = ask(link, "07", deadline_s=0.1).response
    assert response.outcome is Outcome.SILENT


def test_a_request_longer_than_a_frame_waits_for_the_modules_flow_control():
    payload = "22F190F187F18CF18A"
    first, second = "1009" + payload[:12], "21" + payload[12:] + "00000000"
    answers = {first: [(0x7E8, "3000000000000000")], second: [(0x7E8, "037F2231")]}
    with car(answers) as (link, module):
        exchange = ask(link, payload)
        sent = [bytes(frame.data).hex().upper() for frame in module.heard]
    assert sent == [first, second]
    assert exchange.response.outcome is Outcome.NEGATIVE


def test_a_module_that_gives_no_flow_control_is_an_outcome_with_a_reason():
    with car({}) as (link, _):
        response = ask(link, "22F190F187F18CF18A").response
    assert response.outcome is Outcome.BROKEN
    assert str(response.reason) == "the module did not take the request: no flow control came"


def test_a_module_that_refuses_a_request_as_too_long_is_an_outcome_with_a_reason():
    payload = "22F190F187F18CF18A"
    with car({"1009" + payload[:12]: [(0x7E8, "3200000000000000")]}) as (link, _):
        response = ask(link, payload).response
    assert response.outcome is Outcome.BROKEN
    assert str(response.reason) == "the module refused the request as too long for it"


def test_a_long_request_to_everyone_is_withheld():
    with car({}) as (link, module):
        response = ask(link, "22F190F187F18CF18A", FunctionalAddress()).response
        assert not module.heard
    assert response.outcome is Outcome.WITHHELD


def test_a_writing_request_never_reaches_the_bus():
    with car({}) as (link, module):
        assert ask(link, "14FFFFFF").response.outcome is Outcome.WITHHELD
        assert not module.heard


def test_a_listener_hears_the_frames_it_asked_for():
    with car({}) as (link, module), link.listen(frozenset({0x60D})) as stream:
        ask(link, "03", deadline_s=0.05)
        for arbitration_id in (0x23D, 0x60D, 0x1F9):
            module.say(arbitration_id, "0606")
        frame = stream.read(2.0)
        assert frame is not None
        assert (frame.arbitration_id, frame.data.hex()) == (0x60D, "0606")
        assert stream.read(0.1) is None


def test_error_frames_are_never_data():
    with car({}) as (link, module), link.listen() as stream:
        ask(link, "03", deadline_s=0.05)
        module._bus.send(can.Message(arbitration_id=0x7E8, data=b"\x02\x43\x00", is_error_frame=True))
        module.say(0x60D, "06")
        frame = stream.read(2.0)
        assert frame is not None
        assert frame.arbitration_id == 0x60D
        assert link._wire.error_frames == 1


def test_a_bus_that_dies_while_idle_is_noticed_within_a_second():
    with car({}) as (link, _):
        link._wire._bus._open = False
        for _ in range(100):
            if link.lost is not None:
                break
            SystemClock().sleep(0.01)
        assert link.lost is not None
        with pytest.raises(AdapterLost):
            ask(link, "03")
        link._wire._bus._open = True
        link._wire._bus.shutdown()


def test_an_unknown_interface_is_a_usage_error_with_the_list():
    with pytest.raises(UsageError) as caught, open_link("can:telepathy:0"):
        pass
    assert "telepathy" in str(caught.value)
    assert "socketcan" in str(caught.value.advice)


@pytest.mark.parametrize(
    "url", ["can:socketcan:can77", "can:slcan:/dev/ttyNOSUCH", "can:slcan:socket://127.0.0.1:9"]
)
def test_a_missing_device_is_an_adapter_error_with_its_name(url):
    with pytest.raises(AdapterError) as caught, open_link(url):
        pass
    assert url.split(":", 1)[1] in str(caught.value)


def test_a_driver_that_is_not_installed_is_an_adapter_that_is_not_found():
    with pytest.raises(AdapterNotFound), open_link("can:pcan:PCAN_USBBUS1"):
        pass


def test_without_a_target_the_configuration_of_python_can_is_used(monkeypatch):
    monkeypatch.setattr(can, "rc", {"interface": "virtual", "channel": "from-configuration"})
    with open_link("can:") as link:
        assert link.identity.adapter == "virtual from-configuration"
        assert link.identity.protocol == "CAN 11-bit"


def test_without_a_target_and_a_configuration_the_error_says_what_to_write(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(AdapterError) as caught, open_link("can:"):
        pass
    assert "can:socketcan:can0" in str(caught.value.advice)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500000", 500_000),
        ("0x10", 16),
        ("0.5", 0.5),
        ("true", True),
        ("False", False),
        ("PASSIVE", "PASSIVE"),
    ],
)
def test_options_become_what_they_are_written_as(text, value):
    assert number_or_text(text) == value
    assert type(number_or_text(text)) is type(value)


def failing(number):
    def send(*_):
        raise can.CanOperationError("failed", number)

    return send


def test_a_frame_that_nobody_acknowledges_is_silence_with_a_reason_and_the_adapter_stays():
    for address in (ECM, FunctionalAddress()):
        with car({}) as (link, _):
            link._wire._bus.send = failing(errno.ENOBUFS)
            response = ask(link, "03", address).response
            assert link.lost is None
        assert response.outcome is Outcome.SILENT
        assert "no module took the frame" in str(response.reason)


def test_an_interface_that_went_down_is_a_lost_adapter():
    with car({}) as (link, _):
        link._wire._bus.send = failing(errno.ENETDOWN)
        with pytest.raises(AdapterLost):
            ask(link, "03")
