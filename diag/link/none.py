"""A link without an adapter: everything it would measure is asked of the technician."""

from __future__ import annotations

from concurrent.futures import Future

from diag.errors import NotSupportedByLink
from diag.i18n import Message, message
from diag.link.base import (
    Capabilities,
    Exchange,
    FrameStream,
    Identity,
    Moment,
    Outcome,
    Request,
    Response,
    SupplySample,
)
from diag.link.options import LinkOptions
from diag.link.trace import TraceKind
from diag.link.url import LinkUrl
from diag.model import Frame, Mode, ModuleAddress

_NO_ADAPTER = message("no adapter: nothing was sent")


class NoneLink:
    """Withholds every request, since there is nobody to send it to."""

    capabilities = Capabilities(addressing=False, listening=False, supply=False, longest_request=0)
    lost = None

    def __init__(self, url: LinkUrl, options: LinkOptions) -> None:
        self.identity = Identity(url.text, Mode.ASKED, "none")
        self.trace = options.trace
        self._clock = options.clock

    def submit(self, request: Request) -> Future[Exchange]:
        """Return a settled exchange with the outcome "withheld"."""
        now = self._clock.now()
        self.trace.add(now, TraceKind.WITHHELD, request.address, request.payload, "no adapter")
        responder = request.address.response_id if isinstance(request.address, ModuleAddress) else None
        future: Future[Exchange] = Future()
        future.set_result(
            Exchange(request, (Response(Outcome.WITHHELD, responder, now, reason=_NO_ADAPTER),))
        )
        return future

    def supply(self) -> Future[SupplySample | None]:
        """Return None: nothing measures here."""
        future: Future[SupplySample | None] = Future()
        future.set_result(None)
        return future

    def listen(self, arbitration_ids: frozenset[int] | None = None) -> FrameStream:
        """Refuse: there is no bus."""
        raise NotSupportedByLink(message("Without an adapter there is no bus to listen to."))

    def moment_of(self, frame: Frame) -> Moment:
        """Return the frame's own time: no frame of this link exists."""
        now = self._clock.now()
        return Moment(now.timestamp() - frame.time, now)

    def coverage(self) -> Message | None:
        """Return None: that nothing was asked is said of each module."""
        return None

    def cancel(self) -> None:
        """Do nothing: nothing is ever in flight."""

    def close(self) -> None:
        """Do nothing."""


def connect_none(url: LinkUrl, options: LinkOptions) -> NoneLink:
    """Return the link without an adapter."""
    return NoneLink(url, options)
