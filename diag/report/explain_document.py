"""Write what is known of a fault code down as its document; texts are in both languages."""

from __future__ import annotations

from diag.model import Words
from diag.report.documents import ExplainDocument
from diag.vehicle.code_meaning import definer_of
from diag.vehicle.fault_texts import FaultTextFact, words_for
from diag.vehicle.profile import Text


def explain_document(code: str, fact: FaultTextFact | None) -> ExplainDocument:
    """Return the document of `code`; nothing is made up where `fact` is None."""
    return ExplainDocument(
        code=code,
        known=fact is not None,
        defined_by=definer_of(code).value,
        text=words_for(code),
        modules=fact.where if fact else (),
        causes=tuple(_words(cause) for cause in fact.causes) if fact else (),
        remark=_words(fact.remark) if fact and fact.remark else None,
        power_loss=fact.power_loss if fact else None,
        source=fact.source if fact else None,
        confidence=fact.confidence.value if fact else None,
    )


def _words(text: Text) -> Words:
    return Words(text.en, text.ru)
