"""Take a link URL apart: `SCHEME:REST[?NAME=VALUE&...]`, as the command line writes it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from diag.errors import UsageError
from diag.i18n import message

SCHEMES = ("sim", "elm327", "can", "replay", "none")

_OPTIONS: dict[str, frozenset[str] | None] = {
    "sim": frozenset({"seed", "ignition"}),
    "elm327": frozenset({"baudrate"}),
    "can": None,
    "replay": frozenset({"at", "speed"}),
    "none": frozenset(),
}


@dataclass(frozen=True, slots=True)
class LinkUrl:
    """A link URL in parts: `target` is what follows the scheme, without the options."""

    text: str
    scheme: str
    target: str
    options: dict[str, str]

    def number(self, name: str, default: float) -> float:
        """Return a numeric option.

        Raises:
            UsageError: the value is no number.
        """
        text = self.options.get(name)
        if text is None:
            return default
        try:
            return float(text)
        except ValueError as error:
            raise UsageError(
                message("Link option {name}={text} is not a number.", name=name, text=text),
                message("Write it as in {name}=500000.", name=name),
            ) from error


def parse_link_url(text: str) -> LinkUrl:
    """Take `text` apart.

    Raises:
        UsageError: the scheme or an option is unknown.
    """
    scheme, colon, rest = text.partition(":")
    if not colon or scheme not in SCHEMES:
        raise UsageError(
            message("Unknown link: {text}", text=text),
            message(
                "A link begins with one of: {schemes}. Example: elm327:/dev/ttyUSB0",
                schemes=" ".join(f"{name}:" for name in SCHEMES),
            ),
        )
    target, mark, query = rest.rpartition("?")
    if not mark:
        target, query = rest, ""
    options = dict(parse_qsl(query, keep_blank_values=True))
    known = _OPTIONS[scheme]
    unknown = sorted(set(options) - known) if known is not None else []
    if unknown:
        raise UsageError(
            message("Link {text}: unknown option {name}.", text=text, name=unknown[0]),
            message(
                "Known options of {scheme}: {names}",
                scheme=scheme,
                names=" ".join(sorted(known or ())) or "-",
            ),
        )
    return LinkUrl(text, scheme, target, options)
