"""One card to read, with its answer open; nothing is asked and nothing is saved.

The palette and the reports lead here.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tutor.memory.model import EventKind
from tutor.quiz.asking import make_question
from tutor.session.turn import Turn
from tutor.ui.keys import bind
from tutor.ui.screens.card_page import CardPage
from tutor.ui.screens.page import shows_errors
from tutor.ui.widgets.card_lines import View


class CardScreen(CardPage):
    """Shows a card by its key."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("more")]

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def on_mount(self) -> None:
        """Show the card."""
        self.show()

    def show(self) -> None:
        """The card as it is in its file now."""
        library = self.learner.library
        entry, gap = library.unit(self.key)
        card = library.card(entry.key)
        topic = library.topics.get(card.topic or "")
        self.head("Card", f"{topic.title if topic else card.deck}   {card.kind}")
        turn = Turn(make_question(card, 0, gap=gap, shuffle=False))
        turn.reveal()
        self.show_question(turn, View())
        self.show_answer()

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
        learner = self.learner
        entry, gap = learner.library.unit(self.key)
        units = entry.units if gap is None else (entry.units[gap],)
        learner.append(lambda: [learner.event(chosen, unit) for unit in units])
        self.say(AFTERWARDS[chosen])

    def reread(self) -> None:
        """Read the decks again, then show it again."""
        self.wait_for(self.learner.reload, lambda _: self.show(), "Reading the decks again …")
