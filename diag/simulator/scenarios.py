"""Say what a scenario of the simulated car holds, and load it from its TOML file.

`scenarios/<name>.toml` holds what is special about a scenario. Its `car` names the family of the car, which
stands in `scenarios/base/<car>.toml`; each table of a scenario is laid over the table of the same name there.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from diag.errors import ConfigurationError, UsageError
from diag.i18n import message
from diag.model import Ignition
from diag.typed_data import convert

_FOLDER = Path(__file__).parent / "scenarios"
_CARS = _FOLDER / "base"


class CarFamily(StrEnum):
    """The families of cars that can be simulated; each value names a file of `scenarios/base/`."""

    F_ALPHA = "f-alpha"
    RENAULT = "renault"


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a scenario for people, in both languages."""

    en: str
    ru: str


class AdapterTraits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the adapter in front of the car behaves.

    `identity` is what `ATI` says, `latency_ms` the time each command takes, `quirks` names of faults that
    the ELM327 engine knows how to play.
    """

    kind: str = "elm327"
    identity: str = "ELM327 v1.5"
    latency_ms: float = 12.0
    quirks: tuple[str, ...] = ()


class BatterySetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The battery: volts at rest, lowest volts while cranking, volts while the alternator charges."""

    rest_v: float = 12.6
    crank_v: float = 10.4
    charging_v: float = 14.1


class FreezeFrame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the engine was doing when a fault code was stored."""

    rpm: float = 0.0
    coolant_c: float = 20.0
    speed_kmh: float = 0.0
    supply_v: float = 12.6


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One fault code in a module.

    `code` as SAE J2012 writes it; `failure_type` its third byte in hex; `state` one of `current` (present
    now), `past` (confirmed, not present now) and `pending` (seen once).
    """

    code: Annotated[str, msgspec.Meta(pattern="^[PCBU][0-3][0-9A-F]{3}$")]
    failure_type: Annotated[str, msgspec.Meta(pattern="^[0-9A-F]{2}$")] = "00"
    state: Literal["current", "past", "pending"] = "past"
    occurrences: int = 1
    freeze_frame: FreezeFrame | None = None


class ModuleSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One module: where it listens, when it has supply, what it speaks and what it remembers.

    `speaks` holds any of `obd`, `kwp`, `uds`. `on_bus` false puts it on the other pair of wires. `pending` is
    how many times it says "working" (NRC 78) before an answer. `refuses` maps the hex beginning of a request
    to an NRC in hex. `local_ids` (KWP 21), `identification` (KWP 1A) and `data_ids` (UDS 22) map hex ids to
    data in the words of `services/values.py`, as do `vehicle_information` (OBD-II 09) and, as a plain list,
    `obd_pids` (OBD-II 01). `needs_session`: fault codes are refused with NRC 22 until a session is open.
    """

    request_id: str
    response_id: str
    powered_from: Ignition
    speaks: tuple[Literal["obd", "kwp", "uds"], ...]
    on_bus: bool = True
    silent: bool = False
    needs_session: bool = False
    response_ms: float = 5.0
    pending: int = 0
    padding: str = "00"
    refuses: dict[str, str] = {}
    obd_pids: tuple[str, ...] = ()
    vehicle_information: dict[str, str] = {}
    local_ids: dict[str, str] = {}
    identification: dict[str, str] = {}
    data_ids: dict[str, str] = {}
    faults: tuple[Fault, ...] = ()


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A car in one state, with the adapter that stands in front of it.

    `broadcast_scale` stretches the periods of broadcast frames: 2 halves their number.
    """

    name: str
    title: Title
    car: CarFamily = CarFamily.F_ALPHA
    vin: str
    ignition: Ignition = Ignition.ON
    engine_running: bool = False
    odometer_km: int = 142_350
    coolant_c: float = 21.0
    broadcast_scale: float = 1.0
    radio_display: str = ""
    battery: BatterySetup = BatterySetup()
    adapter: AdapterTraits = AdapterTraits()
    modules: dict[str, ModuleSetup] = {}


class _ItsCar(msgspec.Struct, frozen=True):
    """What a scenario file says of its car, before the two are put together."""

    car: CarFamily = CarFamily.F_ALPHA


def scenario_names() -> tuple[str, ...]:
    """Return the names of the scenarios that travel with the product, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load_scenario(name: str) -> Scenario:
    """Load a scenario by name.

    Raises:
        UsageError: there is no scenario of this name; the advice lists those there are.
        ConfigurationError: its file has a wrong key or value.
    """
    names = scenario_names()
    if name not in names:
        raise UsageError(
            message("Unknown scenario: {name}", name=name or "-"),
            message("Scenarios: {names}", names=" ".join(names)),
        )
    path = _FOLDER / f"{name}.toml"
    special = _read(path)
    try:
        car = convert(special, _ItsCar).car
        table = _laid_over(_read(_CARS / f"{car}.toml"), special)
        return convert({"name": name, **table}, Scenario)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            message("{file}: {problem}", file=path.name, problem=str(error)),
            message("Correct this key of the scenario file."),
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            message("{file}: {problem}", file=path.name, problem=str(error)),
            message("Correct this line of the scenario file."),
        ) from error


def _laid_over(base: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in above.items():
        known = merged.get(key)
        merged[key] = (
            _laid_over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
        )
    return merged
