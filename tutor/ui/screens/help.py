"""Help: the keys of the page below, each with one sentence.

What it lists is what acts there at this moment, read from the same bindings as the footer.
"""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tutor.ui.keys import KEYS, bind
from tutor.ui.screens.dialog import Dialog
from tutor.ui.widgets.keybar import live_bindings

KEY_WIDTH = 8


class HelpScreen(Dialog):
    """Explains the live keys of another screen."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("go", "dismiss", "close", show=False)]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self.lines = explained(about)

    def body(self) -> ComposeResult:
        """One line a key."""
        yield Static("Keys that act here", classes="strong gap")
        with VerticalScroll():
            yield Static(Content("\n").join(self.lines))


def explained(screen: Screen[Any]) -> list[Content]:
    """The live keys of `screen` with their sentences, in the footer's order."""
    lines = []
    for binding in live_bindings(screen):
        name = (binding.id or "").partition("-")[0]
        if binding.id == f"{name}-1" or "-" not in (binding.id or ""):
            key = KEYS.get(name)
            shown = binding.key_display or binding.key
            about = binding.tooltip or (key.about if key else binding.description)
            lines.append(Content.assemble((shown.ljust(KEY_WIDTH), "$accent"), about))
    return lines
