from diag.model import Frame
from diag.simulator.bus import SimulatedBus

FRAME = Frame(0.0, 0x123, b"\x01")


def test_everyone_but_the_sender_hears_a_frame():
    bus = SimulatedBus()
    one: list[Frame] = []
    other: list[Frame] = []
    bus.attach(one.append)
    hear_other = other.append
    bus.attach(hear_other)
    bus.send(FRAME, hear_other)
    assert one == [FRAME]
    assert other == []


def test_who_left_hears_nothing_and_may_leave_twice():
    bus = SimulatedBus()
    heard: list[Frame] = []
    detach = bus.attach(heard.append)
    detach()
    detach()
    bus.send(FRAME)
    assert heard == []


def test_a_sender_alone_has_no_audience():
    bus = SimulatedBus()
    heard: list[Frame] = []
    hear = heard.append
    bus.attach(hear)
    assert not bus.has_audience(hear)
    assert bus.has_audience()


def test_a_listener_may_leave_while_a_frame_is_handed_round():
    bus = SimulatedBus()
    heard: list[Frame] = []

    def once(frame: Frame) -> None:
        heard.append(frame)
        leave()

    leave = bus.attach(once)
    bus.send(FRAME)
    bus.send(FRAME)
    assert heard == [FRAME]
