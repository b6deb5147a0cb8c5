"""The small menu over a card: bury, suspend, flag, or take that back; and where the card is.

Up and down and enter, or the digit of the row.
"""

from __future__ import annotations

from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.deck.model import Source
from tutor.memory.model import CardState, EventKind
from tutor.ui.keys import bind, digits
from tutor.ui.screens.newest_size import NewestSize
from tutor.ui.widgets.keybar import KeyBar
from tutor.ui.widgets.menu import Menu, Row
from tutor.ui.widgets.too_small import TooSmall

AFTERWARDS: dict[EventKind, str] = {
    "bury": "Buried until tomorrow.",
    "suspend": "Suspended: Progress lists it, and x on its page brings it back.",
    "unsuspend": "It comes back when it is due.",
    "flag": "Flagged: Progress lists it under where you are weak.",
    "unflag": "No longer flagged.",
}


class MoreMenu(NewestSize, ModalScreen[EventKind | None]):
    """Returns the event that was chosen, or nothing."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("back", "close", "close"),
        *digits("digit", "take"),
    ]

    def __init__(self, state: CardState, source: Source) -> None:
        super().__init__()
        self.state = state
        self.source = source

    def compose(self) -> ComposeResult:
        """What can be done, and the place of the card."""
        place = f"\n{self.state.key}\n{self.source.file}:{self.source.line}"
        with Vertical(classes="dialog"):
            yield Static("This card", classes="strong gap")
            yield Menu(choices(self.state))
            yield Static(Content(place), classes="quiet")
            yield KeyBar()
        yield TooSmall()

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        self.dismiss(cast(EventKind, event.row.name))

    def action_take(self, digit: int) -> None:
        """Choose a row by its digit."""
        rows = self.query_one(Menu).rows
        if digit <= len(rows):
            self.dismiss(cast(EventKind, rows[digit - 1].name))

    def action_close(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def choices(state: CardState) -> tuple[Row, ...]:
    """What makes sense with a card in this state, numbered."""
    rows = [
        ("unsuspend", "Bring back", "ask it again when it is due")
        if state.suspended
        else ("suspend", "Suspend", "do not ask it any more"),
        ("unflag", "Unflag", "it was looked at")
        if state.flagged
        else ("flag", "Flag", "to look at it later"),
    ]
    if not state.suspended:
        rows.insert(0, ("bury", "Bury", "not today, ask again tomorrow"))
    return tuple(Row(*row, key=str(n)) for n, row in enumerate(rows, 1))
