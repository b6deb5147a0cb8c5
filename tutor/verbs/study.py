"""`tutor study`: what is due, card by card, on stdin and stdout or in the app.

Each answer is in the journal before its `saved` line is printed.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.verbs import speaking
from tutor.verbs.dialogue import Asking, TakenBackError, on_terminal, prose, say, width
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
    from tutor.session.study import StudySession
    from tutor.verbs.opening import open_learner

    with speaking.voice(args, place), open_learner(place) as learner:
        PlainStudy(learner, StudySession(learner, study_plan(args))).run()
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
        try:
            while (item := self.session.next()) is not None:
                with suppress(TakenBackError):
                    self._ask(item)
        except EOFError:
            return
        say(self._end())

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
        speaking.saved(saved.key, saved.due_utc_ms, self.learner.now().utc_ms)

    def _teach(self, topic: Topic) -> None:
        """The lesson of a new topic; it waits for no line."""
        from tutor.quiz.question import plain_line

        self.session.read.add(topic.id)
        say(f"\nNew topic: {plain_line(topic.title)}")
        say(prose(topic.lesson))

    def _show(self, item: StudyItem) -> None:
        from tutor.quiz.lines import question_lines

        speaking.show_question(
            question_lines(item.question, width()),
            f"{item.position}/{item.total}", item.question.key, item.card.kind,
            *["(changed since your last review)"] * item.changed,
        )  # fmt: skip

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
        prompt = speaking.ratings(turn.ratings(item.outcomes))
        while (line := self.asking.line(prompt).casefold()) not in _RATINGS:
            say("Write 1, 2, 3 or 4.")
        return _RATINGS[line]

    def _end(self) -> str:
        due = self.learner.due()
        if due.ready:
            return f"\nThat was this session. Still to come today: {due.waiting}."
        if due.next_due_utc_ms is None:
            return "\nNothing waits. More: tutor quiz, tutor study --new 5"
        when = speaking.moment(due.next_due_utc_ms, self.learner.now().utc_ms)
        return f"\nNothing more waits now; the next card is due {when}."
