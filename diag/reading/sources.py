"""Name where a value came from, in words that stand beside it."""

from __future__ import annotations

from diag.i18n import Message, message
from diag.link import Response
from diag.text import hex_bytes, hex_id

#: How many bytes of a request name what is asked for, by service; the rest are masks and modes.
_NAMING_BYTES = {0x19: 2, 0x22: 3, 0x01: 2, 0x02: 2, 0x09: 2, 0x1A: 2, 0x21: 2}


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
