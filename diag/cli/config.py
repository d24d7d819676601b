"""`terrano config`: show the settings in force, and where each comes from."""

from __future__ import annotations

import argparse

from diag.cli.common import add_json_option, print_data, settings_of
from diag.config import Settings, SettingValue
from diag.i18n import tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings, then refuse them where the car that is set is none.

    Raises:
        UsageError, InputNotFound, ProfileError: there is no such car, or its file is wrong.
    """
    settings = settings_of(arguments)
    if arguments.json:
        _print_document(settings)
    else:
        _print_lines(settings)
    if settings.profile is not None:
        from diag.vehicle.loading import check_database

        check_database(settings.profile)
    return 0


def _print_document(settings: Settings) -> None:
    from diag.report.documents import ConfigDocument, SettingPart, as_json

    rows = tuple(SettingPart(row.name, row.value, row.origin.in_language("en")) for row in settings.rows)
    print_data(as_json(ConfigDocument(home=settings.home_folder, file=settings.file, settings=rows)))


def _print_lines(settings: Settings) -> None:
    print_data(tr("home folder: {path}", path=settings.home_folder))
    print_data(tr("settings file: {path}", path=settings.file))
    for row in settings.rows:
        print_data(
            tr("{name} = {value}  ({origin})", name=row.name, value=_shown(row.value), origin=row.origin)
        )


def _shown(value: SettingValue) -> str:
    """Return a value as the settings file has it; a dash where there is none."""
    if value is None:
        return "-"
    return value if isinstance(value, str) else str(value).lower()
