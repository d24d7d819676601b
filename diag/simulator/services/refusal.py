"""Refuse a request, with the code that the standards give for it."""

from __future__ import annotations

SERVICE_NOT_SUPPORTED = 0x11
SUB_FUNCTION_NOT_SUPPORTED = 0x12
INCORRECT_LENGTH = 0x13
CONDITIONS_NOT_CORRECT = 0x22
REQUEST_OUT_OF_RANGE = 0x31
RESPONSE_PENDING = 0x78
NOT_IN_THIS_SESSION = 0x80

#: Refusals that a module keeps to itself when the request went to everyone (ISO 14229-1, 7.5.5).
KEPT_SILENT = frozenset({SERVICE_NOT_SUPPORTED, SUB_FUNCTION_NOT_SUPPORTED, REQUEST_OUT_OF_RANGE})


class Refusal(Exception):
    """A negative response with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def require(condition: bool, code: int) -> None:
    """Refuse with `code` unless the condition holds.

    Raises:
        Refusal: it does not.
    """
    if not condition:
        raise Refusal(code)
