"""Shows Markdown in a measure of at most 72 columns, as one light widget.

Textual's own Markdown widget makes a widget a block; a card is laid out here at once instead.
"""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.widgets.prose_layout import Lines, layout

MEASURE = 72


class Prose(Widget):
    """A piece of Markdown; set `text` to show another one, `raw_math` to see the LaTeX."""

    DEFAULT_CSS = "Prose { height: auto; max-width: 72; }"

    text: reactive[str] = reactive("", layout=True)
    raw_math: reactive[bool] = reactive(False, layout=True)

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None):
        super().__init__(id=id, classes=classes)
        self.set_reactive(Prose.text, text)
        self._laid: tuple[tuple[str, int, bool], Lines] | None = None

    def lines(self, width: int) -> Lines:
        """The laid out lines, kept for the next call with the same width."""
        asked = (self.text, width, self.raw_math)
        if self._laid is None or self._laid[0] != asked:
            self._laid = asked, layout(self.text, width, raw_math=self.raw_math)
        return self._laid[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(self.lines(width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self.lines(self.size.width))
