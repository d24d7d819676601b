"""Carry whole messages to and from one module with can-isotp (ISO 15765-2), without a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import isotp

from diag.i18n import Message, message
from diag.link.wire import Arrival, ArrivalKind
from diag.model import ModuleAddress

#: How many "wait" flow controls of a module are borne with before a request is given up.
_WAITS = 10

_CUT_BY_NEXT = message("the next answer began before this one was whole")
#: What can-isotp reports of a message that can no longer become whole.
_RECEIVE_ERRORS: tuple[tuple[type[Exception], Message], ...] = (
    (isotp.WrongSequenceNumberError, message("a frame in the middle of the answer was lost")),
    (isotp.ConsecutiveFrameTimeoutError, message("the answer broke off in the middle")),
    (
        isotp.ReceptionInterruptedWithSingleFrameError,
        _CUT_BY_NEXT,
    ),
    (
        isotp.ReceptionInterruptedWithFirstFrameError,
        _CUT_BY_NEXT,
    ),
    (isotp.FrameTooLongError, message("the answer is longer than can be received")),
    (isotp.InvalidCanDataError, message("a frame of the answer is damaged")),
    (isotp.InvalidCanFdFirstFrameRXDL, message("the first frame of a long answer is damaged")),
    (isotp.ChangingInvalidRXDLError, message("a frame is shorter than it says")),
    (isotp.MissingEscapeSequenceError, message("a frame of the answer is damaged")),
)
_SEND_ERRORS: tuple[tuple[type[Exception], Message], ...] = (
    (isotp.FlowControlTimeoutError, message("the module did not take the request: no flow control came")),
    (isotp.OverflowError, message("the module refused the request as too long for it")),
    (isotp.UnsupportedWaitFrameError, message("the module kept the request waiting")),
    (isotp.MaximumWaitFrameReachedError, message("the module kept the request waiting too long")),
)


class ModuleTransport:
    """The messages of one pair of ids. Frames go in by `feed`, frames go out by the function given."""

    def __init__(
        self,
        address: ModuleAddress,
        send: Callable[[isotp.CanMessage], None],
        padding: int | None,
        frame_timeout_s: float,
    ) -> None:
        self.address = address
        self._inbox: deque[isotp.CanMessage] = deque()
        self._errors: list[isotp.IsoTpError] = []
        self._raw: list[str] = []
        timeout_ms = max(1, round(frame_timeout_s * 1000))
        mode = isotp.AddressingMode.Normal_11bits
        self._layer = isotp.TransportLayerLogic(
            rxfn=self._next,
            txfn=send,
            address=isotp.Address(mode, txid=address.request_id, rxid=address.response_id),
            error_handler=self._note,
            params={
                "tx_padding": padding,
                "wftmax": _WAITS,
                "blocksize": 0,
                "stmin": 0,
                "rx_flowcontrol_timeout": timeout_ms,
                "rx_consecutive_frame_timeout": timeout_ms,
            },
        )

    def _note(self, error: Exception) -> None:
        if isinstance(error, isotp.IsoTpError):
            self._errors.append(error)

    def _next(self, timeout_s: float) -> isotp.CanMessage | None:
        return self._inbox.popleft() if self._inbox else None

    @property
    def sending(self) -> bool:
        """Whether a request is still on its way."""
        return bool(self._layer.transmitting())

    def send(self, payload: bytes) -> None:
        """Begin to send a request; `work` carries it on."""
        self._layer.send(payload)

    def feed(self, arbitration_id: int, data: bytes) -> None:
        """Take in a frame from the bus."""
        self._raw.append(f"{arbitration_id:03X}#{data.hex().upper()}")
        self._inbox.append(isotp.CanMessage(arbitration_id, data=data))

    def work(self) -> list[Arrival]:
        """Let can-isotp do what is due, and return what came of it."""
        fed = bool(self._inbox)
        self._layer.process()
        arrivals = [
            Arrival(ArrivalKind.BROKEN, self.address.response_id, reason=reason, raw=self._take_raw())
            for reason in self._reasons(_RECEIVE_ERRORS)
        ]
        while (payload := self._layer.recv()) is not None:
            arrivals.append(
                Arrival(ArrivalKind.PAYLOAD, self.address.response_id, bytes(payload), raw=self._take_raw())
            )
        if not arrivals and fed and self._layer.is_rx_active():
            arrivals.append(Arrival(ArrivalKind.PROGRESS, self.address.response_id))
        return arrivals

    def send_failure(self) -> Message | None:
        """Return why the request did not reach the module, once."""
        reasons = self._reasons(_SEND_ERRORS)
        return reasons[0] if reasons else None

    def stop(self) -> None:
        """Give up what is being sent and received."""
        self._layer.reset()
        self._inbox.clear()

    def _take_raw(self) -> tuple[str, ...]:
        raw = tuple(self._raw)
        self._raw.clear()
        return raw

    def _reasons(self, known: tuple[tuple[type[Exception], Message], ...]) -> list[Message]:
        """Take the noted errors of one kind; frames of an answer that is no longer waited for are none."""
        table = dict(known)
        reasons = [table[type(error)] for error in self._errors if type(error) in table]
        self._errors = [error for error in self._errors if type(error) not in table]
        return reasons
