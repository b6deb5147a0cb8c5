"""A part of a page under its title: a rule above it, and from 100 columns on a frame around it.

The pane that has the focus shows it by its colour and by a heavier line.
"""

from __future__ import annotations

from textual.containers import Vertical
from textual.widget import Widget


class Pane(Vertical):
    """A titled part of a page."""

    DEFAULT_CSS = """
    Pane {
        height: auto;
        margin-bottom: 1;
        border-top: solid $rule;
        border-title-color: $foreground;
        border-title-style: bold;
        &:focus-within { border-top: heavy $accent; border-title-color: $accent; }
    }
    /* One that needs no title where there is little room. */
    Pane.bare, Pane.bare:focus-within { border-top: none; }
    """

    def __init__(
        self, title: str, *parts: Widget, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(*parts, id=id, classes=classes)
        self.border_title = title
