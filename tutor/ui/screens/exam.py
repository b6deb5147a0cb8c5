"""Exam: one question a page, back and forth, a clock, and no word on any answer until the end.

Each answer is in the journal before the next question shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tutor.errors import ElsewhereError, TutorError
from tutor.quiz.question import LETTERS, Question
from tutor.session.plans import ExamPlan
from tutor.session.turn import UNKNOWN, Turn
from tutor.ui.keys import bind, digits
from tutor.ui.screens.card_page import CardPage
from tutor.ui.screens.page import shows_errors
from tutor.ui.screens.quiz import NEXT, how_sure
from tutor.ui.widgets.card_lines import View
from tutor.ui.widgets.field import Field
from tutor.ui.widgets.line import Line
from tutor.ui.widgets.session_rows import examined

if TYPE_CHECKING:
    from tutor.session.exam import ExamSession

_ELSEWHERE = "Page down, page up: other questions."
# What would help with an answer, or lead to where it stands.
_HELP = frozenset({"hint", "demo", "lesson", "mend", "known", "find", "browse", "add", "palette"})


class ExamScreen(CardPage):
    """One exam."""

    name_of_session = "This exam"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tick", show=False),
        bind("go", "go", "next"),
        *digits("digit", "choose"),
        bind("sure"),
        bind("mark"),
        bind("next-question", "step(1)"),
        bind("last-question", "step(-1)", show=False),
        bind("overview"),
    ]

    def __init__(self, plan: ExamPlan) -> None:
        super().__init__()
        self.plan = plan
        self.session: ExamSession | None = None

    def foot(self) -> ComposeResult:
        """What is asked for, and how sure the learner is."""
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Draw the questions in a thread."""
        self.head("Exam")
        self.wait_for(self.prepare, self.begin, "Drawing questions …")
        self.set_interval(1, self.tick)

    def prepare(self) -> ExamSession:
        """The questions that were asked for, or the exam that was left."""
        from tutor.session.exam import ExamSession

        return ExamSession(self.learner, self.plan)

    def failed(self, error: TutorError) -> None:
        """Nothing fits what was asked for: back, with a word. Or it went on in another window."""
        if self.session is None:
            super().action_back()
        elif isinstance(error, ElsewhereError):
            self.go_where_it_is(self.session, error)
            return
        super().failed(error)

    def go_where_it_is(self, session: ExamSession, error: ElsewhereError) -> None:
        """Show what another window has made of the exam, and say so."""
        if session.over:
            self.finish(error.title)
        else:
            self.show_present()
            self.say(f"{error.title}. {error.message}")

    def on_unmount(self) -> None:
        """Let another program ask the card that stood here."""
        if self.session is not None:
            self.session.close()

    def begin(self, session: ExamSession) -> None:
        """The questions are drawn: show the first, or where it was left."""
        self.session = session
        self.show_present()
        self.say(session.short)
        if session.resumed:
            self.say(
                f"It goes on where you left it: {session.answered} of {session.total} answered."
            )

    # -- showing ------------------------------------------------------------------------------

    def show_present(self) -> None:
        """Show the question looked at with its answer so far."""
        assert self.session is not None
        question = self.session.question
        if question is None:
            # Its card is gone since the exam was begun.
            self.session.go(self.session.at + 1)
            question = self.session.question
        if question is None:
            self.action_overview()
            return
        given = self.session.given
        turn = Turn(question, self.learner.library)
        turn.confidence = given.confidence if given else None
        chosen = chosen_in(question, given.answer) if given else frozenset()
        self.show_question(turn, View(options=bool(question.options), chosen=chosen))
        if given and not question.options and given.answer != UNKNOWN:
            field = self.query_one(Field).input
            field.value = given.answer
            field.cursor_position = len(given.answer)
        self.paint()

    def paint(self) -> None:
        """Head and foot: how far, what is left of the time, what is asked for, how sure."""
        session, turn = self.session, self.turn
        if session is None or turn is None:
            return
        where = f"   {session.at + 1} of {session.total}   {session.answered} answered"
        flag = "   flagged" if session.is_flagged(session.at) else ""
        left = Content.assemble(("Exam", "bold"), (where, "$quiet"), (flag, "$accent"))
        self.head(left, f"{session.heading}   {self.time_left()}".strip())
        self.second.tell(examined(session))
        given = session.given
        cue = "Kept; you can still change it." if given else self.cue() or _ELSEWHERE
        if given and given.answer == UNKNOWN:
            cue = "Kept: you do not know."
        self.query_one("#foot", Line).show(cue, how_sure(turn.confidence))

    def time_left(self) -> str:
        """What is left on the clock, in words."""
        from tutor.session.exam_words import time_left

        left = self.session.left_ms if self.session else None
        return "" if left is None else f"{time_left(left)} left"

    @shows_errors
    def tick(self) -> None:
        """Show the time; when it is over the exam is handed in as it stands."""
        if self.session is None or self.app.screen is not self:
            return
        self.session.look_around()
        if self.session.out_of_time:
            self.finish()
            return
        self.paint()
        if self.session.news:
            self.say(self.session.news)
            self.session.news = ""

    # -- answering ----------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """Nothing that helps or gives an answer away."""
        if action in _HELP:
            return False
        asked = self.session is not None and self.question is not None
        rules = {
            "choose": self.choosing,
            "sure": asked,
            "mark": asked,
            "step": asked,
            "overview": asked,
            "go": asked,
        }
        return rules[action] if action in rules else super().allows(action)

    def action_go(self) -> None:
        """Keep what is ticked, and go to the next question."""
        assert self.session is not None and self.question is not None
        if self.question.kind == "multi" and self.view.chosen:
            if not self.keep(self.letters()):
                return
        elif self.choosing and self.view.cursor is not None and self.session.given is None:
            self.action_tick()
            return
        self.action_step(1)

    def action_choose(self, digit: int) -> None:
        """Choose an option; it is kept at once, and can be changed."""
        self.choose(digit)

    def take(self, answer: str) -> None:
        """Keep an answer; what was written, or left empty, leads to the next question."""
        assert self.session is not None and self.question is not None
        if answer.strip() and not self.keep(answer):
            return
        if self.question.options and answer != UNKNOWN:
            self.paint()
        else:
            self.action_step(1)

    def keep(self, answer: str) -> bool:
        """Write an answer down; False, with a word, if it cannot be read."""
        assert self.session is not None and self.turn is not None
        if self.session.out_of_time:
            self.finish()
            return False
        why = self.session.answer(answer, self.turn.confidence)
        self.say(why)
        return not why

    # -- the other keys -----------------------------------------------------------------------

    def action_step(self, by: int) -> None:
        """Look at another question; past the last one stands the list."""
        assert self.session is not None
        if by > 0 and self.session.at + by >= self.session.total:
            self.action_overview()
            return
        self.session.go(self.session.at + by)
        self.show_present()

    def action_sure(self) -> None:
        """Turn through sure, unsure and not said."""
        assert self.session is not None and self.turn is not None
        self.turn.confidence = NEXT[self.turn.confidence]
        if (given := self.session.given) is not None:
            self.keep(given.answer)
        self.paint()

    def action_mark(self) -> None:
        """Flag the question for another look, or take the flag away."""
        assert self.session is not None
        self.session.flag()
        self.paint()

    def action_overview(self) -> None:
        """How all questions stand."""
        from tutor.ui.screens.exam_overview import ExamOverviewScreen

        assert self.session is not None
        self.app.push_screen(ExamOverviewScreen(self.session, self.finish, self.look_at))

    @shows_errors
    def look_at(self, at: int) -> None:
        """Look at one question of the list."""
        assert self.session is not None
        self.session.go(at)
        self.show_present()

    def action_back(self) -> None:
        """Leave the exam, to go on another time."""
        session = self.session
        left = session is not None and session.leave()
        super().action_back()
        if session is not None and left:
            done = f"{session.answered} of {session.total} answered"
            self.say_after(f"Exam left: {done}. F9 in Quiz goes on with it.")

    @shows_errors
    def finish(self, why: str = "") -> None:
        """Hand in, and show how it went. why: it is over, if the learner did not end it here."""
        from tutor.ui.screens.exam_report import ExamReportScreen

        assert self.session is not None
        if self.session.out_of_time and not self.session.over:
            why = "The time is over; it was handed in as it stood."
        result = self.session.hand_in()
        self.app.switch_screen(ExamReportScreen(result, why))

    def reread(self) -> None:
        """No deck file is opened in an exam."""


def chosen_in(question: Question, answer: str) -> frozenset[int]:
    """The positions of the options that an answer of letters names."""
    letters = {word.strip() for word in answer.split(",")}
    return frozenset(at for at in range(len(question.options)) if LETTERS[at] in letters)
