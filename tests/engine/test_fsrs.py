"""FSRS-6: known next states, the reference program's loss, and the gradient."""

from __future__ import annotations

from collections.abc import Callable

import fsrs_rs_python as reference
import numba
import numpy as np
import pytest

from demos.engine import fsrs

CARDS, REVIEWS = 40, 8


@pytest.fixture(scope="module")
def log() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reviews of a learner, a fifth of them on the same day as the one before."""
    generator = np.random.default_rng(1)
    starts = REVIEWS * np.arange(CARDS + 1)
    ratings, days = np.zeros(starts[-1], np.int64), np.zeros(starts[-1])
    lots = generator.random((len(days), 3))
    fsrs.learn(fsrs.DEFAULTS, fsrs.DEFAULTS, lots, starts, ratings, days)
    days[generator.random(len(days)) < 0.2] = 0.0
    days[starts[:-1]] = 0.0
    return starts, ratings, days


@pytest.fixture(scope="module")
def step() -> Callable[[float, float, int, float], tuple[float, float]]:
    """The parts have no way in from Python: a kernel around one."""

    @numba.njit
    def inside(w: np.ndarray, S: float, D: float, G: int, t: float) -> tuple[float, float]:
        return fsrs.answer(w, S, D, G, t, np.zeros(21), np.zeros(21))

    return lambda S, D, G, t: inside(fsrs.DEFAULTS, S, D, G, t)


def weights(name: str) -> np.ndarray:
    if name == "default":
        return fsrs.DEFAULTS.copy()
    generator = np.random.default_rng(3)
    near = fsrs.DEFAULTS * (1.0 + 0.15 * generator.random(fsrs.WEIGHTS)) + 0.01
    return np.clip(near, fsrs.LOWEST, fsrs.HIGHEST)


@pytest.mark.parametrize(
    ("grade", "stability"), [(1, 1.39199), (2, 23.24689), (3, 32.02675), (4, 51.25389)]
)
def test_the_next_stability(
    step: Callable[[float, float, int, float], tuple[float, float]], grade: int, stability: float
) -> None:
    assert step(10.0, 5.0, grade, 10.0)[0] == pytest.approx(stability, rel=2e-6, abs=5e-6)


def test_the_next_difficulty(
    step: Callable[[float, float, int, float], tuple[float, float]],
) -> None:
    assert step(10.0, 5.0, 3, 10.0)[1] == pytest.approx(4.990228, rel=2e-6)


@pytest.mark.parametrize("name", ["default", "near"])
def test_the_gradient_against_central_differences(
    log: tuple[np.ndarray, np.ndarray, np.ndarray], name: str
) -> None:
    w, shares = weights(name), np.ones(len(log[1]))
    gradient, unused = np.zeros(fsrs.WEIGHTS), np.zeros(fsrs.WEIGHTS)
    fsrs.log_loss(w, *log, shares, gradient)
    for i in range(fsrs.WEIGHTS):
        h = 1e-6 * max(1e-2, abs(w[i]))
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        difference = fsrs.log_loss(up, *log, shares, unused)
        difference -= fsrs.log_loss(down, *log, shares, unused)
        slope = difference / (up[i] - down[i])
        assert gradient[i] == pytest.approx(slope, rel=1e-5, abs=1e-8), f"w{i}"


@pytest.mark.parametrize("name", ["default", "near"])
def test_the_loss_is_that_of_the_reference_program(
    log: tuple[np.ndarray, np.ndarray, np.ndarray], name: str
) -> None:
    """It counts the i-th of n scored reviews by 0.25 + 0.75 (i / (n - 1))^3."""
    starts, ratings, days = log
    scored = [
        (card, i)
        for card in range(CARDS)
        for i in range(starts[card] + 1, starts[card + 1])
        if days[i] > 0
    ]
    items = [
        reference.FSRSItem(
            [
                reference.FSRSReview(int(ratings[j]), int(days[j]))
                for j in range(starts[card], i + 1)
            ]
        )
        for card, i in scored
    ]
    shares = np.zeros(len(days))
    shares[[i for _, i in scored]] = 0.25 + 0.75 * np.linspace(0.0, 1.0, len(scored)) ** 3
    w = weights(name)
    found = fsrs.log_loss(w, *log, shares, np.zeros(fsrs.WEIGHTS))
    assert found == pytest.approx(reference.FSRS(list(w)).evaluate(items).log_loss, rel=1e-5)


def test_recall_at_the_stability_is_90_percent(
    log: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """One card, first Good, then recalled after w2 days: the loss is -ln 0.9."""
    starts, ratings = np.array([0, 2]), np.array([3, 3])
    days, gradient = np.array([0.0, fsrs.DEFAULTS[2]]), np.zeros(fsrs.WEIGHTS)
    found = fsrs.log_loss(fsrs.DEFAULTS, starts, ratings, days, np.ones(2), gradient)
    assert found == pytest.approx(-np.log(0.9))
