"""Write fault codes as SAE J2012 does, and name what their failure type and status bytes say.

bits of a two-byte code:  15 14 | 13 12 | 11 .. 8 | 7 .. 4 | 3 .. 0
                          P C B U  digit   digit    digit    digit
"""

from __future__ import annotations

import re

from diag.errors import UsageError
from diag.i18n import Message, message
from diag.protocol.failure_types import FAILURE_TYPES

_SYSTEMS = "PCBU"
_WRITTEN = re.compile(r"([PCBU])([0-3])([0-9A-F]{3})(?:-?([0-9A-F]{2}))?")

#: Status bits of ISO 14229-1 annex D.2, lowest bit first.
_UDS_STATUS_BITS = (
    "test-failed",
    "test-failed-this-cycle",
    "pending",
    "confirmed",
    "not-tested-since-clear",
    "failed-since-clear",
    "not-tested-this-cycle",
    "warning-lamp",
)
#: Symptom in the low half of a KWP2000 status (ISO 14230-3, statusOfDTC).
_KWP_SYMPTOMS = {
    0x1: "above-maximum",
    0x2: "below-minimum",
    0x4: "no-signal",
    0x8: "implausible-signal",
}
#: Storage state in bits 6-5 of a KWP2000 status.
_KWP_STORAGE: dict[int, tuple[str, ...]] = {
    0b00: (),
    0b01: ("confirmed",),
    0b10: ("test-failed", "pending"),
    0b11: ("test-failed", "confirmed"),
}


def format_dtc(two: bytes) -> str:
    """Write a two-byte code: `05 62` is `P0562`.

    Raises:
        ValueError: not two bytes.
    """
    if len(two) != 2:
        raise ValueError(two)
    return f"{_SYSTEMS[two[0] >> 6]}{two[0] >> 4 & 0x3}{two[0] & 0xF:X}{two[1]:02X}"


def format_dtc_with_failure_type(three: bytes) -> str:
    """Write a three-byte code: `9A 15 11` is `B1A15-11`.

    Raises:
        ValueError: not three bytes.
    """
    if len(three) != 3:
        raise ValueError(three)
    return f"{format_dtc(three[:2])}-{three[2]:02X}"


def parse_dtc(text: str) -> bytes:
    """Return the two bytes of `P0562`, or the three of `B1A15-11` (the dash may be left out; case is free).

    Raises:
        UsageError: the text is no fault code.
    """
    match = _WRITTEN.fullmatch(text.strip().upper())
    if match is None:
        raise UsageError(
            message("{text} is not a fault code.", text=text),
            message("A fault code is written as P0562, U1000 or B1A15-11."),
        )
    system, first, rest, failure_type = match.groups()
    head = _SYSTEMS.index(system) << 14 | int(first) << 12 | int(rest, 16)
    return head.to_bytes(2, "big") + bytes.fromhex(failure_type or "")


def uds_status_names(status: int) -> tuple[str, ...]:
    """Name the status bits of ISO 14229-1 that are set, lowest first."""
    return tuple(name for bit, name in enumerate(_UDS_STATUS_BITS) if status >> bit & 1)


def kwp_status_names(status: int) -> tuple[str, ...]:
    """Name what a KWP2000 status says: storage state, test state, warning lamp, symptom (ISO 14230-3).

    bit 7          6 5               4                 3 2 1 0
        lamp on    storage state     test incomplete   symptom
    """
    names = [*_KWP_STORAGE[status >> 5 & 0b11]]
    if status & 0x10:
        names.append("not-tested-this-cycle")
    if status & 0x80:
        names.append("warning-lamp")
    symptom = _KWP_SYMPTOMS.get(status & 0x0F)
    return (*names, symptom) if symptom else tuple(names)


def failure_type_name(failure_type: int) -> Message:
    """Name a failure type byte (SAE J2012-DA); one without a standard name is called so, with its number."""
    return FAILURE_TYPES.get(failure_type) or message(
        "failure type {failure_type} of the maker", failure_type=f"{failure_type:02X}"
    )
