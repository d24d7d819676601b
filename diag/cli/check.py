"""`terrano check`: check the adapter stage by stage, and say what it is good for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from diag.cli.common import (
    add_json_option,
    add_link_option,
    clock_of,
    link_of,
    link_options,
    print_data,
    settings_of,
)
from diag.cli.progress import shown_progress
from diag.errors import ExitCode

if TYPE_CHECKING:
    from diag.link.check_report import AdapterCheck


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--link` and `--json`."""
    add_link_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the report; 69 where there was no adapter to report on."""
    from diag.link.checking import check_adapter

    clock = clock_of(arguments)
    with shown_progress(arguments) as progress, link_options(arguments, clock, progress.step) as options:
        check = check_adapter(link_of(arguments), options)
    if arguments.json:
        from diag.report.check_document import check_document
        from diag.report.documents import as_json

        print_data(as_json(check_document(check, clock.now())))
    else:
        from diag.report.terminal import print_check

        print_check(check, ascii_only=settings_of(arguments).ascii)
    return _exit_code(check)


def _exit_code(check: AdapterCheck) -> int:
    from diag.link.check_report import Stage, StageState

    absent = any(
        result.stage in {Stage.PORT, Stage.IDENTITY} and result.state is StageState.FAILED
        for result in check.stages
    )
    return ExitCode.NO_ADAPTER if absent else ExitCode.OK
