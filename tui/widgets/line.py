"""Show a piece of text that is drawn again only when it changed."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui.plain import in_ascii


class Line(Static):
    """A text of one or more lines, given anew with every snapshot."""

    _shown: tuple[str, object] | None = None

    def show(self, content: Content) -> None:
        """Show `content`, unless it is shown already; empty content takes no room."""
        if self.app.has_class("-ascii"):
            content = in_ascii(content)
        wanted = (content.plain, content.spans)
        if wanted != self._shown:
            self._shown = wanted
            self.display = bool(content.plain)
            self.update(content)
