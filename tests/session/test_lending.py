"""The demo of memory learns from the learner's own journal."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from demos import base, catalog
from tests.session.decks import Clock, learner, many
from tutor.errors import UnwritableError
from tutor.memory.model import Rating
from tutor.session import lending
from tutor.session.lending import lend_reviews
from tutor.session.study import StudySession


@pytest.fixture(autouse=True)
def _nothing_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "lent", {})


def test_the_arrays_hold_each_answer(tmp_path: Path) -> None:
    clock = Clock()
    with closing(learner(tmp_path, clock, many(2))) as one:
        for rating in (Rating.EASY, Rating.EASY, Rating.GOOD, Rating.AGAIN):
            session = StudySession(one)
            item = session.next()
            assert item is not None
            session.answer(item, rating, elapsed_ms=1000)
            clock.forward(days=30)
        path = lend_reviews(one)
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["card"].tolist() == [0, 0, 1, 1]
        assert sorted(arrays["rating"].tolist()) == [1, 3, 4, 4]
        assert arrays["days"][::2].tolist() == [0.0, 0.0]
        assert (arrays["days"][1::2] >= 30).all()
    assert base.lent["reviews"] == path


def test_what_cannot_be_lent_leaves_nothing_of_an_earlier_learner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> Path:
        raise UnwritableError("full", "", "")

    with closing(learner(tmp_path, Clock())) as one:
        lend_reviews(one)
        monkeypatch.setattr(lending, "ensure_dir", fail)
        with pytest.raises(UnwritableError):
            lend_reviews(one)
    assert not base.lent


def test_few_reviews_are_told_and_replaced(tmp_path: Path) -> None:
    with closing(learner(tmp_path, Clock())) as one:
        lend_reviews(one)
    knobs = {**catalog.spec("forgetting").defaults(), "learner": "own"}
    run = catalog.run_class("forgetting")(knobs, 0)
    assert "under 64 reviews" in run.frame().status
