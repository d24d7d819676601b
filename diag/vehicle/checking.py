"""Check what types cannot say of a profile: hex ids, requests, names that must exist, plausible numbers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from diag.i18n import message
from diag.model import Ignition
from diag.vehicle.toml_reading import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diag.vehicle.profile import (
        Fingerprint,
        IgnitionFrame,
        Limit,
        ModuleFact,
        Profile,
        RadioFrame,
        VoltageSource,
    )

_CAN_ID = re.compile(r"[0-7][0-9A-F]{2}")
_MODULE_ID = re.compile(r"7[0-9A-F]{2}")
#: The id of requests to everyone (ISO 15765-4): no module's own.
_EVERYONE_ID = "7DF"
_TWO_DIGITS = re.compile(r"[0-9A-F]{2}")
_LONGEST_REQUEST = 7
_VOLTAGE_KINDS = ("adapter", "request", "frame")
_WIRES = ("can", "can2")


def check_profile(profile: Profile, path: str) -> None:
    """Raise ProfileError, naming file and key, for the first thing in `profile` that means nothing."""
    _check_head(profile, path)
    _check_unique((module.name for module in profile.modules), "modules", path)
    _check_unique((source.name for source in profile.voltage_sources), "voltage_sources", path)
    names = {module.name for module in profile.modules}
    for number, module in enumerate(profile.modules, start=1):
        _check_module(module, f"modules.{number} ({module.name})", path)
    for number, source in enumerate(profile.voltage_sources, start=1):
        _check_voltage_source(source, f"voltage_sources.{number} ({source.name})", names, path)
    for number, ignition in enumerate(profile.ignition_frames, start=1):
        _check_ignition_frame(ignition, f"ignition_frames.{number} ({ignition.frame})", path)
    for number, radio in enumerate(profile.radio_frames, start=1):
        _check_radio_frame(radio, f"radio_frames.{number}", path)
    for name in profile.radio_modules:
        _check_known(name, names, "radio_modules", path)
    check_limits(profile.limits, path)
    for number, fingerprint in enumerate(profile.fingerprints, start=1):
        _check_fingerprint(fingerprint, f"fingerprints.{number}", path)


def check_limits(limits: tuple[Limit, ...], path: str) -> None:
    """Raise ProfileError where two limits have one name, or one is no number."""
    _check_unique((limit.name for limit in limits), "limits", path)
    for number, limit in enumerate(limits, start=1):
        _check_numbers((limit.value,), f"limits.{number} ({limit.name}).value", path)


def _check_head(profile: Profile, path: str) -> None:
    if not _TWO_DIGITS.fullmatch(profile.padding):
        raise refuse(path, "padding", message("two hexadecimal digits are needed, as in 00."))
    if profile.has_can and profile.bitrate <= 0:
        raise refuse(path, "bitrate", message("a bit rate above zero is needed, as in 500000."))
    if not profile.has_can and profile.why_no_can is None:
        raise refuse(path, "why_no_can", message("a car without CAN needs a sentence that says why."))
    if not profile.has_can and profile.modules:
        raise refuse(path, "modules", message("a car without CAN cannot have modules with CAN ids."))


def _check_unique(names: Iterable[str], place: str, path: str) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise refuse(path, place, message("the name “{name}” stands there twice.", name=name))
        seen.add(name)


def _check_numbers(numbers: Iterable[float], place: str, path: str) -> None:
    if not all(math.isfinite(number) for number in numbers):
        raise refuse(path, place, message("an ordinary number is needed, not nan or inf."))


def _check_known(name: str, names: set[str], place: str, path: str) -> None:
    if name not in names:
        raise refuse(path, place, message("there is no module called “{name}” in this file.", name=name))


def _check_id(text: str, place: str, path: str) -> None:
    if not _CAN_ID.fullmatch(text):
        raise refuse(
            path,
            place,
            message("“{text}” is not a CAN id: three capital hexadecimal digits, as in 60D.", text=text),
        )


def _check_module_id(text: str, place: str, path: str) -> None:
    """Refuse ids that are no module's: a request sent there would look like what modules tell each other."""
    if not _MODULE_ID.fullmatch(text) or text == _EVERYONE_ID:
        raise refuse(
            path,
            place,
            message("“{text}” is not the id of a module: 700 to 7FF but not 7DF, as in 7E0.", text=text),
        )


