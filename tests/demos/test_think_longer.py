"""Voting, checking and picking: exact chances against closed forms, counting, and brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from demos import think_longer
from tutor.lab import headless


def failing(*settings: str) -> list[str]:
    verdicts = headless.run("think-longer", settings)["verdicts"]
    return [verdict["claim"] for verdict in verdicts if not verdict["holds"]]


@pytest.mark.parametrize(
    ("rule", "p", "tries", "expected"),
    [
        ("majority", 0.7, 3, 0.784),
        ("majority", 0.7, 5, 0.837),
        ("majority", 0.7, 11, 0.922),
        ("majority", 0.4, 3, 0.352),
        ("majority", 0.4, 11, 0.247),
        ("plurality", 0.4, 3, 0.460),
        ("plurality", 0.4, 11, 0.708),
        ("plurality", 0.4, 25, 0.888),
        ("pass@k", 0.3, 4, 0.760),
        ("pass@k", 0.3, 8, 0.942),
    ],
)
def test_known_chances(rule: str, p: float, tries: int, expected: float) -> None:
    assert think_longer.accuracy(rule, p, 4, 0.1)[tries - 1] == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(("distractors", "tries"), [(1, 4), (2, 5), (3, 4), (4, 6)])
def test_the_vote_against_all_outcomes_one_by_one(distractors: int, tries: int) -> None:
    p, q = 0.3, 0.7 / distractors
    chance = 0.0
    for outcome in product(range(distractors + 1), repeat=tries):
        votes = np.bincount(outcome, minlength=distractors + 1)
        leaders = np.flatnonzero(votes == votes.max())
        if 0 in leaders:
            chance += p ** int(votes[0]) * q ** (tries - int(votes[0])) / len(leaders)
    assert think_longer.plurality(p, distractors)[tries - 1] == pytest.approx(chance, abs=1e-12)


def test_a_perfect_verifier_needs_one_hit_and_a_blind_one_helps_nothing() -> None:
    perfect, blind = think_longer.best_of_n(0.3, 0.0), think_longer.best_of_n(0.3, 0.5)
    assert perfect == pytest.approx(think_longer.accuracy("pass@k", 0.3, 4, 0.0))
    assert blind == pytest.approx(np.full(101, 0.3))


def test_an_erring_verifier_has_a_ceiling() -> None:
    assert think_longer.best_of_n(0.4, 0.1)[-1] == pytest.approx(0.36 / 0.42)


@pytest.mark.parametrize("rule", ["plurality", "majority", "pass@k", "best-of-n"])
def test_counting_agrees_with_the_exact_chance(rule: str) -> None:
    found = headless.run("think-longer", [f"rule={rule}", "probability=0.6", "tries=5"])
    assert found["measured"]["deviations"] < 4.0


@pytest.mark.parametrize("settings", [("rule=majority",), ("distractors=1",), ("tries=1",)])
def test_a_vote_that_does_not_help_fails_the_verdict(settings: tuple[str, ...]) -> None:
    assert len(failing(*settings)) == 1
    assert failing(*settings)[0].startswith("Gain")


def test_wrong_answers_that_agree_make_the_vote_worse() -> None:
    assert headless.run("think-longer", ["distractors=1"])["measured"]["gain"] < -0.1
