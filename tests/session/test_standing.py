"""Where a learner stands, as it is counted for a teacher: days until which topics are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tests.session.test_merging import rate
from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.session.accepting import accept_last
from tutor.session.answers import record_quiz
from tutor.session.learner import Learner
from tutor.session.standing import FOREVER, KNOWN_RECALL, SLIP_DAYS, standing
from tutor.session.study import StudySession
from tutor.session.turn import Turn

DECK = """---
deck: sums
---

# Adding
<!-- topic id=adding -->

## Adding
<!-- card id=adding -->
Putting together.

## What is @{a} + @{b}?
<!-- card id=add -->
```params
a = int(2, 9)
b = int(11, 19)
ans = a + b
wrong "took away" = b - a
```
= @{ans}

# Doubling
<!-- topic id=doubling -->

## Doubling
<!-- card id=doubling -->
Adding a number to itself.
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(learner(tmp_path, clock, DECK)) as found:
        yield found


def slip(one: Learner) -> str:
    question = make_question(one.library.card("sums/add"), 1)
    ((name, wrong),) = question.slips
    record_quiz(one, question, mark(question, str(wrong)), answer=str(wrong))
    return name


def test_nothing_is_met_at_first(one: Learner) -> None:
    found = standing(one)
    assert (found.topics, found.unmet, found.slips) == ({}, ("adding", "doubling"), {})


def test_a_topic_is_known_until_its_recall_has_fallen(one: Learner, clock: Clock) -> None:
    rate(one, Rating.AGAIN, "sums/adding")
    assert standing(one).topics == {"adding": None}
    rate(one, Rating.EASY, "sums/adding")
    until = standing(one).topics["adding"]
    assert until is not None and until > one.now().study_day
    state = one.state("sums/adding")
    assert one.scheduler.retrievability(state, until) >= KNOWN_RECALL
    assert one.scheduler.retrievability(state, until + 1) < KNOWN_RECALL
    clock.utc_ms += (until + 10 - one.now().study_day) * DAY_MS
    assert standing(one).topics["adding"] == one.now().study_day - 1


def test_what_is_marked_as_known_stays_so(one: Learner) -> None:
    one.mark_known(["doubling"])
    assert standing(one).topics == {"doubling": FOREVER}
    assert standing(one).unmet == ("adding",)


def test_a_slip_counts_for_a_while(one: Learner, clock: Clock) -> None:
    name = slip(one)
    day = one.now().study_day
    assert standing(one).slips == {("adding", name): day}
    clock.forward(days=SLIP_DAYS + 1)
    assert standing(one).slips == {}


def test_a_slip_that_was_taken_back_or_accepted_does_not_count(one: Learner) -> None:
    slip(one)
    one.undo()
    assert standing(one).slips == {}
    slip(one)
    assert accept_last(one) is not None
    assert standing(one).slips == {}
    one.undo()
    assert len(standing(one).slips) == 1


def test_a_slip_in_a_session_of_study_is_kept_too(one: Learner) -> None:
    rate(one, Rating.EASY, "sums/adding")
    session = StudySession(one)
    item = session.next()
    while item is not None and item.unit != "sums/add":
        session.answer(item, Rating.EASY)
        item = session.next()
    assert item is not None
    turn = Turn(item.question, one.library, rated=True)
    ((name, wrong),) = item.question.slips
    turn.reply(str(wrong))
    session.settle(item, turn)
    assert list(standing(one).slips) == [("adding", name)]
