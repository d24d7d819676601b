"""Be the wire of a link over one python-can bus: requests out, whole answers, frames and losses in."""

from __future__ import annotations

import contextlib
import errno
from collections import deque

import can
import isotp

from diag.clock import Clock
from diag.errors import AdapterLost, NotSupportedByLink
from diag.i18n import Message, message
from diag.link.base import Capabilities, Identity, Outcome, Request, SupplySample
from diag.link.can.buses import OpenedBus
from diag.link.can.slcan import SlcanBus
from diag.link.can.transport import ModuleTransport
from diag.link.options import LinkOptions
from diag.link.trace import TraceKind
from diag.link.wire import Arrival, ArrivalKind
from diag.model import Frame, FunctionalAddress, Mode, ModuleAddress

#: N_Cr and N_Bs of ISO 15765-2: how long the next frame of an answer, or a flow control, may take.
_FRAME_TIMEOUT_S = 1.0
#: How long sending one request may take at all.
_SEND_WITHIN_S = 1.8
_ONE_SEND_S = 0.5
_SHORT_LOOK_S = 0.002
#: The least that a clock moves while nothing is heard, where waiting takes no real time.
_CLOCK_STEP_S = 0.05
#: How far below its own id a module takes flow control of an answer to everyone (ISO 15765-4).
_FLOW_CONTROL_BELOW = 0x08
_LONGEST_SINGLE_FRAME = 7
#: How many frames one look at an idle bus throws away at most.
_DRAINED_FRAMES = 20_000
#: Errors of sending that mean a full queue, as when no module acknowledges: the adapter is still there.
_NOT_TAKEN = frozenset({errno.ENOBUFS, errno.EAGAIN})
_NO_SUPPLY = message("A CAN adapter does not measure its supply.")
_NO_ACKNOWLEDGE = message(
    "no module took the frame from the bus: is the ignition on, is this the right pair of pins?"
)
_REFUSED = message("the adapter refused to send the frame")
_MUTE = message("the adapter itself has not said a word: check it before the module")
_TOO_SLOW = message("the request could not be sent in time")
#: How long before the exchange gives up a mute adapter is told from a silent module.
_BEFORE_DEADLINE_S = 0.02
_NOTHING_HEARD = "not one frame heard on this bus since it was opened"


