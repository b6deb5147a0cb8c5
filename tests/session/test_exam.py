"""Exams: silent until the end, resumable at any moment, marked as a quiz marks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.decks import Clock, learner
from tutor.errors import NotFoundError, UsageError
from tutor.session.exam import ExamSession
from tutor.session.exam_result import PASSED_DAYS, passed, read, results
from tutor.session.exam_rows import OFFERED_DAYS, left
from tutor.session.learner import Learner
from tutor.session.plans import ExamPlan, QuizPlan
from tutor.session.quiz import QuizSession
from tutor.session.turn import Turn
from tutor.store.rows import event_row

PREDICTIONS = "".join(
    f"\n## Is {n} even?\n<!-- card id=even-{n} type=truefalse -->\n"
    f"- [{'x '[n % 2]}] True\n- [{' x'[n % 2]}] False\n"
    for n in range(12)
)
DECK = f"""---
deck: d
title: Numbers
chapter: 3 Numbers
---

# Even
<!-- topic id=even -->

Every other number is even.
{PREDICTIONS}
# Words
<!-- topic id=words -->

Words for numbers.

## Which word stands for 2 to the 10?
<!-- card id=kibi -->
= "kibi"

## How many are three times four?
<!-- card id=twelve -->
= 12

## What is a rectifier?
<!-- card id=relu -->
- [x] a unit that cuts below zero
- [ ] a pump
  > That one moves water.

## Gaps
<!-- card id=gaps -->
One and ==one== are ==two==.

