"""Take a link URL apart: `SCHEME:REST[?NAME=VALUE&...]`, as the command line writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from diag.errors import UsageError
from diag.i18n import Message, message

SCHEMES = ("sim", "elm327", "can", "replay", "none")

_OPTIONS: dict[str, frozenset[str] | None] = {
    "sim": frozenset({"seed", "ignition"}),
    "elm327": frozenset({"baudrate"}),
    "can": None,
    "replay": frozenset({"at", "speed"}),
    "none": frozenset(),
}

_WHOLE = re.compile(r"[1-9][0-9]{0,9}")
#: Options that are whole numbers above zero, and an example of each.
_WHOLE_NUMBERS = {
    "baudrate": "38400",
    "bitrate": "500000",
    "data_bitrate": "2000000",
    "tty_baudrate": "115200",
    "ttyBaudrate": "115200",
}
#: What the part after the scheme must name, by scheme: the sentence, and an example.
_NAMELESS = {
    "elm327": (message("Link {text} names no port.", text="elm327:"), "elm327:/dev/ttyUSB0"),
    "replay": (message("Link {text} names no file.", text="replay:"), "replay:drive.log"),
}
_EXAMPLES = {**_WHOLE_NUMBERS, "at": "12.5", "speed": "2"}


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
                message("Write it as in {example}.", example=f"{name}={_EXAMPLES.get(name, '500000')}"),
            ) from error


def parse_link_url(text: str) -> LinkUrl:
    """Take `text` apart.

    Raises:
        UsageError: the scheme or an option is unknown, the target is missing, or a number is none.
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
    url = LinkUrl(text, scheme, target, options)
    _check_target(url)
    _check_numbers(url)
    return url


def _check_target(url: LinkUrl) -> None:
    if url.scheme == "none" and url.target:
        raise UsageError(
            message("Link {text}: nothing may follow none:", text=url.text),
            message("Write it as in {example}.", example="none:"),
        )
    if url.scheme in _NAMELESS and not url.target:
        what, example = _NAMELESS[url.scheme]
        raise UsageError(what, message("Write it as in {example}.", example=example))


def _check_numbers(url: LinkUrl) -> None:
    for name, example in _WHOLE_NUMBERS.items():
        text = url.options.get(name)
        if text is not None and not _WHOLE.fullmatch(text):
            raise UsageError(
                message("Link option {name}={text} is not a whole number above zero.", name=name, text=text),
                message("Write it as in {example}.", example=f"{name}={example}"),
            )
    if url.scheme != "replay":
        return
    if url.options.get("at") != "end" and not 0 <= url.number("at", 0.0) < float("inf"):
        raise _no_time(url.text, message("at is seconds from the start, or end, as in at=12.5."))
    if not 0 < url.number("speed", 1.0) < float("inf"):
        raise _no_time(url.text, message("speed is a number above zero, as in speed=2."))


def _no_time(text: str, advice: Message) -> UsageError:
    return UsageError(message("Link {text}: this value cannot be.", text=text), advice)
