"""Say what to do next, and offer what there is to start with."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message as Event
from textual.widgets import OptionList

from diag.i18n import Message, message, tr
from tui.look import Tone
from tui.offers import WITHOUT_ADAPTER, Finder, Offer, Offers
from tui.screens.base import TerranoScreen
from tui.view import View, fitted
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line import Line
from tui.widgets.playback_line import playback_line

_NO_ADAPTER = Offer(WITHOUT_ADAPTER, message("Work without an adapter: nothing is measured"))


class StartScreen(TerranoScreen):
    """The first screen; a line is picked by its number, by Enter or by mouse."""

    class Chosen(Event):
        """Something to start with was picked."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    def __init__(self, find: Finder, url: str | None, look_again_s: float | None) -> None:
        super().__init__()
        self._look_again_s = look_again_s
        self._find = find
        self._url = url
        self._offers = Offers()
        self._numbers: dict[int, str] = {}
        self._urge: Message | None = None
        self._looked = False

    def body(self) -> ComposeResult:
        """Yield what to do next, and the offers."""
        yield Line(id="next")
        yield ChoiceList(id="offers")

    def on_mount(self) -> None:
        """Look for adapters again and again, since one may be plugged in."""
        if self._look_again_s is not None:
            self.set_interval(self._look_again_s, self._look)

    @work(thread=True, exclusive=True, exit_on_error=False, group="offers")
    def _look(self) -> None:
        if self.is_current:
            self.post_message(self._Found(self._find()))

    class _Found(Event):
        def __init__(self, offers: Offers) -> None:
            super().__init__()
            self.offers = offers

    def on_start_screen__found(self, event: _Found) -> None:
        """Take what was found, and show it."""
        self._offers = event.offers
        self.post_message(self.Shown())

    def url_for_scan(self) -> str | None:
        """Return the link that F2 uses: the one chosen, else the only adapter; None where it is unclear."""
        if self._url is not None:
            return self._url
        adapters = [offer for offer in self._offers.adapters or () if offer.refused is None]
        return adapters[0].url if len(adapters) == 1 else None

    def choose(self, url: str) -> None:
        """Remember the link that F2 uses from now on."""
        self._url = url
        self._urge = None

    def urge(self, sentence: Message) -> None:
        """Ask for a choice until one is made."""
        self._urge = sentence

    def pick(self, digit: int) -> None:
        """Choose the offer with this number."""
        if digit in self._numbers:
            self.query_one(ChoiceList).pick(self._numbers[digit])

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Chosen(event.option_id))

    def draw_body(self, view: View) -> None:
        """Draw the advice and the offers; the first look for adapters begins after the first paint."""
        if not self._looked:
            self._looked = True
            self.call_after_refresh(self._look)
        self.query_one("#next", Line).show(self._next(view))
        chooser = self.query_one(ChoiceList)
        chooser.show(self._lines(view, chooser.line_width))

    def _next(self, view: View) -> Content:
        url = self.url_for_scan()
        log = playback_line(view)
        if self._urge is not None:
            second = Content.assemble(view.glyph(Tone.WARN), " ", (str(self._urge), Tone.WARN))
        elif url is not None:
            second = Content.styled(tr("F2 reads: {link}", link=url), Tone.MUTED)
        else:
            second = Content.styled(tr("Or choose below: press its number."), Tone.MUTED)
        first = Content.styled(tr("Ignition ON, engine off, then F2."), f"bold {Tone.PLAIN}")
        title = Content.styled(tr("What to do next"), Tone.TITLE)
        return Content("\n").join([title, log if log.plain else first, second])

    def _lines(self, view: View, width: int) -> list[tuple[str | None, Content]]:
        self._numbers = {0: WITHOUT_ADAPTER}
        adapters = self._offers.adapters
        lines: list[tuple[str | None, Content]] = [_heading(tr("Adapters found"))]
        if adapters is None:
            lines.append(_remark(tr("looking")))
        elif self._offers.trouble is not None:
            lines.append(_remark(str(self._offers.trouble)))
        elif not adapters:
            lines.append(_remark(tr("none yet: plug one in, it appears here")))
        lines += [self._line(offer, view, width) for offer in adapters or ()]
        lines.append(self._line(_NO_ADAPTER, view, width, 0))
        if self._offers.captures:
            lines.append(_heading(tr("Logs")))
            lines += [self._line(offer, view, width) for offer in self._offers.captures]
        lines.append(_heading(tr("Practice on a simulated car")))
        lines += [self._line(offer, view, width) for offer in self._offers.practice]
        return lines

    def _line(self, offer: Offer, view: View, width: int, number: int | None = None) -> tuple[str, Content]:
        """Return the line of an offer; the first nine get a digit."""
        if number is None and len(self._numbers) < 10:
            number = len(self._numbers)
            self._numbers[number] = offer.url
        label = " " if number is None else str(number)
        text = str(offer.title)
        if offer.detail is not None:
            text += f"  {offer.detail}"
        content = Content.assemble((f" {label}  ", Tone.MUTED))
        if offer.refused is not None:
            content = content + view.glyph(Tone.WARN) + Content(" ")
            text += f": {offer.refused}"
        rest = width - content.cell_length
        return offer.url, content + Content(fitted(text, rest, view.symbols.ellipsis))


def _heading(text: str) -> tuple[None, Content]:
    return None, Content.styled(text, Tone.TITLE)


def _remark(text: str) -> tuple[None, Content]:
    return None, Content.styled(f"    {text}", Tone.MUTED)
