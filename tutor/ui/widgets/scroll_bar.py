"""The bar beside what is scrolled: one cell of it is seen, the one before it stays blank.

So no word and no key ever touches a bar, whatever is scrolled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

THICKNESS = 2
"""The cells that a bar takes from what is scrolled: Textual's own default."""


class ApartBar(ScrollBarRender):
    """An upright bar in the last of its cells; one that lies is painted as Textual does."""

    @classmethod
    def render_bar(cls, *args: Any, **given: Any) -> Segments:
        """Rows of a blank and the bar; both take clicks."""
        if not given.get("vertical", True) or given.get("thickness") != THICKNESS:
            return super().render_bar(*args, **given)
        bar = super().render_bar(*args, **{**given, "thickness": 1})
        return Segments(_apart(bar.segments, Style(bgcolor=given.get("back_color"))))


def _apart(bar: list[Segment], ground: Style) -> Iterator[Segment]:
    """Each cell of the bar with a blank before it."""
    for cell in bar:
        yield Segment(" ", ground + Style(meta=cell.style.meta if cell.style else None))
        yield cell
        yield Segment.line()
