"""`tutor exam`: questions against the clock, no verdict until the end; line by line or in the app.

Each answer is in the journal before its `noted` line is printed, and the exam goes on from there.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tutor.errors import ElsewhereError
from tutor.paths import Place
from tutor.session.exam_words import time_left
from tutor.text.numerals import whole_number
from tutor.text.printing import say, say_json, tell
from tutor.verbs import speaking
from tutor.verbs.dialogue import on_terminal, read_line, width
from tutor.verbs.plans import exam_plan

if TYPE_CHECKING:
    from tutor.session.exam import ExamSession
    from tutor.session.exam_result import Result
    from tutor.session.learner import Learner

_RULES = """\
Nothing is said of any answer until you hand in; each can be changed until then.
After an answer ! says sure, ? unsure; ? alone: I do not know.
Enter alone: next. :back, :N goes to question N, :flag, :list, :done hands in, q leaves."""


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's exam, or hold one on stdin and stdout. Returns the exit status."""
    from tutor.verbs import app

    if not (args.plain or args.speak or args.json) and on_terminal():
        return app.run(args, place)
    from tutor.verbs.opening import open_learner

    with speaking.voice(args, place), open_learner(place) as learner:
        session = begin(learner, args)
        result = PlainExam(session).run()
        if result is not None:
            from tutor.verbs.report import result_lines

            for line in result_lines(result, width()):
                say(line)
            say(f"score {result.report.right}/{result.report.asked}")
    if args.json:
        say_json(
            {
                "done": result is not None,
                "answered": session.answered,
                "total": session.total,
                "result": result.as_json() if result else None,
            }
        )
    return 0


def begin(learner: Learner, args: argparse.Namespace) -> ExamSession:
    """The exam that is asked for; the one that was left, if nothing is. Raises NotFoundError."""
    from dataclasses import replace

    from tutor.session.exam import ExamSession
    from tutor.session.exam_rows import left

    plan = exam_plan(args)
    if not plan.go_on and left(learner) is not None:
        if plan.chosen:
            tell("The exam that you had left is given up for this one.")
        else:
            plan = replace(plan, go_on=True)
    return ExamSession(learner, plan)


class PlainExam:
    """One exam on stdin and stdout."""

    def __init__(self, session: ExamSession) -> None:
        self.session = session

    def run(self) -> Result | None:
        """Ask until it is handed in, the time is over or the input ends; None if it was left."""
        session = self.session
        many = "s" * (session.total != 1)
        clock = f", {session.limit_ms // 60_000} minutes" if session.limit_ms else ""
        if session.short:
            say(session.short)
        say(f"Exam: {session.total} question{many}{clock}, seed {session.seed}.")
        if session.resumed:
            say(f"It goes on where you left it: {session.answered} of {session.total} answered.")
        say(_RULES)
        try:
            return self._to_the_end()
        except EOFError:
            if session.leave():
                done = f"{session.answered} of {session.total}"
                say(f"\nLeft with {done} answered: tutor exam goes on.")
            elif session.over:
                say("\nAnother window has handed this exam in.")
                return session.hand_in()
            else:
                say("\nLeft before the first answer: nothing is kept.")
            return None

    def _to_the_end(self) -> Result:
        """Ask until it is handed in, here or in another window. Raises EOFError if it is left."""
        session = self.session
        while not session.over:
            try:
                if self._question():
                    if session.out_of_time:
                        say("The time is over.")
                    return session.hand_in()
            except ElsewhereError as error:
                say(f"{error.title}. {error.message}")
        return session.hand_in()

    def _question(self) -> bool:
        """Show the question looked at and take one line for it; whether the exam is to end."""
        self._show()
        while True:
            line = read_line(self._prompt())
            self.session.look_around()
            if self.session.out_of_time:
                return True
            if not line:
                return self._next()
            if line.startswith(":"):
                moved = self._command(line[1:].strip().casefold())
                if moved is not None:
                    return moved
            elif self._answer(line):
                return self._next()

    def _show(self) -> None:
        from tutor.quiz.lines import question_lines

        session, question = self.session, self.session.question
        if session.news:
            say(session.news)
            session.news = ""
        place = f"{session.at + 1}/{session.total}"
        if question is None:
            say(f"\n[{place}] This card is gone from the decks; it does not count.")
            return
        notes = [word for word in (self._clock(), self._standing()) if word]
        lines = question_lines(question, width())
        speaking.show_question(lines, place, session.heading, question.kind, *notes)

    def _clock(self) -> str:
        left = self.session.left_ms
        return "" if left is None else speaking.spelled(f"{time_left(left)} left")

    def _standing(self) -> str:
        given = self.session.given
        flag = "Flagged. " * self.session.is_flagged(self.session.at)
        if given is None:
            return flag.strip()
        sure = f", {given.confidence}" if given.confidence else ""
        return f"{flag}Your answer so far: {given.answer}{sure}"

    def _prompt(self) -> str:
        from tutor.quiz.lines import prompt

        question = self.session.question
        return "Enter goes on:" if question is None else prompt(question)

    def _answer(self, line: str) -> bool:
        """Take an answer; whether it could be read."""
        from tutor.verbs.quiz import said

        question = self.session.question
        if question is None:
            return True
        answer, confidence = said(question, line)
        if why := self.session.answer(answer, confidence):
            say(why)
            return False
        say(f"noted {self.session.at + 1}/{self.session.total}")
        return True

    def _next(self) -> bool:
        if self.session.at + 1 < self.session.total:
            self.session.go(self.session.at + 1)
            return False
        return self._overview()

    def _command(self, word: str) -> bool | None:
        """Do what a line with a colon says; None if the same question is asked on."""
        session = self.session
        if word == "back":
            session.go(session.at - 1)
        elif (place := self._place(word)) is not None:
            session.go(place)
        elif word == "flag":
            say("Flagged." if session.flag() else "No flag any more.")
            return None
        elif word == "list":
            return self._overview()
        elif word == "done":
            return True
        else:
            say(f"Write :back, :1 to :{session.total}, :flag, :list or :done.")
            return None
        return False

    def _place(self, word: str) -> int | None:
        """The place of the question whose number is written; None where there is none."""
        number = whole_number(word)
        return number - 1 if number is not None and 1 <= number <= self.session.total else None

    def _overview(self) -> bool:
        """How all questions stand; whether it is handed in now."""
        session = self.session
        open_ = [str(at + 1) for at in range(session.total) if session.answer_at(at) is None]
        flagged = [str(at + 1) for at in range(session.total) if session.is_flagged(at)]
        say(f"\n{session.answered} of {session.total} answered.")
        for name, places in (("Open", open_), ("Flagged", flagged)):
            if places:
                say(f"{name}: {', '.join(places)}")
        while (line := read_line("A number goes to that question; done hands in:")).strip(":"):
            session.look_around()
            number = line.strip(":")
            if number.casefold() == "done" or session.out_of_time:
                return True
            if (place := self._place(number)) is not None:
                session.go(place)
                return False
            say(f"Write a number from 1 to {session.total}, or done.")
        session.go(session.first_open())
        return session.out_of_time
