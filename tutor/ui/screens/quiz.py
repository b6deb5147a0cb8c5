"""Quiz: one question a page; recall first, options second; then the reason, whatever the answer.

The program marks; each answer is in the journal before the next question shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tutor.errors import TutorError
from tutor.quiz.question import CHOSEN
from tutor.quiz.report import Confidence
from tutor.session.earlier import question
from tutor.session.plans import QuizPlan
from tutor.session.turn import Turn
from tutor.ui.keys import bind, digits
from tutor.ui.screens.card_page import CardPage
from tutor.ui.screens.page import Rules
from tutor.ui.widgets.card_lines import View
from tutor.ui.widgets.clicks import for_key
from tutor.ui.widgets.line import Line
from tutor.ui.widgets.session_rows import asked

if TYPE_CHECKING:
    from tutor.session.quiz import QuizSession

NEXT: dict[Confidence | None, Confidence | None] = {None: "sure", "sure": "unsure", "unsure": None}


def how_sure(said: Confidence | None) -> Content:
    """How sure the learner is, with the key that changes it."""
    words = f"you are {said}" if said else "how sure are you?"
    return for_key(Content.assemble(("F3 ", "$accent"), (words, "$quiet")), "f3")


class QuizScreen(CardPage):
    """One quiz."""

    name_of_session = "This quiz"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tick"),
        bind("go"),
        *digits("digit", "choose"),
        bind("sure"),
        bind("skip"),
        bind("another"),
        bind("worked"),
        bind("undo"),
        bind("accept"),
    ]

    def __init__(self, plan: QuizPlan) -> None:
        super().__init__()
        self.plan = plan
        self.session: QuizSession | None = None

    def foot(self) -> ComposeResult:
        """How sure the learner is."""
        yield Line(id="foot")

    def on_mount(self) -> None:
        """Choose the questions in a thread."""
        self.head("Quiz")
        self.wait_for(self.prepare, self.begin, "Choosing questions …")

    def prepare(self) -> QuizSession:
        """The questions that were asked for, those over cards already met first."""
        from tutor.session.quiz import QuizSession

        return QuizSession(self.learner, self.plan)

    def failed(self, error: TutorError) -> None:
        """Nothing fits what was asked for: back, with a word."""
        if self.session is None:
            self.action_back()
        super().failed(error)

    def begin(self, session: QuizSession) -> None:
        """The questions are chosen: show the first."""
        self.session = session
        self.show_present()
        self.say(session.short)

    def on_unmount(self) -> None:
        """Let another program ask the card that stood here."""
        if self.session is not None:
            self.session.leave()

    def show_present(self) -> None:
        """Show the present question, or the report after the last."""
        assert self.session is not None
        question = self.session.question
        if question is None:
            self.finish()
            return
        self.show_question(Turn(question, self.learner.library), View())
        self.paint()

    def paint(self) -> None:
        """Head and foot: how far, how many right, which topic, how sure."""
        assert self.session is not None and self.turn is not None
        report = self.session.report()
        left = Content.assemble(
            ("Quiz", "bold"),
            (
                f"   {self.session.position} of {self.session.total}   {report.right} right",
                "$quiet",
            ),
        )
        self.head_card(left, self.turn.question.card)
        self.second.tell(asked(report, self.session.total))
        self.query_one("#foot", Line).show(self.foot_text(), self.confidence())

    def confidence(self) -> Content:
        """How sure the learner is, or was, with the key that changes it."""
        assert self.turn is not None
        said = self.turn.confidence
        if self.view.revealed:
            return Content(f"You were {said}." if said else "")
        return how_sure(said)

    def foot_text(self) -> Content | str:
        """What the page waits for, where that is not plain from the question."""
        assert self.question is not None
        if self.view.revealed:
            if self.view.mark:
                return ""
            yes, no = for_key("   1 yes", "1"), for_key("   2 no", "2")
            return Content.assemble("Did you know it?", yes, no)
        return self.cue()

    # -- answering ----------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """Each key only in its part of the question."""
        question, answered = self.question, self.view.mark is not None
        rules: Rules = {
            "choose": lambda: self.choosing or self.judging,
            "go": lambda: not self.judging,
            "sure": lambda: question is not None and not self.view.revealed,
            "skip": lambda: question is not None and not self.view.revealed,
            "another": lambda: answered and question is not None and question.generated,
            "worked": lambda: answered and question is not None and bool(question.worked()),
            "undo": lambda: self.session is not None and self.session.earlier.undoable,
            "accept": lambda: self.missed,
        }
        return rules[action]() if action in rules else super().allows(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where the learner says whether it was known there are two digits."""
        if action == "choose" and self.judging and parameters[0] not in (1, 2):
            return False
        return super().check_action(action, parameters)

    @property
    def judging(self) -> bool:
        """Whether the learner says himself if he knew it, because it cannot be typed."""
        return self.view.revealed and self.view.mark is None

    def action_go(self) -> None:
        """Open the options, give the answer, or go to the next question."""
        if self.question is None or self.session is None:
            return
        if self.view.mark is not None:
            self.session.advance()
            self.show_present()
        elif self.question.kind in CHOSEN and not self.view.options:
            self.update(options=True)
            self.paint()
        elif self.choosing:
            self.take_chosen()
        elif self.turn is not None and not self.question.marked:
            self.turn.reveal()
            self.show_answer()
            self.paint()

    def action_choose(self, digit: int) -> None:
        """Choose an option, or say whether one knew it."""
        if self.judging and digit in (1, 2):
            assert self.turn is not None
            self.turn.judge(digit == 1)
            self.settle()
        elif self.choosing:
            self.choose(digit)

    def take(self, answer: str) -> None:
        """Mark an answer; one that cannot be read is asked again."""
        assert self.turn is not None
        mark = self.turn.reply(answer)
        if self.turn.over:
            with self.turn.kept_open():
                self.settle()
        elif mark is not None:
            self.say(mark.message)

    def settle(self) -> None:
        """Commit the answer, then show what marking says of it."""
        assert self.session is not None and self.turn is not None
        self.session.settle(self.turn)
        self.show_answer()
        self.paint()

    # -- the other keys -----------------------------------------------------------------------

    def action_sure(self) -> None:
        """Turn through sure, unsure and not said."""
        assert self.turn is not None
        self.turn.confidence = NEXT[self.turn.confidence]
        self.paint()

    def action_skip(self) -> None:
        """Leave this question out."""
        assert self.session is not None
        self.session.skip()
        self.show_present()

    def action_another(self) -> None:
        """Ask the same card next, with other numbers."""
        assert self.session is not None
        self.session.another()
        self.action_go()

    def action_worked(self) -> None:
        """Show or hide the way to the answer."""
        self.update(worked=not self.view.worked)

    def action_accept(self) -> None:
        """Let the miss on the page count as right."""
        assert self.session is not None and self.turn is not None
        if self.session.accept() is not None:
            self.turn.accept()
            self.show_answer()
            self.paint()

    def action_undo(self) -> None:
        """Take the last answer back and ask it again; what was accepted is only a miss again."""
        assert self.session is not None
        if (earlier := self.session.earlier.asks()) is not None:
            self.say(question(earlier))
            return
        key = self.session.undo()
        if key is None:
            self.say("There is no answer to take back.")
            return
        if self.turn is not None and self.turn.take_back_accept():
            self.show_answer()
            self.paint()
            self.say(f"Taken back: {key} counts as wrong again")
            return
        self.show_present()
        self.say(f"Taken back: {key}")

    def reread(self) -> None:
        """Read the decks again; a question not yet answered is asked as the file says now."""
        self.wait_for(self.learner.reload, lambda _: self.show_again(), "Reading the decks again …")

    def show_again(self) -> None:
        """The question as it is in the file now."""
        from tutor.quiz.asking import make_question

        assert self.turn is not None
        before, library = self.turn, self.learner.library
        if before.question.card.key not in library.entries:
            self.say("This card is no longer in its file.")
            return
        card = library.card(before.question.card.key)
        self.turn = Turn(make_question(card, before.question.seed), library)
        self.turn.resume(before)
        self.update()

    def action_back(self) -> None:
        """Leave; amid a quiz the report so far comes first, and it can be gone on with."""
        if self.session is None or not self.session.report().asked:
            super().action_back()
        else:
            self.finish()

    def finish(self) -> None:
        """The report, of a quiz that is left too."""
        from tutor.ui.screens.quiz_report import QuizReportScreen

        assert self.session is not None
        self.app.switch_screen(QuizReportScreen(self.session))
