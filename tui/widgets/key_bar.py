"""Print the keys at the foot of the screen, each one a button for the mouse."""

from __future__ import annotations

from textual.content import Content

from tui.actions import ACTIONS, Action, key_name
from tui.look import Tone
from tui.view import View
from tui.widgets.line import Line


class KeyBar(Line):
    """One line; labels shorten to the keys where they do not fit."""

    def draw(self, view: View) -> None:
        """Show the keys in the language in force."""
        self.show(key_bar(self.size.width or self.app.size.width))


def key_bar(width: int) -> Content:
    """Return the keys and as many labels as `width` cells hold, the first ones first."""
    shown = [action for action in ACTIONS if action.in_bar]
    labels = len(shown)
    while labels and _bar(shown, labels).cell_length > width:
        labels -= 1
    return _bar(shown, labels)


def _bar(actions: list[Action], labels: int) -> Content:
    parts = [
        Content.assemble(
            (f" {key_name(action.keys[0])} ", f"bold {Tone.PLAIN} on $panel"),
            f" {action.label} " if index < labels else "",
        ).stylize(f"@click=app.{action.name}")
        for index, action in enumerate(actions)
    ]
    return Content("").join(parts)
