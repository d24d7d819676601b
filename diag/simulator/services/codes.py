"""Turn the fault codes of a scenario into bytes (SAE J2012, ISO 14229-1, ISO 14230-3)."""

from __future__ import annotations

from diag.simulator.scenarios import Fault

#: Status of ISO 14229-1 D.2: failed now, this cycle, pending, confirmed, since the last clearing.
UDS_STATUS = {"current": 0x2F, "past": 0x28, "pending": 0x26}
UDS_STATUS_AVAILABLE = 0x2F
#: Status of ISO 14230-3, bits 6-5: 01 stored, not present now; 10 maturing; 11 present now.
KWP_STATUS = {"current": 0x60, "past": 0x20, "pending": 0x40}


def two_bytes(code: str) -> bytes:
    """Return a code such as `U1300` in two bytes: two bits of letter, two of first digit, three hex digits.

    >>> two_bytes("U1300").hex()
    'd300'
    """
    return (("PCBU".index(code[0]) << 14) | int(code[1:5], 16)).to_bytes(2, "big")


def three_bytes(fault: Fault) -> bytes:
    """Return a fault's code with its failure type byte."""
    return two_bytes(fault.code) + bytes.fromhex(fault.failure_type)
