"""Choose the profile of the car at hand: named by the technician, told by the VIN, or told by the bus.

The name R51 decides nothing: it is used for two different cars.
"""

from __future__ import annotations

from dataclasses import dataclass

from diag.i18n import Message, message
from diag.text import bilingual
from diag.vehicle.loading import GENERIC, load_profile, profile_names
from diag.vehicle.profile import FactConfidence, Fingerprint, Profile

#: So many first characters of a VIN name the maker and the plant (ISO 3780).
_MAKER = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The profile that was chosen, and a sentence that says why, contradictions included."""

    profile: Profile
    because: Message


@dataclass(frozen=True, slots=True)
class _Match:
    profile: Profile
    fingerprint: Fingerprint

    @property
    def is_sure(self) -> bool:
        return self.fingerprint.confidence is FactConfidence.CONFIRMED


def choose_profile(vin: str | None, seen_ids: frozenset[int], named: str | None) -> Choice:
    """Choose a profile: `named` first, then `vin`, then the arbitration ids seen on the bus, else generic.

    Raises:
        UsageError: `named` is no profile; the sentence lists those there are.
        InputNotFound, ProfileError: `named` is a file that is not there or not right.
    """
    by_vin = _by_vin(vin) if vin else None
    by_bus = _by_bus(seen_ids)
    if named is not None:
        return _chosen_by_name(load_profile(named), vin, by_vin, by_bus)
    if by_vin is not None:
        return _chosen_by_vin(by_vin, by_bus)
    if by_bus is not None:
        return _chosen_by_bus(by_bus, vin)
    return Choice(load_profile(GENERIC), _why_not_recognised(vin, seen_ids))


def _by_vin(vin: str) -> _Match | None:
    """Return the profile with the longest VIN beginning that fits."""
    best: tuple[int, _Match] | None = None
    for match in _all_fingerprints():
        for prefix in match.fingerprint.vin_prefixes:
            if vin.upper().startswith(prefix) and (best is None or len(prefix) > best[0]):
                best = (len(prefix), match)
    return best[1] if best else None


def _by_bus(seen_ids: frozenset[int]) -> _Match | None:
    """Return the profile whose frames are there; of several the one that names most frames."""
    best: _Match | None = None
    for match in _all_fingerprints():
        fingerprint = match.fingerprint
        present = {int(frame, 16) for frame in fingerprint.frames_present}
        absent = {int(frame, 16) for frame in fingerprint.frames_absent}
        if not present or not present <= seen_ids or absent & seen_ids:
            continue
        if best is None or len(present) > len(best.fingerprint.frames_present):
            best = match
    return best


def _all_fingerprints() -> list[_Match]:
    profiles = [load_profile(name) for name in profile_names()]
    return [_Match(profile, fingerprint) for profile in profiles for fingerprint in profile.fingerprints]


def _title(profile: Profile) -> Message:
    return bilingual(profile.title.en, profile.title.ru)


def _chosen_by_name(
    profile: Profile, vin: str | None, by_vin: _Match | None, by_bus: _Match | None
) -> Choice:
    for other, witness in ((by_vin, message("the VIN")), (by_bus, message("the bus"))):
        if other is not None and other.profile.name != profile.name:
            return Choice(
                profile,
                message(
                    "chosen by hand, although {witness} looks like {other}",
                    witness=witness,
                    other=_title(other.profile),
                ),
            )
    known = {prefix[:_MAKER] for each in profile.fingerprints for prefix in each.vin_prefixes}
    if vin and known and vin[:_MAKER].upper() not in known:
        begins = vin[:_MAKER].upper()
        return Choice(
            profile,
            message("chosen by hand, although no known VIN of this car begins with {begins}", begins=begins),
        )
    return Choice(profile, message("chosen by hand"))


def _chosen_by_vin(by_vin: _Match, by_bus: _Match | None) -> Choice:
    if by_bus is None:
        return Choice(by_vin.profile, message("told by the VIN"))
    if by_bus.profile.name == by_vin.profile.name:
        return Choice(by_vin.profile, message("told by the VIN and by the frames on the bus"))
    return Choice(
        by_vin.profile,
        message(
            "told by the VIN, although the frames on the bus look like {other}: "
            "check which car this is, and name it with --profile",
            other=_title(by_bus.profile),
        ),
    )


def _chosen_by_bus(by_bus: _Match, vin: str | None) -> Choice:
    if not by_bus.is_sure:
        return Choice(
            by_bus.profile,
            message(
                "likely by the frames on the bus, which sister cars send too; name the car with --profile"
            ),
        )
    if vin:
        return Choice(by_bus.profile, message("told by the frames on the bus; the VIN names no known car"))
    return Choice(by_bus.profile, message("told by the frames on the bus; the VIN was not read"))


def _why_not_recognised(vin: str | None, seen_ids: frozenset[int]) -> Message:
    if vin and seen_ids:
        return message("not recognised by VIN or bus: only OBD-II is asked; name the car with --profile")
    if vin:
        return message("not recognised by its VIN: only OBD-II is asked; name the car with --profile")
    if seen_ids:
        return message(
            "not recognised by the bus, VIN not read: only OBD-II is asked; name the car with --profile"
        )
    return message(
        "not recognised: no VIN, no known frames; only OBD-II is asked; name the car with --profile"
    )
