"""Say what the JSON documents hold; their fields and order are public."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from diag.model import Confidence, Ignition, Mode, RadioLock, RadioPower, Reachability, Verdict, Words


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all documents and their parts share: they do not change, and hold nothing unnamed."""


class Value(Document, frozen=True):
    """A measured value; `uncertainty` is its half width in the same unit."""

    value: float
    unit: str
    uncertainty: float | None
    source: str
    time: datetime


class LinkPart(Document, frozen=True):
    """The line to the car."""

    url: str
    adapter: str | None
    protocol: str | None


class VehiclePart(Document, frozen=True):
    """The car; `because` says how its profile was chosen."""

    vin: str | None
    profile: str
    because: str


class BatteryPart(Document, frozen=True):
    """The voltage to go by, every witness, and what comparing them says."""

    voltage: Value | None
    witnesses: tuple[Value, ...]
    agreement: str | None


class IgnitionPart(Document, frozen=True):
    """The position of the key."""

    value: Ignition
    source: str


class RadioPart(Document, frozen=True):
    """The radio."""

    power: RadioPower
    lock: RadioLock
    source: str
    confidence: Confidence
    reachable: Reachability


class FaultCodePart(Document, frozen=True):
    """One fault code; `text` is null where no text is known."""

    code: str
    status: tuple[str, ...]
    service: str
    raw: str
    text: Words | None


class ServicePart(Document, frozen=True):
    """What one fault-code service of a module gave."""

    service: str
    verdict: Verdict
    reason: str | None


class ModulePart(Document, frozen=True):
    """One module and its verdict."""

    name: str
    request_id: str
    response_id: str
    verdict: Verdict
    reason: str | None
    fault_codes: tuple[FaultCodePart, ...]
    services: tuple[ServicePart, ...]


class PowerLossPart(Document, frozen=True):
    """One sign that the battery was disconnected."""

    module: str
    code: str


class ScanDocument(Document, frozen=True, kw_only=True):
    """One scan of one car."""

    schema: Literal["terrano/scan/1"] = "terrano/scan/1"
    mode: Mode
    practice: bool | UnsetType = UNSET
    time: datetime
    link: LinkPart
    vehicle: VehiclePart
    battery: BatteryPart
    ignition: IgnitionPart
    radio: RadioPart
    modules: tuple[ModulePart, ...]
    power_loss: tuple[PowerLossPart, ...]
    notes: tuple[str, ...]
    coverage: str | None


class AdapterPart(Document, frozen=True):
    """One adapter found; `advice` says what to do where it cannot be used as it is."""

    name: str
    kind: str
    link: str
    usable: bool
    advice: str | None


class AdaptersDocument(Document, frozen=True, kw_only=True):
    """The adapters found on this machine."""

    schema: Literal["terrano/adapters/1"] = "terrano/adapters/1"
    adapters: tuple[AdapterPart, ...]


class StagePart(Document, frozen=True):
    """One stage of an adapter check: what was found, or the cause of its failure and what to do."""

    name: str
    state: Literal["passed", "failed", "not-reached"]
    found: str | None
    advice: str | None


class CheckDocument(Document, frozen=True, kw_only=True):
    """The check of one adapter; `latency_ms` is null where it could not be measured."""

    schema: Literal["terrano/check/1"] = "terrano/check/1"
    mode: Mode | None
    time: datetime
    link: LinkPart
    verdict: Literal["GOOD", "FAIR", "POOR"]
    latency_ms: float | None
    errors: int
    stages: tuple[StagePart, ...]
    switched_off: tuple[str, ...]
    modules: tuple[str, ...]


class SettingPart(Document, frozen=True):
    """One setting and where it comes from."""

    name: str
    value: str | bool | None
    origin: str


class ConfigDocument(Document, frozen=True, kw_only=True):
    """The settings in force."""

    schema: Literal["terrano/config/1"] = "terrano/config/1"
    home: str
    file: str
    settings: tuple[SettingPart, ...]


class ExplainDocument(Document, frozen=True, kw_only=True):
    """What is known of one fault code; `known` says whether there is a text for it at all.

    `modules` are those that set it, `causes` the likely ones, most likely first; `power_loss` marks a code
    that a disconnected battery leaves behind.
    """

    schema: Literal["terrano/explain/1"] = "terrano/explain/1"
    code: str
    known: bool
    defined_by: Literal["standard", "maker", "reserved"]
    text: Words | None
    modules: tuple[str, ...]
    causes: tuple[Words, ...]
    remark: Words | None
    power_loss: bool | None
    source: str | None
    confidence: str | None


class SimulateDocument(Document, frozen=True, kw_only=True):
    """A simulated car that runs: where it can be reached, as link URLs by kind of adapter.

    `seed` is null where none was given; `control` is there where a control port is open.
    """

    schema: Literal["terrano/simulate/1"] = "terrano/simulate/1"
    scenario: str
    seed: int | None
    links: dict[str, tuple[str, ...]]
    control: str | UnsetType = UNSET


#: Documents by the name that `terrano schema` takes.
DOCUMENTS: dict[str, type[Document]] = {
    "scan": ScanDocument,
    "check": CheckDocument,
    "adapters": AdaptersDocument,
    "config": ConfigDocument,
    "explain": ExplainDocument,
    "simulate": SimulateDocument,
}


def as_json(document: Document) -> str:
    """Return a document as indented JSON text."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode()


def as_line(document: Document) -> str:
    """Return a document as JSON text on one line."""
    return msgspec.json.encode(document).decode()


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a document by its name; KeyError for an unknown one."""
    return msgspec.json.schema(DOCUMENTS[name])