## A term nobody can mark
<!-- card id=free -->
Prose that is rated.
"""
RIGHT = {"d/kibi": "kibi", "d/twelve": "12", "d/gaps": "one; two"}


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Learner]:
    with_clock = learner(tmp_path, Clock(), DECK)
    yield with_clock
    with_clock.close()


def exam(person: Learner, **plan: Any) -> ExamSession:
    return ExamSession(person, ExamPlan(**plan | {"seed": 1}))


def right(session: ExamSession) -> str:
    question = session.question
    assert question is not None
    return question.labels or RIGHT[question.key]


def test_all_is_saved_at_once_and_goes_on(person: Learner) -> None:
    ticks = Clock(0)
    session = ExamSession(person, ExamPlan(count=16, seed=1), lambda: ticks() / 1000)
    assert session.total == 16
    assert session.limit_ms == 24 * 60_000
    assert session.leave() is False, "an exam that was only looked at is none"
    assert left(person) is None
    session.answer(right(session), "sure")
    ticks.forward(minutes=3)
    session.go(4)
    session.flag()
    session.answer(right(session))
    again = ExamSession(person, ExamPlan(go_on=True))
    assert again.resumed
    assert again.answered == 2
    assert (again.at, again.total, again.seed) == (5, 16, 1)
    assert again.is_flagged(4) and not again.is_flagged(0)
    assert again.answer_at(0) == session.answer_at(0)
    assert again.left_ms is not None and 20 * 60_000 < again.left_ms <= 21 * 60_000
    assert [again.question_at(at) for at in range(16)] == [
        session.question_at(at) for at in range(16)
    ]


def test_nothing_is_scheduled_until_it_is_handed_in_and_then_all_at_once(person: Learner) -> None:
    session = exam(person, count=16)
    for at in range(16):
        session.go(at)
        session.answer(right(session))
    session.answer("?")
    session.answer(right(session), "unsure")
    assert not list(person.states())
    result = session.hand_in()
    assert (result.report.right, result.report.asked, result.open) == (16, 16, 0)
    assert sum(1 for _ in person.states()) == 17, "each gap is scheduled by itself"
    assert left(person) is None
    assert session.hand_in() is result
    with pytest.raises(NotFoundError):
        ExamSession(person, ExamPlan(go_on=True))


def test_no_answer_is_wrong_and_no_review(person: Learner) -> None:
    session = exam(person, count=5)
    session.answer(right(session))
    session.go(1)
    session.answer("?")
    result = session.hand_in()
    assert [item.right for item in result.report.items] == [True, False, False, False, False]
    assert [item.given for item in result.report.items[1:]] == ["?", "", "", ""]
    assert result.open == 3
    keys = {state.key.split("/")[1] for state in person.states()}
    assert keys == {item.key.split("/")[1] for item in result.report.items[:2]}


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 99), rng=st.randoms(use_true_random=False))
def test_marks_equal_those_of_a_quiz(
    seed: int, rng: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wordings = ["kibi", "kilo", "kibbi", "12", "13", "0.12", "a", "b", "t", "f", "one; two", "?"]
    with_exam = learner(tmp_path_factory.mktemp("exam"), Clock(), DECK)
    with_quiz = learner(tmp_path_factory.mktemp("quiz"), Clock(), DECK)
    try:
        session = ExamSession(with_exam, ExamPlan(seed=seed, count=16))
        keys = [question.key for at in range(16) if (question := session.question_at(at))]
        said = {}
        for at, key in enumerate(keys):
            session.go(at)
            text = rng.choice(wordings)
            if not session.answer(text, rng.choice(["sure", "unsure", None])):
                said[key] = session.answer_at(at)
        exam_items = {item.key: item for item in session.hand_in().report.items}
        quiz = QuizSession(with_quiz, QuizPlan(cards=tuple(keys), seed=seed))
        while question := quiz.question:
            answer = said.get(question.key)
            turn = Turn(question, with_quiz.library)
            if answer is not None:
                turn.confidence = answer.confidence
                mark = turn.reply(answer.answer)
                assert mark is not None
                if mark.verdict == "ask-again":
                    assert mark.near
                    turn.reply(RIGHT[question.key])
                quiz.settle(turn)
                quiz.advance()
            else:
                quiz.skip()
        for item in quiz.report().items:
            other = exam_items[item.key]
            same = replace(other, seconds=item.seconds)
            if other.given != item.given:  # written again after "almost"
                same = replace(same, given=item.given, answer=item.answer, shown=item.shown)
            assert same == item
        rows = [
            [(e.card_key, e.rating, e.correct, e.confidence) for e in who.store.recent(99)]
            for who in (with_exam, with_quiz)
        ]
        assert rows[0] == rows[1]
    finally:
        with_exam.close()
        with_quiz.close()


def test_no_word_gives_away_whether_an_answer_is_right(person: Learner) -> None:
    session = exam(person, count=16)
    for at in range(16):
        session.go(at)
        question = session.question
        assert question is not None
        if question.key == "d/kibi":
            assert session.answer("kibbi") == "", "“almost” would say that it is right"
        elif question.key == "d/twelve":
            assert "number" in session.answer("a dozen and a bit")
        elif question.key == "d/gaps":
            assert "2 gaps" in session.answer("one")
        else:
            assert session.answer("zz"), "what cannot be read is told in an exam too"
    items = {item.key: item for item in session.hand_in().report.items}
    assert items["d/kibi"].right, (
        "one letter off counts as in a quiz, which lets it be written again"
    )


def test_the_clock_ends_the_exam_and_stands_while_it_is_closed(person: Learner) -> None:
    ticks = Clock(0)
    session = ExamSession(person, ExamPlan(count=4, minutes=2), lambda: ticks() / 1000)
    session.answer(right(session))
    ticks.forward(minutes=1)
    session.leave()
    ticks.forward(minutes=60)
    session = ExamSession(person, ExamPlan(go_on=True), lambda: ticks() / 1000)
    assert session.left_ms == 60_000
    ticks.forward(minutes=1.5)
    assert session.out_of_time
    assert session.hand_in().seconds == 120
    free = ExamSession(person, ExamPlan(count=4, minutes=0))
    assert free.left_ms is None and not free.out_of_time


def test_an_exam_left_too_long_ago_and_one_before_the_newest_are_gone(person: Learner) -> None:
    clock = person._clock
    assert isinstance(clock, Clock)
    first = exam(person, count=4)
    first.flag()
    second = ExamSession(person, ExamPlan(count=3, seed=2))
    second.flag()
    sitting = left(person)
    assert sitting is not None and len(sitting.keys) == 3
    clock.forward(days=OFFERED_DAYS)
    assert left(person) is None


def test_an_answer_to_a_card_that_was_edited_is_asked_for_again(
    person: Learner, tmp_path: Path
) -> None:
    session = exam(person, count=16)
    for at in range(16):
        session.go(at)
        session.answer(right(session))
    file = tmp_path / "deck.md"
    text = file.read_text(encoding="utf-8").replace("three times four", "four times three")
    file.write_text(
        text.replace(
            "## Is 3 even?\n<!-- card id=even-3 type=truefalse -->\n- [ ] True\n- [x] False\n", ""
        ),
        "utf-8",
    )
    person.reload()
    again = ExamSession(person, ExamPlan(go_on=True))
    assert again.answered == 14
    result = again.hand_in()
    assert (result.report.asked, result.report.right) == (15, 14), "a card that is gone counts not"


def test_a_chapter_is_passed_for_so_many_days(person: Learner) -> None:
    clock = person._clock
    assert isinstance(clock, Clock)
    session = exam(person, count=12, chapters=("3",))
    for at in range(12):
        session.go(at)
        session.answer(right(session) if at < 10 else "?")
    result = session.hand_in()
    assert [(m.number, m.title, m.right, m.passed) for m in result.chapters] == [
        (3, "Numbers", 10, True)
    ]
    day = person.now().study_day
    (found,) = passed(results(person), day)
    assert found.until == day + PASSED_DAYS
    assert passed(results(person), day + PASSED_DAYS)
    assert not passed(results(person), day + PASSED_DAYS + 1)
    low = exam(person, count=9, chapters=("numb",))
    for at in range(9):
        low.go(at)
        low.answer(right(low))
    assert not low.hand_in().chapters[0].passed, "nine are too few"


def test_what_fits_nothing_is_told(person: Learner) -> None:
    for plan, words in (
        ({"chapters": ("99",)}, "Known: 3 Numbers"),
        ({"topics": ("nothing",)}, "nothing"),
        ({"kinds": ("order",)}, "No card"),
    ):
        with pytest.raises(NotFoundError, match=words):
            exam(person, **plan)
    with pytest.raises(UsageError):
        exam(person, kinds=("term",))


def write_elsewhere(person: Learner, told: object) -> None:
    """A row of an exam as another program might have written it."""
    person.store.append_rows([event_row(person.event("exam", "", payload=json.dumps(told)))])


def test_rows_from_elsewhere_are_looked_at_twice(person: Learner) -> None:
    bad: list[Any] = [
        [], "x", {"of": 3, "end": True}, {"cards": [], "seed": 1, "limit_ms": None},
        {"cards": ["d/kibi"], "seed": "1", "limit_ms": None}, {"end": True, "of": "x", "items": 3},
        {"cards": ["no/such"], "seed": 1, "limit_ms": 5},
    ]  # fmt: skip
    for told in bad:
        write_elsewhere(person, told)
    assert results(person) == []
    sitting = left(person)
    assert sitting is not None and sitting.keys == ("no/such",)
    empty = ExamSession(person, ExamPlan(go_on=True)).hand_in()
    assert empty.report.asked == 0
    session = exam(person, count=3)
    session.answer("?")
    beginning = person.store.recent(2, "exam")[1].id
    for step in ({"at": 9}, {"at": -1, "ms": 1, "spent_ms": 1}, {"at": 1, "ms": 0, "spent_ms": 0,
                 "answer": 3, "flag": "x", "confidence": "certain"}):  # fmt: skip
        write_elsewhere(person, {"of": beginning} | step)
    again = ExamSession(person, ExamPlan(go_on=True))
    assert again.answered == 1 and not again.is_flagged(1)


def test_a_result_survives_the_journal(person: Learner) -> None:
    session = exam(person, count=6)
    session.flag()
    session.answer(right(session), "sure")
    result = session.hand_in()
    (row,) = person.store.recent(1, "exam")
    assert read(row) == result == results(person)[0]
    bell = replace(row, payload=row.payload.replace("Numbers", "Num\\u001b[2Jbers"))
    told = read(bell)
    assert told is not None and "\x1b" not in told.chapters[0].title
