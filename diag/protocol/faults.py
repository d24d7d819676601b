"""Take the fault codes out of a module's answer, whichever service delivered it."""

from __future__ import annotations

from collections.abc import Callable

from diag.errors import MalformedResponse
from diag.i18n import Message, message
from diag.model import FaultCode
from diag.protocol.checked import malformed, require_positive
from diag.protocol.dtc import format_dtc, format_dtc_with_failure_type, kwp_status_names, uds_status_names
from diag.protocol.fault_rows import FAILURE_BITS, is_fault_list, rows_of

_OBD_STATUS = {0x03: ("confirmed",), 0x07: ("pending",), 0x0A: ("permanent",)}
_SUPPORTED_CODES = b"\x19\x0a"


def fault_codes_of(request: bytes, response: bytes) -> tuple[FaultCode, ...]:
    """Return the fault codes of a positive answer to 03, 07, 0A, 13, 17, 18, 19 02 or 19 0A.

    An empty tuple means that the module answered and has none. A code listed by 19 02 is kept whatever its
    status bits are; 19 0A lists all that the module knows, so there only codes with a failure bit count.

    Raises:
        MalformedResponse: the answer is a refusal, belongs to another request or contradicts itself.
    """
    if not is_fault_list(request):
        raise malformed(message("the request did not ask for fault codes"))
    require_positive(request, response)
    rows = rows_of(request, response)
    assert not isinstance(rows, Message)
    if request[:2] == _SUPPORTED_CODES:
        rows = tuple(row for row in rows if row[-1] & FAILURE_BITS)
    service = service_text(request)
    read = _READERS[request[0]]
    return tuple(FaultCode(*read(row), service, row.hex().upper()) for row in rows)


def lists_a_failure(request: bytes, response: bytes) -> bool:
    """Say whether a whole answer to a fault-code request lists a code that is more than never tested."""
    try:
        codes = fault_codes_of(request, response)
    except MalformedResponse:
        return False
    return any(
        not code.status or any(not name.startswith("not-tested") for name in code.status) for code in codes
    )


def service_text(request: bytes) -> str:
    """Name the service of a request as documents write it: `03`, `17`, `19 02`."""
    return request[: 2 if request[0] == 0x19 else 1].hex(" ").upper()


_Reader = Callable[[bytes], tuple[str, tuple[str, ...]]]


def _obd_reader(service: int) -> _Reader:
    return lambda row: (format_dtc(row), _OBD_STATUS[service])


def _kwp(row: bytes) -> tuple[str, tuple[str, ...]]:
    """Read a row of KWP2000; service 13 may leave the status out."""
    return format_dtc(row[:2]), kwp_status_names(row[2]) if len(row) > 2 else ()


def _uds(row: bytes) -> tuple[str, tuple[str, ...]]:
    return format_dtc_with_failure_type(row[:3]), uds_status_names(row[3])


_READERS: dict[int, _Reader] = {
    **{service: _obd_reader(service) for service in _OBD_STATUS},
    0x13: _kwp,
    0x17: _kwp,
    0x18: _kwp,
    0x19: _uds,
}
