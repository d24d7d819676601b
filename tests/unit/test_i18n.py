"""Messages keep their sentence apart from its language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from diag.i18n import Message, literal, message, plural_message, tr, use_language

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"message": None, "tr": None, "plural_message": (1, 2)}


def extracted() -> set[tuple[str, ...]]:
    """Every sentence that the source asks the catalogue for; plural ones as (singular, plural)."""
    found: set[tuple[str, ...]] = set()
    for folder in ("diag", "tui"):
        for _, _, msgid, _, _ in extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS):
            found.add(tuple(msgid) if isinstance(msgid, tuple | list) else (msgid,))
    return found


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


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_sentence_of_the_source_is_in_the_catalogue(language: str):
    with (ROOT / "diag" / "locale" / language / "LC_MESSAGES" / "terrano.po").open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    known = {
        entry.id if isinstance(entry.id, tuple) else (entry.id,): entry for entry in catalogue if entry.id
    }
    missing = sorted(extracted() - set(known))
    assert missing == []
    if language == "ru":
        empty = [ids for ids, entry in known.items() if not all(_forms(entry.string)) or entry.fuzzy]
        assert empty == []


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


def test_every_russian_sentence_keeps_the_fields_of_the_english_one():
    with (ROOT / "diag" / "locale" / "ru" / "LC_MESSAGES" / "terrano.po").open("rb") as stream:
        catalogue = read_po(stream, locale="ru")
    for entry in catalogue:
        if not entry.id:
            continue
        english = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        wanted = _fields(english[-1])
        for form in _forms(entry.string):
            assert _fields(form) == wanted, english


def _fields(template: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_messages_are_made_from_literals_only():
    """A sentence that is not a literal never reaches the translator."""
    offenders = []
    for path in [*ROOT.glob("diag/**/*.py"), *ROOT.glob("tui/**/*.py")]:
        if path.name == "i18n.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                first = node.args[0] if node.args else None
                if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert offenders == []


def test_tr_translates_at_once():
    assert tr("{n} V", n=12) == "12 V"
    assert isinstance(message("x"), Message)
