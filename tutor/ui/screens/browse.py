"""Browse: every card in one table, found as one types, and what can be done with the ticked ones.

From 120 cells on the card under the cursor stands beside the table.
"""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from tutor.deck.model import MARKED
from tutor.errors import TutorError
from tutor.session.acting import Acted, act
from tutor.session.browsing import Browser
from tutor.session.card_rows import Row
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.query import QueryError, nothing_found
from tutor.text.numerals import plural
from tutor.ui.keys import bind
from tutor.ui.screens.browse_menu import ACTS, AFTERWARDS, ActMenu, DayBox, undone
from tutor.ui.screens.page import Page, shows_errors
from tutor.ui.start import Start
from tutor.ui.widgets.card_table import CardTable
from tutor.ui.widgets.field import Field, Search

HINT = "Words, or due:today lapses>3 flag: topic:softmax -word; ↓ goes to the cards."


class BrowseScreen(Page):
    """Finds cards, and acts on them."""

    CSS_PATH = "browse.tcss"
    panes = ("Cards", "Card")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("find"),
        bind("more", label="do"),
        bind("mend"),
        bind("add"),
        bind("undo"),
        bind("field", "field", show=False),
    ]

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self.sought = query
        self.browser: Browser | None = None
        self.indexed = False  # whether words can be looked for
        self.acts: list[Acted] = []  # done here: undo takes back these, whatever came after

    def body(self) -> ComposeResult:
        """The search field over the table."""
        yield Field("words, due:today, lapses>3, flag:, topic:…", kind=Search)
        yield CardTable()

    def side(self) -> ComposeResult:
        """The card under the cursor."""
        yield VerticalScroll(id="side", can_focus=False)

    def on_mount(self) -> None:
        """Read the cards in a thread; what is typed meanwhile counts."""
        self.add_class("two-columns")
        self.head("Browse")
        with self.prevent(Input.Changed):
            self.field.value = self.sought
        self.field.focus()
        self.wait_for(self.opened, self.show, "Reading the cards …")

    def opened(self) -> Browser:
        """The table."""
        return Browser(self.learner)

    def show(self, browser: Browser) -> None:
        """Show the first cards, then bring the index up to date, which looks for words."""
        self.browser = browser
        if not self.field.value.strip():
            self.fill()
        self.call_after_refresh(
            self.wait_for, browser.open_index, lambda _: self.find(), "Reading the cards …"
        )

    def find(self) -> None:
        """Words can be looked for: show what is sought."""
        assert self.browser is not None
        self.indexed = True
        self.wait_for(self.browser.rows.make_all, lambda _: None, "Reading the cards …", news=False)
        if self.field.value.strip():
            self.fill()
        elif self.wide:
            self.preview(self.table.row)
        if self.sought and self.table.rows:
            self.table.focus()
        elif not self.said:
            self.say(HINT)

    def on_unmount(self) -> None:
        """Let go of the index."""
        if self.browser is not None:
            self.browser.close()

    def on_screen_resume(self) -> None:
        """Cards may have been answered or mended meanwhile."""
        if self.browser is not None:
            self.again()

    def again(self) -> None:
        """Show the same query over what is so now."""
        assert self.browser is not None
        self.browser.refresh()
        self.fill(keep=True)

    @property
    def table(self) -> CardTable:
        """The table."""
        return self.query_one(CardTable)

    @property
    def field(self) -> Input:
        """The search field."""
        return self.query_one(Field).input

    def fill(self, *, keep: bool = False) -> None:
        """Show the cards that the query finds; a query that means nothing leaves the last ones.

        keep: the query is the same, and what was said of it.
        """
        if self.browser is None or (self.field.value.strip() and not self.indexed):
            return
        column, reverse = self.table.sorted_by
        try:
            rows = self.browser.find(self.field.value, column, reverse)
        except QueryError as error:
            self.say(error.message)
            return
        if not keep:
            self.say("" if rows else nothing_found(self.field.value))
        self.table.show(rows, keep=keep)
        self.count()

    def count(self) -> None:
        """How many there are, in the head."""
        if self.browser is not None:
            found, every = len(self.table.rows), len(self.browser.rows)
            ticked = f"{len(self.table.ticked):,} ticked · " if self.table.ticked else ""
            self.head("Browse", f"{ticked}{found:,} of {plural(every, 'card')}")

    # -- the table ----------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self) -> None:
        self.fill()

    @on(Input.Submitted)
    def _found(self, event: Input.Submitted) -> None:
        event.stop()
        if self.table.rows:
            self.table.focus()

    @on(CardTable.Sorted)
    def _sorted(self) -> None:
        self.fill(keep=True)

    @on(CardTable.Moved)
    def _moved(self, event: CardTable.Moved) -> None:
        self.count()
        self.refresh_bindings()
        if self.wide and self.indexed:
            self.preview(event.row)

    def preview(self, row: Row | None) -> None:
        """Put the card beside the table, its answer open and how it stands below.

        What lays it out is large.
        """
        from tutor.session.card_facts import by_gap, facts_of, standing
        from tutor.ui.widgets.card import CardView

        side = self.query_one("#side")
        if not side.children:
            side.mount(CardView(), Static(id="standing", classes="quiet", markup=False))
        card, told = None, ""
        with suppress(TutorError):
            card = self.learner.library.card(row.key) if row else None
            facts = facts_of(self.learner, row.key) if row else ()
            told = "\n".join(f"{name}{standing(one)}" for name, one in by_gap(facts))
        side.query_exactly_one(CardView).show_open(card)
        side.query_exactly_one("#standing", Static).update(told)
        side.scroll_home(animate=False)

    def on_resize(self) -> None:
        """The preview comes and goes with the room."""
        super().on_resize()
        if self.browser is not None and self.wide:
            self.preview(self.table.row)

    @on(CardTable.Opened)
    def _opened(self, event: CardTable.Opened) -> None:
        self.host.go(Start("card", term=event.row.key))

    # -- keys ---------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Row]:
        """The ticked cards, else the one under the cursor."""
        ticked = self.table.ticked
        if ticked and self.browser is not None:
            return [row for row in self.browser.rows if row.key in ticked]
        return [self.table.row] if self.table.row else []

    def allows(self, action: str) -> bool:
        """Acts need a card; undo takes back only what was done here."""
        match action:
            case "browse":
                return False
            case "mend":
                return self.is_mounted and self.table.has_focus and self.table.row is not None
            case "more":
                return self.is_mounted and self.table.has_focus and bool(self.chosen)
            case "undo":
                return bool(self.acts)
        return super().allows(action)

    def action_find(self) -> None:
        """Type into the field."""
        self.field.focus()

    def action_field(self) -> None:
        """From the field to the table and back."""
        (self.table if self.field.has_focus else self.field).focus()

    def key_down(self, event: events.Key) -> None:
        """Down from the field goes into the table, to its first card."""
        if self.field.has_focus and self.table.rows:
            event.stop()
            self.table.focus()

    def action_back(self) -> None:
        """From a query that was typed to all cards, from there away."""
        if self.field.has_focus and self.field.value not in ("", self.sought):
            self.field.value = ""
        elif self.table.ticked:
            self.table.ticked = frozenset()
            self.count()
        else:
            super().action_back()

    def action_undo(self) -> None:
        """Take the last act of this page back."""
        told = undone(self.learner, self.acts)
        self.again()
        self.say(told)
        self.refresh_bindings()

    def action_mend(self) -> None:
        """Mend the card under the cursor."""
        if self.table.row is not None:
            self.host.go(Start("mend", term=self.table.row.key))

    def action_more(self) -> None:
        """Ask what to do with the ticked cards."""
        self.app.push_screen(ActMenu(self.chosen), self.do)

    @shows_errors
    def do(self, name: str | None) -> None:
        """Do what was chosen."""
        if name == "set_due":
            self.app.push_screen(DayBox(self.learner.now().study_day), self.give_day)
        elif name in ("study", "drill"):
            keys = tuple(row.key for row in self.chosen)
            plan = StudyPlan(cards=keys, drill=name == "drill")
            self.host.go(Start("study", plan=plan))
        elif name == "quiz":
            keys = tuple(row.key for row in self.chosen if row.entry.kind in MARKED)
            self.host.go(Start("quiz", plan=QuizPlan(cards=keys)))
        elif name:
            self.note(name)

    @shows_errors
    def give_day(self, days: str | None) -> None:
        """Give the chosen cards a day."""
        if days:
            self.note("set_due", int(days))

    def note(self, name: str, days: int = 0) -> None:
        """Put the act into the journal, and say what it has done."""
        kind = next(each for each in ACTS if each == name)
        acted = act(self.learner, kind, [row.key for row in self.chosen], days)
        self.again()
        if not acted.cards:
            self.say("Nothing to change: new and suspended cards wait for no day.")
            return
        self.acts.append(acted)
        self.say(f"{plural(acted.cards, 'card')} {AFTERWARDS[kind]}. u takes it back.")
        self.refresh_bindings()
