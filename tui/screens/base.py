"""Give every screen its frame: the header, the banner, the key bar, and drawing from a snapshot."""

from __future__ import annotations

from contextlib import suppress

from textual import on
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.message import Message as Event
from textual.screen import Screen
from textual.widgets import OptionList

from tui.view import View
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.status_header import StatusHeader


class TerranoScreen(Screen[None]):
    """A screen that is a function of the view it is given, at once and after every pull."""

    #: Whether Esc stops what runs before it goes back.
    runs_something = False

    class Shown(Event):
        """A screen came to the front or changed its size, and wants to be drawn."""

    def on_screen_resume(self) -> None:
        """Ask to be drawn as soon as the layout is known."""
        self.call_after_refresh(self.post_message, self.Shown())

    def on_resize(self) -> None:
        """Ask to be drawn in the new size."""
        self.call_after_refresh(self.post_message, self.Shown())

    @on(OptionList.OptionHighlighted)
    def _draw_what_is_highlighted(self) -> None:
        self.post_message(self.Shown())

    def compose(self) -> ComposeResult:
        """Put the screen's own body between header and key bar."""
        yield StatusHeader()
        yield Banner()
        yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """Yield the widgets of this screen."""
        raise NotImplementedError

    def draw(self, view: View) -> None:
        """Draw everything from `view`."""
        with suppress(NoMatches):  # a screen that is being taken down has lost its parts
            self.query_one(StatusHeader).show(view)
            self.query_one(Banner).draw(view)
            self.draw_body(view)
            self.query_one(KeyBar).draw(view)

    def draw_body(self, view: View) -> None:
        """Draw the widgets of this screen from `view`."""
        raise NotImplementedError

    def pick(self, digit: int) -> None:
        """Choose the entry with this number, where the screen has numbered entries."""