def _check_request(text: str, place: str, path: str) -> None:
    try:
        request = bytes.fromhex(text)
    except ValueError:
        request = b""
    if not 1 <= len(request) <= _LONGEST_REQUEST:
        raise refuse(
            path,
            place,
            message("“{text}” is not a request: 1 to 7 hexadecimal bytes, as in 19 02 FF.", text=text),
        )


def _check_module(module: ModuleFact, place: str, path: str) -> None:
    _check_module_id(module.request_id, f"{place}.request_id", path)
    _check_module_id(module.response_id, f"{place}.response_id", path)
    if module.request_id == module.response_id:
        raise refuse(
            path, f"{place}.response_id", message("a module cannot answer on the id it is asked on.")
        )
    if not module.fault_requests:
        raise refuse(path, f"{place}.fault_requests", message("at least one request is needed."))
    for key in ("fault_requests", "alternatives", "identity_requests"):
        for request in getattr(module, key):
            _check_request(request, f"{place}.{key}", path)
    if module.session:
        _check_request(module.session, f"{place}.session", path)
    if module.reached_by not in _WIRES:
        raise refuse(path, f"{place}.reached_by", message("only can and can2 may stand here."))
    if module.powered_from in (Ignition.START, Ignition.UNKNOWN):
        raise refuse(path, f"{place}.powered_from", message("only OFF, ACC and ON may stand here."))


def _check_voltage_source(source: VoltageSource, place: str, names: set[str], path: str) -> None:
    numbers = (source.factor, source.percent, source.volts, source.minimum_v, source.maximum_v)
    _check_numbers(numbers, place, path)
    if source.kind not in _VOLTAGE_KINDS:
        raise refuse(path, f"{place}.kind", message("only adapter, request and frame may stand here."))
    if source.kind == "request":
        _check_request(source.request, f"{place}.request", path)
        _check_known(source.module, names, f"{place}.module", path)
    if source.kind == "frame":
        _check_id(source.frame, f"{place}.frame", path)
    if source.mask:
        _check_mask(source.mask, source.length, f"{place}.mask", path)
    if source.start < 0 or not 1 <= source.length <= 4 or source.factor <= 0:
        raise refuse(path, place, message("start, length and factor do not describe a value."))
    if not 0 < source.minimum_v < source.maximum_v:
        raise refuse(path, f"{place}.minimum_v", message("the smallest voltage must be below the largest."))
    if source.percent < 0 or source.volts < 0 or source.percent + source.volts == 0:
        raise refuse(path, f"{place}.percent", message("an uncertainty above zero is needed."))


def _check_mask(mask: str, length: int, place: str, path: str) -> None:
    if not re.fullmatch(rf"[0-9A-F]{{{2 * length}}}", mask):
        raise refuse(path, place, message("the mask needs two hexadecimal digits for each byte."))


def _check_ignition_frame(ignition: IgnitionFrame, place: str, path: str) -> None:
    _check_id(ignition.frame, f"{place}.frame", path)
    _check_mask(ignition.mask, 1, f"{place}.mask", path)
    mask = int(ignition.mask, 16)
    for raw in ignition.values:
        if not _TWO_DIGITS.fullmatch(raw) or int(raw, 16) & ~mask:
            raise refuse(path, f"{place}.values", message("“{raw}” cannot be left after the mask.", raw=raw))
    if not ignition.values or not 0 <= ignition.start <= 7 or ignition.fresh_s <= 0:
        raise refuse(path, place, message("start, values and fresh_s do not describe a key position."))


def _check_radio_frame(radio: RadioFrame, place: str, path: str) -> None:
    _check_id(radio.frame, f"{place}.frame", path)
    if radio.fresh_s <= 0:
        raise refuse(path, f"{place}.fresh_s", message("a time above zero is needed."))


def _check_fingerprint(fingerprint: Fingerprint, place: str, path: str) -> None:
    if not fingerprint.vin_prefixes and not fingerprint.frames_present:
        raise refuse(path, place, message("VIN beginnings or frames are needed to recognise a car by."))
    for frame in (*fingerprint.frames_present, *fingerprint.frames_absent):
        _check_id(frame, place, path)
    for prefix in fingerprint.vin_prefixes:
        if not re.fullmatch(r"[0-9A-HJ-NPR-Z]{4,17}", prefix):
            raise refuse(
                path,
                f"{place}.vin_prefixes",
                message("“{prefix}” is not a VIN beginning of 4 to 17 characters.", prefix=prefix),
            )
