"""Read the VIN, and notice modules that carry another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diag.errors import ProtocolError
from diag.i18n import Message, message
from diag.link import Exchange, Link, Outcome, Response
from diag.model import FunctionalAddress, ModuleAddress
from diag.protocol.vin import vin_of
from diag.reading.asking import ask as ask_once
from diag.reading.sources import source_of
from diag.vehicle.profile import ModuleFact

_VIN_REQUEST = bytes.fromhex("0902")
ENGINE = ModuleAddress(0x7E0, 0x7E8)
#: Requests whose answers hold a VIN: OBD-II 09 02, UDS 22 F190, KWP 1A 90, Nissan 21 81.
_VIN_REQUESTS = frozenset(bytes.fromhex(text) for text in ("0902", "22F190", "1A90", "2181"))


@dataclass(frozen=True, slots=True)
class VinReading:
    """A VIN with its source; `vin` is None where none was given, and `source` then says why."""

    vin: str | None
    source: Message


def interpret(exchanges: Iterable[Exchange]) -> VinReading:
    """Return the first VIN that an exchange carries whole."""
    why = message("nobody was asked for the VIN")
    for exchange in exchanges:
        for response in exchange.responses:
            vin = _vin_in(exchange.request.payload, response)
            if vin is not None:
                return VinReading(vin, source_of(exchange.request.payload, response))
        why = _why_not(exchange.response)
    return VinReading(None, why)


def _vin_in(request: bytes, response: Response) -> str | None:
    if response.outcome is not Outcome.POSITIVE:
        return None
    try:
        return vin_of(request, response.payload)
    except ProtocolError:
        return None


def _why_not(response: Response) -> Message:
    if response.outcome is Outcome.NOT_RECORDED:
        return message("no VIN in this log")
    if response.outcome is Outcome.POSITIVE:
        return message("the VIN in the answer is blank or damaged")
    return response.reason or message("the VIN was not given")


def ask(link: Link) -> VinReading:
    """Ask the engine module for the VIN, then everybody. Raises AdapterLost."""
    exchanges = [ask_once(link, _VIN_REQUEST, ENGINE)]
    found = interpret(exchanges)
    if found.vin is not None or not link.capabilities.addressing:
        return found
    exchanges.append(ask_once(link, _VIN_REQUEST, FunctionalAddress()))
    return interpret(exchanges)


def ask_module(link: Link, module: ModuleFact, vin: str | None) -> VinReading:
    """Ask one module for the VIN it keeps, with the requests that its profile names for it.

    The engine module is not asked again where it gave `vin` already. Raises AdapterLost.
    """
    requests = [bytes.fromhex(text) for text in module.identity_requests]
    if module.address == ENGINE:
        requests = [] if vin is not None else [request for request in requests if request != _VIN_REQUEST]
    return interpret(
        ask_once(link, request, module.address) for request in requests if request in _VIN_REQUESTS
    )


def mismatch(vin: str | None, name: str, other: VinReading) -> Message | None:
    """Say that a module carries another VIN than the car, as one from another car does; else None."""
    if vin is None or other.vin is None or other.vin == vin:
        return None
    return message("{name} carries another VIN than the car: from another car?", name=name)
