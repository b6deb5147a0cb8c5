"""Intervals of comparisons: in so many made-up sweeps the true difference lies within them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from demos.sweep import Row
from tutor.lab.sweep import plan, statistics

TRIALS = 500
# The numbers of the two sides of a cell, drawn anew; the luck is the seed's.
Draw = Callable[[random.Random, float], tuple[float, float]]


def trial(planned: plan.Plan, chance: random.Random, draw: Draw) -> statistics.Difference | None:
    rows = []
    cells = list(planned.settings())
    assert planned.compare is not None
    for seed in range(planned.seeds):
        luck = chance.gauss(0.0, 1.0)
        for cell in range(0, len(cells), 2):
            for knobs, value in zip(cells[cell : cell + 2], draw(chance, luck), strict=True):
                rows.append(Row(knobs, seed, {"number": value}, True, True))
    return statistics.difference(planned, rows, "number")


def shared_luck(chance: random.Random, luck: float) -> tuple[float, float]:
    """A seed's luck moves the difference, too, and is the same in all cells."""
    return luck, luck + 0.5 + 0.4 * luck + chance.gauss(0.0, 0.2)


def answers(first: float, second: float) -> Draw:
    """Right or wrong on each side, in pairs that go together."""

    def draw(chance: random.Random, luck: float) -> tuple[float, float]:
        both = chance.random()
        a, b = (both if chance.random() < 0.5 else chance.random() for _ in range(2))
        return float(a < first), float(b < second)

    return draw


@pytest.mark.parametrize(
    ("cells", "seeds", "draw", "truth"),
    [
        (1, 6, shared_luck, 0.5), (1, 20, shared_luck, 0.5), (4, 8, shared_luck, 0.5),
        (1, 16, answers(0.7, 0.95), 0.25), (1, 30, answers(0.97, 0.97), 0.0),
        (1, 60, answers(0.7, 0.8), 0.1),
    ],
)  # fmt: skip
def test_the_interval_of_a_comparison_covers(
    cells: int, seeds: int, draw: Draw, truth: float
) -> None:
    over = [f"learning_rate=0.01..1:log:{cells}"] if cells > 1 else []
    planned = plan.make("xor", (), over, seeds, "init_scale=1,2")
    chance, inside = random.Random(20261128), 0
    for _ in range(TRIALS):
        found = trial(planned, chance, draw)
        assert found is not None
        inside += found.low <= truth <= found.high
    share = inside / TRIALS
    print(f"{cells} cells, {seeds} seeds: {share:.3f}")
    assert 0.925 <= share <= 1.0


def test_pairs_that_are_all_alike_do_not_claim_certainty() -> None:
    planned = plan.make("xor", (), (), 20, "init_scale=1,2")
    found = trial(planned, random.Random(1), lambda chance, luck: (1.0, 1.0))
    assert found is not None
    assert found.mean == 0.0
    assert -0.2 < found.low < -0.05 < 0.05 < found.high < 0.2
