"""What is worked out from the journal may go: the next start has it again, and tells it once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tests.session.test_learner import answer, assert_one
from tutor.memory.model import Rating
from tutor.session.verifying import LOST

RATINGS = (Rating.GOOD, Rating.AGAIN, Rating.EASY)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM card_state", [LOST]),
        ("DROP TABLE card_state", [LOST]),
        ("ALTER TABLE card_state DROP COLUMN scored", [LOST]),
        ("DROP TABLE card_state; CREATE VIEW card_state AS SELECT 1", [LOST]),
        ("DELETE FROM day_count", [LOST]),
        ("ALTER TABLE day_count ADD COLUMN note TEXT", [LOST]),
        ("DROP TABLE glance", []),
        ("DROP TABLE glance; DROP TABLE day_count; DROP TABLE card_state", [LOST]),
    ],
)
def test_it_is_worked_out_anew(change: str, told: list[str], tmp_path: Path) -> None:
    clock = Clock()
    with closing(learner(tmp_path, clock)) as one:
        answer(one, *RATINGS)
        states, days = dict(one.today.states), dict(one.summary.history.days)
    with closing(sqlite3.connect(tmp_path / "data" / "tutor.db")) as other:
        other.executescript(change)
    with closing(learner(tmp_path, clock)) as one:
        assert [line for line in one.warnings if "No backup" not in line] == told
        assert (dict(one.today.states), dict(one.summary.history.days)) == (states, days)
        assert one.store.check() == []
        assert_one(one)
    with closing(learner(tmp_path, clock)) as one:
        assert one.warnings == []


def test_nothing_is_lost_where_nothing_was_answered(tmp_path: Path) -> None:
    clock = Clock()
    with closing(learner(tmp_path, clock)) as one:
        answer(one, Rating.GOOD)
        one.undo()
    with closing(sqlite3.connect(tmp_path / "data" / "tutor.db")) as other, other:
        other.execute("DELETE FROM card_state")
    for _ in range(2):
        with closing(learner(tmp_path, clock)) as one:
            assert one.warnings == []
