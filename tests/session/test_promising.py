"""The date that an answer gets: by its deck's wish, its difficulty, and what waits on that day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner, many
from tutor.deck import library as decks
from tutor.memory.model import CardState, Rating
from tutor.memory.spread import weekday
from tutor.memory.time import nearest_day
from tutor.memory.wishes import eased
from tutor.session.learner import Learner
from tutor.session.promising import outcomes
from tutor.session.study import StudySession

NAMED = """---
deck: exact
retention: 95 %
---

## What is one?
<!-- card id=one -->
The first.
"""


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    clock = Clock()
    with closing(learner(tmp_path, clock, many(30))) as opened:
        yield opened


def mature(learner: Learner, unit: str, difficulty: float = 5.0) -> CardState:
    day = learner.today.day
    return CardState(
        unit, "review", 30.0, difficulty, learner.today.start, reps=6, first_day=day - 90,
        last_day=day - 30,
    )  # fmt: skip


def test_a_deck_says_how_well_it_is_to_be_remembered(tmp_path: Path) -> None:
    file = tmp_path / "exact.md"
    file.write_text(NAMED)
    for _ in range(2):  # parsed, and from the cache
        library = decks.load([file], tmp_path / "cache")
        assert library.retentions == {"exact": 0.95}
        assert not [each for each in library.problems if each.level == "error"]


@pytest.mark.parametrize("given", ["2", "0.5", "high", "98 %"])
def test_a_wish_that_cannot_be_is_told(tmp_path: Path, given: str) -> None:
    file = tmp_path / "exact.md"
    file.write_text(NAMED.replace("95 %", given))
    library = decks.load([file], None)
    assert library.retentions == {}
    assert [each.rule for each in library.problems if "retention" in each.message] == [
        "front-matter"
    ]


def test_the_wish_for_its_deck_stands_in_the_row(one: Learner) -> None:
    one.settings = replace(one.settings, deck_retention="many 95")
    one.refresh()
    session = StudySession(one)
    for _ in range(2):
        item = session.next()
        assert item is not None
        session.answer(item, Rating.HARD, elapsed_ms=1000)
    assert {row.retention for row in one.store.active_events()} == {0.95}


def test_hard_cards_are_asked_less_often(one: Learner) -> None:
    wishes = [one.scheduler.wish(mature(one, "many/c1", each)) for each in (9.0, 5.0, 1.0)]
    assert wishes == [eased(0.9, 9.0), 0.9, 0.9]


def test_no_mature_card_falls_on_a_free_day(one: Learner) -> None:
    """Where fuzz allows another day; Hard < Good < Easy stays."""
    one.settings = replace(one.settings, easy_days="sat 0, sun 0")
    one.refresh()
    now = one.now()
    for number in range(30):
        found = outcomes(one, mature(one, f"many/c{number}"))
        dues = [found[rating].state.due_utc_ms for rating in (2, 3, 4)]  # type: ignore[index]
        days = [nearest_day(due, now.utc_offset_min, 4) for due in dues]
        assert days == sorted(set(days))
        assert all(weekday(day) < 5 for day in days[:2])


def test_what_the_button_shows_is_what_the_card_gets_and_again_after_an_undo(one: Learner) -> None:
    session = StudySession(one)
    item = session.next()
    assert item is not None
    shown = item.outcomes[Rating.EASY].interval_ms
    session.answer(item, Rating.EASY, elapsed_ms=1000)
    assert session.undo() == item.unit
    again = session.next()
    assert again is not None
    assert again.unit == item.unit
    assert again.outcomes[Rating.EASY].interval_ms == shown


def test_the_cards_of_one_day_come_back_on_many(one: Learner) -> None:
    """Thirty cards of one age: the days that fuzz allows get the same number, but for one."""
    units = [f"many/c{number}" for number in range(30)]
    for unit in units:
        after = outcomes(one, mature(one, unit))[Rating.GOOD].state
        one.today.put(after)
    now = one.now()
    days = [nearest_day(one.state(unit).due_utc_ms, now.utc_offset_min, 4) for unit in units]
    counts = [days.count(day) for day in range(min(days), max(days) + 1)]
    assert sum(counts) == len(units)
    assert max(counts) - min(counts) <= 2, json.dumps(counts)
