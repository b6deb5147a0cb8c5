"""A written miss that counts as right after all: as if it had been right at once, and undoable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tutor.memory.model import CardState, Rating
from tutor.memory.time import MINUTE_MS
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.quiz import QuizSession
from tutor.session.study import StudySession
from tutor.session.turn import Turn


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(learner(tmp_path, clock)) as opened:
        yield opened


def answered(quiz: QuizSession, answer: str, hints: int = 0) -> None:
    question = quiz.question
    assert question is not None
    turn = Turn(question)
    turn.hints = hints
    assert turn.reply(answer) is not None
    quiz.settle(turn)
    quiz.advance()


def rated(session: StudySession) -> Rating:
    return session.tally.answers[-1].rating


def quizzed(one: Learner, *cards: str) -> QuizSession:
    return QuizSession(one, QuizPlan(cards=cards, seed=1))


@pytest.mark.parametrize("hints", [0, 1])
def test_it_counts_as_if_it_had_been_right_at_once(tmp_path: Path, hints: int) -> None:
    states: list[CardState] = []
    for name, answer in (("missed", "5"), ("right", "1")):
        clock = Clock()
        (tmp_path / name).mkdir()
        with closing(learner(tmp_path / name, clock)) as one:
            quiz = quizzed(one, "d/before")
            answered(quiz, answer, hints)
            clock.forward(minutes=1)
            accepted = quiz.accept()
            assert (accepted is not None) == (name == "missed")
            if accepted is not None:
                assert accepted.rating == (Rating.HARD if hints else Rating.GOOD)
                assert accepted.due_utc_ms == one.state("d/before").due_utc_ms
            assert quiz.report().right == 1
            states.append(one.state("d/before"))
            assert one.store.check() == []
    missed, right = states
    for field in ("due_utc_ms", "phase", "reps", "lapses", "stability", "difficulty"):
        assert getattr(missed, field) == getattr(right, field), field


def test_undo_takes_the_acceptance_back_and_then_the_answer(one: Learner) -> None:
    quiz = quizzed(one, "d/before", "d/second")
    answered(quiz, "5")
    before = one.state("d/before")
    assert quiz.accept() is not None
    assert quiz.accept() is None, "it is no miss any more"
    assert quiz.report().right == 1
    assert quiz.undo() == "d/before"
    assert one.state("d/before").due_utc_ms == before.due_utc_ms
    assert (quiz.report().right, quiz.report().asked) == (0, 1)
    assert quiz.question is not None and quiz.question.key == "d/second", "it is not asked again"
    assert quiz.undo() == "d/before"
    assert (quiz.report().asked, one.state("d/before").reps) == (0, 0)


def test_only_a_written_miss_can_count_as_right(one: Learner) -> None:
    quiz = quizzed(one, "d/second", "d/before", "d/before")
    assert quiz.accept() is None
    labels = "ab"
    question = quiz.question
    assert question is not None
    answered(quiz, next(a for a in labels if a != question.labels))
    assert quiz.accept() is None, "a wrong option was chosen, not written"
    answered(quiz, "1")
    assert quiz.accept() is None, "it was right"
    answered(quiz, "?")
    assert quiz.accept() is None, "nothing was said"


def test_all_gaps_that_were_missed_count_and_are_undone_together(one: Learner) -> None:
    quiz = quizzed(one, "d/row")
    answered(quiz, "one; beta")
    kept = one.state("d/row/beta")
    assert quiz.accept() is not None
    assert one.state("d/row/beta") == kept, "it was right already"
    assert one.state("d/row/alpha").due_utc_ms == one.state("d/row/beta").due_utc_ms
    quiz.undo()
    answered(quizzed(one, "d/row"), "one; two")
    missed = one.state("d/row/alpha"), one.state("d/row/beta")
    assert quizzed(one, "d/row").accept() is not None, "also in a later session"
    assert one.state("d/row/alpha").due_utc_ms > missed[0].due_utc_ms
    one.undo()
    assert one.state("d/row/alpha").due_utc_ms == missed[0].due_utc_ms
    assert one.state("d/row/beta").due_utc_ms == missed[1].due_utc_ms


def test_study_counts_it_and_asks_the_card_no_more_today(one: Learner) -> None:
    session = StudySession(one, StudyPlan(topics=("beta",), ignore_needs=True))
    while (item := session.next()) is not None and item.unit != "d/before":
        session.answer(item, Rating.EASY)
    assert item is not None
    turn = Turn(item.question, one.library, rated=True)
    turn.reply("5")
    session.settle(item, turn)
    assert rated(session) == Rating.AGAIN
    accepted = session.accept()
    assert accepted is not None and accepted.key == "d/before"
    assert rated(session) == Rating.GOOD
    assert accepted.due_utc_ms - one.now().utc_ms == 10 * MINUTE_MS
    assert session.undo() == "d/before"
    assert rated(session) == Rating.AGAIN
