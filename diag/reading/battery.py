"""Read the battery voltage from several witnesses, each with its doubt, and compare them."""

from __future__ import annotations

from collections.abc import Sequence

from diag.i18n import Message, message
from diag.link import Exchange, Link, Outcome, SupplySample
from diag.model import Comparison, Ignition, Reading, compare
from diag.reading.asking import ask as ask_once
from diag.reading.ignition import has_supply
from diag.reading.listening import Heard, HeardFrame
from diag.reading.result import BatteryReading
from diag.reading.sources import at_capture_time, source_of
from diag.text import bilingual, voltage_text
from diag.vehicle.profile import Limit, ModuleFact, Profile, VoltageSource

#: The limit of a profile beyond which two witnesses do not measure the same thing.
_FAR_APART = "witnesses_differ_v"
#: The limits below which the radio may be blocked, and below which nobody should begin to work on it.
_AUDIO, _RADIO_WORK = "audio_min_v", "code_entry_min_v"
#: Recorded values further apart in time than this are no witnesses of each other.
_SAME_MOMENT_S = 10.0


def interpret(profile: Profile, readings: Sequence[Reading[float]]) -> BatteryReading:
    """Take the first plausible reading as the voltage and compare all of them; order is the profile's."""
    if not readings:
        return BatteryReading(None)
    return BatteryReading(readings[0], tuple(readings), _agreement(readings, profile.limit(_FAR_APART).value))


def from_supply(source: VoltageSource, sample: SupplySample) -> Reading[float] | None:
    """Return what the adapter measured; half a step of its display is the least doubt."""
    if not _is_plausible(source, sample.voltage_v):
        return None
    doubt = _uncertainty(source, sample.voltage_v, max(source.volts, sample.step_v / 2))
    where = at_capture_time(bilingual(source.title.en, source.title.ru), sample.at_s)
    return Reading(sample.voltage_v, "V", where, sample.time, doubt, at_s=sample.at_s)


def from_exchange(source: VoltageSource, exchange: Exchange) -> Reading[float] | None:
    """Return the value in a module's positive answer; None for any other answer."""
    response = exchange.response
    if response.outcome is not Outcome.POSITIVE:
        return None
    value = _value(source, response.payload)
    if value is None:
        return None
    where = source_of(exchange.request.payload, response)
    return Reading(
        value, "V", where, response.time, _uncertainty(source, value, source.volts), at_s=response.at_s
    )


def from_frame(source: VoltageSource, heard: HeardFrame) -> Reading[float] | None:
    """Return the value in a frame."""
    value = _value(source, heard.frame.data)
    if value is None:
        return None
    where = at_capture_time(message("frame {frame}", frame=source.frame), heard.at_s)
    return Reading(value, "V", where, heard.time, _uncertainty(source, value, source.volts), at_s=heard.at_s)


def _value(source: VoltageSource, data: bytes) -> float | None:
    """Take the value out of a response or a frame; None where bytes are missing or it cannot be true."""
    taken = data[source.start : source.start + source.length]
    if len(taken) < source.length:
        return None
    raw = int.from_bytes(taken, "big")
    if source.mask:
        raw &= int(source.mask, 16)
    value = round(raw * source.factor, 6)
    return value if _is_plausible(source, value) else None


def _is_plausible(source: VoltageSource, value: float) -> bool:
    return source.minimum_v <= value <= source.maximum_v


def _uncertainty(source: VoltageSource, value: float, volts: float) -> float:
    return round(value * source.percent / 100 + volts, 3)


