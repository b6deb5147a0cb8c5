"""What Study and Quiz share: a card, a field to answer it, its hints, lesson, demo and source.

The screens above it decide what an answer leads to; this page only asks and shows.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tutor.errors import TutorError
from tutor.lab import link
from tutor.quiz.question import CHOSEN, LETTERS, Question
from tutor.session.accepting import WRITTEN
from tutor.session.turn import UNKNOWN, Turn
from tutor.ui.hearing import is_meant
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page, Rules, shows_errors
from tutor.ui.start import Start
from tutor.ui.widgets.beside import Beside
from tutor.ui.widgets.card import CardView
from tutor.ui.widgets.card_lines import View, cue
from tutor.ui.widgets.chips import card_chips
from tutor.ui.widgets.field import Field
from tutor.ui.widgets.line import Head

if TYPE_CHECKING:
    from tutor.deck.model import Card
    from tutor.ui.widgets.demo_view import DemoView


class CardPage(Page):
    """A page with one question on it."""

    CSS_PATH = "card_page.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("hint"),
        bind("demo"),
        bind("lesson"),
        bind("mend"),
        bind("known", show=False),
        bind("math", show=False),
        bind("field", "field", show=False),
        bind("unknown", show=False),
        Binding("down", "move(1)", "option", show=False, id="move-1", key_display="↑ ↓",
                tooltip="Move to an option or a rating; enter takes it."),
        Binding("up", "move(-1)", "option", show=False, id="move-2"),
        *Page.SCROLLING,
    ]  # fmt: skip

    asks, hugs = True, True
    panes: ClassVar[tuple[str, ...]] = ("Question",)
    name_of_session: ClassVar[str] = ""  # the title of what stands beside the card

    def __init__(self) -> None:
        super().__init__()
        self.turn: Turn | None = None
        self.view = View()
        self.second = Beside(self.name_of_session)
        self._stage: tuple[object, ...] = ()
        self.painted = 0.0  # when this stage of the card was painted

    def body(self) -> ComposeResult:
        """The card, and the field below it."""
        yield CardView()
        yield Field(shown=False)  # until a question wants it

    def side(self) -> ComposeResult:
        """How the session stands, the lesson or the demo."""
        yield self.second

    # -- showing ------------------------------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """The question on the page."""
        return self.turn.question if self.turn else None

    def show_question(self, turn: Turn, view: View) -> None:
        """Put a new question on the page; what was said of the one before goes with it."""
        self.say("")
        self.turn, question = turn, turn.question
        self.view = replace(view, demo=link.title(self.demo_link))
        if question.kind == "truefalse":
            self.view = replace(self.view, options=True)
        self.second.close()
        self.query_one("#body").scroll_home(animate=False)
        field = self.query_one(Field)
        if question.marked and question.kind not in CHOSEN:
            field.open(self.placeholder(question))
        else:
            field.close()
        self.update()

    def head_card(self, left: Content, card: Card) -> None:
        """Set the first row of a page with a card: how far, then its topic and its kind."""
        topic = self.learner.library.topics.get(card.topic or "")
        room = (self.query_one(Head).size.width or self.smallest[0]) - left.cell_length
        self.head(left, card_chips(card, topic, room))

    def placeholder(self, question: Question) -> str:
        """What to write, in the empty field."""
        from tutor.quiz.lines import how

        return f"{how(question)} ({question.unit})" if question.unit else how(question)

    def update(self, **changes: Any) -> None:
        """Show the turn as it stands, with some of the view changed."""
        if turn := self.turn:
            self.view = replace(self.view, hints=turn.hints, revealed=turn.over, mark=turn.mark)
            if turn.over:
                unknown = turn.given.strip() == UNKNOWN
                self.view = replace(
                    self.view, options=True, answer=self.shown_answer(), unknown=unknown
                )
        self.view = replace(self.view, **changes)
        self.query_one(CardView).show(self.question, self.view)
        self.title_panes("Answer" if self.view.revealed else "Question")
        stage = (self.turn, self.view.options, self.view.revealed)
        if stage != self._stage:
            self._stage, self.painted = stage, inf
            self.call_after_refresh(self._is_painted)
        self.refresh_bindings()
        if self.second.holds == "demo" and self.view.revealed:
            self._let_demo_ask()

    def _let_demo_ask(self) -> None:
        """The card is answered: the demo beside it may ask its own question."""
        from tutor.ui.widgets.demo_view import DemoView

        for demo in self.query(DemoView):
            demo.begin_to_ask()

    def _is_painted(self) -> None:
        self.painted = monotonic()

    def hears(self, event: events.Key) -> bool:
        """A digit acts on what could be read before it was pressed."""
        return not event.key.isdigit() or is_meant(event, self.painted)

    def show_answer(self) -> None:
        """Show the answer of a turn that is over; the field has done its work."""
        self.say("")
        self.query_one(Field).close()
        self.update()

    # -- answering ----------------------------------------------------------------------------

    def take(self, answer: str) -> None:
        """An answer was given, as text or as the letters of the chosen options."""
        raise NotImplementedError

    @on(Input.Submitted)
    @shows_errors
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.take(event.value)

    @property
    def missed(self) -> bool:
        """Whether a written answer was marked wrong, so that the learner may say otherwise."""
        turn = self.turn
        written = turn is not None and turn.question.kind in WRITTEN
        return bool(written and turn and turn.correct is False and turn.answer.strip("? "))

    @property
    def choosing(self) -> bool:
        """Whether digits choose options now."""
        question = self.question
        return bool(question and question.options and self.view.options and not self.view.revealed)

    def choose(self, digit: int) -> None:
        """Take an option, or put it among the chosen ones where several may be right."""
        question = self.question
        if question is None or not 1 <= digit <= len(question.options):
            return
        if question.kind == "multi":
            self.update(chosen=self.view.chosen ^ {digit - 1}, cursor=digit - 1)
        else:
            self.update(chosen=frozenset({digit - 1}))
            self.take(self.letters())

    def take_chosen(self) -> None:
        """Give what is chosen, else the option under the cursor; without either say what to do."""
        question, at = self.question, self.view.cursor
        assert question is not None
        if self.view.chosen:
            self.take(self.letters())
        elif at == len(question.options):
            self.action_unknown()
        elif at is None or question.kind == "multi":
            ticks = " each that is right" if question.kind == "multi" else ""
            self.say(f"Choose{ticks} with 1 to {len(question.options)}, or 0 if you don't know.")
        else:
            self.choose(at + 1)

    def action_tick(self) -> None:
        """Take the option under the cursor, or put it among the chosen ones."""
        assert self.question is not None and self.view.cursor is not None
        if self.view.cursor == len(self.question.options):
            self.action_unknown()
        else:
            self.choose(self.view.cursor + 1)

    def action_move(self, by: int) -> None:
        """Move the cursor over the options and what stands below them, from nowhere to an end."""
        assert self.question is not None
        last, at = len(self.question.options), self.view.cursor
        at = (0 if by > 0 else last) if at is None else at + by
        self.update(cursor=max(0, min(at, last)))
        self.call_after_refresh(self.query_one(CardView).scroll_to_cursor)

    def action_unknown(self) -> None:
        """The learner does not know: the answer shows."""
        self.update(chosen=frozenset())
        self.take(UNKNOWN)

    @on(CardView.Picked)
    @shows_errors
    def _picked(self, event: CardView.Picked) -> None:
        event.stop()
        if self.choosing and not self.in_demo:
            self.update(cursor=event.at)
            self.action_tick()

    def cue(self) -> str:
        """What this kind of question asks for, before it is answered."""
        return cue(self.question, self.view) if self.question else ""

    def letters(self) -> str:
        """The chosen options as marking reads them."""
        return ",".join(LETTERS[at] for at in sorted(self.view.chosen))

    def shown_answer(self) -> str:
        """The answer as the learner saw it: the text of an option instead of its letter."""
        from tutor.quiz.question import plain_line

        if self.turn is None or not self.turn.question.marked:
            return ""
        if options := self.turn.question.options:
            return "; ".join(plain_line(options[at].text) for at in sorted(self.view.chosen))
        return "" if self.turn.answer == UNKNOWN else self.turn.answer

    # -- keys ---------------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """Only what this card has: hints left, a demo, a topic."""
        question = self.question
        if question is None:
            return action in {"back", "go"}
        rules: Rules = {
            "hint": lambda: not self.view.revealed and self.view.hints < len(question.hints),
            "demo": lambda: bool(self.view.demo),
            "lesson": lambda: bool(question.card.topic),
            "field": lambda: self.query_one(Field).display or self.second.holds == "demo",
            "move": lambda: self.choosing,
            "unknown": lambda: self.choosing,
            "tick": lambda: self.choosing and self.view.cursor is not None,
        }
        return rules[action]() if action in rules else super().allows(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the demo beside the card has the focus, its keys act and the card's rest."""
        if self.in_demo and action not in {"back", "demo", "field"}:
            return False
        if action == "choose" and self.choosing and self.question is not None:
            return parameters[0] in range(1, len(self.question.options) + 1)
        return super().check_action(action, parameters)

    @property
    def in_demo(self) -> bool:
        """Whether the keys go to the demo beside the card."""
        return self.second.holds == "demo" and self.focused is not None and not isinstance(
            self.focused, Input
        )  # fmt: skip

    @property
    def read(self) -> Widget:
        """The arrows scroll the lesson if it stands beside the card."""
        return self.query_one("#side" if self.second.holds == "lesson" else "#body")

    def action_hint(self) -> None:
        """Show one more hint."""
        assert self.turn is not None
        self.turn.hint()
        self.update()

    def action_math(self) -> None:
        """Switch between formulas and LaTeX."""
        self.update(raw_math=not self.view.raw_math)

    def action_field(self) -> None:
        """Leave the text field, so that letters are keys, or come back; the same for the demo."""
        field = self.query_one(Field)
        if self.second.holds == "demo" and not self.in_demo and self.second.held is not None:
            self.second.held.focus()
        elif self.in_demo:
            self.refocus()
        else:
            self.set_focus(None if field.input.has_focus else field.input)
        self.refresh_bindings()

    def action_lesson(self) -> None:
        """Show the topic's lesson, beside the card or over it."""
        topic = self.question.card.topic if self.question else None
        if topic is None:
            return
        if not self.wide:
            self.host.go(Start("topic", term=topic))
            return
        from tutor.ui.widgets.topic import TopicView, page_of

        view = TopicView()
        view.page = page_of(self.learner.library, topic, self.learner.known())
        self.open_side("lesson", view)

    def action_demo(self) -> None:
        """Run the card's demo, beside the card or over it."""
        if not self.wide:
            self.host.go(Start("lab", term=self.demo_link))
            return
        from tutor.ui.widgets.demo_view import DemoView

        try:
            answered = self.turn is None or self.turn.over
            self.open_side("demo", DemoView(self.demo_link, asks=answered))
        except TutorError as error:
            self.failed(error)

    def on_demo_view_told(self, event: DemoView.Told) -> None:
        """Say what the demo beside the card waits for."""
        self.say(event.word)

    @property
    def demo_link(self) -> str:
        """The card's own demo, else its topic's."""
        if self.question is None:
            return ""
        card = self.question.card
        topic = self.learner.library.topics.get(card.topic or "")
        return card.demo or (topic.demo if topic else "")

    def action_mend(self) -> None:
        """Open the card in the form."""
        if self.question is not None:
            self.mend(self.question.card.key)

    @property
    def about(self) -> str:
        """The topic of the card."""
        return (self.question.card.topic or "") if self.question else ""

    def action_known(self) -> None:
        """Mark the topic as known, or take that back."""
        topic = self.question.card.topic if self.question else None
        if topic is not None:
            self.toggle_known(topic)

    # -- the second column --------------------------------------------------------------------

    def open_side(self, name: str, widget: Widget) -> None:
        """Show `widget` beside the card; the same key again puts it away."""
        if name == self.second.holds:
            self.second.close()
        else:
            self.second.open(name, widget)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show where the keys go: to the card, or to the demo beside it."""
        super().on_descendant_focus(event)
        self.set_class(self.in_demo, "in-side")

    def on_descendant_blur(self) -> None:
        """The same."""
        super().on_descendant_blur()
        self.set_class(self.in_demo, "in-side")

    def action_back(self) -> None:
        """Put the second column away, else leave the page."""
        if self.second.holds:
            self.second.close()
            self.refocus()
        else:
            super().action_back()

    def refocus(self) -> None:
        """Back into the text field if the card has one."""
        field = self.query_one(Field)
        self.set_focus(field.input if field.display else None)
