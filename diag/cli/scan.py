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
    settings_of,
)
from diag.cli.progress import Progress, shown_progress
from diag.errors import AdapterError
from diag.i18n import Message, message, tr

if TYPE_CHECKING:
    from diag.model import ModuleResult
    from diag.reading.partial import ScanSoFar
    from diag.reading.result import ScanResult
    from diag.vehicle.profile import ModuleFact, Profile


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
    """Scan the car behind `url` once and print it.

    Raises:
        AdapterError: the adapter is not there, or was lost; what was read until then is printed.
    """
    from diag.vehicle.loading import check_database

    profile = settings_of(arguments).profile
    if profile is not None:
        check_database(profile)
    try:
        result = _scan(arguments, url)
    except _BrokenOff as broken_off:
        _print(arguments, broken_off.so_far)
        raise broken_off.error from broken_off
    _print(arguments, result)


def _print(arguments: argparse.Namespace, result: ScanResult) -> None:
    if arguments.json:
        from diag.report.documents import as_json
        from diag.report.scan_document import scan_document

        print_data(as_json(scan_document(result, show_vin=arguments.show_vin)))
    else:
        from diag.report.terminal import print_scan_table

        print_scan_table(result, show_vin=arguments.show_vin, ascii_only=settings_of(arguments).ascii)


class _BrokenOff(Exception):
    """The adapter was lost after something was read."""

    def __init__(self, error: AdapterError, so_far: ScanResult) -> None:
        super().__init__(error, so_far)
        self.error = error
        self.so_far = so_far


def _scan(arguments: argparse.Namespace, url: str) -> ScanResult:
    from diag.reading.scan import scan

    clock = clock_of(arguments)
    with shown_progress(arguments) as progress, opened_link(arguments, url, clock, progress.step) as link:
        observer = _observer(progress)
        try:
            return scan(link, clock=clock, profile_name=settings_of(arguments).profile, observer=observer)
        except AdapterError as error:
            so_far = observer.result(link.identity, clock.now(), error.what)
            if so_far is None:
                raise
            raise _BrokenOff(error, so_far) from error


def _observer(progress: Progress) -> ScanSoFar:
    """Return an observer that shows how far the scan is, and keeps what was read."""
    from diag.reading.partial import ScanSoFar

    class Shown(ScanSoFar):
        """Shows each step."""

        def step(self, sentence: Message) -> None:
            progress.step(sentence)

        def profile(self, profile: Profile, because: Message) -> None:
            super().profile(profile, because)
            progress.expect(len(profile.modules))

        def asking(self, module: ModuleFact) -> None:
            super().asking(module)
            progress.step(message("Asking {module}", module=module.name))

        def module(self, result: ModuleResult) -> None:
            super().module(result)
            progress.advance()

    return Shown()
