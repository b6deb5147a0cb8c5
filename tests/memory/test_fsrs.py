"""The engine against the published vectors, and our two formulas against each other."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.fsrs import (
    BOUNDS,
    DEFAULT_WEIGHTS,
    Memory,
    Model,
    checked,
    interval,
    retrievability,
)
from tutor.memory.model import Rating

RELATIVE = 2e-6
W = DEFAULT_WEIGHTS


def by_hand(memory: Memory | None, rating: int, days: int) -> Memory:
    """FSRS-6 as its equations are written, in float64."""

    def initial_difficulty(grade: int) -> float:
        return W[4] - math.exp(W[5] * (grade - 1)) + 1

    def bounded(value: float) -> float:
        return min(10.0, max(1.0, value))

    if memory is None:
        return Memory(W[rating - 1], bounded(initial_difficulty(rating)))
    s, d = memory
    r = retrievability(s, days)
    change = d + (10 - d) * (-W[6] * (rating - 3)) / 9
    difficulty = bounded(W[7] * initial_difficulty(4) + (1 - W[7]) * change)
    if days == 0:
        k = math.exp(W[17] * (rating - 3 + W[18])) * s ** -W[19]
        stability = s * (max(k, 1) if rating >= 2 else k)
    elif rating == 1:
        long = W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * math.exp((1 - r) * W[14])
        stability = min(long, s / math.exp(W[17] * W[18]))
    else:
        factor = {2: W[15], 3: 1.0, 4: W[16]}[rating]
        gain = math.exp(W[8]) * (11 - d) * s ** -W[9] * (math.exp((1 - r) * W[10]) - 1)
        stability = s * (1 + gain * factor)
    return Memory(min(36500.0, max(0.001, stability)), difficulty)


def test_published_vectors() -> None:
    after = Model().after(Memory(10, 5), 10)
    expected = {
        Rating.AGAIN: 1.39199, Rating.HARD: 23.24689, Rating.GOOD: 32.02675, Rating.EASY: 51.25389,
    }  # fmt: skip
    # Published to five decimals: half a unit of the last one is rounding.
    for rating, stability in expected.items():
        assert after[rating].stability == pytest.approx(stability, rel=RELATIVE, abs=5e-6)
    assert after[Rating.GOOD].difficulty == pytest.approx(4.990228, rel=RELATIVE)


@given(st.floats(0.01, 3000), st.floats(1, 10), st.integers(0, 2000), st.sampled_from(list(Rating)))
def test_equals_the_written_equations(s: float, d: float, days: int, rating: Rating) -> None:
    ours, engine = by_hand(Memory(s, d), rating, days), Model().after(Memory(s, d), days)[rating]
    assert engine.stability == pytest.approx(ours.stability, rel=2e-5)
    assert engine.difficulty == pytest.approx(ours.difficulty, rel=2e-5)


@given(st.floats(1, 10), st.integers(0, 2000), st.sampled_from(list(Rating)))
def test_the_difficulty_alone_is_the_engines(d: float, days: int, rating: Rating) -> None:
    model = Model()
    engine = model.after(Memory(20, d), days)[rating].difficulty
    assert model.difficulty(d, rating) == pytest.approx(engine, rel=2e-5)
    first = model.after(None, 0)[rating].difficulty
    assert model.difficulty(None, rating) == pytest.approx(first, rel=2e-5)


@pytest.mark.parametrize("rating", Rating)
def test_first_answers(rating: Rating) -> None:
    assert Model().after(None, 0)[rating] == pytest.approx(by_hand(None, rating, 0), rel=RELATIVE)


def test_stability_is_the_interval_at_ninety_percent() -> None:
    assert retrievability(7.5, 7.5) == pytest.approx(0.9, rel=1e-12)
    assert interval(7.5, 0.9) == pytest.approx(7.5, rel=1e-12)


@given(st.floats(0.01, 1000), st.floats(0.7, 0.97))
def test_interval_is_the_inverse_of_retrievability(stability: float, retention: float) -> None:
    days = interval(stability, retention)
    assert retrievability(stability, days) == pytest.approx(retention, rel=1e-9)


@pytest.mark.parametrize(
    "weights",
    [W[:20], (*W, 1.0), (math.nan, *W[1:]), (-1.0, *W[1:]), (*W[:20], 0.9)],
)
def test_refuses_weights_out_of_range(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="weight"):
        checked(weights)


def test_the_bounds_themselves_are_taken() -> None:
    assert len(checked([high for _, high in BOUNDS])) == 21
    assert len(checked([low for low, _ in BOUNDS])) == 21


def test_refuses_negative_elapsed_days() -> None:
    with pytest.raises(ValueError, match="negative"):
        Model().after(Memory(10, 5), -1)


def test_a_model_is_named_by_its_weights() -> None:
    other = (0.3, *W[1:])
    assert Model().id == Model(W).id
    assert Model(other).id != Model().id
