"""The best of many guessers: exact means, brute force, and settings that leave no room for luck."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from demos import peeking
from demos.views import Bars
from tutor.lab import headless
from tutor.lab.experiment import Experiment


def failing(*settings: str) -> list[str]:
    verdicts = headless.run("peeking", settings)["verdicts"]
    return [verdict["claim"] for verdict in verdicts if not verdict["holds"]]


@pytest.mark.parametrize(
    ("models", "expected"), [(1, 0.500), (10, 0.608), (100, 0.676), (1000, 0.725)]
)
def test_the_expected_best_on_50_examples(models: int, expected: float) -> None:
    assert peeking.expected_best(models, 50) == pytest.approx(expected, abs=5e-4)


def test_the_expected_best_against_all_outcomes_one_by_one() -> None:
    scores = [sum(coins) / 4 for coins in product((0, 1), repeat=4)]
    bests = [max(trio) for trio in product(scores, repeat=3)]
    assert peeking.expected_best(3, 4) == pytest.approx(np.mean(bests), abs=1e-12)


def test_the_winner_of_50_models_is_flattered() -> None:
    measured = headless.run("peeking", ["models=50"])["measured"]
    assert measured["optimism"] > 0.09
    assert measured["expected_best"] == pytest.approx(0.657, abs=2e-3)


@pytest.mark.parametrize("settings", [("models=1",), ("validation_examples=500", "models=10")])
def test_without_a_choice_or_with_many_examples_there_is_little_to_see(
    settings: tuple[str, ...],
) -> None:
    assert failing(*settings) == ["The winner's validation score less its test score"]


def test_the_envelope_stays_sealed_until_the_end() -> None:
    experiment = Experiment("peeking", {"models": 100, "validation_examples": 50})
    experiment.advance(99)
    sealed = experiment.frame().side[0]
    experiment.advance(1)
    opened = experiment.frame().side[0]
    assert isinstance(sealed, Bars)
    assert isinstance(opened, Bars)
    assert (sealed.bars[1].value, sealed.bars[1].text) == (0.0, "sealed")
    assert opened.bars[1].value == pytest.approx(0.5, abs=0.07)
