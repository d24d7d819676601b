"""Print a fault code in words, offline: `terrano explain P0562`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diag.cli.common import add_json_option, print_data
from diag.i18n import current_language, tr

if TYPE_CHECKING:
    import argparse

    from diag.vehicle.code_spelling import SpelledCode
    from diag.vehicle.fault_texts import FaultTextFact
    from diag.vehicle.profile import Text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the code and `--json`."""
    add_json_option(parser)
    parser.add_argument("code", metavar="CODE", help=tr("as P0562, U1000 or B1A15-11"))


def run(arguments: argparse.Namespace) -> int:
    """Print the text, the kind, likely causes and the source of one code; exit 0 also where no text is known.

    Raises:
        UsageError: what was typed is no fault code.
    """
    from diag.vehicle.code_spelling import read_code
    from diag.vehicle.fault_texts import fault_text

    spelled = read_code(arguments.code)
    fact = fault_text(spelled.code)
    if arguments.json:
        from diag.report.documents import as_json
        from diag.report.explain_document import explain_document

        print_data(as_json(explain_document(spelled.code, fact)))
        return 0
    lines = [
        _headline(spelled, fact),
        *_about_the_spelling(spelled, arguments.code),
        *_about_the_code(spelled),
    ]
    if fact is None:
        lines.append("  " + tr("the service manual of this car lists it, if the car has such a code"))
    else:
        lines += _about_the_fact(fact)
    print_data("\n".join(lines))
    return 0


def _headline(spelled: SpelledCode, fact: FaultTextFact | None) -> str:
    if fact is None:
        return tr("{code}: no text known", code=spelled.code)
    return f"{spelled.code}: {_in_language(fact.text)}"


def _about_the_spelling(spelled: SpelledCode, typed: str) -> list[str]:
    if not spelled.corrected:
        return []
    return [
        "  "
        + tr("“{typed}” was read as {code}: some letters only looked alike", typed=typed, code=spelled.code)
    ]


def _about_the_code(spelled: SpelledCode) -> list[str]:
    from diag.vehicle.code_meaning import definer_of, system_of
    from diag.vehicle.fault_texts import failure_type_words

    lines = [
        "  "
        + tr("{system}; {definer}", system=system_of(spelled.code), definer=definer_of(spelled.code).words)
    ]
    words = failure_type_words(spelled.code)
    if words is not None:
        lines.append("  " + tr("kind of failure: {words}", words=words.in_language(current_language())))
    elif spelled.code != spelled.base:
        lines.append("  " + tr("kind of failure {code}: no text known", code=spelled.code.partition("-")[2]))
    return lines


def _about_the_fact(fact: FaultTextFact) -> list[str]:
    lines = ["  " + tr("set by: {modules}", modules=", ".join(fact.where))]
    if fact.power_loss:
        lines.append("  " + tr("often left behind when the battery was disconnected or very low"))
    if fact.remark is not None:
        lines.append("  " + _in_language(fact.remark))
    if fact.causes:
        lines.append("  " + tr("likely causes:"))
        lines += [f"    {number}. {_in_language(cause)}" for number, cause in enumerate(fact.causes, start=1)]
    lines.append(
        "  " + tr("source: {source} ({confidence})", source=fact.source, confidence=_how_well_known(fact))
    )
    return lines


def _how_well_known(fact: FaultTextFact) -> str:
    from diag.vehicle.profile import FactConfidence

    return {
        FactConfidence.CONFIRMED: tr("several sources agree"),
        FactConfidence.ONE_SOURCE: tr("one source"),
        FactConfidence.INFERRED: tr("concluded, not looked up"),
        FactConfidence.DISPUTED: tr("sources differ"),
    }[fact.confidence]


def _in_language(text: Text) -> str:
    return text.ru if current_language() == "ru" else text.en
