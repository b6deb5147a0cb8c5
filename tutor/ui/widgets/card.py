"""The card: one widget that shows a question as far as the learner is with it.

It keeps no state of its own but what to show; the screens decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.deck.model import Card
from tutor.quiz.question import Question
from tutor.ui.widgets.card_lines import OPTION, View, card_lines, option_at


class CardView(Widget):
    """Front, hints, answer and explanation of one question, in a measure of 72 columns."""

    DEFAULT_CSS = "CardView { height: auto; max-width: 72; }"

    question: reactive[Question | None] = reactive(None, layout=True)
    view: reactive[View] = reactive(View(), layout=True)

    @dataclass
    class Picked(Message):
        """The learner clicked on the option at this position, from 0; behind the last: unknown."""

        at: int

    def show(self, question: Question | None, view: View) -> None:
        """Show `question`, this far."""
        self.question = question
        self.view = view

    def show_open(self, card: Card | None) -> None:
        """Show a card with its answer, as one reads it; nothing where it cannot be asked."""
        from tutor.quiz.asking import UNASKABLE, make_question

        try:
            question = make_question(card, 0, shuffle=False) if card else None
        except UNASKABLE:
            question = None
        self.show(question, View(revealed=True, options=True) if question else View())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(card_lines(self.question, self.view, width)) if self.question else 0

    def render(self) -> Content:
        """All lines."""
        if self.question is None:
            return Content("")
        return Content("\n").join(card_lines(self.question, self.view, self.size.width))

    def scroll_to_cursor(self) -> None:
        """Keep the option under the cursor in view."""
        if self.question is None or not isinstance(self.parent, Widget):
            return
        lines = card_lines(self.question, self.view, self.size.width)
        row = next((y for y, line in enumerate(lines) if option_at(line) == self.view.cursor), 0)
        self.parent.scroll_to_region(Region(0, row, 1, 1), animate=False)

    def on_click(self, event: events.Click) -> None:
        """Take the option under the mouse."""
        at = event.style.meta.get(OPTION)
        if at is not None:
            self.post_message(self.Picked(at))
