"""Take values out of OBD-II answers; formulas are python-OBD's, applied only to answers that were checked.

python-OBD's decoders read every byte they are given as data and its transport trusts what comes. Here an
answer is checked against its request first, cut to the length that SAE J1979 gives each PID, and only then
handed to a decoder.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from diag.i18n import message
from diag.protocol.checked import malformed, require_positive
from diag.protocol.current_data import split_items

if TYPE_CHECKING:
    from collections.abc import Callable

_MONITOR_STATUS = b"\x01\x01"
_CURRENT_DATA = 0x41
#: Texts of service 09: calibration ids and the module's own name, with the bytes of one item.
_TEXT_ITEMS = {0x04: 16, 0x0A: 20}
_UNITS = {
    "kph": "km/h",
    "GPS": "g/s",
    "LPH": "l/h",
    "deg": "°",
    "count": "",
    "ratio": "",
    "dimensionless": "",
}


@dataclass(frozen=True, slots=True)
class PidValue:
    """One decoded value: python-OBD's name and title, a number with its unit or a text without."""

    pid: int
    name: str
    title: str
    value: float | str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MonitorStatus:
    """What PID 01 says: whether the malfunction lamp is asked for, and how many codes are confirmed."""

    lamp_on: bool
    confirmed_count: int


def count_and_mil(payload: bytes) -> MonitorStatus:
    """Read the answer to `01 01`.

    Raises:
        MalformedResponse: the answer is not a whole positive answer to that request.
    """
    require_positive(_MONITOR_STATUS, payload)
    return MonitorStatus(bool(payload[2] & 0x80), payload[2] & 0x7F)


def supported_pids(request: bytes, payload: bytes) -> frozenset[int]:
    """Return the PIDs that the answer to `01 00`, `01 20` ... `09 00` says are supported.

    Raises:
        MalformedResponse: not a whole positive answer, or the request did not ask for supported PIDs.
    """
    require_positive(request, payload)
    if request[0] not in (0x01, 0x09) or request[1] % 0x20:
        raise malformed(message("the request did not ask what is supported"))
    bits = int.from_bytes(payload[2:6], "big")
    return frozenset(request[1] + number for number in range(1, 33) if bits >> (32 - number) & 1)


def decode_pid(payload: bytes, request: bytes | None = None) -> tuple[PidValue, ...]:
    """Decode an answer to service 01 or 02; without `request` it is taken as asked for its first PID alone.

    PIDs that carry no single value (bit maps, monitor status) and reserved codes give nothing.

    Raises:
        MalformedResponse: a refusal, another PID's answer, or bytes missing.
    """
    asked = request if request is not None else b"\x01" + payload[1:2]
    require_positive(asked, payload)
    items = split_items(asked, payload) if asked[0] in (0x01, 0x02) else None
    if items is None:
        raise malformed(message("the request did not ask for values"))
    decoded = (_decode(pid, data) for pid, data in items)
    return tuple(value for value in decoded if value is not None)


def information_texts(request: bytes, payload: bytes) -> tuple[str, ...]:
    """Return the texts of an answer to `09 04` (calibration ids) or `09 0A` (name of the module).

    Raises:
        MalformedResponse: not a whole positive answer to one of these.
    """
    require_positive(request, payload)
    if request[0] != 0x09 or request[1] not in _TEXT_ITEMS:
        raise malformed(message("the request did not ask for a text"))
    length = _TEXT_ITEMS[request[1]]
    body = payload[2:] if len(payload) == 2 + length else payload[3 : 3 + payload[2] * length]
    items = (body[start : start + length] for start in range(0, len(body), length))
    texts = (item.strip(b"\x00 ").decode("ascii", errors="replace") for item in items)
    return tuple(text for text in texts if text)


@cache
def _commands() -> dict[int, Any]:
    """Return python-OBD's commands of service 01 by PID; its own complaints stay off the terminal."""
    import obd

    obd.logger.setLevel(logging.CRITICAL)
    return {int(command.command[2:4], 16): command for command in obd.commands[1]}


def _decode(pid: int, data: bytes) -> PidValue | None:
    command = _commands().get(pid)
    if command is None:
        return None
    value = _run_decoder(command.decode, bytes((_CURRENT_DATA, pid)) + data)
    if value is None:
        return None
    shown, unit = value
    return PidValue(pid, command.name, command.desc, shown, unit)


def _run_decoder(decoder: Callable[[list[Any]], Any], data: bytes) -> tuple[float | str, str] | None:
    from obd.protocols.protocol import Message as ObdMessage

    wrapped = ObdMessage([])
    wrapped.data = bytearray(data)
    value = decoder([wrapped])
    if hasattr(value, "magnitude"):
        unit = f"{value.units:~}"
        return float(value.magnitude), _UNITS.get(unit, unit)
    if isinstance(value, str):
        return value, ""
    if isinstance(value, tuple) and any(isinstance(part, str) and part for part in value):
        return ", ".join(part for part in value if isinstance(part, str) and part), ""
    return None
