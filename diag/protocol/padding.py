"""Tell the filling bytes that adapters leave after an answer from data."""

from __future__ import annotations

#: Bytes that makers fill unused frame bytes with (ISO 15765-2 recommends CC; 00, 55, AA and FF are common).
_FILLING = frozenset({0x00, 0x55, 0xAA, 0xCC, 0xFF})


def is_padding(data: bytes) -> bool:
    """Say whether `data` is nothing, or one filling byte over and over."""
    return not data or (data[0] in _FILLING and data.count(data[0]) == len(data))