class CanWire:
    """One adapter on one bus. Only the exchange thread calls it."""

    capabilities = Capabilities(supply=False, why_not=(("supply", _NO_SUPPLY),))

    def __init__(self, opened: OpenedBus, url: str, options: LinkOptions) -> None:
        self._bus = opened.bus
        self._trace = options.trace
        self._clock: Clock = options.clock
        self._padding = options.padding
        self.identity = Identity(
            url,
            Mode.PRACTICE if opened.practice else Mode.LIVE,
            f"{opened.interface} {opened.channel}",
            _protocol(opened.bitrate),
            practice=opened.practice,
        )
        self._transports: dict[int, ModuleTransport] = {}
        self._arrivals: deque[Arrival] = deque()
        self._monitoring = False
        self._monitored: frozenset[int] | None = None
        self._not_acknowledged = False
        self._silence_noted = False
        self._refused_before = 0
        self._deadline_s = 0.0
        self.frames_heard = 0
        self.error_frames = 0
        self.garbled_frames = 0

    def transmit(self, request: Request) -> None:
        """Send the request, and see it through to its last frame; what fails becomes an END arrival."""
        self._begin()
        self._deadline_s = self._clock.monotonic() + request.deadline_s - _BEFORE_DEADLINE_S
        if isinstance(request.address, FunctionalAddress):
            self._send_to_everyone(request.address, request.payload)
        else:
            transport = self._listen_to(request.address)
            transport.send(request.payload)
            self._see_through(transport)

    def _begin(self) -> None:
        self.drain()
        self._arrivals.clear()
        self._not_acknowledged = False
        self._refused_before = self._refused()

    def _listen_to(self, address: ModuleAddress) -> ModuleTransport:
        timeout_s = self._clock.real_seconds(_FRAME_TIMEOUT_S)
        transport = ModuleTransport(address, self._send, self._padding, timeout_s)
        self._transports[address.response_id] = transport
        return transport

    def _send_to_everyone(self, address: FunctionalAddress, payload: bytes) -> None:
        """Send one frame to all; each responder's flow control goes to its own request id."""
        if len(payload) > _LONGEST_SINGLE_FRAME:
            raise NotSupportedByLink(message("A request to every module must fit into one frame of 7 bytes."))
        for response_id in address.response_ids:
            self._listen_to(ModuleAddress(response_id - _FLOW_CONTROL_BELOW, response_id))
        data = bytes((len(payload),)) + payload
        if self._padding is not None:
            data = data.ljust(8, bytes((self._padding,)))
        self._send(isotp.CanMessage(address.request_id, data=data))
        self._end_if_not_acknowledged()

    def _see_through(self, transport: ModuleTransport) -> None:
        deadline_s = self._clock.monotonic() + _SEND_WITHIN_S
        self._work()
        while transport.sending and self._clock.monotonic() < deadline_s:
            self._look(_SHORT_LOOK_S)
        failure = transport.send_failure() or (_TOO_SLOW if transport.sending else None)
        if failure is not None:
            self._arrivals.append(Arrival(ArrivalKind.END, reason=failure, outcome=Outcome.BROKEN))
        self._end_if_not_acknowledged()

    def _refused(self) -> int:
        return self._bus.refused_frames if isinstance(self._bus, SlcanBus) else 0

    def _end_if_refused(self) -> None:
        """Notice that a serial-line adapter did not take the frame: then the module was not asked."""
        if self._refused() > self._refused_before:
            self._refused_before = self._refused()
            self._arrivals.append(Arrival(ArrivalKind.END, reason=_REFUSED, outcome=Outcome.WITHHELD))

    def _end_if_not_acknowledged(self) -> None:
        if self._not_acknowledged:
            self._arrivals.append(Arrival(ArrivalKind.END, reason=_NO_ACKNOWLEDGE, outcome=Outcome.SILENT))

    def receive(self, timeout_s: float) -> Arrival | None:
        """Return the next arrival; with a timeout of 0, look at everything that waits on the bus."""
        if self._arrivals:
            return self._arrivals.popleft()
        if timeout_s <= 0:
            self._look_at_all()
        else:
            deadline_s = self._clock.monotonic() + timeout_s
            while not self._arrivals and (left_s := deadline_s - self._clock.monotonic()) > 0:
                self._look(left_s)
            if not self._arrivals and self._is_mute() and self._clock.monotonic() >= self._deadline_s:
                return Arrival(ArrivalKind.END, reason=_MUTE, outcome=Outcome.SILENT)
        return self._arrivals.popleft() if self._arrivals else None

    def _is_mute(self) -> bool:
        return isinstance(self._bus, SlcanBus) and not self._bus.has_spoken

    def drain(self) -> None:
        """Forget the modules that were listened to, and throw away what waits on the bus."""
        for transport in self._transports.values():
            transport.stop()
        self._transports.clear()
        self._arrivals = deque(arrival for arrival in self._arrivals if arrival.kind is ArrivalKind.FRAME)
        self._look_at_all()
        if self.frames_heard == 0 and not self._silence_noted:
            self._silence_noted = True
            self._trace.add_text(self._clock.now(), TraceKind.ADAPTER_RECEIVED, _NOTHING_HEARD)

    def monitor(self, active: bool, arbitration_ids: frozenset[int] | None) -> None:
        """Report frames as arrivals from now on, or stop."""
        self._monitoring = active
        self._monitored = arbitration_ids

    def measure_supply(self) -> SupplySample | None:
        """Return None: the adapter cannot."""
        return None

    def close(self) -> None:
        """Let go of the bus, also where the adapter is gone."""
        with contextlib.suppress(can.CanError, OSError):
            self._bus.shutdown()

    def _look(self, timeout_s: float) -> None:
        """Take in at most one frame, and let the transports work."""
        real_s = self._clock.real_seconds(timeout_s)
        heard = self._recv(real_s)
        if heard is not None:
            self._take(heard)
        elif real_s == 0:
            self._clock.sleep(min(timeout_s, _CLOCK_STEP_S))
        self._work()

    def _look_at_all(self) -> None:
        for _ in range(_DRAINED_FRAMES):
            heard = self._recv(0.0)
            if heard is None:
                break
            self._take(heard)
        self._work()

    def _work(self) -> None:
        self._end_if_refused()
        for transport in self._transports.values():
            self._arrivals.extend(transport.work())

    def _take(self, heard: can.Message) -> None:
        if heard.is_error_frame:
            self.error_frames += 1
            return
        self.frames_heard += 1
        if not heard.is_rx:
            return
        transport = self._transports.get(heard.arbitration_id)
        if transport is not None and not heard.is_extended_id and not heard.is_remote_frame:
            transport.feed(heard.arbitration_id, bytes(heard.data))
        if self._monitoring and (self._monitored is None or heard.arbitration_id in self._monitored):
            self._arrivals.append(Arrival(ArrivalKind.FRAME, frame=self._frame_of(heard)))

    def _frame_of(self, heard: can.Message) -> Frame:
        return Frame(
            self._clock.now().timestamp(),
            heard.arbitration_id,
            bytes(heard.data),
            heard.is_extended_id,
            "" if heard.channel is None else str(heard.channel),
            is_remote=heard.is_remote_frame,
        )

    def _recv(self, timeout_s: float) -> can.Message | None:
        """Return the next frame of the bus; what is no frame at all is counted and passed over.

        Raises:
            AdapterLost: the adapter is gone.
        """
        try:
            return self._bus.recv(timeout_s)
        except (can.CanError, OSError) as error:
            raise _lost(error) from error
        except (ValueError, IndexError):
            self.garbled_frames += 1
            return None

    def _send(self, frame: isotp.CanMessage) -> None:
        """Put a frame onto the bus.

        Raises:
            AdapterLost: the adapter is gone.
        """
        outgoing = can.Message(
            arbitration_id=frame.arbitration_id, data=frame.data, is_extended_id=frame.is_extended_id
        )
        try:
            self._bus.send(outgoing, _ONE_SEND_S)
        except (can.CanError, OSError) as error:
            if not _is_not_taken(error):
                raise _lost(error) from error
            self._not_acknowledged = True


def _protocol(bitrate: int | None) -> str:
    return "CAN 11-bit" if bitrate is None else f"CAN 11-bit {bitrate / 1000:g} kbit/s"


def _is_not_taken(error: BaseException | None) -> bool:
    while error is not None:
        number = getattr(error, "errno", None) or getattr(error, "error_code", None)
        if number in _NOT_TAKEN or isinstance(error, can.CanTimeoutError):
            return True
        error = error.__cause__
    return False


def _lost(error: BaseException) -> AdapterLost:
    reason: str | Message = str(error.__cause__ or error) or type(error).__name__
    return AdapterLost(
        message("The CAN adapter is gone: {error}", error=reason),
        message("Check the cable and the adapter, then connect again."),
    )
