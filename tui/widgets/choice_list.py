"""Let one of several numbered lines be picked: by digit, by arrows and Enter, or by mouse."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.plain import in_ascii

#: Cells that the style sheet leaves free at both sides of a line.
_PADDING = 2


class ChoiceList(OptionList):
    """A list whose lines may be drawn anew at any time; the highlighted one stays where it was.

    A line without an id is a heading: it cannot be picked.
    """

    _shown: tuple[tuple[str | None, str, object], ...] = ()

    def show(self, lines: list[tuple[str | None, Content]]) -> None:
        """Show `lines` of (id, text), changing only what differs."""
        if self.app.has_class("-ascii"):
            lines = [(name, in_ascii(content)) for name, content in lines]
        wanted = tuple((name, content.plain, content.spans) for name, content in lines)
        if wanted == self._shown:
            return
        if [name for name, _, _ in wanted] == [name for name, _, _ in self._shown]:
            for index, (_, content) in enumerate(lines):
                if wanted[index] != self._shown[index]:
                    self.replace_option_prompt_at_index(index, content)
        else:
            self._replace_all(lines)
        self._shown = wanted

    def _replace_all(self, lines: list[tuple[str | None, Content]]) -> None:
        highlighted = self.highlighted_id
        was_first = highlighted == next((name for name, _, _ in self._shown if name is not None), None)
        self.set_options(Option(content, id=name, disabled=name is None) for name, content in lines)
        names = [name for name, _ in lines]
        if highlighted in names and not was_first:
            self.highlighted = names.index(highlighted)
        elif any(names):
            self.highlighted = next(index for index, name in enumerate(names) if name is not None)

    @property
    def line_width(self) -> int:
        """Cells that one line may take."""
        return (self.scrollable_content_region.width or self.app.size.width) - _PADDING

    @property
    def highlighted_id(self) -> str | None:
        """The id of the highlighted line."""
        option = self.highlighted_option
        return option.id if option is not None else None

    def pick(self, name: str) -> None:
        """Highlight the line `name` and choose it, as Enter does."""
        self.highlighted = self.get_option_index(name)
        self.action_select()
