"""Read the commands that change the car while it runs: turn the key, drop the supply, silence a module."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from diag.typed_data import convert

#: The fields of a command with what they take, for whoever wrote another one.
_KNOWN = (
    "ignition OFF|ACC|ON|START, supply cut|restore, supply_v 0-32, engine start|stop, latency_ms 0-10000, "
    "module NAME with silent true|false, state true"
)


class ControlCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One command; each field that is given is carried out, in this order.

    `supply_v` holds the supply until `supply: restore`, which also puts the battery back. `silent` needs
    `module`. `state` changes nothing.
    """

    ignition: Literal["OFF", "ACC", "ON", "START"] | None = None
    supply: Literal["cut", "restore"] | None = None
    supply_v: Annotated[float, msgspec.Meta(ge=0, le=32)] | None = None
    engine: Literal["start", "stop"] | None = None
    latency_ms: Annotated[float, msgspec.Meta(ge=0, le=10_000)] | None = None
    module: str | None = None
    silent: bool | None = None
    state: bool | None = None


def read_command(command: dict[str, Any], modules: tuple[str, ...]) -> ControlCommand:
    """Check a command; `modules` are the names that it may use.

    Raises:
        ValueError: it is empty, or has an unknown field or a wrong value; the text says which.
    """
    if not command:
        raise ValueError(f"empty command; known: {_KNOWN}")
    try:
        read = convert(command, ControlCommand)
    except msgspec.ValidationError as error:
        raise ValueError(f"{error}; known: {_KNOWN}") from error
    if (read.module is None) != (read.silent is None):
        raise ValueError("`module` and `silent` go together")
    if read.module is not None and read.module not in modules:
        raise ValueError(f"no module {read.module}; modules: {' '.join(modules)}")
    return read
