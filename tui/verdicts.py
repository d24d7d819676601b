"""Put a module's verdict in a technician's words, with its tone; silence never reads as good."""

from __future__ import annotations

from dataclasses import dataclass

from diag.i18n import Message, message, plural_message
from diag.model import ModuleResult, Verdict
from tui.look import Tone
from tui.snapshot import Phase, Snapshot

_WORDS: dict[Verdict, tuple[Message, Tone]] = {
    Verdict.NONE: (message("no fault codes (answered)"), Tone.OK),
    Verdict.REFUSED: (message("refused the request"), Tone.WARN),
    Verdict.NO_ANSWER: (message("no answer"), Tone.WARN),
    Verdict.LOST: (message("answer cut off"), Tone.WARN),
    Verdict.NOT_ASKED: (message("not asked"), Tone.MUTED),
    Verdict.NOT_FITTED: (message("not fitted"), Tone.MUTED),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What to say of a module: the word, its tone, and the reason or the codes."""

    word: Message
    tone: Tone
    detail: str = ""


def verdict_words(verdict: Verdict, codes: int) -> tuple[Message, Tone]:
    """Return the word and the tone of a verdict over `codes` fault codes."""
    if verdict is Verdict.CODES:
        return plural_message("{count} fault code", "{count} fault codes", codes), Tone.FAULT
    return _WORDS[verdict]


def judge(result: ModuleResult) -> Judgement:
    """Return the judgement of a module that is done."""
    word, tone = verdict_words(result.verdict, len(result.fault_codes))
    if result.verdict is Verdict.CODES:
        return Judgement(word, tone, " ".join(fault.code for fault in result.fault_codes))
    return Judgement(word, tone, str(result.reason) if result.reason is not None else "")


def judge_by_name(snapshot: Snapshot, name: str) -> Judgement:
    """Return the judgement of the module `name`, done or not."""
    result = snapshot.module(name)
    if result is not None:
        return judge(result)
    if snapshot.asking == name:
        return Judgement(message("asking"), Tone.TITLE)
    if snapshot.phase in (Phase.CONNECTING, Phase.SCANNING):
        return Judgement(message("waiting"), Tone.MUTED)
    return Judgement(message("not asked"), Tone.MUTED, str(message("the scan did not get here")))
