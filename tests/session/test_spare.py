"""A backlog's days, and what is offered when minutes are left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner, many
from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.session.learner import Learner
from tutor.session.outlook import outlook
from tutor.session.spare import ahead, spare
from tutor.session.study import StudySession

CARDS = 12


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    """A learner who has begun all twelve cards today, each with Easy."""
    with closing(learner(tmp_path, clock, many(CARDS))) as opened:
        study(opened)
        yield opened


def study(learner: Learner) -> None:
    session = StudySession(learner)
    while (item := session.next()) is not None:
        session.answer(item, Rating.EASY, elapsed_ms=5000)
    session.end()


def choosing(learner: Learner, use: str) -> None:
    learner.settings = replace(learner.settings, spare_minutes=use)
    learner.refresh()


def test_by_itself_it_only_tells(one: Learner) -> None:
    found = spare(one)
    assert found is not None
    assert (found.minutes, found.use, found.plan) == (19, "tell", None)


def test_nothing_is_offered_while_something_waits(one: Learner, clock: Clock) -> None:
    clock.utc_ms += 40 * DAY_MS
    assert spare(one) is None
    study(one)
    assert spare(one) is not None


def test_nor_to_a_new_learner_nor_against_their_word(one: Learner, tmp_path: Path) -> None:
    choosing(one, "nothing")
    assert spare(one) is None
    (tmp_path / "new").mkdir()
    with closing(learner(tmp_path / "new", Clock(), many(0))) as new:
        assert spare(new) is None


def test_cards_ahead_are_those_unseen_the_longest(one: Learner, clock: Clock) -> None:
    choosing(one, "reviews")
    found = spare(one)
    assert found is not None
    assert (found.use, found.plan) == ("tell", None), "all were asked today"
    clock.utc_ms += DAY_MS
    found = spare(one)
    assert found is not None
    assert found.plan is not None
    assert set(found.plan.cards) == {f"many/c{number}" for number in range(CARDS)}
    session = StudySession(one, found.plan)
    item = session.next()
    assert item is not None
    session.answer(item, Rating.GOOD, elapsed_ms=5000)
    session.end()
    assert item.unit not in ahead(one, 20)
    assert len(ahead(one, 20)) == CARDS - 1
    clock.utc_ms += DAY_MS
    assert ahead(one, 20)[-1] == item.unit
    assert len(ahead(one, 1)) == 60 // 5, "five seconds an answer"


def test_new_cards_where_topics_are_left(one: Learner) -> None:
    choosing(one, "new cards")
    found = spare(one)
    assert found is not None
    assert (found.use, found.told) == ("tell", "every topic of your decks was begun")


def test_a_week_away_takes_as_many_days_as_said(one: Learner, clock: Clock) -> None:
    """The days are then lived: the last of them is the one that was told."""
    clock.utc_ms += 60 * DAY_MS
    one.settings = replace(one.settings, minutes_a_day=1, reviews_a_day=5)
    one.refresh()
    said = outlook(one).days
    assert said is not None
    assert said > 1
    lived = 0
    for _ in range(20):
        lived += 1
        session, answered = StudySession(one), 0
        while answered < 5 and (item := session.next()) is not None:
            session.answer(item, Rating.GOOD, elapsed_ms=5000)
            answered += 1
        session.end()
        if not one.due().waiting:
            break
        clock.utc_ms += DAY_MS
    assert abs(lived - said) <= 1
