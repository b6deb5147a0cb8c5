"""One row of text with something at its left and something at its right end.

The head of every page is such a row: where you are, and how far.
"""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at both ends of `width` cells; the left one is cut when both are long."""
    room = max(0, width - right.cell_length - 1)
    left = left.truncate(room, ellipsis=True)
    blanks = max(1, width - left.cell_length - right.cell_length)
    return Content.assemble(left, " " * blanks, right)


def shortened(text: Content, room: int) -> Content:
    """`text` in at most `room` cells: its first words, and an ellipsis for the others."""
    if text.cell_length <= room:
        return text
    cut = text.truncate(room, ellipsis=True)
    words = cut.plain.rpartition(" ")[0].rstrip(" ·→,:")
    return cut[: len(words)] + " …" if len(words) > len(cut.plain) // 2 else cut


class Line(Widget):
    """A row whose two ends are set with `show`."""

    DEFAULT_CSS = "Line { height: 1; }"

    left: reactive[Content] = reactive(Content(""))
    right: reactive[Content] = reactive(Content(""))

    def show(self, left: Content | str, right: Content | str = "") -> None:
        """Put new text at both ends; a plain string is never read as markup."""
        self.left = Content(left) if isinstance(left, str) else left
        self.right = Content(right) if isinstance(right, str) else right

    def render(self) -> Content:
        """Spread the two ends over the row."""
        return spread(self.left, self.right, self.size.width)


class Head(Line):
    """The first row of a page."""
