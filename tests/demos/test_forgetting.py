"""The fit of a memory: what it learns, when there is nothing to learn, reviews that are lent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from demos import base, forgetting
from demos.engine import fsrs
from tutor.lab import headless
from tutor.lab.experiment import Experiment


def test_an_average_memory_leaves_nothing_to_learn() -> None:
    found = headless.run("forgetting", ["memory=average"])
    assert [verdict["holds"] for verdict in found["verdicts"]] == [False, False]
    assert abs(found["measured"]["fell_by"]) < 0.01


def test_a_strong_memory_bends_the_curve_up() -> None:
    run = forgetting.Run({**forgetting.SPEC.defaults(), "memory": "strong"}, 0)
    run.step(forgetting.SPEC.steps)
    assert run.answers().predict == 2
    assert all(verdict.holds for verdict in run.verdicts())


def test_the_synthetic_learner_answers_as_its_curve_says() -> None:
    w = forgetting.truth("weak")
    days, shares = forgetting.counted(forgetting.synthetic(w, 4000, np.random.default_rng(0)))
    assert len(days) >= 3
    assert shares == pytest.approx(forgetting.recall(w, days), abs=0.06)


def test_weights_stay_in_their_range() -> None:
    run = forgetting.Run({**forgetting.SPEC.defaults(), "learning_rate": 1.0}, 0)
    run.step(10)
    assert (run.w >= fsrs.LOWEST).all()
    assert (run.w <= fsrs.HIGHEST).all()


def test_the_pull_keeps_weights_nearer_to_their_defaults() -> None:
    def moved(pull: float) -> float:
        run = forgetting.Run({**forgetting.SPEC.defaults(), "regularization": pull}, 0)
        run.step(60)
        return float(np.abs((run.w - fsrs.DEFAULTS) / fsrs.DEVIATIONS).max())

    assert moved(10.0) < moved(0.0)


def lend(path: Path, monkeypatch: pytest.MonkeyPatch, **arrays: NDArray[np.generic]) -> None:
    np.savez(path, allow_pickle=False, **arrays)
    monkeypatch.setitem(base.lent, "reviews", path)


def test_own_reviews_are_read_from_the_file_that_is_lent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = forgetting.synthetic(forgetting.truth("weak"), 60, np.random.default_rng(0))
    card = np.repeat(np.arange(60), forgetting.REVIEWS)
    order = np.argsort(np.tile(np.arange(forgetting.REVIEWS), 60), kind="stable")
    lend(
        tmp_path / "reviews.npz", monkeypatch,
        card=card[order], rating=made.ratings[order], days=made.days[order],
    )  # fmt: skip
    log = forgetting.own()
    assert log is not None
    assert log.loss(fsrs.DEFAULTS) == pytest.approx(made.loss(fsrs.DEFAULTS))
    found = headless.run("forgetting", ["learner=own"])
    assert found["measured"]["reviews"] == 48 * 7
    assert len(found["verdicts"]) == 1


def test_without_own_reviews_it_says_so() -> None:
    experiment = Experiment("forgetting", {**forgetting.SPEC.defaults(), "learner": "own"})
    assert "under 64 reviews" in experiment.frame().status


@pytest.mark.parametrize("bad", [{"rating": [5, 3]}, {"days": [0.0, -1.0]}, {"card": [1]}])
def test_a_file_of_something_else_is_refused(
    bad: dict[str, list[float]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"card": [1, 1], "rating": [3, 3], "days": [0.0, 2.0]}
    arrays = {name: np.array(values) for name, values in {**good, **bad}.items()}
    lend(tmp_path / "reviews.npz", monkeypatch, **arrays)
    with pytest.raises(ValueError, match=r"must be|ratings are"):
        forgetting.own()
