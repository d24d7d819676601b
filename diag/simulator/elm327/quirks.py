"""List what cheap copies of the chip get wrong; a scenario names the quirks of its adapter.

Sources: reports about clones collected in the peers' issue trackers (python-OBD, ddt4all).
"""

from __future__ import annotations

_REFUSED_PREFIXES: dict[str, tuple[str, ...]] = {
    "refuses-sh": ("ATSH",),
    "refuses-fc": ("ATFC",),
    "refuses-cra": ("ATCRA", "ATCM"),
    "refuses-caf": ("ATCAF",),
    "refuses-timing": ("ATAT", "ATST"),
    "refuses-monitor": ("ATMA", "ATMR"),
    "refuses-protocol": ("ATSP", "ATTP"),
    "refuses-description": ("AT@1",),
    "no-voltage": ("ATRV",),
}

#: Every quirk that the engine plays, with what it does.
QUIRKS: dict[str, str] = {
    **{name: f"answers ? to {' '.join(prefixes)}" for name, prefixes in _REFUSED_PREFIXES.items()},
    "no-headers": "says OK to ATH1 and prints no headers",
    "lies-fc": "says OK to ATFC commands and goes on with its own flow control",
    "lies-cra": "says OK to ATCRA and goes on receiving 7E8 to 7EF only",
    "low-voltage-reset": "prints LV RESET and forgets its settings when a request meets less than 8 V",
    "slow-serial": "prints 3840 bytes a second, so that monitoring ends in BUFFER FULL",
    "noisy-reset": "sends a few bytes of noise after ATZ",
}

#: Below this the chip does not run at all.
DEAD_BELOW_V = 4.0
LOW_VOLTAGE_V = 8.0
SLOW_SERIAL_BYTES_PER_S = 3840.0
_LIES: dict[str, tuple[str, ...]] = {"no-headers": ("ATH1",), "lies-fc": ("ATFC",), "lies-cra": ("ATCRA",)}


def refuses(quirks: frozenset[str], command: str) -> bool:
    """Say whether a chip with these quirks answers `?` to the command (upper case, no spaces)."""
    return _any_prefix(_REFUSED_PREFIXES, quirks, command)


def only_pretends(quirks: frozenset[str], command: str) -> bool:
    """Say whether a chip with these quirks answers OK and does nothing."""
    return _any_prefix(_LIES, quirks, command)


def _any_prefix(table: dict[str, tuple[str, ...]], quirks: frozenset[str], command: str) -> bool:
    return any(command.startswith(prefix) for name in quirks for prefix in table.get(name, ()))
