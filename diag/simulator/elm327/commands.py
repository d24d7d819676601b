"""Carry out the AT commands that only change or tell settings; pure but for the settings they change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from diag.simulator.elm327.settings import PROTOCOLS, ReceiveFilter, Settings

OK = "OK"
UNKNOWN = "?"

_Handler = Callable[[Settings, "re.Match[str]"], str]


@dataclass(frozen=True, slots=True)
class _Command:
    pattern: re.Pattern[str]
    handle: _Handler


def apply_command(settings: Settings, command: str) -> str | None:
    """Carry out `command` (upper case, no spaces) and return its answer, None when it is not known here."""
    for known in _COMMANDS:
        match = known.pattern.fullmatch(command)
        if match is not None:
            return known.handle(settings, match)
    return None


def _switch(name: str) -> _Handler:
    def handle(settings: Settings, match: re.Match[str]) -> str:
        setattr(settings, name, match[1] == "1")
        return OK

    return handle


def _accept(_settings: Settings, _match: re.Match[str]) -> str:
    """Take a command that makes no difference to this car."""
    return OK


def _set_adaptive(settings: Settings, match: re.Match[str]) -> str:
    settings.adaptive = int(match[1])
    return OK


def _set_timeout(settings: Settings, match: re.Match[str]) -> str:
    settings.timeout_steps = int(match[1], 16) or 0x32
    return OK


def _set_protocol(settings: Settings, match: re.Match[str]) -> str:
    automatic, digit = match[1] == "A", match[2]
    settings.protocol = "0" if automatic else digit
    settings.automatic = automatic or digit == "0"
    settings.found = None
    return OK


def _close_protocol(settings: Settings, _match: re.Match[str]) -> str:
    settings.found = None
    return OK


def _tell_protocol(settings: Settings, _match: re.Match[str]) -> str:
    active = settings.active_protocol
    if active is None:
        return "AUTO"
    return ("AUTO, " if settings.automatic else "") + PROTOCOLS[active]


def _tell_protocol_number(settings: Settings, _match: re.Match[str]) -> str:
    return ("A" if settings.automatic else "") + (settings.active_protocol or "0")


def _set_header(settings: Settings, match: re.Match[str]) -> str:
    settings.header = int(match[1], 16) & 0x7FF
    return OK


def _set_receive_address(settings: Settings, match: re.Match[str]) -> str:
    """Take `AT CRA 7E8`; an X matches any digit, and no argument goes back to the default."""
    digits = match[1]
    if not digits:
        return _reset_receive(settings, match)
    pattern = int(digits.replace("X", "0"), 16)
    mask = int("".join("0" if digit == "X" else "F" for digit in digits), 16)
    settings.receive = ReceiveFilter(pattern & 0x7FF, mask & 0x7FF)
    return OK


def _reset_receive(settings: Settings, _match: re.Match[str]) -> str:
    settings.receive = settings.pattern = settings.mask = None
    return OK


def _set_pattern(settings: Settings, match: re.Match[str]) -> str:
    settings.pattern, settings.receive = int(match[1], 16) & 0x7FF, None
    return OK


def _set_mask(settings: Settings, match: re.Match[str]) -> str:
    settings.mask, settings.receive = int(match[1], 16) & 0x7FF, None
    return OK


def _set_flow_header(settings: Settings, match: re.Match[str]) -> str:
    settings.flow_header = int(match[1], 16) & 0x7FF
    return OK


def _set_flow_data(settings: Settings, match: re.Match[str]) -> str:
    settings.flow_data = bytes.fromhex(match[1])
    return OK


def _set_flow_mode(settings: Settings, match: re.Match[str]) -> str:
    """Refuse the modes whose header or data were never given, as the chip does."""
    mode = int(match[1])
    if (mode == 1 and settings.flow_header is None) or (mode in {1, 2} and settings.flow_data is None):
        return UNKNOWN
    settings.flow_mode = mode
    return OK


def _tell_ignition(_settings: Settings, _match: re.Match[str]) -> str:
    """Read pin 15, which hangs high on adapters that do not wire it."""
    return "ON"


def _tell_parameters(settings: Settings, _match: re.Match[str]) -> str:
    rows = (range(start, min(start + 4, 0x30)) for start in range(0, 0x30, 4))
    return settings.newline.join("  ".join(f"{number:02X}:FF F" for number in row) for row in rows)


_TABLE: tuple[tuple[str, _Handler], ...] = (
    (r"ATE([01])", _switch("echo")),
    (r"ATL([01])", _switch("linefeeds")),
    (r"ATS([01])", _switch("spaces")),
    (r"ATH([01])", _switch("headers")),
    (r"ATD([01])", _switch("show_length")),
    (r"ATV([01])", _switch("variable_length")),
    (r"ATCAF([01])", _switch("auto_format")),
    (r"ATCFC([01])", _switch("flow_control")),
    (r"AT(?:M[01]|AL|NL|R[01]|CSM[01]|KW[01]|FE|BI|SW[0-9A-F]{2}|CP[01][0-9A-F])", _accept),
    (r"ATPP(?:[0-9A-F]{2}(?:ON|OFF|SV[0-9A-F]{2}))", _accept),
    (r"ATPPS", _tell_parameters),
    (r"ATAT([012])", _set_adaptive),
    (r"ATST([0-9A-F]{1,2})", _set_timeout),
    (r"AT(?:SP|TP)(A?)([0-9A-C])", _set_protocol),
    (r"ATPC", _close_protocol),
    (r"ATDP", _tell_protocol),
    (r"ATDPN", _tell_protocol_number),
    (r"ATSH([0-9A-F]{3}|[0-9A-F]{6})", _set_header),
    (r"ATCRA([0-9A-FX]{3})?", _set_receive_address),
    (r"ATAR", _reset_receive),
    (r"ATCF([0-9A-F]{3}|[0-9A-F]{8})", _set_pattern),
    (r"ATCM([0-9A-F]{3}|[0-9A-F]{8})", _set_mask),
    (r"ATFCSH([0-9A-F]{3})", _set_flow_header),
    (r"ATFCSD((?:[0-9A-F]{2}){1,5})", _set_flow_data),
    (r"ATFCSM([012])", _set_flow_mode),
    (r"ATIGN", _tell_ignition),
)
_COMMANDS = tuple(_Command(re.compile(pattern), handle) for pattern, handle in _TABLE)
