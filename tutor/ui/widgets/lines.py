"""Lines of text that are set again and again, and mostly to what they are already."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static


class Lines(Static):
    """As many rows as its lines, which `show` sets."""

    _shown: Content | None = None

    def show(self, lines: Iterable[Content]) -> None:
        """Put lines in; unchanged ones are not sent to the terminal again."""
        text, before = Content("\n").join(lines), self._shown
        # Contents are equal when their characters are: the styles count too.
        if before is None or (before.plain, before.spans) != (text.plain, text.spans):
            self._shown = text
            moved = before is None or before.plain.count("\n") != text.plain.count("\n")
            self.update(text, layout=moved)
