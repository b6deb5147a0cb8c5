"""What scrolls, and directly below its last line what belongs to it: a card and its ratings."""

from __future__ import annotations

from textual.containers import Vertical

BELOW = 2
"""Rows of what belongs to it, with the blank one above."""


class Stack(Vertical):
    """Holds a body that takes the rows it needs, as far as there are any, and its foot.

    hugs: the body does; else it takes all that there is.
    """

    def __init__(self, *, hugs: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hugs = hugs

    def on_resize(self) -> None:
        """The foot is always seen: what is longer scrolls above it."""
        if self.hugs:
            self.children[0].styles.max_height = max(1, self.size.height - BELOW)
