"""Hold sentences for people apart from their language, and translate them when they are shown.

A `Message` is a catalogue id (the English sentence with `{name}` fields) and its parameters. Code makes
messages with `message(...)` and never translates early, so one error can be shown in Russian on a screen and
stand in English in a document.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

DOMAIN = "terrano"
LANGUAGES = ("en", "ru")


class _Current:
    """The language in force for this process."""

    language = "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    from pathlib import Path

    return gettext.translation(DOMAIN, Path(__file__).parent / "locale", [language], fallback=True)


def use_language(language: str) -> None:
    """Make `language` (`en` or `ru`) the one that messages are shown in.

    Raises:
        ValueError: the language is not one of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    _Current.language = language


def current_language() -> str:
    """Return the language in force: `en` or `ru`."""
    return _Current.language


def language_of_environment() -> str:
    """Return the language that the locale variables of POSIX ask for, `en` where they ask for neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "ru" if value.lower().startswith("ru") else "en"
    return "en"


class Message:
    """One sentence for a person: a catalogue id with `{name}` fields, and the values of those fields.

    `plural` and `count` choose the form of the language (Russian has three). Parameters that are messages
    themselves are translated with it. It is never changed after it was made.
    """

    __slots__ = ("count", "msgid", "params", "plural")

    def __init__(
        self, msgid: str, params: dict[str, Any] | None = None, plural: str | None = None, count: int = 0
    ) -> None:
        self.msgid = msgid
        self.params = params or {}
        self.plural = plural
        self.count = count

    def in_language(self, language: str) -> str:
        """Return the sentence in `language`."""
        catalogue = _catalogue(language)
        if self.plural is None:
            template = catalogue.gettext(self.msgid) if self.msgid else ""
        else:
            template = catalogue.ngettext(self.msgid, self.plural, self.count)
        if not self.params:
            return template
        shown = {
            name: value.in_language(language) if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        return template.format(**shown)

    def __str__(self) -> str:
        return self.in_language(current_language())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self._facts() == other._facts()

    def __hash__(self) -> int:
        return hash((self.msgid, self.plural, self.count))

    def __repr__(self) -> str:
        return f"Message({self.in_language('en')!r})"

    def _facts(self) -> tuple[object, ...]:
        return self.msgid, self.params, self.plural, self.count


def message(msgid: str, /, **params: Any) -> Message:
    """Make a message; `msgid` is found by the catalogue extractor, so it must be a literal.

    A sentence with literal braces and no parameters is kept as it is.
    """
    return Message(msgid, params)


def plural_message(singular: str, plural: str, /, count: int, **params: Any) -> Message:
    """Make a message whose form depends on `count`, which is also its field `{count}`."""
    return Message(singular, {"count": count, **params}, plural, count)


def literal(text: str) -> Message:
    """Wrap text that no language changes (an adapter's own words, a name) as a message."""
    return Message("{text}", {"text": text})


def tr(msgid: str, /, **params: Any) -> str:
    """Translate a literal sentence now, into the language in force."""
    return str(Message(msgid, params))
