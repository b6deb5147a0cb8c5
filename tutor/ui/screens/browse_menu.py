"""The menu over the table of cards: what can be done with the ticked ones, and the day they get.

Up and down and enter, or the digit of the row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tutor.deck.model import MARKED
from tutor.session.acting import LONGEST_DAYS, Act, Acted, take_back
from tutor.session.card_rows import Row as Card
from tutor.session.learner import Learner
from tutor.text.numerals import plural
from tutor.ui.keys import bind, digits
from tutor.ui.screens.newest_size import NewestSize
from tutor.ui.widgets.field import Field, Value
from tutor.ui.widgets.keybar import KeyBar
from tutor.ui.widgets.menu import Menu, Row
from tutor.ui.widgets.too_small import TooSmall

ACTS: tuple[Act, ...] = get_args(Act)
_EPOCH = date(1970, 1, 1).toordinal()
_DAYS = re.compile(r"\d{1,6}")
# In the order of the menu; told of one card or of several.
AFTERWARDS: dict[str, str] = {
    "suspend": "suspended",
    "unsuspend": "brought back",
    "bury": "buried until tomorrow",
    "flag": "flagged",
    "unflag": "unflagged",
    "reset": "new again; the answers stay in your statistics",
    "set_due": "given that day",
}


def undone(learner: Learner, acts: list[Acted]) -> str:
    """Take the last act of a page back, whatever came after it, and say so. Raises DataError."""
    acted = acts.pop()
    told = f"{plural(acted.cards, 'card')} {AFTERWARDS[acted.kind]}"
    return f"Taken back{'' if take_back(learner, acted) else ' before'}: {told}."


class BrowseBox(NewestSize, ModalScreen[str]):
    """A box over the page, closed by escape with an empty result."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [bind("back", "close", "close")]

    def action_close(self) -> None:
        """Choose nothing."""
        self.dismiss("")


class ActMenu(BrowseBox):
    """Returns what was chosen: `study`, `drill`, `quiz`, or an act."""

    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [*digits("digit", "take")]

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self.cards = cards

    def compose(self) -> ComposeResult:
        """What can be done with these cards."""
        title = "This card" if len(self.cards) == 1 else f"These {plural(len(self.cards), 'card')}"
        with Vertical(classes="dialog"):
            yield Static(title, classes="strong gap")
            yield Menu(choices(self.cards))
            yield KeyBar()
        yield TooSmall()

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        self.dismiss(event.row.name)

    def action_take(self, digit: int) -> None:
        """Choose a row by its digit."""
        rows = self.query_one(Menu).rows
        if digit <= len(rows):
            self.dismiss(rows[digit - 1].name)


def choices(cards: Sequence[Card]) -> tuple[Row, ...]:
    """What makes sense with these cards, numbered as far as there are digits."""
    rows = [("study", "Study them", "now, whether they are due or not")]
    rows.append(("drill", "Drill them", "until each was known; no date moves"))
    if any(card.entry.kind in MARKED for card in cards):
        rows.append(("quiz", "Quiz", "those that can be marked"))
    if not all(card.suspended for card in cards):
        rows += [("suspend", "Suspend", "do not ask them any more")]
        rows += [("bury", "Bury", "not today, ask again tomorrow")]
    if any(card.suspended for card in cards):
        rows.append(("unsuspend", "Bring back", "ask them again when they are due"))
    if any(card.flagged for card in cards):
        rows.append(("unflag", "Unflag", "they were looked at"))
    if not all(card.flagged for card in cards):
        rows.append(("flag", "Flag", "to look at them later"))
    if any(card.phase != "new" for card in cards):
        rows.append(("set_due", "Give a day", "ask them on a day of your choice"))
        rows.append(("reset", "Start anew", "as if they had never been answered"))
    return tuple(Row(*row, key=str(n) if n <= 6 else "") for n, row in enumerate(rows, 1))


class DayBox(BrowseBox):
    """Asks for a day; returns it as days from today, in digits."""

    AUTO_FOCUS = "Input"

    def __init__(self, today: int) -> None:
        super().__init__()
        self.today = today

    def compose(self) -> ComposeResult:
        """One field."""
        with Vertical(classes="dialog"):
            yield Static("On which day are they to be asked?", classes="strong gap")
            yield Field("days from today, or a date such as 2026-12-24", kind=Value)
            yield Static("", id="wrong", classes="quiet")
            yield KeyBar()
        yield TooSmall()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        days = read_days(event.value, self.today)
        if days is None:
            wrong = "That is no day from today on: 3 is in three days, 0 is today."
            self.query_one("#wrong", Static).update(wrong)
        else:
            self.dismiss(str(days))


def read_days(text: str, today: int) -> int | None:
    """Days from the study day `today`; None for what is no day from then on."""
    text = text.strip()
    if _DAYS.fullmatch(text):
        days = int(text)
    else:
        try:
            days = date.fromisoformat(text).toordinal() - _EPOCH - today
        except ValueError:
            return None
    return days if 0 <= days <= LONGEST_DAYS else None
