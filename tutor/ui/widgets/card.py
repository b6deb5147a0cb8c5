"""The card: one widget that shows a question as far as the learner is with it.

It keeps no state of its own but what to show; the screens decide.
"""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.quiz.question import Question
from tutor.ui.widgets.card_lines import View, card_lines


class CardView(Widget):
    """Front, hints, answer and explanation of one question, in a measure of 72 columns."""

    DEFAULT_CSS = "CardView { height: auto; max-width: 72; }"

    question: reactive[Question | None] = reactive(None, layout=True)
    view: reactive[View] = reactive(View(), layout=True)

    def show(self, question: Question | None, view: View) -> None:
        """Show `question`, this far."""
        self.question = question
        self.view = view

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(card_lines(self.question, self.view, width)) if self.question else 0

    def render(self) -> Content:
        """All lines."""
        if self.question is None:
            return Content("")
        return Content("\n").join(card_lines(self.question, self.view, self.size.width))
