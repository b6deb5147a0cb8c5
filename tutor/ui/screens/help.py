"""Help: the keys of the page below, each with one sentence.

What it lists is what acts there at this moment, read from the same bindings as the footer.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tutor.ui.keys import bind
from tutor.ui.screens.dialog import Dialog
from tutor.ui.widgets.clicks import SIGN_KEYS, clickable, for_key, key_under, press
from tutor.ui.widgets.keybar import live_bindings, printed

KEY_WIDTH = 8
WIDEST, AROUND = 66, 8  # cells of the box, and of its margins with the scroll bar
# `rate-2` and the like: the same as the first of its kind.
FURTHER = re.compile(r"-([2-9]|\d\d)$")
IN_A_FIELD = (
    ("letters", "Every letter, digit and sign is text here; tab makes them keys again."),
    ("← →", "Move in the text; home and end go to its ends."),
    ("^u ^k", "Delete all before the cursor, or behind it; ^w the word before it."),
)


class HelpScreen(Dialog):
    """Explains the live keys of another screen."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("go", "dismiss", "close", show=False)]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self.lines = explained(about, min(about.app.size.width, WIDEST) - AROUND)

    def body(self) -> ComposeResult:
        """One line a key."""
        yield Static("Keys that act here", classes="strong gap")
        with VerticalScroll():
            yield Static(Content("\n").join(self.lines))

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse, on the page below."""
        if key := key_under(event):
            self.action_dismiss()
            press(self.app, key)


def explained(screen: Screen[Any], width: int = WIDEST - AROUND) -> list[Content]:
    """The live keys of `screen` with their sentences, in the footer's order."""
    live = live_bindings(screen)
    told = [b for b in live if not FURTHER.search(b.id or "")]  # of a row of digits the first
    keys, rowed = {binding.key for binding in live}, {binding.key for binding in told}
    rows = [(_own(printed(b, live), b.key, rowed), b.tooltip or b.description, b.key) for b in told]
    if isinstance(screen.focused, Input):
        rows += [(key, about, "") for key, about in IN_A_FIELD]
    return [line for row in rows for line in _lines(*row, keys, width)]


def _own(printed: str, key: str, rowed: Collection[str]) -> str:
    """Of a pair of signs, as in `[ ]`, the key's own where the other one has a row of its own."""
    signs = {SIGN_KEYS.get(sign, ""): sign for sign in printed.split()}
    return signs[key] if key in signs and all(other in rowed for other in signs) else printed


def _lines(printed: str, about: str, key: str, live: Collection[str], width: int) -> list[Content]:
    """A printed key with its sentence, which goes on below its beginning; a click presses it."""
    first, *others = Content(about).wrap(width - KEY_WIDTH)
    gap = " " * (KEY_WIDTH - len(printed))
    return [
        clickable(printed, gap + first, key, live),
        *(for_key(" " * KEY_WIDTH + other, key) for other in others),
    ]
