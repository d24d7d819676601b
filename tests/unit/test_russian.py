"""The Russian of the screens: a technician's words, no English left over, forms of numbers, widths."""

from __future__ import annotations

import gettext
import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from diag.i18n import Message, message, plural_message, tr, use_language

_CATALOGUE = Path(__file__).resolve().parents[2] / "diag" / "locale" / "ru" / "LC_MESSAGES" / "terrano.po"

#: What is no word of a language: fields, commands, options, links, codes, what an adapter says.
_NOT_WORDS = re.compile(
    r"\{[^}]*\}"
    r"|`[^`]*`"
    r"|sudo [^)]*?(?:\$USER|500000)"
    r"|--[a-z0-9-]+"
    r"|\b(?:elm327|can|sim|replay|none):[^\s,;]*"
    r"|tcp:(?=ПОРТ)|(?<=ПУТЬ)\.toml|\bVAL_"
    r"|\b[PCBU][0-9A-F]{4}(?:-[0-9A-F]{2})?\b|\b(?:7E0|7FF|7DF|60D)\b|\b19 02 FF\b"
    r"|\bAT (?:FC|MA|RV|H1|(?=\{))"
    r"|\((?:NO DATA|UNABLE TO CONNECT|BUFFER FULL|STOPPED|FB ERROR|BUS ERROR|BUS BUSY|BUS OFF|CAN ERROR"
    r"|BUS INIT: ERROR|ACT ALERT|LP ALERT|LV RESET|ERR)"
)
#: Names that Russian keeps in Latin letters, and words that stand in files and commands exactly so.
_KEPT = re.compile(
    r"ACC|ASC|BLF|CAN|DBC|ELM327|End|Enter|Esc|F2|F3|F10|JSON|Nissan|OBD-II|OFF|ON|PID|Pathfinder|STN|Schema|TCP|TOML"
    r"|Terrano|UTF-8|VIN|Wi-Fi|Windows|candump|python-can|terrano"
    r"|P|C|B|U|A-F|adapter|request|frame|can|can2|start|length|factor|values|fresh_s|true|false|nan|inf|at|end|speed"
    r"|pty|tcp|scan|check|adapters"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9]+)*")
_FORBIDDEN = re.compile(
    r"инкремент|регулярн\w+ выражен|исключени|трейсбек|вердикт|профил|модул|захват|дамп|таймаут"
    r"|аккумулятор|\b(?:DTC|ECU|NRC|regex|traceback|exception)\b",
    re.IGNORECASE,
)


def _entries():
    with _CATALOGUE.open("rb") as stream:
        return [entry for entry in read_po(stream, locale="ru") if entry.id]


def _sentences() -> list[str]:
    return [
        form
        for entry in _entries()
        for form in (entry.string if isinstance(entry.string, tuple) else (entry.string,))
    ]


@cache
def _compiled() -> gettext.GNUTranslations:
    """The catalogue compiled from its source as it is now."""
    compiled = io.BytesIO()
    with _CATALOGUE.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale="ru"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _latin_words(sentence: str) -> set[str]:
    words = _LATIN.findall(_NOT_WORDS.sub(" ", sentence))
    return {word for word in words if not _KEPT.fullmatch(word)}


def test_no_english_is_left_in_a_russian_sentence():
    left = {sentence: words for sentence in _sentences() if (words := _latin_words(sentence))}
    assert left == {}


def test_an_english_word_in_a_russian_sentence_would_be_found():
    assert _latin_words("блок {module} silent, `terrano demo`, --link elm327:ПОРТ") == {"silent"}


def test_no_cyrillic_letter_hides_in_a_latin_word_or_the_other_way_round():
    mixed = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
    assert [sentence for sentence in _sentences() if mixed.search(sentence)] == []


def test_words_of_programmers_and_of_other_tools_are_not_used():
    assert [sentence for sentence in _sentences() if _FORBIDDEN.search(sentence)] == []


def test_units_are_written_in_russian():
    assert [sentence for sentence in _sentences() if re.search(r"[}\d] ?(?:V|s|ms|min|h)\b", sentence)] == []


