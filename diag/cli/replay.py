"""`terrano replay FILE`: the screens on a log."""

from __future__ import annotations

import argparse
from pathlib import Path

from diag.cli.screens import open_screens
from diag.errors import InputNotFound
from diag.i18n import message, tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add FILE."""
    parser.add_argument("file", metavar="FILE", help=tr("a log: candump, ASC or BLF"))


def run(arguments: argparse.Namespace) -> int:
    """Open the screens at the start of the capture."""
    if not Path(arguments.file).is_file():
        raise InputNotFound(
            message("There is no log file {path}.", path=arguments.file),
            message("Check the name and the folder."),
        )
    return open_screens(arguments, f"replay:{arguments.file}")
