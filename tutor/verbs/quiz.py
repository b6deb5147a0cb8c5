"""`tutor quiz`: questions that the program marks, line by line or in the app.

Each answer is in the journal before its `saved` line is printed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from tutor.paths import Place
from tutor.text.voice import speaking as aloud
from tutor.verbs import speaking
from tutor.verbs.dialogue import Asking, TakenBackError, on_terminal, say, width
from tutor.verbs.plans import quiz_plan

if TYPE_CHECKING:
    from tutor.quiz.question import Question
    from tutor.quiz.report import Confidence, Item
    from tutor.session.quiz import QuizSession
    from tutor.session.turn import Turn

_SURE: dict[str, Confidence] = {"!": "sure", "?": "unsure"}


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's quiz, or hold one on stdin and stdout. Returns the exit status."""
    from tutor.verbs import app

    if not (args.plain or args.speak or args.json) and on_terminal():
        return app.run(args, place)
    from tutor.session.quiz import QuizSession
    from tutor.verbs.opening import open_learner

    with speaking.voice(args, place), open_learner(place) as learner:
        plan = quiz_plan(args)
        if not plan.session:
            speaking.offer(learner)
        session = QuizSession(learner, plan)
        PlainQuiz(session).run()
        report = session.report()
        say(f"score {report.right}/{report.asked}")
        if aloud():
            say(f"You had {report.right} of {report.asked} right.")
    if args.json:
        say(json.dumps(report.as_json(), ensure_ascii=False))
    return 0


class PlainQuiz:
    """One quiz on stdin and stdout."""

    def __init__(self, session: QuizSession) -> None:
        self.session = session
        self.asking = Asking(session.undo, session.accept)

    def run(self) -> None:
        """Ask until the questions or the input end."""
        total = self.session.total
        if short := self.session.short:
            say(short)
        say(f"Quiz: {total} question{'s' * (total != 1)}, seed {self.session.seed}.")
        say("After an answer ! says sure, ? unsure; ? alone: I do not know. u undo, q quit.")
        try:
            while question := self.session.question:
                with suppress(TakenBackError):
                    self._ask(question)
        except EOFError:
            report = self.session.report()
            if report.asked:
                say(f"\nLeft after {report.asked} of {self.session.total} questions; all saved.")
                say("Go on with it: tutor quiz --resume")
        for line in self._summary():
            say(line)

    def _ask(self, question: Question) -> None:
        from tutor.quiz.lines import question_lines
        from tutor.session.turn import Turn

        place = f"{self.session.position}/{self.session.total}"
        lines = question_lines(question, width())
        speaking.show_question(lines, place, question.key, question.kind)
        turn = Turn(question, self.session.learner.library)
        if question.marked:
            self._answer(turn)
        else:
            self._judge(turn)
        self._settle(turn)

    def _answer(self, turn: Turn) -> None:
        """Ask until there is an answer that can be read."""
        from tutor.quiz.lines import prompt

        words = prompt(turn.question)
        while not turn.over:
            line = self.asking.answer(turn, words)
            answer, turn.confidence = said(turn.question, line)
            mark = turn.reply(answer)
            if mark is not None and not turn.over:
                say(mark.message)

    def _judge(self, turn: Turn) -> None:
        """The learner's own verdict on what cannot be typed."""
        from tutor.quiz.lines import right_answer

        self.asking.line("This one is yours to judge. Enter shows the answer:")
        turn.reveal()
        say(right_answer(turn.question))
        while (word := self.asking.line("Did you know it? (y or n)").casefold()) not in {"y", "n"}:
            say("Write y or n.")
        turn.judge(word == "y")

    def _settle(self, turn: Turn) -> None:
        from tutor.quiz.lines import feedback_lines
        from tutor.session.turn import UNKNOWN

        assert turn.mark is not None
        # What was said to be right must be on the disk by then.
        saved = self.session.settle(turn)
        chosen = turn.confidence if turn.given.strip() != UNKNOWN else None
        sure = f", you were {chosen}" if chosen else ""
        say(turn.mark.verdict + sure)
        for line in feedback_lines(turn.question, turn.mark, width()):
            say(line)
        self.session.advance()
        speaking.saved(saved.key, saved.due_utc_ms, self.session.learner.now().utc_ms)

    def _summary(self) -> Iterator[str]:
        from tutor.session.exam_words import calibration_lines, likely

        report = self.session.report()
        if report.asked:
            yield f"\n{likely(report)}"
        yield from calibration_lines(report)
        for item in report.to_review:
            yield from reviewed(item)
        for topic, right, asked in report.topics:
            yield f"  {topic}: {right} of {asked}"
        if report.review:
            yield f"To review: {', '.join(report.review)}"


def reviewed(item: Item) -> Iterator[str]:
    """A question to look at again as it was asked, my answer to it and the right one."""
    yield item.question
    if item.right:
        yield f"  right, but unsure: {item.expected}"
        return
    why = f" ({item.misconception})" if item.misconception else ""
    yield f"  you: {item.shown or 'no answer'}{why} · right: {item.expected}"


def said(question: Question, line: str) -> tuple[str, Confidence | None]:
    """An answer without the sign of confidence behind it, and that confidence.

    A sign without which the answer would not be right stays.
    """
    from tutor.quiz.marking import mark
    from tutor.session.turn import UNKNOWN

    confidence = _SURE.get(line[-1:])
    bare = line[:-1].strip()
    if confidence is None or line == UNKNOWN:
        return line, None
    if mark(question, line).right and not mark(question, bare).right:
        return line, None
    return bare, confidence
