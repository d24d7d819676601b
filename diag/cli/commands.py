"""List the commands; each is a light module with `add_arguments(parser)` and `run(arguments) -> int`.

`run` finds, beside its own arguments, those of every command: `settings` (diag.config.Settings), `clock`,
`log` and `quiet`; diag/cli/common.py turns them into objects. What is heavy is imported inside `run`.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Protocol, cast

from diag.i18n import Message, message


class Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of this command alone."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit code."""
        ...


#: Commands in the order that `--help` lists them, each with one line for it.
COMMANDS: dict[str, Message] = {
    "tui": message("the screens (also without a command)"),
    "demo": message("the screens on a simulated car, no hardware needed"),
    "scan": message("battery, ignition, radio and every module's fault codes, once"),
    "adapters": message("adapters found, and the link URL to use for each"),
    "check": message("check the adapter: good, fair or poor, and why"),
    "simulate": message("run a simulated car on this machine"),
    "replay": message("the screens on a log"),
    "explain": message("a fault code in words, offline"),
    "schema": message("JSON Schema of a document"),
    "config": message("settings in force, and where each comes from"),
}


def load_command(name: str) -> Command:
    """Import the module of one command."""
    return cast("Command", import_module(f"diag.cli.{name}"))
