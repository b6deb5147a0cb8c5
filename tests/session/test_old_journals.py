"""Journals of the first version: opened, studied on and undone, with every state as it was."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tests.session.test_learner import assert_one
from tools import old_journal
from tutor.memory.model import Rating
from tutor.session.plans import StudyPlan
from tutor.session.study import StudySession
from tutor.store.verify import verify

SMALL, LARGE = (300, 40), (4_000, 300)


@pytest.mark.parametrize(("answers", "cards"), [SMALL, LARGE])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_old_journal_is_as_it_was_and_goes_on(
    tmp_path: Path, answers: int, cards: int, seed: int
) -> None:
    old = tmp_path / "old.db"
    states = old_journal.write(old, answers, cards, seed)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(old, data / "tutor.db")
    with closing(learner(tmp_path, Clock())) as one:
        assert one.store.states() == states
        assert one.store.check() == []
        assert_one(one)
        backup = next(each for each in one.store.files.listed() if each.reason == "migration")
        assert verify(backup.path).good
        session = StudySession(one, StudyPlan(ignore_needs=True))
        item = session.next()
        assert item is not None
        session.answer(item, Rating.GOOD)
        assert_one(one)
        assert one.undo() == item.unit
        assert one.store.states().items() >= states.items()
        assert one.undo() is not None, "an answer of the old version"
        assert_one(one)
        assert one.store.check() == []
