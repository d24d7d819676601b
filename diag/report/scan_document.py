"""Write a scan down as its document; sentences in it are English, fault texts in both languages."""

from __future__ import annotations

from msgspec import UNSET

from diag.i18n import Message
from diag.model import FaultCode, Mode, ModuleResult, Reading, ServiceResult
from diag.reading.result import BatteryReading, RadioReading, ScanResult
from diag.report.documents import (
    BatteryPart,
    FaultCodePart,
    IgnitionPart,
    LinkPart,
    ModulePart,
    PowerLossPart,
    RadioPart,
    ScanDocument,
    ServicePart,
    Value,
    VehiclePart,
)
from diag.text import hex_id, masked_vin


def scan_document(result: ScanResult, *, show_vin: bool) -> ScanDocument:
    """Return the document of a scan; the VIN is masked but for its last four characters unless `show_vin`."""
    identity = result.identity
    vin = result.vin if show_vin or result.vin is None else masked_vin(result.vin)
    recorded_practice = identity.practice and identity.mode is Mode.REPLAY
    return ScanDocument(
        mode=identity.mode,
        practice=True if recorded_practice else UNSET,
        time=result.time,
        link=LinkPart(identity.url, identity.adapter, identity.protocol or None),
        vehicle=VehiclePart(vin, result.profile.name, english(result.profile_because)),
        battery=_battery(result.battery),
        ignition=IgnitionPart(result.ignition.value, english(result.ignition.source)),
        radio=_radio(result.radio),
        modules=tuple(_module(module) for module in result.modules),
        power_loss=tuple(
            PowerLossPart(module, code.code)
            for module, code in (result.power_loss.evidence if result.power_loss else ())
        ),
        notes=tuple(english(note) for note in result.notes),
        coverage=_english_or_none(result.coverage),
    )


def english(sentence: Message) -> str:
    """Return a sentence as documents carry it."""
    return sentence.in_language("en")


def _english_or_none(sentence: Message | None) -> str | None:
    return None if sentence is None else english(sentence)


def _battery(reading: BatteryReading) -> BatteryPart:
    voltage = None if reading.voltage is None else _value(reading.voltage)
    return BatteryPart(
        voltage, tuple(_value(witness) for witness in reading.witnesses), _english_or_none(reading.agreement)
    )


def _value(reading: Reading[float]) -> Value:
    return Value(reading.value, reading.unit, reading.uncertainty, english(reading.source), reading.time)


def _radio(reading: RadioReading) -> RadioPart:
    return RadioPart(
        reading.power, reading.lock, english(reading.source), reading.confidence, reading.reachable
    )


def _module(result: ModuleResult) -> ModulePart:
    return ModulePart(
        result.name,
        hex_id(result.address.request_id),
        hex_id(result.address.response_id),
        result.verdict,
        _english_or_none(result.reason),
        tuple(_fault_code(code) for code in result.fault_codes),
        tuple(_service(service) for service in result.services),
    )


def _fault_code(code: FaultCode) -> FaultCodePart:
    return FaultCodePart(code.code, code.status, code.service, code.raw, code.text)


def _service(service: ServiceResult) -> ServicePart:
    return ServicePart(service.service, service.verdict, _english_or_none(service.reason))
