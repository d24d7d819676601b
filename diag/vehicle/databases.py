"""Load a DBC file strictly, or say what is wrong in it and where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from diag.errors import DatabaseError, InputNotFound
from diag.i18n import Message, literal, message
from diag.resources import data_folder

if TYPE_CHECKING:
    from cantools.database.can import Database

_SYNTAX = re.compile(r"Invalid syntax at line (?P<line>\d+), column (?P<column>\d+)")
_OVERLAP = re.compile(
    r"The signals (?P<one>\S+) and (?P<two>\S+) are overlapping in message (?P<message>\S+)\."
)
_NO_ROOM = re.compile(r"The signal (?P<signal>\S+) does not fit in message (?P<message>\S+)\.")


def load_database(path: Path | str) -> Database:
    """Load the DBC at `path`; a bare file name that is not here is looked for among those of the product.

    Raises:
        InputNotFound: there is no such file.
        DatabaseError: it does not load strictly: not a DBC, or signals overlap or leave their message.
    """
    import cantools
    from cantools.database.can import Database
    from cantools.database.errors import Error

    file = _find(Path(path))
    try:
        database = cantools.database.load_file(file, database_format="dbc", strict=True)
    except OSError as error:
        raise _not_loaded(file, literal(str(error.strerror))) from error
    except Error as error:
        raise _not_loaded(file, _in_words(getattr(error, "e_dbc", None) or error)) from error
    assert isinstance(database, Database)
    return database


def _find(path: Path) -> Path:
    ours = data_folder("dbc") / path.name
    if path.exists():
        return path
    if path.name == str(path) and ours.is_file():
        return ours
    names = ", ".join(sorted(file.name for file in data_folder("dbc").glob("*.dbc")))
    raise InputNotFound(
        message("There is no file {path}.", path=str(path)),
        message("Check the path, or use one that comes with the product: {names}.", names=names),
    )


def _not_loaded(path: Path, reason: Message) -> DatabaseError:
    return DatabaseError(
        message("{path} does not load as a DBC: {reason}", path=str(path), reason=reason),
        message("Correct it in a DBC editor, or use another file; nothing is decoded with a doubtful one."),
    )


def _in_words(error: Exception) -> Message:
    """Say cantools' reason as a sentence; one it has never given before is passed on as it is."""
    from cantools.database.errors import Error

    reason = str(error)
    if found := _SYNTAX.search(reason):
        return message(
            "line {line}, column {column} is not DBC syntax.", line=found["line"], column=found["column"]
        )
    if found := _OVERLAP.search(reason):
        return message(
            "the signals {one} and {two} overlap in message {name}.",
            one=found["one"],
            two=found["two"],
            name=found["message"],
        )
    if found := _NO_ROOM.search(reason):
        return message(
            "the signal {signal} does not fit in message {name}.",
            signal=found["signal"],
            name=found["message"],
        )
    if reason.startswith("unused VAL_"):
        return message("a VAL_ line names a signal that no message of the file has.")
    if isinstance(error, Error):
        return literal(reason)
    # cantools tripped over a line that refers to what is not there, or over a number that is none
    return message("its lines contradict each other.")
