"""Put a module's verdict in a technician's words, with tone and advice; silence never reads as good."""

from __future__ import annotations

from dataclasses import dataclass

from diag.i18n import Message, message, plural_message
from diag.model import Ignition, Mode, ModuleResult, Verdict
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
    why = message("F2 asks it") if _nothing_asked(snapshot) else message("the scan did not get here")
    return Judgement(message("not asked"), Tone.MUTED, str(why))


def _nothing_asked(snapshot: Snapshot) -> bool:
    """Say whether no scan was begun yet, as when a log is only looked at."""
    return snapshot.playback is not None and not snapshot.modules and not snapshot.stopped


def advice(snapshot: Snapshot, name: str) -> Message | None:
    """Return what the verdict of the module `name` means and what to do; None where codes speak for it."""
    result = snapshot.module(name)
    if result is None:
        if snapshot.phase in (Phase.CONNECTING, Phase.SCANNING):
            return _COMES_LATER
        return _NOT_BEGUN if _nothing_asked(snapshot) else _NOT_REACHED
    if result.verdict is Verdict.NOT_ASKED:
        return _why_not_asked(snapshot, name)
    return _ADVICE.get(result.verdict)


_ADVICE: dict[Verdict, Message] = {
    Verdict.NONE: message("The module answered, and it reports no fault codes."),
    Verdict.REFUSED: message(
        "The module is alive, but it does not give its fault codes this way: nothing is known of them. "
        "Ask again (F2) with the ignition on and the engine off. "
        "If it still refuses, read it with the maker's tester."
    ),
    Verdict.NO_ANSWER: message(
        "The module was asked and said nothing: nothing is known of its fault codes. "
        "Check supply, fuse and plug of this module, or it is not fitted."
    ),
    Verdict.LOST: message(
        "An answer came, but not whole: nothing is known of the fault codes. "
        "Ask again (F2). If it stays: cable, adapter, battery."
    ),
    Verdict.NOT_FITTED: message("This car does not have this module. There is nothing to do."),
}
_COMES_LATER = message("The module is asked in its turn.")
_NOT_BEGUN = message("Nobody asked this module yet: nothing is known of its fault codes. F2 asks it.")
_NOT_REACHED = message(
    "The scan ended before this module: nothing is known of its fault codes. Ask again (F2)."
)


def _why_not_asked(snapshot: Snapshot, name: str) -> Message:
    from diag.reading.ignition import has_supply

    mode = snapshot.identity.mode if snapshot.identity is not None else None
    fact, key = snapshot.fact(name), snapshot.ignition
    position = key.value if key is not None else Ignition.UNKNOWN
    if fact is not None and not has_supply(fact.powered_from, position):
        return message(
            "The module has no supply with the key at {position}: nothing is known of its fault codes. "
            "Turn the key to {wanted}, engine off, and ask again (F2).",
            position=position,
            wanted=fact.powered_from,
        )
    if mode is Mode.REPLAY:
        return message(
            "The log holds no answer of this module up to here: nothing is known of its fault codes. "
            "Let it play on, or press End, then F2."
        )
    if mode is Mode.ASKED:
        return message(
            "Without an adapter nothing is asked: nothing is known of its fault codes. "
            "Plug an adapter in and choose it on the first screen."
        )
    return message(
        "Nothing was sent, for the reason above: nothing is known of its fault codes. "
        "Check the adapter (F3), or use another one."
    )
