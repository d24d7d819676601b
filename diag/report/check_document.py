"""Write an adapter check down as its document; sentences in it are English."""

from __future__ import annotations

from datetime import datetime

from diag.i18n import Message
from diag.link.check_report import AdapterCheck
from diag.report.documents import CheckDocument, LinkPart, StagePart
from diag.text import hex_id


def check_document(check: AdapterCheck, time: datetime) -> CheckDocument:
    """Return the document of a check that was made at `time`."""
    identity = check.identity
    return CheckDocument(
        mode=None if identity is None else identity.mode,
        time=time,
        link=LinkPart(
            check.url,
            None if identity is None else identity.adapter,
            None if identity is None else identity.protocol or None,
        ),
        verdict=check.verdict.value,
        latency_ms=latency_ms(check),
        errors=check.errors,
        stages=tuple(
            StagePart(stage.stage, stage.state.value, _english(stage.found), _english(stage.advice))
            for stage in check.stages
        ),
        switched_off=tuple(reason.in_language("en") for reason in check.switched_off),
        modules=tuple(hex_id(responder) for responder in check.responders),
    )


def latency_ms(check: AdapterCheck) -> float | None:
    """Return the median delay of an adapter command in milliseconds."""
    return None if check.latency_s is None else round(check.latency_s * 1000, 1)


def _english(sentence: Message | None) -> str | None:
    return None if sentence is None else sentence.in_language("en")
