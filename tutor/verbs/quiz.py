"""`tutor quiz`: questions that the program marks, line by line or in the app.

Each answer is in the journal before its `saved` line is printed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from tutor.errors import NotFoundError
from tutor.memory.time import iso
from tutor.paths import Place
from tutor.verbs.dialogue import on_terminal, read_line, say, width
from tutor.verbs.plans import quiz_plan

if TYPE_CHECKING:
    from tutor.quiz.question import Question
    from tutor.quiz.report import Confidence
    from tutor.quiz.sequence import QuestionSequence
    from tutor.quiz.verdict import Mark
    from tutor.session.learner import Learner

_SURE: dict[str, Confidence] = {"!": "sure", "?": "unsure"}


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's quiz, or hold one on stdin and stdout. Returns the exit status."""
    from tutor.verbs import app

    if not (args.plain or args.json) and on_terminal():
        return app.run(args, place)
    from tutor.session.quiz import draw_up
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        quiz = PlainQuiz(learner, draw_up(learner, quiz_plan(args)))
        quiz.run()
    report = quiz.session.report()
    say(f"score {report.right}/{report.asked}")
    if args.json:
        say(json.dumps(report.as_json(), ensure_ascii=False))
    return 0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that could be read, with its mark."""

    mark: Mark
    answer: str
    confidence: Confidence | None = None
    hints: int = 0


class _TakenBackError(Exception):
    """The last answer was taken back, so its card is to be shown again."""


class PlainQuiz:
    """One quiz on stdin and stdout."""

    def __init__(self, learner: Learner, session: QuestionSequence) -> None:
        self.learner = learner
        self.session = session

    def run(self) -> None:
        """Ask until the questions or the input end."""
        total = self.session.total
        say(f"Quiz: {total} question{'s' * (total != 1)}, seed {self.session.seed}.")
        say("After an answer ! says sure, ? unsure; ? alone: I do not know. u undo, q quit.")
        try:
            while question := self.session.question:
                self._turn(question)
        except EOFError:
            pass
        for line in self._summary():
            say(line)

    def _turn(self, question: Question) -> None:
        from tutor.quiz.lines import question_lines

        say(f"\n[{self.session.position}/{self.session.total}] {question.key} · {question.kind}")
        for line in question_lines(question, width()):
            say(line)
        started = monotonic()
        try:
            reply = self._answer(question) if question.marked else self._judged(question)
        except _TakenBackError:
            return
        self._settle(question, reply, seconds=monotonic() - started)

    def _answer(self, question: Question) -> Reply:
        """The first answer that can be read; until then hints are given."""
        from tutor.quiz.lines import prompt
        from tutor.text.markdown import plain

        words, hints = prompt(question), 0
        if question.hints:
            words = f"{words[:-1]} (or hint):"
        while True:
            line = self._ask(words)
            if line.casefold() == "hint" and hints < len(question.hints):
                say(plain(question.hints[hints], width()))
                hints += 1
                continue
            mark, answer, confidence = read(question, line)
            if mark.verdict != "ask-again":
                return Reply(mark, answer, confidence, hints)
            say(mark.message)

    def _judged(self, question: Question) -> Reply:
        """The learner's own verdict on what cannot be typed."""
        from tutor.quiz.lines import right_answer
        from tutor.quiz.verdict import Mark

        self._ask("This one is yours to judge. Enter shows the answer:")
        say(right_answer(question))
        while (word := self._ask("Did you know it? (y or n)").casefold()) not in {"y", "n"}:
            say("Write y or n.")
        return Reply(Mark("right" if word == "y" else "wrong", expected=question.expected), word)

    def _ask(self, prompt: str) -> str:
        while (line := read_line(prompt)) == "u":
            self._undo()
        return line

    def _settle(self, question: Question, reply: Reply, *, seconds: float) -> None:
        from tutor.quiz.lines import feedback_lines
        from tutor.session.answers import record_quiz

        say(reply.mark.verdict)
        for line in feedback_lines(question, reply.mark, width()):
            say(line)
        saved = record_quiz(
            self.learner,
            question,
            reply.mark,
            answer=reply.answer,
            confidence=reply.confidence,
            hints=reply.hints,
            elapsed_ms=round(seconds * 1000),
        )
        self.session.note(reply.mark, reply.answer, seconds=seconds, confidence=reply.confidence)
        self.session.advance()
        say(f"saved {saved.key} due {iso(saved.due_utc_ms)}")

    def _undo(self) -> None:
        key = self.learner.undo()
        if key is None:
            say("There is no answer to take back.")
            return
        say(f"undone {key}")
        try:
            entry, gap = self.learner.library.unit(key)
        except NotFoundError:
            return  # A topic that was marked as known, or a card that is gone.
        self.session.take_back(entry.key, gap)
        raise _TakenBackError

    def _summary(self) -> Iterator[str]:
        report = self.session.report()
        if report.asked:
            low, high = report.interval
            yield f"\nYour share of right answers lies between {low:.0%} and {high:.0%} (95 %)."
        for topic, right, asked in report.topics:
            yield f"  {topic}: {right} of {asked}"
        if report.review:
            yield f"To review: {', '.join(report.review)}"


def read(question: Question, answer: str) -> tuple[Mark, str, Confidence | None]:
    """The mark of `answer`, the answer without its confidence, and that confidence."""
    from tutor.quiz.marking import give_up, mark

    if answer == "?":
        return give_up(question), "", "unsure"
    whole = mark(question, answer)
    confidence = _SURE.get(answer[-1:])
    if confidence is None or whole.right:
        return whole, answer, None
    bare = answer[:-1].strip()
    return mark(question, bare), bare, confidence
