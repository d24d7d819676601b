"""The LAWICEL protocol, byte by byte."""

import pytest

from diag.clock import VirtualClock
from diag.model import Frame
from diag.simulator.bus import SimulatedBus
from diag.simulator.ports.slcan import SlcanDevice


class Plugged:
    def __init__(self) -> None:
        self.bus = SimulatedBus()
        self.clock = VirtualClock()
        self.on_bus: list[Frame] = []
        self.bus.attach(self.hear)
        self.adapter, self.told = self.another()

    def hear(self, frame: Frame) -> None:
        self.on_bus.append(frame)

    def another(self) -> tuple[SlcanDevice, list[bytes]]:
        told: list[bytes] = []
        return SlcanDevice(self, self.clock, told.append), told

    def say(self, text: str) -> bytes:
        self.told.clear()
        self.adapter.feed(text.encode("latin-1"))
        return b"".join(self.told)

    def put_on_bus(self, frame: Frame) -> bytes:
        self.told.clear()
        self.bus.send(frame, self.hear)
        return b"".join(self.told)


@pytest.fixture
def plugged():
    return Plugged()


@pytest.fixture
def opened(plugged):
    assert plugged.say("S6\rO\r") == b"\r\r"
    return plugged


def test_it_says_that_it_is_simulated(plugged):
    assert plugged.say("V\r") == b"V1013\r"
    assert plugged.say("N\r") == b"NTSIM\r"


@pytest.mark.parametrize(
    "command", ["S9\r", "S\r", "X\r", "Z2\r", "t1230\r", "C\r", "F\r", "O1\r", "s12\r", "?" * 100 + "\r"]
)
def test_a_wrong_command_on_a_closed_channel_rings_the_bell(plugged, command):
    assert plugged.say(command) == b"\a"


@pytest.mark.parametrize(
    "command",
    [
        "S6\r",
        "O\r",
        "Z1\r",
        "t12\r",
        "t1239\r",
        "t12320\r",
        "t8000\r",
        "tXYZ0\r",
        "r123200\r",
        "t1232+1+2\r",
        "t-120\r",
        "t12311 2 \r",
    ],
)
def test_a_wrong_command_on_an_open_channel_rings_the_bell(opened, command):
    assert opened.say(command) == b"\a"
    assert opened.on_bus == []


def test_an_empty_line_is_answered(plugged):
    assert plugged.say("\r\r") == b"\r\r"


def test_a_command_may_come_in_pieces(plugged):
    assert plugged.say("S") == b""
    assert plugged.say("6\r") == b"\r"


@pytest.mark.parametrize(
    ("line", "answer", "frame"),
    [
        ("t74530210C0\r", b"z\r", Frame(1767225600.0, 0x745, bytes.fromhex("0210C0"))),
        ("t0020\r", b"z\r", Frame(1767225600.0, 0x002, b"")),
        ("T18DB33F12AABB\r", b"Z\r", Frame(1767225600.0, 0x18DB33F1, b"\xaa\xbb", is_extended=True)),
        ("r7E08\r", b"z\r", Frame(1767225600.0, 0x7E0, b"", is_remote=True)),
    ],
)
def test_a_frame_goes_onto_the_bus(opened, line, answer, frame):
    assert opened.say(line) == answer
    assert opened.on_bus == [frame]


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (Frame(0.0, 0x60D, bytes.fromhex("0006")), b"t60D20006\r"),
        (Frame(0.0, 0x18DAF110, b"\x01", is_extended=True), b"T18DAF110101\r"),
        (Frame(0.0, 0x7E0, b"", is_remote=True), b"r7E00\r"),
        (Frame(0.0, 0x000, b"", is_error=True), b""),
    ],
)
def test_a_frame_of_the_bus_is_printed(opened, frame, line):
    assert opened.put_on_bus(frame) == line


def test_a_timestamp_is_printed_when_it_was_asked_for(plugged):
    plugged.say("Z1\rO\r")
    plugged.clock.sleep(61.5)
    assert plugged.put_on_bus(Frame(0.0, 0x123, b"\x01")) == b"t12310105DC\r"


def test_a_closed_channel_hears_nothing(opened):
    assert opened.say("C\r") == b"\r"
    assert opened.put_on_bus(Frame(0.0, 0x123, b"")) == b""
    assert opened.say("t1230\r") == b"\a"


def test_a_listening_channel_hears_and_does_not_send(plugged):
    assert plugged.say("L\r") == b"\r"
    assert plugged.put_on_bus(Frame(0.0, 0x123, b"")) == b"t1230\r"
    assert plugged.say("t1230\r") == b"\a"


def test_at_a_wrong_speed_nothing_passes_and_the_status_says_so(plugged):
    plugged.say("S5\rO\r")
    assert plugged.put_on_bus(Frame(0.0, 0x123, b"")) == b""
    assert plugged.say("t1230\r") == b"z\r"
    assert plugged.on_bus == []
    assert plugged.say("F\r") == b"F80\r"


def test_at_the_right_speed_the_status_is_clean(opened):
    assert opened.say("F\r") == b"F00\r"


def test_two_adapters_share_the_bus(opened):
    monitor, seen = opened.another()
    monitor.feed(b"L\r")
    opened.say("t1230\r")
    assert seen == [b"\r", b"t1230\r"]


def test_a_client_that_leaves_takes_its_adapter_off_the_bus(opened):
    opened.adapter.close()
    assert opened.put_on_bus(Frame(0.0, 0x123, b"")) == b""
