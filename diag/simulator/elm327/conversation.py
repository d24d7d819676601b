"""Send requests to the bus and take frames from it, as the CAN half of an ELM327 does."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from diag.clock import Clock
from diag.model import Frame
from diag.simulator.bus import SimulatedBus
from diag.simulator.elm327.settings import OBD_RESPONSES, Settings

_AUTOMATIC_FLOW_CONTROL = b"\x30\x00\x00"
#: How much of the full wait is left for further answers, by `AT AT` mode.
_WAIT_AFTER_ANSWER = (1.0, 0.5, 0.25)
_PAD = b"\x00"
#: A clock that only sleeping moves is moved in steps, and others get real time between them to answer.
_CLOCK_STEP_S = 0.01
_LEAST_REAL_WAIT_S = 0.001


class BusOwner(Protocol):
    """What the adapter is plugged into."""

    @property
    def bus(self) -> SimulatedBus:
        """The CAN on pins 6 and 14."""
        ...

    @property
    def latency_ms(self) -> float:
        """What the adapter takes for each command."""
        ...

    def supply_v(self) -> float:
        """Return the volts at pin 16."""
        ...


class Stopped(Exception):
    """A byte came while the chip was at work."""


@dataclass(slots=True)
class Inbox:
    """Frames and serial bytes that wait for the chip, under one condition."""

    changed: threading.Condition
    frames: deque[Frame]
    serial: deque[int]
    closed: bool = False

    @classmethod
    def empty(cls) -> Inbox:
        """Return an inbox with nothing in it."""
        return cls(threading.Condition(), deque(maxlen=20_000), deque(maxlen=4096))

    def next_frame(self, clock: Clock, deadline_s: float) -> Frame | None:
        """Return the next frame, None at the deadline (monotonic seconds of `clock`).

        Raises:
            Stopped: a serial byte came, or the chip is switched off.
        """
        with self.changed:
            while True:
                if self.serial or self.closed:
                    raise Stopped
                if self.frames:
                    return self.frames.popleft()
                remaining_s = deadline_s - clock.monotonic()
                if remaining_s <= 0:
                    return None
                if not self.changed.wait(clock.real_seconds(remaining_s) or _LEAST_REAL_WAIT_S):
                    clock.sleep(min(_CLOCK_STEP_S, deadline_s - clock.monotonic()))


class CanSide:
    """The chip's CAN controller: its filter, its requests and its flow control.

    `sent` counts the requests put on the bus, flow control not among them.
    """

    def __init__(self, car: BusOwner, inbox: Inbox, clock: Clock) -> None:
        self._car = car
        self._inbox = inbox
        self._clock = clock
        self._filter = OBD_RESPONSES
        self._everything = False
        self._open = False
        self.sent = 0
        self._detach = car.bus.attach(self._hear)

    def close(self) -> None:
        """Leave the bus."""
        self._detach()

    def _hear(self, frame: Frame) -> None:
        if not self._open or frame.is_extended or frame.is_remote:
            return
        if self._everything or self._filter.passes(frame.arbitration_id):
            with self._inbox.changed:
                self._inbox.frames.append(frame)
                self._inbox.changed.notify_all()

    def _listen(self, settings: Settings, *, everything: bool = False) -> None:
        self._filter = settings.active_filter or OBD_RESPONSES
        self._everything = everything
        with self._inbox.changed:
            self._inbox.frames.clear()
        self._open = True

    def ask(
        self, payload: bytes, settings: Settings, limit: int | None = None, *, open_filter: bool = False
    ) -> Iterator[Frame]:
        """Send a request and yield the frames that answer it, until `limit` of them or the timeout.

        Raises:
            Stopped: a serial byte came meanwhile.
        """
        self._listen(settings, everything=open_filter)
        try:
            self.sent += 1
            self._transmit(settings.header, _framed(payload, settings))
            yield from self._answers(settings, limit)
        finally:
            self._open = False

    def _answers(self, settings: Settings, limit: int | None) -> Iterator[Frame]:
        wait_s = settings.timeout_s
        count = 0
        while limit is None or count < limit:
            frame = self._inbox.next_frame(self._clock, self._clock.monotonic() + wait_s)
            if frame is None:
                return
            count += 1
            first = bool(frame.data) and frame.data[0] >> 4 == 1
            if first and settings.flow_control:
                self._permit_flow(frame, settings)
            segmented = bool(frame.data) and frame.data[0] >> 4 in {1, 2}
            share = 1.0 if segmented else _WAIT_AFTER_ANSWER[settings.adaptive]
            wait_s = settings.timeout_s * share
            yield frame

    def monitor(self, settings: Settings, low_byte: int | None) -> Iterator[Frame]:
        """Yield every frame that passes the filter, for ever.

        Raises:
            Stopped: a serial byte came.
        """
        self._listen(settings, everything=settings.active_filter is None)
        try:
            while True:
                frame = self._inbox.next_frame(self._clock, self._clock.monotonic() + 1.0)
                if frame is not None and low_byte in {None, frame.arbitration_id & 0xFF}:
                    yield frame
        finally:
            self._open = False

    def _permit_flow(self, first: Frame, settings: Settings) -> None:
        """Answer a first frame: to 7E0-7E7 for a legislated response, else to the header that was set."""
        legislated = OBD_RESPONSES.passes(first.arbitration_id)
        target = first.arbitration_id - 8 if legislated else settings.header
        data = _AUTOMATIC_FLOW_CONTROL
        if settings.flow_mode == 1 and settings.flow_header is not None:
            target = settings.flow_header
        if settings.flow_mode in {1, 2} and settings.flow_data is not None:
            data = settings.flow_data
        self._transmit(target, data if settings.variable_length else data.ljust(8, _PAD))

    def _transmit(self, arbitration_id: int, data: bytes) -> None:
        self._car.bus.send(Frame(self._clock.now().timestamp(), arbitration_id, data), self._hear)


def fits(payload: bytes, settings: Settings) -> bool:
    """Say whether the chip can put these bytes into one frame."""
    return 1 <= len(payload) <= (7 if settings.auto_format else 8)


def _framed(payload: bytes, settings: Settings) -> bytes:
    data = bytes((len(payload), *payload)) if settings.auto_format else payload
    return data if settings.variable_length else data.ljust(8, _PAD)
