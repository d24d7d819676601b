"""`terrano schema NAME`: print the JSON Schema of a document."""

from __future__ import annotations

import argparse

from diag.cli.common import print_data
from diag.errors import UsageError
from diag.i18n import message, tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add NAME."""
    parser.add_argument(
        "name", metavar="NAME", help=tr("as in the schema of the document: scan, check, adapters ...")
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    import json

    from diag.report.documents import DOCUMENTS, json_schema

    if arguments.name not in DOCUMENTS:
        raise UsageError(
            message("There is no document called {name}.", name=arguments.name),
            message("Known documents: {names}", names=" ".join(DOCUMENTS)),
        )
    print_data(json.dumps(json_schema(arguments.name), indent=1, ensure_ascii=False))
    return 0
