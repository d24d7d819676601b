"""Start the screens; the one file of the engine that knows them, and only when it is asked to."""

from __future__ import annotations

import argparse
import sys

from diag.cli.common import clock_of, settings_of
from diag.errors import UsageError
from diag.i18n import message


def has_terminal() -> bool:
    """Say whether there is a terminal to draw on."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_screens(arguments: argparse.Namespace, url: str | None) -> int:
    """Run the screens on a link, or on the start screen without one, and return the exit code.

    Raises:
        UsageError: there is no terminal, or no car of the name that `--profile` gives.
        InputNotFound, ProfileError: the file that `--profile` names is not there, or wrong.
    """
    if not has_terminal():
        raise UsageError(
            message("The screens need a terminal."),
            message("Without one, use `terrano scan --link URL`, with --json for a program."),
        )
    settings = settings_of(arguments)
    if settings.profile is not None:
        from diag.vehicle.loading import check_database

        check_database(settings.profile)
    from tui.app import run_app

    return run_app(
        url,
        ascii_only=settings.ascii,
        profile=settings.profile,
        clock=clock_of(arguments),
        language=settings.lang,
        home=settings.home,
    )
