"""Messages keep their sentence apart from its language."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from diag.i18n import LANGUAGES, Message, literal, message, plural_message, tr, use_language

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"message": None, "tr": None, "plural_message": (1, 2)}


def calls():
    """Every call that makes a sentence, with the place it stands at."""
    for path in [*ROOT.glob("diag/**/*.py"), *ROOT.glob("tui/**/*.py")]:
        if path.name == "i18n.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def written() -> dict[tuple[str, ...], str]:
    """Every sentence of the source, plural ones as (singular, plural), with a place it stands at."""
    found = {}
    for place, node in calls():
        sentences = node.args[: 2 if node.func.id == "plural_message" else 1]
        found[tuple(each.value for each in sentences if isinstance(each, ast.Constant))] = place
    return found


def extracted() -> set[tuple[str, ...]]:
    """Every sentence that Babel's extractor finds."""
    found: set[tuple[str, ...]] = set()
    for folder in ("diag", "tui"):
        for _, _, msgid, _, _ in extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS):
            found.add(tuple(msgid) if isinstance(msgid, tuple | list) else (msgid,))
    return found


def entries(language: str):
    with (ROOT / "diag" / "locale" / language / "LC_MESSAGES" / "terrano.po").open("rb") as stream:
        return [entry for entry in read_po(stream, locale=language) if entry.id]


def _ids(entry) -> tuple[str, ...]:
    return entry.id if isinstance(entry.id, tuple) else (entry.id,)


def _forms(entry) -> tuple[str, ...]:
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def _fields(template: str) -> set[tuple[str | None, ...]]:
    parsed = string.Formatter().parse(template)
    return {(name, spec, conversion) for _, name, spec, conversion in parsed if name}


def test_a_message_fills_its_fields_in_the_language_asked_for():
    assert message("timeout {seconds:.1f} s", seconds=1).in_language("en") == "timeout 1.0 s"


def test_a_message_inside_a_message_is_translated_with_it():
    outer = message("{what}: {why}", what=literal("ECM"), why=literal("silent"))
    assert str(outer) == "ECM: silent"


def test_braces_of_foreign_text_are_kept():
    assert str(literal("{oops} 100 %")) == "{oops} 100 %"


def test_plural_messages_follow_the_count():
    assert str(plural_message("{count} module", "{count} modules", 1)) == "1 module"
    assert str(plural_message("{count} module", "{count} modules", 5)) == "5 modules"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="tlh"):
        use_language("tlh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_every_sentence_of_the_source_and_no_other(language: str):
    known = {_ids(entry) for entry in entries(language)}
    sentences = written()
    assert {ids: place for ids, place in sentences.items() if ids not in known} == {}
    assert sorted(known - set(sentences)) == []


def test_the_extractor_finds_every_sentence_of_the_source():
    """A sentence inside an f-string is hidden from the extractor, and the next update would drop it."""
    found = extracted()
    assert {ids: place for ids, place in written().items() if ids not in found} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_fuzzy_and_no_form_of_a_plural_is_empty(language: str):
    doubtful = [entry.id for entry in entries(language) if entry.fuzzy]
    empty = [entry.id for entry in entries(language) if len(_ids(entry)) > 1 and not all(_forms(entry))]
    assert (doubtful, empty) == ([], [])


def test_every_sentence_is_said_in_russian():
    assert [entry.id for entry in entries("ru") if not all(_forms(entry))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_keeps_the_fields_of_the_english_sentence(language: str):
    for entry in entries(language):
        wanted = _fields(_ids(entry)[-1])
        for form in filter(None, _forms(entry)):
            assert _fields(form) == wanted, entry.id


def test_messages_are_made_from_literals_only():
    """A sentence that is not a literal never reaches the translator."""
    offenders = []
    for place, node in calls():
        first = node.args[0] if node.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            offenders.append(place)
    assert offenders == []


def test_tr_translates_at_once():
    assert tr("{n} V", n=12) == "12 V"
    assert isinstance(message("x"), Message)
