"""Read the position of the key from the frames that carry it."""

from __future__ import annotations

from datetime import datetime

from diag.i18n import Message, message
from diag.model import Confidence, Ignition, Reading
from diag.reading.listening import Heard
from diag.reading.sources import at_capture_time
from diag.vehicle.profile import IgnitionFrame, Profile

_SUPPLY_ORDER = (Ignition.OFF, Ignition.ACC, Ignition.ON)


def interpret(profile: Profile, heard: Heard, now: datetime) -> Reading[Ignition]:
    """Return the key position of the first fresh frame that shows one, else "unknown" with the reason."""
    for fact in profile.ignition_frames:
        arbitration_id = int(fact.frame, 16)
        found = heard.fresh(arbitration_id, fact.fresh_s)
        position = _position(fact, found.frame.data) if found is not None else None
        if found is not None and position is not None:
            source = message("frame {frame}", frame=fact.frame)
            return Reading(position, "", at_capture_time(source, found.at_s), found.time, at_s=found.at_s)
    return Reading(Ignition.UNKNOWN, "", _why_unknown(profile, heard), now, confidence=Confidence.NONE)


def _position(fact: IgnitionFrame, data: bytes) -> Ignition | None:
    if fact.start >= len(data):
        return None
    return fact.values.get(f"{data[fact.start] & int(fact.mask, 16):02X}")


def _why_unknown(profile: Profile, heard: Heard) -> Message:
    if heard.why_not is not None:
        return heard.why_not
    if not heard.frames:
        return message("the bus is quiet")
    if not profile.ignition_frames:
        return message("no frame is known that shows the key of this car")
    return message("no fresh frame shows the key")


def has_supply(powered_from: Ignition, position: Ignition) -> bool:
    """Say whether a module has supply; an unknown key position never speaks against it."""
    if position is Ignition.UNKNOWN:
        return True
    present = Ignition.ON if position is Ignition.START else position
    needed = Ignition.ON if powered_from not in _SUPPLY_ORDER else powered_from
    return _SUPPLY_ORDER.index(present) >= _SUPPLY_ORDER.index(needed)
