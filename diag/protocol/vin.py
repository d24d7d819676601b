"""Take the vehicle identification number out of an answer, and say what its characters tell (ISO 3779)."""

from __future__ import annotations

from diag.i18n import message
from diag.protocol.checked import malformed, require_positive
from diag.protocol.padding import is_padding

VIN_LENGTH = 17
#: Requests that answer with a VIN: OBD-II, UDS, KWP2000 identification, Nissan engine module.
VIN_REQUESTS = (b"\x09\x02", b"\x22\xf1\x90", b"\x1a\x90", b"\x21\x81")

_CHECK_DIGIT_AT = 8
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTER_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)


def vin_of(request: bytes, response: bytes) -> str:
    """Return the 17 characters of the VIN. Only NUL filling is taken off, never a character of the VIN.

    Raises:
        MalformedResponse: no positive answer to a VIN request, or no VIN is stored in the module.
    """
    if request not in VIN_REQUESTS:
        raise malformed(message("the request did not ask for the VIN"))
    require_positive(request, response)
    data = response[len(request) :]
    if request[0] == 0x09 and len(data) > VIN_LENGTH:
        data = data[1:]
    if is_padding(data) or not data.strip(b" \x00"):
        raise malformed(message("the module holds no VIN"))
    characters = data.lstrip(b"\x00")
    vin, rest = characters[:VIN_LENGTH], characters[VIN_LENGTH:]
    if len(vin) < VIN_LENGTH or not (request[0] == 0x21 or is_padding(rest)):
        raise malformed(message("a VIN has 17 characters, this answer does not"))
    if not (vin.isascii() and vin.isalnum()):
        raise malformed(message("the answer holds characters that no VIN has"))
    return vin.decode("ascii")


def check_digit_matches(vin: str) -> bool:
    """Say whether the ninth character is the check digit of 49 CFR 565.

    For information only: European and Japanese VINs need no check digit, so False accuses nobody.
    """
    if len(vin) != VIN_LENGTH:
        return False
    values = [_value(character) for character in vin.upper()]
    if any(value is None for value in values):
        return False
    remainder = sum(weight * (value or 0) for weight, value in zip(_WEIGHTS, values, strict=True)) % 11
    return vin[_CHECK_DIGIT_AT].upper() == "0123456789X"[remainder]


def _value(character: str) -> int | None:
    return int(character) if character in "0123456789" else _LETTER_VALUES.get(character)


def wmi(vin: str) -> str:
    """Return the world manufacturer identifier: the first three characters (ISO 3780)."""
    return vin[:3].upper()


def masked_vin(vin: str) -> str:
    """Return the VIN as it is shown: its last four characters, the others as asterisks."""
    return "*" * max(0, len(vin) - 4) + vin[-4:]
