"""Ask a module one reading request, and name where an answer came from."""

from __future__ import annotations

from diag.i18n import Message, message
from diag.link import Exchange, Link, Outcome, Request, Response
from diag.link.collector import STILL_WORKING
from diag.model import Address, FunctionalAddress, ModuleAddress
from diag.text import hex_bytes, hex_id

#: How many bytes of a request name what is asked for, by service; the rest are masks and modes.
_NAMING_BYTES = {0x19: 2, 0x22: 3, 0x01: 2, 0x02: 2, 0x09: 2, 0x1A: 2, 0x21: 2}


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


def service_name(request: bytes) -> str:
    """Return the bytes of a request that name its service: `03`, `19 02`, `22 11 03`."""
    return hex_bytes(request[: _NAMING_BYTES.get(request[0], 1)])


def source_of(request: bytes, response: Response) -> Message:
    """Name where a value came from: `module 7E8, PID 42, capture time 270.5 s`."""
    return at_capture_time(_what_answered(request, response), response.at_s)


def at_capture_time(source: Message, at_s: float | None) -> Message:
    """Add the capture time to a source; a live source stays as it is."""
    if at_s is None:
        return source
    return message("{source}, log time {seconds:.1f} s", source=source, seconds=at_s)


def _what_answered(request: bytes, response: Response) -> Message:
    module = "?" if response.responder is None else hex_id(response.responder)
    name = request[1:].hex().upper()
    match request[0]:
        case 0x01:
            return message("module {module}, PID {name}", module=module, name=name)
        case 0x22:
            return message("module {module}, identifier {name}", module=module, name=name)
        case _:
            return message("module {module}, request {name}", module=module, name=hex_bytes(request))
