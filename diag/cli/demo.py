"""`terrano demo`: the screens on a simulated car; without a terminal one scan of it."""

from __future__ import annotations

import argparse

from diag.cli.common import add_json_option
from diag.cli.scan import print_scan
from diag.cli.screens import has_terminal, open_screens

DEMO_URL = "sim:clarion-code"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--json`; the demo always shows the same car."""
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the car whose radio asks for its code after a battery swap."""
    if has_terminal() and not arguments.json:
        return open_screens(arguments, DEMO_URL)
    arguments.show_vin = False
    print_scan(arguments, DEMO_URL)
    return 0
