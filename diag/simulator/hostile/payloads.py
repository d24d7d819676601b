"""Make the true answer of each fault-code service, and fill the placeholders of a row's messages.

    {answer}    the two codes below       {long}     six codes: always several frames
    {three}     three codes               {many}     sixty codes: the frame numbers run over
    {none}      a true "no codes"         {sid}      the service asked for
    {positive}  its positive answer       {foreign}  another service's true "no codes"
    {foreign_sid}  that other service     {overcount} {undercount}  a count that does not fit the codes

Layouts: SAE J1979 on CAN (03, 07), ISO 14229-1 (19 02), ISO 14230-3 (17, 18).
"""

from __future__ import annotations

from collections.abc import Callable

from diag.simulator.hostile.rows import Expectation, HostileRow, Source

CODES = ("P0562", "U1000")
LONG_CODES = (*CODES, "P0603", "C1130", "B1A15", "U0100")
THREE_CODES = LONG_CODES[:3]
MANY_CODES = (*CODES, *(f"P1{number:03d}" for number in range(100, 158)))
CODES_OF = {"{answer}": CODES, "{three}": THREE_CODES, "{long}": LONG_CODES, "{many}": MANY_CODES}

_KWP_STATUS = 0x60
_UDS_STATUS = 0x09
_UDS_AVAILABLE = 0xFF
_FOREIGN = {
    0x03: b"\x07",
    0x07: b"\x03",
    0x19: b"\x17\xff\x00",
    0x17: b"\x18\x00\xff\x00",
    0x18: b"\x17\xff\x00",
}


def answer_to(request: bytes, codes: tuple[str, ...], count: int | None = None) -> bytes:
    """Return the positive answer to a fault-code request that lists `codes`; `count` may lie about them."""
    service = request[0]
    two = [("PCBU".index(code[0]) << 14 | int(code[1:], 16)).to_bytes(2, "big") for code in codes]
    if service == 0x19:
        head = bytes((0x59, request[1], _UDS_AVAILABLE))
        return head + b"".join(bytes((*code, 0x00, _UDS_STATUS)) for code in two)
    head = bytes((service + 0x40, len(codes) if count is None else count))
    tail = b"" if service in {0x03, 0x07} else bytes((_KWP_STATUS,))
    return head + b"".join(code + tail for code in two)


def filled(template: str, request: bytes) -> bytes:
    """Return the bytes of a template: hex bytes and placeholders, separated by spaces."""
    return b"".join(_part(part, request) for part in template.split())


def _part(part: str, request: bytes) -> bytes:
    if part in CODES_OF:
        return answer_to(request, CODES_OF[part])
    if part in _PLACEHOLDERS:
        return _PLACEHOLDERS[part](request)
    return bytes.fromhex(part)


_PLACEHOLDERS: dict[str, Callable[[bytes], bytes]] = {
    "{none}": lambda request: answer_to(request, ()),
    "{sid}": lambda request: request[:1],
    "{positive}": lambda request: bytes((request[0] + 0x40,)),
    "{foreign}": lambda request: answer_to(_FOREIGN[request[0]], ()),
    "{foreign_sid}": lambda request: _FOREIGN[request[0]][:1],
    "{overcount}": lambda request: answer_to(request, CODES, len(CODES) + 3),
    "{undercount}": lambda request: answer_to(request, CODES, len(CODES) - 1),
}


def expected_codes(row: HostileRow) -> tuple[str, ...]:
    """Return the codes that the module itself truly lists in this row."""
    if row.expect is not Expectation.CODES:
        return ()
    own = (message for message in row.messages if message.source is Source.OWN)
    parts = (part for message in own for part in message.payload.split())
    return next(CODES_OF[part] for part in parts if part in CODES_OF)
