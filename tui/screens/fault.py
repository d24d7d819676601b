"""Show one module's fault codes: the sentence first, then code, status, service and raw bytes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from diag.i18n import current_language, message, tr
from diag.model import FaultCode, Verdict
from diag.text import status_words
from diag.vehicle.fault_texts import FaultTextFact, fault_text
from diag.vehicle.profile import FactConfidence
from tui.look import Tone
from tui.screens.base import TerranoScreen
from tui.snapshot import Snapshot
from tui.verdicts import advice, judge_by_name, verdict_words
from tui.view import View, duration, fitted
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line import Line

_CONFIDENCE = {
    FactConfidence.CONFIRMED: message("several sources agree"),
    FactConfidence.ONE_SOURCE: message("one source"),
    FactConfidence.INFERRED: message("concluded"),
    FactConfidence.DISPUTED: message("sources differ"),
}


class FaultScreen(TerranoScreen):
    """The codes above, the details of the highlighted one below."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module

    def body(self) -> ComposeResult:
        """Yield the verdict, the codes, and the details of one."""
        yield Line(id="verdict")
        yield ChoiceList(id="codes")
        with VerticalScroll(id="detail-area", can_focus=False):
            yield Line(id="detail")

    def draw_body(self, view: View) -> None:
        """Draw the module as it is known now."""
        result = view.snapshot.module(self._module)
        codes = result.fault_codes if result is not None else ()
        self.query_one("#verdict", Line).show(_verdict(view, self._module))
        chooser = self.query_one("#codes", ChoiceList)
        chooser.display = bool(codes)
        width = chooser.line_width
        chooser.show([(str(index), _row(view, code, index, width)) for index, code in enumerate(codes, 1)])
        chosen = int(chooser.highlighted_id or 1)
        detail = _code_detail(codes[chosen - 1]) if codes else Content("")
        meaning = None if codes else advice(view.snapshot, self._module)
        what_to_do = Content.styled("" if meaning is None else str(meaning), f"bold {Tone.PLAIN}")
        self.query_one("#detail", Line).show(
            _paragraphs(what_to_do, detail, _services(view.snapshot, self._module))
        )

    def pick(self, digit: int) -> None:
        """Highlight the code with this number."""
        chooser = self.query_one("#codes", ChoiceList)
        if 0 < digit <= chooser.option_count:
            chooser.pick(str(digit))


def _paragraphs(*contents: Content) -> Content:
    return Content("\n\n").join([content for content in contents if content.plain])


def _verdict(view: View, name: str) -> Content:
    judgement = judge_by_name(view.snapshot, name)
    fact = view.snapshot.fact(name)
    title = "" if fact is None else fact.title.ru if current_language() == "ru" else fact.title.en
    head = Content.assemble((f"{name}  {title}", Tone.TITLE), "\n")
    glyph = view.symbols.glyph(judgement.tone)
    words = Content.styled(f"{glyph} {judgement.word}", judgement.tone)
    result = view.snapshot.module(name)
    if result is not None and result.verdict is not Verdict.CODES and judgement.detail:
        words += Content(f": {judgement.detail}")
    return head + words + Content.styled(_when(view, name), Tone.MUTED)


def _when(view: View, name: str) -> str:
    """Return when the verdict was reached: the time of day, or the place in the log."""
    read = view.snapshot.read_time(name)
    if read is None:
        return ""
    if read.at_s is not None:
        return "   " + tr("read with the log at {seconds:.1f} s", seconds=read.at_s)
    time = f"{read.time:%H:%M:%S}"
    if view.is_cut_off:
        age = duration(view.age_s(read.time))
        return "   " + tr("read at {time}, {age} ago", time=time, age=age)
    return "   " + tr("read at {time}", time=time)


def _sentence(code: FaultCode) -> str:
    return code.text.in_language(current_language()) if code.text is not None else tr("no text known")


def _row(view: View, code: FaultCode, number: int, width: int) -> Content:
    label = fitted(code.code, 9, view.symbols.ellipsis)
    rest = fitted(_sentence(code), width - 13, view.symbols.ellipsis)
    return Content.assemble((f"{number:2d} ", Tone.MUTED), (label + " ", f"bold {Tone.FAULT}"), rest)


def _code_detail(code: FaultCode) -> Content:
    text = _sentence(code)
    if code.text is None:
        text += ". " + tr("Look the code up in the workshop manual of this car.")
    fact = fault_text(code.code)
    rows = [
        (tr("Code"), code.code),
        (tr("Status"), ", ".join(map(str, status_words(code.status))) or tr("not reported by this request")),
        *(_origin(fact) if fact is not None else ()),
        (tr("Request"), code.service),
        (tr("Bytes"), tr("{raw} (hexadecimal)", raw=code.raw)),
    ]
    return Content.assemble((text, f"bold {Tone.PLAIN}"), "\n") + _table(rows)


def _origin(fact: FaultTextFact) -> list[tuple[str, str]]:
    """Return likely causes, most likely first, and where the text is from."""
    language = current_language()
    causes = [cause.ru if language == "ru" else cause.en for cause in fact.causes]
    rows = [
        (tr("Likely") if not index else "", f"{index + 1}) {cause}") for index, cause in enumerate(causes)
    ]
    known = tr("{source} ({confidence})", source=fact.source, confidence=_CONFIDENCE[fact.confidence])
    return [*rows, (tr("Text from"), known)]


def _services(snapshot: Snapshot, name: str) -> Content:
    """Name what each request of the module gave, with the reason, and where the module is asked."""
    result, fact = snapshot.module(name), snapshot.fact(name)
    rows = []
    for service in result.services if result is not None else ():
        word, _ = verdict_words(service.verdict, len(service.fault_codes))
        reason = f": {service.reason}" if service.reason is not None else ""
        rows.append((tr("Request {service}", service=service.service), f"{word}{reason}"))
    address = result.address if result is not None else fact.address if fact is not None else None
    if address is not None:
        rows.append((tr("Address"), tr("{ids} (CAN ids, hexadecimal)", ids=address)))
    return _table(rows)


def _table(rows: list[tuple[str, str]]) -> Content:
    width = max((Content(name).cell_length for name, _ in rows), default=0) + 2
    lines = [Content.assemble((fitted(name, width, ""), Tone.MUTED), value) for name, value in rows]
    return Content("\n").join(lines)
