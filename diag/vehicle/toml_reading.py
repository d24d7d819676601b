"""Read a TOML text into a struct, and name file, place and key of whatever is wrong in it."""

from __future__ import annotations

import re
import tomllib
from typing import Any, TypeVar

import msgspec

from diag.errors import ProfileError
from diag.i18n import Message, literal, message
from diag.typed_data import convert

S = TypeVar("S", bound=msgspec.Struct)

_UNKNOWN_KEY = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING_KEY = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_WRONG_TYPE = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`")
_ROW = re.compile(r"(?P<table>\w+)\[(?P<index>\d+)\](?P<rest>.*)")
_WRONG_WORD = re.compile(r"Invalid enum value '(?P<word>[^']*)'")


def read_struct(text: str, path: str, kind: type[S]) -> S:
    """Read `text`, the content of the file `path`, as one struct of the type `kind`.

    Raises:
        ProfileError: not TOML, or a wrong key or value; the sentence names file, place and key.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(
            message("{path} is not valid TOML: {detail}.", path=path, detail=str(error)),
            message("Correct the line that is named; texts stand in double quotes."),
        ) from error
    try:
        return convert(document, kind)
    except msgspec.ValidationError as error:
        place, reason = _located(document, str(error))
        raise _wrong(path, place, reason) from error


def refuse(path: str, place: str, problem: Message) -> ProfileError:
    """Make the error for a value that reads well and means nothing; `place` as `modules.3 (ABS).session`."""
    return ProfileError(
        message("{path}, {place}: {problem}", path=path, place=place, problem=problem),
        message("Correct the value in this file."),
    )


def _wrong(path: str, place: str, reason: str) -> ProfileError:
    return ProfileError(
        message("{path}, {place}: {problem}", path=path, place=place, problem=_in_words(reason)),
        message("Correct this key in the file; the files that come with the product show every key."),
    )


def _located(document: dict[str, Any], detail: str) -> tuple[str, str]:
    """Return the place and the bare reason; msgspec counts rows from 0, people from 1 and by name."""
    reason, _, place = detail.partition(" - at ")
    place = place.strip("`").removeprefix("$").removeprefix(".")
    found = _ROW.fullmatch(place)
    if found is None:
        return place or _key_in(reason), reason
    index = int(found["index"])
    name = _named(document[found["table"]][index])
    return f"{found['table']}.{index + 1}{name}{found['rest']}", reason


def _named(row: object) -> str:
    if isinstance(row, dict):
        for key in ("name", "code", "frame"):
            if isinstance(row.get(key), str):
                return f" ({row[key]})"
    return ""


def _key_in(reason: str) -> str:
    found = _UNKNOWN_KEY.match(reason) or _MISSING_KEY.match(reason)
    return found["key"] if found else "?"


def _in_words(reason: str) -> Message:
    """Say msgspec's reason as a sentence; a reason it has never given before is passed on as it is."""
    if found := _UNKNOWN_KEY.match(reason):
        return message("the key “{key}” is not known.", key=found["key"])
    if found := _MISSING_KEY.match(reason):
        return message("the key “{key}” is missing.", key=found["key"])
    if found := _WRONG_TYPE.match(reason):
        return message(
            "{wanted} is needed here, and {got} stands there.",
            wanted=_type_in_words(found["wanted"]),
            got=_type_in_words(found["got"]),
        )
    if found := _WRONG_WORD.match(reason):
        return message("the word “{word}” is not one of those that may stand here.", word=found["word"])
    return literal(reason)


def _type_in_words(name: str) -> Message:
    words = {
        "str": message("a text"),
        "int": message("a whole number"),
        "float": message("a number"),
        "bool": message("true or false"),
        "array": message("a list"),
        "object": message("a table"),
    }
    return words.get(name, literal(name))
