"""Find the data that travels with the product: in the wheel under `diag/_data`, else in the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """Return the folder `dbc` or `captures`, wherever this copy of the product keeps it."""
    checkout = _PACKAGE.parent / name
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else checkout
