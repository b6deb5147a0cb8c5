"""`tutor study`: what is due, card by card, on stdin and stdout or in the app.

Each answer is in the journal before its `saved` line is printed.
"""

from __future__ import annotations

import argparse
from time import monotonic
from typing import TYPE_CHECKING

from tutor.memory.model import Rating
from tutor.memory.time import iso
from tutor.paths import Place
from tutor.verbs.dialogue import on_terminal, read_line, say, width
from tutor.verbs.plans import study_plan

if TYPE_CHECKING:
    from tutor.quiz.verdict import Mark
    from tutor.session.learner import Learner
    from tutor.session.study import StudyItem, StudySession

_RATINGS = {str(int(rating)): rating for rating in Rating} | {
    rating.name.casefold(): rating for rating in Rating
}


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's Study, or study on stdin and stdout. Returns the exit status."""
    from tutor.verbs import app

    if not args.plain and on_terminal():
        return app.run(args, place)
    from tutor.session.study import StudySession
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        PlainStudy(learner, StudySession(learner, study_plan(args))).run()
    return 0


class _TakenBackError(Exception):
    """The last answer was taken back, so its card is to be shown again."""


class PlainStudy:
    """One session of study on stdin and stdout."""

    def __init__(self, learner: Learner, session: StudySession) -> None:
        self.learner = learner
        self.session = session

    def run(self) -> None:
        """Ask until the cards or the input end."""
        say("Enter shows the answer, 1 to 4 rate it; u undo, q quit.")
        try:
            while True:
                try:
                    if (item := self.session.next()) is None:
                        break
                    self._turn(item)
                except _TakenBackError:
                    continue
        except EOFError:
            return
        say(self._end())

    def _turn(self, item: StudyItem) -> None:
        from tutor.quiz.lines import question_lines

        say(f"\n[{item.position}/{item.total}] {item.question.key} · {item.card.kind}")
        if item.changed:
            say("(changed since your last review)")
        for line in question_lines(item.question, width()):
            say(line)
        self.session.prepare()
        started = monotonic()
        answer, mark, hints = self._answer(item)
        spent = round((monotonic() - started) * 1000)
        if mark is None:
            self._reveal(item)
        else:
            self._feedback(item, mark)
        rating = Rating.AGAIN
        if mark is None or mark.right:
            rating = self._rating(item, None if mark is None else mark.right, hints)
        saved = self.session.answer(
            item,
            rating,
            answer=answer or None,
            correct=None if mark is None else mark.right,
            hints=hints,
            elapsed_ms=spent,
        )
        say(f"saved {saved.key} due {iso(saved.due_utc_ms)}")

    def _answer(self, item: StudyItem) -> tuple[str, Mark | None, int]:
        """The first line that can be read: an answer with its mark, or nothing to be marked.

        Also how many hints were asked for.
        """
        from tutor.quiz.lines import prompt

        question, hints = item.question, 0
        words = prompt(question) if question.marked else "Recall, then enter:"
        if question.hints:
            words = f"{words[:-1]} (or hint):"
        while True:
            line = self._ask(words)
            if line.casefold() == "hint" and hints < len(question.hints):
                say(self._text(question.hints[hints]))
                hints += 1
                continue
            if not line or not question.marked:
                return line, None, hints
            mark = self._mark(item, line)
            if mark.verdict != "ask-again":
                return line, mark, hints
            say(mark.message)

    @staticmethod
    def _mark(item: StudyItem, line: str) -> Mark:
        from tutor.quiz.marking import give_up, mark

        return give_up(item.question) if line == "?" else mark(item.question, line)

    def _reveal(self, item: StudyItem) -> None:
        from tutor.quiz.lines import right_answer

        question = item.question
        labelled = bool(question.labels)
        say(right_answer(question) if labelled else self._text(question.solution))
        for line in question.worked():
            say(line)
        if question.explanation:
            say(self._text(question.explanation))

    @staticmethod
    def _feedback(item: StudyItem, mark: Mark) -> None:
        from tutor.quiz.lines import feedback_lines, right_answer

        say(mark.verdict)
        if mark.right:
            say(right_answer(item.question))
        for line in feedback_lines(item.question, mark, width()):
            say(line)

    def _rating(self, item: StudyItem, correct: bool | None, hints: int) -> Rating:
        from tutor.session.answers import capped, ceiling

        buttons = capped(item.outcomes, ceiling(item.question, correct, hints))
        prompt = " · ".join(
            f"{int(rating)} {rating.name.title()} {outcome.label}"
            for rating, outcome in buttons.items()
        )
        while (line := self._ask(prompt).casefold()) not in _RATINGS:
            say("Write 1, 2, 3 or 4.")
        return _RATINGS[line]

    def _ask(self, prompt: str) -> str:
        while (line := read_line(prompt)) == "u":
            self._undo()
        return line

    def _undo(self) -> None:
        key = self.session.undo()
        if key is None:
            say("There is no answer to take back.")
            return
        say(f"undone {key}")
        raise _TakenBackError

    @staticmethod
    def _text(markdown: str) -> str:
        from tutor.text.markdown import plain

        return plain(markdown, width())

    def _end(self) -> str:
        due = self.learner.due()
        if waiting := due.due_now + due.new:
            cards = "1 more card waits" if waiting == 1 else f"{waiting} more cards wait"
            return f"\nThat was this session; {cards}."
        if due.next_due_utc_ms is None:
            return "\nNothing waits. More: tutor quiz, tutor study --new 5"
        return f"\nNothing more waits now; the next card is due {iso(due.next_due_utc_ms)}."