def ask(link: Link, profile: Profile, heard: Heard, ignition: Ignition) -> BatteryReading:
    """Ask every witness that the profile names, and compare them.

    A module without supply is not asked, and one that was silent is not asked again. Raises AdapterLost.
    """
    modules = {module.name: module for module in profile.modules}
    silent: set[str] = set()
    readings: list[Reading[float]] = []
    for source in profile.voltage_sources:
        reading = None
        if source.kind == "adapter":
            sample = link.supply().result()
            reading = from_supply(source, sample) if sample is not None else None
        elif source.kind == "frame":
            found = heard.fresh(int(source.frame, 16), 1.0)
            reading = from_frame(source, found) if found is not None else None
        elif source.module in modules and source.module not in silent:
            exchange = _ask_module(link, source, modules[source.module], ignition)
            if exchange is None or exchange.response.outcome is Outcome.SILENT:
                silent.add(source.module)
            else:
                reading = from_exchange(source, exchange)
        if reading is not None:
            readings.append(reading)
    return interpret(profile, readings)


def _ask_module(link: Link, source: VoltageSource, module: ModuleFact, ignition: Ignition) -> Exchange | None:
    if not has_supply(module.powered_from, ignition):
        return None
    return ask_once(link, bytes.fromhex(source.request), module.address)


def compare_with_limits(profile: Profile, voltage: Reading[float] | None) -> tuple[Message, ...]:
    """Say which limits of radio work the battery is below, and which it cannot be compared with.

    Where the lower limit alone leaves the question open, the higher one is not asked the same again.
    """
    if voltage is None:
        return ()
    audio, work = profile.limit(_AUDIO), profile.limit(_RADIO_WORK)
    blocked, unfit = compare(voltage, audio.value), compare(voltage, work.value)
    if blocked is Comparison.BELOW:
        return (_radio_may_be_blocked(voltage, audio),)
    notes = [_cannot_tell(voltage, audio)] if blocked is Comparison.CANNOT_TELL else []
    if unfit is Comparison.BELOW:
        notes.append(_too_low_for_radio_work(voltage, work))
    elif unfit is Comparison.CANNOT_TELL and not notes:
        notes.append(_cannot_tell(voltage, work))
    return tuple(notes)


def _radio_may_be_blocked(voltage: Reading[float], limit: Limit) -> Message:
    return message(
        "{voltage} is below {limit} V ({confidence}): the radio may be blocked; charge first",
        **_compared(voltage, limit),
    )


def _too_low_for_radio_work(voltage: Reading[float], limit: Limit) -> Message:
    return message(
        "{voltage} is below {limit} V ({confidence}): charge before working on the radio",
        **_compared(voltage, limit),
    )


def _cannot_tell(voltage: Reading[float], limit: Limit) -> Message:
    return message(
        "{voltage} against {limit} V ({confidence}): cannot tell with this adapter; "
        "measure at the battery posts",
        **_compared(voltage, limit),
    )


def _compared(voltage: Reading[float], limit: Limit) -> dict[str, object]:
    return {
        "voltage": voltage_text(voltage),
        "limit": limit.value,
        "confidence": limit.confidence.words,
    }


def _agreement(readings: Sequence[Reading[float]], far_apart_v: float) -> Message | None:
    """Compare the first witness with the one furthest from it: they agree, differ, or it cannot be told."""
    first, others = readings[0], [other for other in readings[1:] if _same_moment(readings[0], other)]
    if not others:
        return None
    furthest = max(others, key=lambda other: abs(other.value - first.value))
    apart = round(abs(furthest.value - first.value), 3)
    if apart > far_apart_v:
        return message(
            "{one} ({source_one}) and {two} ({source_two}) differ by more than {limit} V: "
            "use a multimeter to decide",
            one=voltage_text(first),
            source_one=first.source,
            two=voltage_text(furthest),
            source_two=furthest.source,
            limit=far_apart_v,
        )
    if apart <= (first.uncertainty or 0.0) + (furthest.uncertainty or 0.0):
        return message("the sources agree")
    return message("the sources differ by {volts} V: cannot tell which is right", volts=f"{apart:.2f}")


def _same_moment(one: Reading[float], other: Reading[float]) -> bool:
    if one.at_s is None or other.at_s is None:
        return one.at_s is other.at_s
    return abs(one.at_s - other.at_s) <= _SAME_MOMENT_S
