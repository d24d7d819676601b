"""Load the profile of a car by its name or from a file, and refuse one that holds a wrong key or value."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from diag.errors import DatabaseError, InputNotFound, ProfileError, UsageError
from diag.i18n import message
from diag.resources import data_folder
from diag.vehicle.checking import check_limits, check_profile
from diag.vehicle.profile import Limit, Profile
from diag.vehicle.toml_reading import read_struct, refuse

_FOLDER = Path(__file__).parent / "profiles"
_COMMON_LIMITS = Path(__file__).parent / "limits.toml"

GENERIC = "generic-obd"


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of limits that hold for every car."""

    limits: tuple[Limit, ...]


@cache
def profile_names() -> tuple[str, ...]:
    """Return the names of the profiles that come with the product, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load_profile(name: str) -> Profile:
    """Load the profile called `name`, or the file `name` where it ends in `.toml`.

    Raises:
        UsageError: there is no profile of this name; the sentence lists those there are.
        InputNotFound: the file is not there.
        ProfileError: a wrong key or value, or no such DBC; the sentence names file and key.
    """
    if _is_file_name(name):
        return _load_file(_own_file(name))
    if name not in profile_names():
        raise UsageError(
            message("There is no car called “{name}”.", name=name),
            message(
                "Known cars: {names}. A file of your own: --profile PATH.toml",
                names=", ".join(profile_names()),
            ),
        )
    return _load_file(_FOLDER / f"{name}.toml")


def check_database(name: str) -> None:
    """Load the DBC of the profile `name` where that is a person's own file; those of the product are tested.

    Raises:
        UsageError, InputNotFound, ProfileError: as `load_profile` does.
        ProfileError: the DBC does not load strictly.
    """
    profile = load_profile(name)
    if not (_is_file_name(name) and profile.dbc):
        return
    from diag.vehicle.databases import load_database

    try:
        load_database(_database_file(profile, _own_file(name)) or profile.dbc)
    except DatabaseError as error:
        raise refuse(name, "dbc", error.what) from error


def read_profile(text: str, path: str) -> Profile:
    """Read a profile from `text`, the content of the file `path`; limits it lacks are the common ones.

    Raises:
        ProfileError: not TOML, or a wrong key or value; the sentence names file and key.
    """
    profile = read_struct(text, path, Profile)
    check_profile(profile, path)
    own = {limit.name for limit in profile.limits}
    missing = tuple(limit for limit in common_limits() if limit.name not in own)
    return msgspec.structs.replace(profile, limits=profile.limits + missing)


@cache
def common_limits() -> tuple[Limit, ...]:
    """Return the limits that hold for every car, unless its profile gives its own of the same name."""
    read = read_struct(_COMMON_LIMITS.read_text(encoding="utf-8"), _COMMON_LIMITS.name, _Limits)
    check_limits(read.limits, _COMMON_LIMITS.name)
    return read.limits


def _load_file(path: Path) -> Profile:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputNotFound(
            message("There is no car file {path}.", path=str(path)),
            message("Check the path, or name one of: {names}.", names=", ".join(profile_names())),
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            message("{path} is not a readable text file.", path=str(path)),
            message("A car file is a TOML file in UTF-8."),
        ) from error
    shown = path.name if path.parent == _FOLDER else str(path)
    profile = read_profile(text, shown)
    if profile.dbc and _database_file(profile, path) is None:
        raise refuse(shown, "dbc", message("there is no file {path}.", path=profile.dbc))
    return profile


def _database_file(profile: Profile, path: Path) -> Path | None:
    """Return where the DBC is that the profile in file `path` names: beside that file, else among ours."""
    places = (path.parent / Path(profile.dbc).expanduser(), data_folder("dbc") / profile.dbc)
    return next((place for place in places if place.is_file()), None)


def _is_file_name(name: str) -> bool:
    return name.lower().endswith(".toml")


def _own_file(name: str) -> Path:
    return Path(name).expanduser()
