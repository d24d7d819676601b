"""Collect what a technician may start with: adapters found, logs at hand, cars to practise on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diag.errors import TerranoError
from diag.i18n import Message, literal, message

#: Beginnings of link URLs are words of the program, not of people.
WITHOUT_ADAPTER = "none:"
_CAPTURE_SUFFIXES = frozenset({".log", ".asc", ".blf", ".trc", ".csv", ".mf4"})
_FOLDER = "captures"
_MOST_CAPTURES = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to start with: the link URL it opens, and what it is.

    `refused` says why the system refuses it and what to do, None where it can be opened.
    """

    url: str
    title: Message
    detail: Message | None = None
    refused: Message | None = None


PRACTICE: tuple[Offer, ...] = (
    Offer("sim:clarion-code", message("The radio asks for its code after a battery swap")),
    Offer("sim:healthy", message("A healthy car")),
    Offer("sim:faults", message("A car with fault codes")),
    Offer("sim:silent-module", message("A module that does not answer")),
    Offer("sim:low-voltage", message("A weak battery")),
    Offer("sim:clone-adapter", message("A bad copy of an adapter")),
    Offer("sim:wrong-can-pair", message("The radio sits on the other CAN pair")),
    Offer("sim:hostile", message("An adapter that tells lies")),
)


@dataclass(frozen=True, slots=True)
class Offers:
    """All offers; `adapters` is None while they are being looked for, `trouble` says why that failed."""

    adapters: tuple[Offer, ...] | None = None
    trouble: Message | None = None
    captures: tuple[Offer, ...] = ()
    practice: tuple[Offer, ...] = PRACTICE


Finder = Callable[[], Offers]


def find_offers(home: Path | None = None) -> Offers:
    """Look for adapters and logs, also in the folder `home`; some seconds long, so it runs in a thread."""
    logs = _captures(home)
    try:
        return Offers(_adapters(), captures=logs)
    except TerranoError as error:
        return Offers((), error.what, logs)
    except Exception:  # noqa: BLE001 - drivers of other makers: whatever they raise, the rest is offered
        _log.exception("the search for adapters failed")
        return Offers((), message("The search for adapters failed; name one with --link."), logs)


def _adapters() -> tuple[Offer, ...]:
    from diag.link.discovery import find_adapters

    return tuple(
        Offer(
            found.link,
            literal(found.name),
            detail=found.advice if found.usable else None,
            refused=None if found.usable else found.advice or message("the system refuses it"),
        )
        for found in find_adapters()
    )


def _captures(home: Path | None) -> tuple[Offer, ...]:
    """Return the technician's own logs, the newest first, then those that come with the product."""
    from diag.resources import data_folder

    own = sorted(_logs(home / _FOLDER), key=_changed, reverse=True) if home is not None else []
    given = sorted(_logs(data_folder(_FOLDER)))
    files = [*own[:_MOST_CAPTURES], *given[:_MOST_CAPTURES]]
    return tuple(Offer(f"replay:{path}", literal(path.name)) for path in files)


def _logs(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.rglob("*") if path.suffix.lower() in _CAPTURE_SUFFIXES]
    except OSError:
        _log.warning("the logs in %s cannot be listed", folder, exc_info=True)
        return []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # deleted meanwhile
        return 0.0
