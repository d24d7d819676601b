"""Say what the letter and the first digits of a fault code mean, known or not (SAE J2012, ISO 15031-6)."""

from __future__ import annotations

from enum import Enum

from diag.i18n import Message, message


class Definer(Enum):
    """Who gives a code its text."""

    STANDARD = "standard"
    MAKER = "maker"
    RESERVED = "reserved"

    @property
    def words(self) -> Message:
        """The same as a phrase."""
        return _DEFINERS[self]


_DEFINERS = {
    Definer.STANDARD: message("standard code, the same on every make"),
    Definer.MAKER: message("code of the maker, another make may use it otherwise"),
    Definer.RESERVED: message("reserved by the standard"),
}
_SYSTEMS = {
    "P": message("engine and gearbox"),
    "C": message("chassis: brakes, steering, suspension"),
    "B": message("body: comfort, safety, radio"),
    "U": message("network: communication between modules"),
}


def system_of(code: str) -> Message:
    """Return the part of the car that the letter of `code` (`P0562`) names."""
    return _SYSTEMS[code[0]]


def definer_of(code: str) -> Definer:
    """Return who defines `code`.

    P0 P2 P34-P39, C0 B0 U0          standard
    P1 P30-P33, C1 C2 B1 B2 U1 U2    maker
    P3A-P3F, C3 B3 U3                reserved (later editions give the upper part of U3 to the standard)
    """
    letter, first, second = code[0], code[1], code[2]
    if letter == "P" and first == "3":
        if second in "0123":
            return Definer.MAKER
        return Definer.STANDARD if second in "456789" else Definer.RESERVED
    if first == "0" or (letter == "P" and first == "2"):
        return Definer.STANDARD
    return Definer.RESERVED if first == "3" else Definer.MAKER
