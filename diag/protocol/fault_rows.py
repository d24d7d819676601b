"""Cut the list of fault codes out of an answer, or say in one sentence how the answer contradicts itself.

03 07 0A   43|47|4A  N  { high low } x N               SAE J1979 on CAN
13         53        N  { high low [status] } x N      ISO 14230-3
17 18      57|58     N  { high low status } x N        ISO 14230-3
19 02 0A   59 sub    mask  { high mid low status } ..  ISO 14229-1

The first three kinds carry their own count, so that filling bytes may follow. A list of ISO 14229-1 ends
where its message ends: there a byte too many is a row cut off, not filling. "None" is then only
`59 sub mask` with nothing behind it. Rows of nothing but zeros are no other way to say so: status 00 matches
no mask that can be asked, so the module could not have listed them. Behind real rows they are filling.
"""

from __future__ import annotations

from diag.i18n import Message, message
from diag.protocol.padding import is_padding

#: Bytes of one row by service, where the answer carries a count.
_ROW_LENGTHS = {0x03: (2,), 0x07: (2,), 0x0A: (2,), 0x13: (2, 3), 0x17: (3,), 0x18: (3,)}
_COUNTED_HEAD = 2
_UDS_HEAD = 3
_UDS_ROW = 4

Rows = tuple[bytes, ...]

_TOO_SHORT = message("the answer is too short to hold a list of fault codes")
_EMPTY_ROW = message("the answer counts a fault code and leaves it empty")
_LEFT_OVER = message("the answer has bytes left over after the last fault code")
_NO_FAILURE_STATUS = message(
    "the module says that it marks no fault code as failed, so its list proves nothing"
)

#: Status bits of a failure: present, this cycle, pending, confirmed, since clear (ISO 14229-1 D.2).
FAILURE_BITS = 0x2F


def is_fault_list(request: bytes) -> bool:
    """Say whether a request asks for a list of fault codes."""
    if request[:1] == b"\x19":
        return len(request) >= 2 and request[1] & 0x7F in (0x02, 0x0A)
    return bool(request) and request[0] in _ROW_LENGTHS


def rows_of(request: bytes, response: bytes) -> Rows | Message:
    """Return the rows of a positive answer (code first, status last), or what is wrong with it.

    The service byte of the answer is taken as checked. An empty tuple is an answer that lists nothing.
    """
    return _uds_rows(response) if request[0] == 0x19 else _counted_rows(request[0], response)


def _counted_rows(service: int, response: bytes) -> Rows | Message:
    if len(response) < _COUNTED_HEAD:
        return _TOO_SHORT
    count, body = response[1], response[_COUNTED_HEAD:]
    readings = [_cut(body, count, length) for length in _ROW_LENGTHS[service]]
    whole = [rows for rows in readings if rows is not None]
    if not whole:
        return _counted_wrongly(count, body, min(_ROW_LENGTHS[service]))
    if count > 1 and len(whole) > 1:
        return message("the list of fault codes can be read in two ways")
    if any(not any(row[:2]) for row in whole[0]):
        return _EMPTY_ROW
    return whole[0]


def _cut(body: bytes, count: int, length: int) -> Rows | None:
    """Cut `count` rows; None where bytes are missing or what follows is more than filling."""
    end = count * length
    if len(body) < end or not is_padding(body[end:]):
        return None
    return tuple(body[start : start + length] for start in range(0, end, length))


def _counted_wrongly(count: int, body: bytes, length: int) -> Message:
    given = len(body) // length
    if given < count:
        return message("the answer promises {count} fault codes and gives {given}", count=count, given=given)
    return _LEFT_OVER


def _uds_rows(response: bytes) -> Rows | Message:
    """Cut rows that nothing counts; the mask before them says which status bits the module keeps at all."""
    if len(response) < _UDS_HEAD:
        return _TOO_SHORT
    available, body = response[_UDS_HEAD - 1], response[_UDS_HEAD:]
    if not available & FAILURE_BITS:
        return _NO_FAILURE_STATUS
    if len(body) % _UDS_ROW:
        return _LEFT_OVER
    rows = [body[start : start + _UDS_ROW] for start in range(0, len(body), _UDS_ROW)]
    while len(rows) > 1 and not any(rows[-1]):
        rows.pop()
    if any(not any(row[:3]) for row in rows):
        return _EMPTY_ROW
    if any(is_padding(row) for row in rows):
        return message("a fault code cannot be told from filling bytes")
    return tuple(rows)
