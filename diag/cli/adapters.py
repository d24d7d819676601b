"""`terrano adapters`: list the adapters found, and the link URL to use for each."""

from __future__ import annotations

import argparse

from diag.cli.common import add_json_option, print_data, settings_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the adapters; finding none is no error."""
    from diag.link.discovery import find_adapters
    from diag.report.documents import AdapterPart, AdaptersDocument, as_json

    found = find_adapters()
    document = AdaptersDocument(
        adapters=tuple(
            AdapterPart(
                adapter.name,
                adapter.kind,
                adapter.link,
                adapter.usable,
                None if adapter.advice is None else adapter.advice.in_language("en"),
            )
            for adapter in found
        )
    )
    if arguments.json:
        print_data(as_json(document))
        return 0
    from diag.report.terminal import print_adapters

    rows = [(adapter.name, adapter.link, adapter.usable, adapter.advice) for adapter in found]
    print_adapters(rows, ascii_only=settings_of(arguments).ascii)
    return 0
