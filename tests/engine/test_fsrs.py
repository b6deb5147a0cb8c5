"""FSRS-6: known next states, the reference program's loss, and the gradient."""

from __future__ import annotations

from itertools import pairwise

import fsrs_rs_python as reference
import numpy as np
import pytest

from demos.engine import fsrs
from demos.engine.arrays import Floats, Ints
from demos.engine.emitting import Array
from demos.engine.kernel import kernel_of

CARDS, REVIEWS = 40, 8


@pytest.fixture(scope="module")
def log() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reviews of a learner, a fifth of them on the same day as the one before."""
    generator = np.random.default_rng(1)
    starts = REVIEWS * np.arange(CARDS + 1)
    ratings, days = np.zeros(starts[-1], np.int64), np.zeros(starts[-1])
    lots = generator.random((len(days), 3))
    fsrs.learn(fsrs.DEFAULTS, fsrs.DEFAULTS, lots, REVIEWS, ratings, days)
    days[generator.random(len(days)) < 0.2] = 0.0
    days[starts[:-1]] = 0.0
    return starts, ratings, days


def _next_states(w: Array, states: Array, grades: Array, after: Array) -> None:
    """The formulas have no way in from Python: a kernel around one of them."""
    zero, lanes = w.length * 0, w.lanes
    known = [w.load(zero + i) for i in range(fsrs.WEIGHTS)]
    S, D, t = (states.load(zero + 8 * row, lanes) for row in range(3))
    G = S.like(grades.load(zero))
    found = fsrs.answer(known, S, D, G, t, fsrs.retrievability(known, S, t))
    for row, state in enumerate(found):
        after.store(state.value, zero + 8 * row)


@kernel_of(_next_states)
def next_states(w: Floats, states: Floats, grades: Ints, after: Floats) -> None:
    """Rows of 8: S, D and t of before give S and D of after."""


def step(S: float, D: float, G: int, t: float) -> tuple[float, float]:
    states, after = np.repeat([[S], [D], [t]], 8, axis=1), np.zeros((2, 8))
    next_states(fsrs.DEFAULTS, states, np.array([G]), after)
    return after[0, 0], after[1, 0]


def weights(name: str) -> np.ndarray:
    if name == "default":
        return fsrs.DEFAULTS.copy()
    generator = np.random.default_rng(3)
    near = fsrs.DEFAULTS * (1.0 + 0.15 * generator.random(fsrs.WEIGHTS)) + 0.01
    return np.clip(near, fsrs.LOWEST, fsrs.HIGHEST)


@pytest.mark.parametrize(
    ("grade", "stability"), [(1, 1.39199), (2, 23.24689), (3, 32.02675), (4, 51.25389)]
)
def test_the_next_stability(grade: int, stability: float) -> None:
    assert step(10.0, 5.0, grade, 10.0)[0] == pytest.approx(stability, rel=2e-6, abs=5e-6)


def test_the_next_difficulty() -> None:
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


def test_cards_with_many_and_with_few_reviews_share_a_block(
    log: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """All at once is the mean of card by card, for any number of cards and of their reviews."""
    starts, ratings, days = log
    kept = np.concatenate([start + np.arange(1 + card % REVIEWS)
                           for card, start in enumerate(starts[:-1])])  # fmt: skip
    ends = np.concatenate([[0], np.cumsum(1 + np.arange(CARDS) % REVIEWS)])
    ratings, days, w = ratings[kept], days[kept], weights("near")
    shares = np.random.default_rng(4).random(len(kept))
    for cards in (1, 7, 8, 9, CARDS):
        gradient, loss, weight = np.zeros(fsrs.WEIGHTS), 0.0, 0.0
        for start, end in pairwise(ends[: cards + 1]):
            one = np.zeros(fsrs.WEIGHTS)
            rows = slice(start, end)
            mass = float(shares[rows][1:] @ (days[rows][1:] > 0))
            loss += mass * fsrs.log_loss(
                w, np.array([0, end - start]), ratings[rows], days[rows], shares[rows], one
            )
            gradient, weight = gradient + mass * one, weight + mass
        all_at_once = np.zeros(fsrs.WEIGHTS)
        found = fsrs.log_loss(w, ends[: cards + 1], ratings, days, shares, all_at_once)
        if weight == 0.0:
            assert found == 0.0 and not all_at_once.any()
        else:
            assert found == pytest.approx(loss / weight, rel=1e-12)
            assert all_at_once == pytest.approx(gradient / weight, rel=1e-9, abs=1e-13)
