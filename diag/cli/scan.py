"""`terrano scan`: read battery, ignition, radio and every module's fault codes, once."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diag.cli.common import (
    add_json_option,
    add_link_option,
    clock_of,
    link_of,
    opened_link,
    print_data,
    say,
    settings_of,
)
from diag.i18n import Message, message, tr

if TYPE_CHECKING:
    from diag.reading.result import ScanResult
    from diag.vehicle.profile import ModuleFact


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--link`, `--json` and `--show-vin`."""
    add_link_option(parser)
    add_json_option(parser)
    parser.add_argument(
        "--show-vin", action="store_true", help=tr("the whole VIN instead of its last 4 characters")
    )


def run(arguments: argparse.Namespace) -> int:
    """Scan once and print the table or the document."""
    print_scan(arguments, link_of(arguments))
    return 0


def print_scan(arguments: argparse.Namespace, url: str) -> None:
    """Scan the car behind `url` once and print it."""
    result = _scan(arguments, url)
    if arguments.json:
        from diag.report.documents import as_json
        from diag.report.scan_document import scan_document

        print_data(as_json(scan_document(result, show_vin=arguments.show_vin)))
    else:
        from diag.report.terminal import print_scan_table

        print_scan_table(result, show_vin=arguments.show_vin, ascii_only=settings_of(arguments).ascii)


def _scan(arguments: argparse.Namespace, url: str) -> ScanResult:
    from diag.reading.scan import Unobserved, scan

    class Progress(Unobserved):
        """Say each step on the error output."""

        def step(self, sentence: Message) -> None:
            say(arguments, sentence)

        def asking(self, module: ModuleFact) -> None:
            say(arguments, message("Asking {module}", module=module.name))

    clock = clock_of(arguments)
    with opened_link(arguments, url, clock) as link:
        return scan(link, clock=clock, profile_name=settings_of(arguments).profile, observer=Progress())
