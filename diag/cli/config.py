"""`terrano config`: show the settings in force, and where each comes from."""

from __future__ import annotations

import argparse

from diag.cli.common import add_json_option, print_data, settings_of
from diag.i18n import tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings."""
    settings = settings_of(arguments)
    if arguments.json:
        from diag.report.documents import ConfigDocument, SettingPart, as_json

        rows = tuple(SettingPart(row.name, row.value, row.origin.in_language("en")) for row in settings.rows)
        print_data(as_json(ConfigDocument(home=settings.home_folder, file=settings.file, settings=rows)))
        return 0
    print_data(tr("home folder: {path}", path=settings.home_folder))
    print_data(tr("settings file: {path}", path=settings.file))
    for row in settings.rows:
        value = (
            "-" if row.value is None else str(row.value).lower() if isinstance(row.value, bool) else row.value
        )
        print_data(tr("{name} = {value}  ({origin})", name=row.name, value=value, origin=row.origin))
    return 0
