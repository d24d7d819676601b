"""Write KWP2000 requests and read their answers (ISO 14230-3, as Nissan and Renault use it on CAN)."""

from __future__ import annotations

from diag.i18n import message
from diag.protocol.checked import malformed, require_positive

NISSAN_SESSION = 0xC0
DEFAULT_SESSION = 0x81
ALL_GROUPS = 0xFF00

_IDENTIFYING_SERVICES = (0x1A, 0x21)


def session_request(session: int = NISSAN_SESSION) -> bytes:
    """Write `10 session`: `C0` is Nissan's after-sales session, `81` the default one."""
    return bytes((0x10, session))


def tester_present_request() -> bytes:
    """Write `3E 01`, which asks for an answer."""
    return b"\x3e\x01"


def fault_status_request(group: int = ALL_GROUPS) -> bytes:
    """Write `17 group`: fault codes with their status."""
    return b"\x17" + group.to_bytes(2, "big")


def fault_codes_by_status_request(group: int = ALL_GROUPS) -> bytes:
    """Write `18 00 group`: identified fault codes with their status."""
    return b"\x18\x00" + group.to_bytes(2, "big")


def fault_codes_request(group: int = ALL_GROUPS) -> bytes:
    """Write `13 group`: fault codes alone."""
    return b"\x13" + group.to_bytes(2, "big")


def clear_request(group: int = ALL_GROUPS) -> bytes:
    """Write `14 group`, with a group of two bytes."""
    return b"\x14" + group.to_bytes(2, "big")


def identification_request(option: int) -> bytes:
    """Write `1A option`; `90` is the VIN."""
    return bytes((0x1A, option))


def local_data_request(local_id: int) -> bytes:
    """Write `21 local id`."""
    return bytes((0x21, local_id))


def local_data_of(request: bytes, response: bytes) -> bytes:
    """Return the data of the answer to `21 local id` or `1A option`.

    Raises:
        MalformedResponse: not the positive answer to it.
    """
    require_positive(request, response)
    if request[0] not in _IDENTIFYING_SERVICES:
        raise malformed(message("the request did not ask for one page of data"))
    return response[2:]
