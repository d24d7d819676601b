"""Collect what a technician may start with: adapters found, logs at hand, cars to practise on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diag.i18n import Message, literal, message

#: Beginnings of link URLs are words of the program, not of people.
WITHOUT_ADAPTER = "none:"
_CAPTURE_SUFFIXES = frozenset({".log", ".asc", ".blf", ".trc", ".csv", ".mf4"})
_MOST_CAPTURES = 5


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
    """All offers; `adapters` is None while they are being looked for."""

    adapters: tuple[Offer, ...] | None = None
    captures: tuple[Offer, ...] = ()
    practice: tuple[Offer, ...] = PRACTICE


Finder = Callable[[], Offers]


def find_offers() -> Offers:
    """Look for adapters and logs; takes up to some seconds, so it runs in a thread."""
    return Offers(adapters=_adapters(), captures=_captures())


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


def _captures() -> tuple[Offer, ...]:
    from diag.resources import data_folder

    folder = data_folder("captures")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _CAPTURE_SUFFIXES)
    return tuple(Offer(f"replay:{path}", literal(path.name)) for path in files[:_MOST_CAPTURES])
