"""Encode values of the car as modules send them (SAE J1979 annex B; supply of Nissan and Renault)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from diag.simulator.scenarios import FreezeFrame
from diag.simulator.state import CarState

_OUTSIDE_C = 18.0
_INTAKE_C = 24.0

#: One encoder for each parameter id of service 01 that does not depend on fault codes.
ENCODERS: dict[int, Callable[[CarState], bytes]] = {
    0x03: lambda state: bytes([0x02 if state.engine_running else 0x01, 0x00]),
    0x04: lambda state: _byte(51 if state.engine_running else 0),
    0x05: lambda state: _byte(state.coolant_c + 40),
    0x06: lambda _: _byte(128),
    0x07: lambda _: _byte(130),
    0x0B: lambda state: _byte(33 if state.engine_running else 101),
    0x0C: lambda state: _word(state.rpm * 4),
    0x0D: lambda state: _byte(state.speed_kmh),
    0x0E: lambda state: _byte(148 if state.engine_running else 128),
    0x0F: lambda _: _byte(_INTAKE_C + 40),
    0x10: lambda state: _word(390 if state.engine_running else 0),
    0x11: lambda state: _byte(38 if state.engine_running else 33),
    0x13: lambda _: _byte(0x33),
    0x1C: lambda _: _byte(0x06),
    0x21: lambda _: _word(0),
    0x31: lambda _: _word(12),
    0x33: lambda _: _byte(101),
    0x42: lambda state: _word(state.supply_v * 1000),
    0x46: lambda _: _byte(_OUTSIDE_C + 40),
}


def _byte(value: float) -> bytes:
    return bytes([min(max(round(value), 0), 0xFF)])


def _word(value: float) -> bytes:
    return min(max(round(value), 0), 0xFFFF).to_bytes(2, "big")


def supply_in_80_mv(supply_v: float) -> bytes:
    """Return the supply in one byte of 0.08 V."""
    return _byte(supply_v / 0.08)


def frozen_values(frame: FreezeFrame) -> dict[int, bytes]:
    """Return what a freeze frame holds, by parameter id."""
    return {
        0x05: _byte(frame.coolant_c + 40),
        0x0C: _word(frame.rpm * 4),
        0x0D: _byte(frame.speed_kmh),
        0x42: _word(frame.supply_v * 1000),
    }


def support_mask(ids: Iterable[int], base: int) -> bytes:
    """Return the 4 bytes that say which of the ids `base`+1 to `base`+0x20 are supported, the first id first.

    The last bit also says that a further mask with anything in it follows.
    """
    known = set(ids)
    bits = 0
    for position in range(1, 0x21):
        following = position == 0x20 and any(one > base + 0x20 for one in known)
        bits = bits << 1 | (base + position in known or following)
    return bits.to_bytes(4, "big")


def data_of(text: str, state: CarState) -> bytes:
    """Return the bytes that a scenario writes as words: hex, `vin`, `=TEXT` in ASCII, or the supply.

    `supply` is one byte of 0.08 V (Nissan), `supply-10-mv` two bytes of 0.01 V (Renault).

    >>> data_of("01 =NTSC", state).hex()
    '014e545343'
    """
    return b"".join(_word_of_data(word, state) for word in text.split())


def _word_of_data(word: str, state: CarState) -> bytes:
    if word == "vin":
        return state.vin.encode("ascii")
    if word == "supply":
        return supply_in_80_mv(state.supply_v)
    if word == "supply-10-mv":
        return _word(state.supply_v * 100)
    if word.startswith("="):
        return word[1:].encode("ascii")
    return bytes.fromhex(word)
