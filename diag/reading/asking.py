"""Ask a module one reading request, through everyone where the adapter cannot address it."""

from __future__ import annotations

from diag.i18n import message
from diag.link import Exchange, Link, Outcome, Request, Response
from diag.link.collector import STILL_WORKING
from diag.model import Address, FunctionalAddress, ModuleAddress

#: How long a module may say that it is still working before reading goes on without it.
_STILL_WORKING_S = 12.0
_EVERYONE = FunctionalAddress()
#: SAE J1979 services end with 0A; only these may be asked of everyone.
_LAST_OBD_SERVICE = 0x0A
_NAMELESS = message("the adapter does not show which module answered")
_ONLY_OTHERS = message("others answered, this module did not")


def ask(link: Link, payload: bytes, address: Address, deadline_s: float = 1.0) -> Exchange:
    """Send one request and wait for it; a broken answer is asked for once more.

    Where the link cannot address one module, an OBD-II request goes to everyone, and the module's own answer
    is picked out.

    Raises:
        AdapterLost: the adapter is gone.
        concurrent.futures.CancelledError: the link was told to give up.
    """
    request = Request(payload, address, deadline_s=deadline_s, total_deadline_s=_STILL_WORKING_S)
    if isinstance(address, ModuleAddress) and _only_reached_through_everyone(link, payload, address):
        return _own_part(request, address, ask(link, payload, _EVERYONE, deadline_s))
    first = link.submit(request).result()
    if first.response.outcome is not Outcome.BROKEN or first.response.reason == STILL_WORKING:
        return first
    second = link.submit(request).result()
    return first if second.response.outcome is Outcome.SILENT else second


def _only_reached_through_everyone(link: Link, payload: bytes, address: ModuleAddress) -> bool:
    return (
        not link.capabilities.addressing
        and address.response_id in _EVERYONE.response_ids
        and payload[0] <= _LAST_OBD_SERVICE
    )


def _own_part(request: Request, address: ModuleAddress, exchange: Exchange) -> Exchange:
    """Return what one module answered when everyone was asked; nothing of the others."""
    own = [each for each in exchange.responses if each.responder == address.response_id]
    nameless = [each for each in exchange.responses if each.responder is None]
    time = exchange.response.time
    if not own and any(each.payload for each in nameless):
        own = [Response(Outcome.BROKEN, None, time, reason=_NAMELESS)]
    elif not own:
        own = nameless or [Response(Outcome.SILENT, address.response_id, time, reason=_ONLY_OTHERS)]
    return Exchange(request, tuple(own))
