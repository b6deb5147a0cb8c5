"""One card to read, with its answer open; nothing is asked and nothing is saved.

The palette and the reports lead here.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tutor.deck.expr import ExprError
from tutor.errors import DeckError, TutorError
from tutor.memory.model import EventKind
from tutor.quiz.asking import make_question
from tutor.quiz.question import Question
from tutor.session.acting import Acted, act
from tutor.session.card_facts import facts_of
from tutor.session.turn import Turn
from tutor.ui.keys import bind
from tutor.ui.screens.browse_menu import ACTS, undone
from tutor.ui.screens.card_page import CardPage
from tutor.ui.screens.page import shows_errors
from tutor.ui.widgets.card_facts import CardFactsView
from tutor.ui.widgets.card_lines import View


class CardScreen(CardPage):
    """Shows a card by its key."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("more"), bind("undo")]

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.acts: list[Acted] = []  # done here: undo takes back these, whatever came after

    def body(self) -> ComposeResult:
        """The card, and how it stands."""
        yield from super().body()
        yield CardFactsView()

    def on_mount(self) -> None:
        """Read the card from its file, which may have changed meanwhile."""
        self.head("Card")
        self.wait_for(self.read_card, self.show, "Reading the card …")

    def failed(self, error: TutorError) -> None:
        """Without the card there is nothing to show: back, with a word."""
        if self.turn is None:
            self.action_back()
        super().failed(error)

    def read_card(self) -> Question:
        """The card as it is in its file now. Raises NotFoundError, DeckError."""
        library = self.learner.library
        entry, gap = library.unit(self.key)
        try:
            return make_question(library.card(entry.key), 0, gap=gap, shuffle=False)
        except ExprError as error:
            title, hint = "Card cannot be asked", "See: tutor check"
            raise DeckError(title, f"{self.key}: {error}", hint) from error

    def show(self, question: Question) -> None:
        """Show it with its answer open."""
        card = question.card
        self.head_card(Content.styled("Card", "bold"), card)
        turn = Turn(question)
        turn.reveal()
        self.show_question(turn, View())
        self.show_answer()
        self.show_facts()

    def show_facts(self) -> None:
        """Show how it stands now."""
        self.query_one(CardFactsView).show(facts_of(self.learner, self.key))

    def on_screen_resume(self) -> None:
        """It may have been answered meanwhile."""
        if self.turn is not None:
            self.show_facts()

    def action_more(self) -> None:
        """Bring it back, suspend it, flag it."""
        from tutor.ui.screens.more import MoreMenu

        library, learner = self.learner.library, self.learner
        entry, gap = library.unit(self.key)
        unit = entry.units[gap or 0]
        self.app.push_screen(MoreMenu(learner.state(unit), entry.source), self.do_more)

    @shows_errors
    def do_more(self, chosen: EventKind | None) -> None:
        """Put it into the journal, for each gap if it is a cloze."""
        from tutor.ui.screens.more import AFTERWARDS

        if chosen is None:
            return
        acted = act(self.learner, next(kind for kind in ACTS if kind == chosen), [self.key])
        self.acts += [acted] if acted.cards else []
        self.say(AFTERWARDS[chosen])
        self.show_facts()
        self.refresh_bindings()

    def allows(self, action: str) -> bool:
        """Undo takes back only what was done here."""
        return bool(self.acts) if action == "undo" else super().allows(action)

    @shows_errors
    def action_undo(self) -> None:
        """Take the last act back."""
        self.say(undone(self.learner, self.acts))
        self.show_facts()
        self.refresh_bindings()

    def reread(self) -> None:
        """Read the decks again, then show it again."""
        self.wait_for(self.read_again, self.show, "Reading the decks again …")

    def read_again(self) -> Question:
        """The card after all decks were read again."""
        self.learner.reload()
        return self.read_card()