def test_quotes_are_russian_ones():
    assert [sentence for sentence in _sentences() if re.search('[“”"]', sentence)] == []


def test_a_sentence_ends_as_the_english_one_ends():
    """A full stop or a colon that is lost or added shows where sentences are put together."""
    different = []
    for entry in _entries():
        english, russian = (each if isinstance(each, str) else each[-1] for each in (entry.id, entry.string))
        if (english[-1:] in ".:") != (russian[-1:] in ".:"):
            different.append(english)
    assert different == []


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("no fault codes (answered)", "ошибок нет (блок ответил)"),
        ("no answer", "не отвечает"),
        ("refused the request", "отказал в ответе"),
        ("answer cut off", "ответ оборвался"),
        ("not asked", "не опрашивался"),
        ("not fitted", "не установлен"),
        ("sources differ", "источники расходятся"),
    ],
)
def test_the_words_for_what_a_module_did_are_those_of_the_glossary(english: str, russian: str):
    assert _compiled().gettext(english) == russian


def test_power_loss_asks_whether_the_battery_was_disconnected():
    english = (
        "Power was lost (battery disconnected?). The radio may ask for a code. Do not enter anything yet."
    )
    assert _compiled().gettext(english).startswith("Питание пропадало — снимали клемму?")


@pytest.mark.parametrize(
    ("count", "russian"),
    [
        (0, "0 кодов ошибок"),
        (1, "1 код ошибки"),
        (2, "2 кода ошибки"),
        (4, "4 кода ошибки"),
        (5, "5 кодов ошибок"),
        (11, "11 кодов ошибок"),
        (12, "12 кодов ошибок"),
        (21, "21 код ошибки"),
        (22, "22 кода ошибки"),
    ],
)
def test_numbers_take_the_three_forms_of_russian(count: int, russian: str):
    forms = _compiled().ngettext("{count} fault code", "{count} fault codes", count)
    assert forms.format(count=count) == russian


@pytest.mark.parametrize(
    ("count", "russian"),
    [(1, "1 из 1 блока"), (2, "1 из 2 блоков"), (5, "1 из 5 блоков"), (21, "1 из 21 блока")],
)
def test_modules_done_are_counted_in_the_genitive(count: int, russian: str):
    forms = _compiled().ngettext("{done} of {count} module", "{done} of {count} modules", count)
    assert forms.format(done=1, count=count) == russian


def test_messages_speak_the_catalogue_as_it_is_now():
    """The compiled catalogue is built by an editable install, or by `pybabel compile` after an edit."""
    stale = []
    for entry in _entries():
        plural = entry.id[1] if isinstance(entry.id, tuple) else None
        singular = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        russian = entry.string[0] if isinstance(entry.string, tuple) else entry.string
        if Message(singular, None, plural, 1).in_language("ru") != russian:
            stale.append(singular)
    assert stale == [], "compile the catalogues: pybabel compile -D terrano -d diag/locale"


def test_a_message_changes_with_the_language_that_is_shown():
    volts, codes = (
        message("{value} V", value="12.6"),
        plural_message("{count} fault code", "{count} fault codes", 2),
    )
    use_language("ru")
    assert (str(volts), str(codes), tr("{count} min", count=3)) == ("12.6 В", "2 кода ошибки", "3 мин")
    assert volts.in_language("en") == "12.6 V"


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (
            26,
            ("no fault codes (answered)", "refused the request", "no answer", "answer cut off", "not asked"),
        ),
        (11, ("Port", "Identity", "Supply", "Protocol", "Modules")),
        (8, ("Help", "Scan", "Adapter", "Language", "Quit", "Back")),
        (14, ("NO LINK", "LIVE", "REPLAY", "REPLAY PRACTICE", "PRACTICE", "ASKED", "not read", "not seen")),
    ],
)
def test_words_in_columns_fit_their_column(room: int, words: tuple[str, ...]):
    """The columns of the module table, of the adapter check, of the key bar and of the header at 80 cells."""
    too_long = {word: russian for word in words if len(russian := _compiled().gettext(word)) > room}
    assert too_long == {}
