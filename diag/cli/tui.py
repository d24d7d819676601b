"""`terrano tui`, also `terrano` alone: the screens."""

from __future__ import annotations

import argparse

from diag.cli.common import add_link_option, settings_of
from diag.cli.screens import open_screens


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--link`."""
    add_link_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open the screens on the link given or set; without one the start screen offers what there is."""
    return open_screens(arguments, arguments.link or settings_of(arguments).link)
