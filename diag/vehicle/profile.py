"""Say what a profile of a car holds: modules, voltage sources, frames, limits; every row with its source.

Profiles are TOML files under `diag/vehicle/profiles`; a wrong key or value is an error that names file and
key. Ids are hexadecimal strings without prefix, byte positions count from 0.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from diag.i18n import Message, message
from diag.model import Ignition, ModuleAddress


class FactConfidence(StrEnum):
    """How well a fact is known."""

    CONFIRMED = "confirmed"
    ONE_SOURCE = "one-source"
    INFERRED = "inferred"
    DISPUTED = "disputed"

    @property
    def words(self) -> Message:
        """How well it is known, as people read it."""
        return _CONFIDENCE_WORDS[self]


_CONFIDENCE_WORDS = {
    FactConfidence.CONFIRMED: message("several sources agree"),
    FactConfidence.ONE_SOURCE: message("one source"),
    FactConfidence.INFERRED: message("concluded, not looked up"),
    FactConfidence.DISPUTED: message("sources differ"),
}


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every row carries: where it is from, and how well it is known."""

    source: str
    confidence: FactConfidence
    note: str = ""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages."""

    en: str
    ru: str


class ModuleFact(Fact, frozen=True, kw_only=True):
    """One module: its addresses, when it has supply, and how its fault codes are asked for.

    `fault_requests` are hex requests in the order they are sent (`03`, `07`, `19 02 FF`, `17 FF 00`). The
    first one decides the verdict; where the module refuses it as unsupported, the next of `alternatives`
    takes its place. `session` is opened before asking (`10 C0`), and left out where none is needed.
    `reached_by` is `can` for pins 6/14 and `can2` for the multimedia bus on pins 12/13.
    An `optional` module is not in every car of the family: its silence alone does not tell a module that is
    not fitted from one that is dead.
    """

    name: str
    title: Text
    request_id: str
    response_id: str
    powered_from: Ignition
    fault_requests: tuple[str, ...]
    alternatives: tuple[str, ...] = ()
    session: str = ""
    identity_requests: tuple[str, ...] = ()
    reached_by: str = "can"
    optional: bool = False

    @property
    def address(self) -> ModuleAddress:
        """The pair of CAN ids."""
        return ModuleAddress(int(self.request_id, 16), int(self.response_id, 16))

    @property
    def requests(self) -> tuple[bytes, ...]:
        """The fault-code requests as bytes."""
        return tuple(bytes.fromhex(request) for request in self.fault_requests)


class VoltageSource(Fact, frozen=True, kw_only=True):
    """One witness of the battery voltage.

    `kind`: `adapter` (its own pin 16), `request` (`request` to `module`, value at `start` of the response
    payload, service id included), `frame` (value at byte `start` of frame `frame`). Value = big-endian
    integer of `length` bytes, masked with `mask`, times `factor`. Accepted between `minimum_v` and
    `maximum_v`; uncertainty = `percent` of the value plus `volts`.
    """

    name: str
    title: Text
    kind: str
    percent: float
    volts: float
    module: str = ""
    request: str = ""
    frame: str = ""
    start: int = 0
    length: int = 1
    mask: str = ""
    factor: float = 1.0
    minimum_v: float = 6.0
    maximum_v: float = 18.0


class IgnitionFrame(Fact, frozen=True, kw_only=True):
    """A frame that shows the key: (byte `start` & `mask`) looked up in `values` (two hex digits -> position).

    A byte that is not in `values` tells no position.
    """

    frame: str
    start: int
    mask: str
    values: dict[str, Ignition]
    fresh_s: float = 1.0


class RadioFrame(Fact, frozen=True, kw_only=True):
    """A frame whose presence hints that the radio runs."""

    frame: str
    fresh_s: float = 1.0


class Limit(Fact, frozen=True, kw_only=True):
    """A number that something is compared with."""

    name: str
    value: float
    unit: str


class Fingerprint(Fact, frozen=True, kw_only=True):
    """How this car is told from others: VIN beginnings, or frames that must and must not be on the bus."""

    vin_prefixes: tuple[str, ...] = ()
    frames_present: tuple[str, ...] = ()
    frames_absent: tuple[str, ...] = ()


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The facts of one family of cars."""

    name: str
    title: Text
    covers: Text
    has_can: bool = True
    bitrate: int = 500_000
    padding: str = "00"
    dbc: str = ""
    why_no_can: Text | None = None
    modules: tuple[ModuleFact, ...] = ()
    voltage_sources: tuple[VoltageSource, ...] = ()
    ignition_frames: tuple[IgnitionFrame, ...] = ()
    radio_frames: tuple[RadioFrame, ...] = ()
    radio_modules: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()

    def limit(self, name: str) -> Limit:
        """Return the limit `name`; every profile has those of `limits.toml`.

        Raises:
            KeyError: there is none of this name.
        """
        for limit in self.limits:
            if limit.name == name:
                return limit
        raise KeyError(name)
