"""`tutor study`: what is due, card by card, on stdin and stdout or in the app.

Each answer is in the journal before its `saved` line is printed.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.text.printing import watched
from tutor.verbs import speaking
from tutor.verbs.dialogue import Asking, TakenBackError, is_there, on_terminal, prose, say, width
from tutor.verbs.plans import study_plan

if TYPE_CHECKING:
    from tutor.deck.model import Topic
    from tutor.quiz.question import Question
    from tutor.quiz.verdict import Mark
    from tutor.session.learner import Learner
    from tutor.session.study import StudyItem, StudySession
    from tutor.session.turn import Turn

_RATINGS = {str(int(rating)): rating for rating in Rating} | {
    rating.name.casefold(): rating for rating in Rating
}


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's Study, or study on stdin and stdout. Returns the exit status."""
    from tutor.verbs import app

    if not (args.plain or args.speak) and on_terminal():
        return app.run(args, place)
    from tutor.session.drill import session_of
    from tutor.verbs.opening import open_learner, refit

    with speaking.voice(args, place), open_learner(place) as learner:
        refit(learner)
        plan = study_plan(args)
        if not plan.session:
            speaking.offer(learner)
        PlainStudy(learner, session_of(learner, plan)).run()
    return 0


class PlainStudy:
    """One session of study on stdin and stdout."""

    def __init__(self, learner: Learner, session: StudySession) -> None:
        self.learner = learner
        self.session = session
        self.asking = Asking(session.undo, session.accept)

    def run(self) -> None:
        """Ask until the cards or the input end."""
        say("Enter shows the answer, 1 to 4 rate it; u undo, q quit.")
        if self.session.drill:
            say("This is a drill: no date moves. What you miss comes again.")
        try:
            self._ask_all()
            while self._takes_back():
                self._ask_all()
        except EOFError:
            self.session.end()
            say(self._left())

    def _ask_all(self) -> None:
        """Ask until nothing waits, and say so."""
        while (item := self.session.next()) is not None:
            with suppress(TakenBackError):
                self._ask(item)
        say(self._end())

    def _takes_back(self) -> bool:
        """Whether the last answer is taken back at the end, or where nothing waited at all.

        A pipe is not asked: what it has still to say is heard, and the end stays the last line.
        """
        if not is_there():
            return False
        prompt = "u takes the last answer back, enter ends:" if watched(sys.stdin) else ""
        try:
            self.asking.line(prompt)
        except TakenBackError:
            return True
        except EOFError:
            pass
        return False

    def _ask(self, item: StudyItem) -> None:
        from tutor.session.turn import Turn

        if topic := self.session.lesson_before(item):
            self._teach(topic)
        self._show(item)
        self.session.prepare()
        turn = Turn(item.question, self.learner.library, rated=True)
        self._answer(turn)
        if turn.mark is not None and turn.correct is False:
            # Nothing is left to be asked: the verdict follows what is on the disk.
            saved = self.session.settle(item, turn, Rating.AGAIN)
            self._feedback(turn.question, turn.mark)
        else:
            if turn.mark is None:
                self._reveal(turn.question)
            else:
                self._feedback(turn.question, turn.mark)
            saved = self.session.settle(item, turn, self._rating(item, turn))
        if self.session.drill:
            say(f"drilled {saved.key}")
        else:
            speaking.saved(saved.key, saved.due_utc_ms, self.learner.now().utc_ms)

    def _teach(self, topic: Topic) -> None:
        """The lesson of a new topic; it waits for no line."""
        from tutor.quiz.question import plain_line

        self.session.read.add(topic.id)
        say(f"\nNew topic: {plain_line(topic.title)}")
        if self.learner.settings.pretest == "on":
            self._guess(topic)
        say(prose(topic.lesson))

    def _guess(self, topic: Topic) -> None:
        """Two questions before the lesson, which nothing remembers."""
        from tutor.quiz.lines import question_lines
        from tutor.session.pretest import Pretest, questions_before
        from tutor.session.turn import Turn

        if not questions_before(self.learner, topic.id):
            return
        say("First two guesses; nothing of them is kept. ? alone: I do not know.")
        pretest = Pretest(self.learner, topic.id)
        while question := pretest.question:
            place = f"{pretest.position}/{pretest.total}"
            lines = question_lines(question, width())
            speaking.show_question(lines, place, question.key, question.kind)
            turn = Turn(question, self.learner.library)
            self._answer(turn)
            assert turn.mark is not None
            self._feedback(question, turn.mark)
            pretest.settle(turn)
            pretest.advance()

    def _show(self, item: StudyItem) -> None:
        from tutor.quiz.lines import question_lines

        speaking.show_question(
            question_lines(item.question, width()),
            self._far(item), item.question.key, item.card.kind,
            *["(changed since your last review)"] * item.changed,
        )  # fmt: skip
        if (example := item.example) is not None:
            say(f"{example.label}:")
            for line in example.lines:
                say(f"  {line}")

    def _far(self, item: StudyItem) -> str:
        """How far the session is: minutes left, or a count."""
        left = self.session.length.left(self.learner.now().utc_ms)
        return left or f"{item.position}/{item.total}"

    def _answer(self, turn: Turn) -> None:
        """Ask until there is an answer that can be read, or nothing to be marked."""
        from tutor.quiz.lines import prompt

        words = prompt(turn.question) if turn.question.marked else "Recall, then enter:"
        while not turn.over:
            mark = turn.reply(self.asking.answer(turn, words))
            if mark is not None and not turn.over:
                say(mark.message)

    def _reveal(self, question: Question) -> None:
        from tutor.quiz.lines import right_answer

        say(right_answer(question) if question.labels else prose(question.solution))
        for line in question.worked():
            say(line)
        if question.explanation:
            say(prose(question.explanation))

    @staticmethod
    def _feedback(question: Question, mark: Mark) -> None:
        from tutor.quiz.lines import feedback_lines, right_answer

        say(mark.verdict)
        if mark.right:
            say(right_answer(question))
        for line in feedback_lines(question, mark, width()):
            say(line)

    def _rating(self, item: StudyItem, turn: Turn) -> Rating:
        prompt = speaking.ratings(turn.ratings(item.outcomes), drill=self.session.drill)
        while (line := self.asking.line(prompt).casefold()) not in _RATINGS:
            say("Write 1, 2, 3 or 4.")
        return _RATINGS[line]

    def _left(self) -> str:
        """What was done when the learner leaves, and how it goes on."""
        answers, session = self.session.tally.answers, self.session
        if not answers:
            return "\nNo card was answered."
        again = "" if not session.plan.counted else " Go on with it: tutor study --resume"
        return speaking.spelled(f"\nSaved: {session.tally.words()}.{again}")

    def _end(self) -> str:
        session = self.session
        if session.drill:
            return speaking.spelled(
                f"\nThat was the drill: {session.tally.words()}. No date has moved."
            )
        due = self.learner.due()
        if session.over_time:
            waits = f" Still to come today: {due.waiting}." if due.ready else ""
            return speaking.spelled(f"\n{session.length}. Saved: {session.tally.words()}.{waits}")
        if due.ready:
            return f"\nThat was this session. Still to come today: {due.waiting}."
        if due.next_due_utc_ms is None:
            return "\nNothing waits. More: tutor quiz, tutor study --new 5"
        when = speaking.moment(due.next_due_utc_ms, self.learner.now().utc_ms)
        return f"\nNothing more waits now; the next card is due {when}."
