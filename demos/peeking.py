"""Peeking: many models that only guess, one of them chosen for its luck on the validation set.

E[best of K] = (1/n) sum_(j<n) (1 - F(j)^K), F being the distribution of n fair coins' heads.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import accumulate

import numpy as np

from demos.base import Answers, Ask, Dare, Explorer, Int, Knobs, Spec, Verdict
from demos.views import Bar, Bars, Curves, Floats, Frame, Series, Table

SPEC = Spec(
    name="peeking",
    title="Peeking: the luck of the chosen",
    kind="explorer",
    about="Many models that flip coins; keep the best, then open the test envelope once.",
    topics=("data-splits", "hyperparameter-tuning", "cross-validation"),
    knobs=(
        Int("models", 100, 1, 1000, 10, about="tried; each one flips a coin for its answers"),
        Int("validation_examples", 50, 20, 500, 10, about="that each model is scored on"),
    ),
    predict=Ask(
        "All models are right half the time. What will the best one score?",
        ("Under 0.6", "0.6 to 0.8", "Over 0.8"),
        judged=("validation",),
    ),
    observe=Ask(
        "On the test set, what did the winner score?",
        ("Clearly less than before", "The same, within 0.05", "Clearly more"),
    ),
    why=(
        "Each score is the truth plus luck. The largest of many scores is the one with most luck, "
        "so it says more about the choosing than about the model.",
        "The winner has no better luck than others on examples that played no part in the choice: "
        "its test score is fair, as long as the envelope is opened once.",
        "More models make the winner look better; more validation examples leave less room for "
        "luck.",
    ),
    dare=Dare("models", 1, "how far does the test score fall below?"),
    pace=1,
    steps=100,
)

TRUTH = 0.5
TEST_EXAMPLES = 1000
GAMES = 400
ALL_SCORED = 90  # by this step every model has been scored; at the last the envelope is opened
SIZES = (20, 50, 100, 200, 500)
COUNTS = (1, 10, 100, 1000)
K = np.unique(np.geomspace(1, 1000, 61).round())


@lru_cache(maxsize=64)
def heads(n: int) -> Floats:
    """F(0) .. F(n - 1): the chance of at most j heads among n fair coins."""
    ways = accumulate(math.comb(n, j) for j in range(n))
    return np.array([total / 2**n for total in ways])


def expected_best(models: float, n: int) -> float:
    """The mean of the best of `models` scores, each the share of heads among n fair coins."""
    return float(np.sum(1.0 - heads(n) ** models)) / n


class Run(Explorer):
    """All scores are drawn at once; each step shows some more, the last one opens the envelope."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.models, self.n = int(knobs["models"]), int(knobs["validation_examples"])
        generator = np.random.default_rng(seed)
        self.scores = generator.binomial(self.n, TRUTH, self.models) / self.n
        self.winner = int(self.scores.argmax())
        self.test = float(generator.binomial(TEST_EXAMPLES, TRUTH)) / TEST_EXAMPLES
        games = generator.binomial(self.n, TRUTH, (GAMES, self.models)) / self.n
        self.bests = games.max(axis=1)
        self.expected = expected_best(self.models, self.n)

    @property
    def opened(self) -> bool:
        """Whether the test score may be seen."""
        return self.step_count >= SPEC.steps

    def frame(self) -> Frame:
        """Every score so far with the best one; validation against test; the best over models."""
        shown = math.ceil(self.models * min(self.step_count, ALL_SCORED) / ALL_SCORED)
        number = np.arange(1.0, shown + 1)
        scores = self.scores[:shown]
        best = np.maximum.accumulate(scores)
        top = int(scores.argmax()) if shown else 0
        reach = min(0.5, 5.0 * math.sqrt(TRUTH * (1 - TRUTH) / self.n))
        winner = slice(top, top + 1)
        return Frame(
            picture=Curves(
                "validation score of each model",
                (
                    Series("", np.full(2, np.nan), np.array([1.0, self.models + 1.0])),
                    Series("a model", scores, number, "quiet", dots=True),
                    Series("best", scores[winner], number[winner], "bad", dots=True),
                ),
                "model", y_range=(TRUTH - reach, TRUTH + reach), levels=((TRUTH, "a coin"),),
            ),
            side=(self._envelope(best), self._climb(number, best)),
            extra=(_table(self.opened),),
            formula=rf"E[\max] = \frac{{1}}{{{self.n}}}\sum_{{j<{self.n}}} "
            rf"(1 - F(j)^{{{self.models}}})" + (f" = {self.expected:.3f}" if self.opened else ""),
            status=f"{shown} of {self.models}, " + ("envelope open" if self.opened else "sealed"),
            curve=Series(f"best of {self.models}", best, number),
        )  # fmt: skip

    def _envelope(self, best: Floats) -> Bars:
        """The winner so far, in validation and, at the end, on the test set."""
        score = float(best[-1]) if len(best) else 0.0
        test, expected = (
            (value, f"{value:.3f}") if self.opened else (0.0, "sealed")
            for value in (self.test, self.expected)
        )  # fmt: skip
        bars = (
            Bar("validation", score, f"{score:.3f}", "bad"),
            Bar("test", *test, "good"),
            Bar("expected best", *expected, "quiet"),
            Bar("a coin", TRUTH, f"{TRUTH:.3f}", "quiet"),
        )
        return Bars("the winner's scores", bars)

    def _climb(self, number: Floats, best: Floats) -> Curves:
        """How the best score grows with the number of models tried."""
        tried = K[len(number) >= K]
        expected = np.array([expected_best(k, self.n) for k in tried])
        series = (
            Series("expected", expected, tried, "quiet"), Series("best so far", best, number)
        )  # fmt: skip
        return Curves(
            "best score over models tried", series, "models", log_x=True, y_range=(0.4, 1.0)
        )

    def measured(self) -> dict[str, float]:
        """The winner's two scores, the exact mean of the best, and 400 games against it."""
        error = float(self.bests.std()) / math.sqrt(GAMES)
        validation = float(self.scores[self.winner])
        spread = math.sqrt(TRUTH * (1 - TRUTH) / TEST_EXAMPLES)
        return {
            "validation": validation,
            "test": self.test,
            "optimism": validation - self.test,
            "expected_best": self.expected,
            "mean_of_400_games": float(self.bests.mean()),
            "games_deviations": abs(float(self.bests.mean()) - self.expected) / error,
            "test_deviations": abs(self.test - TRUTH) / spread,
        }

    def verdicts(self) -> list[Verdict]:
        """Validation promised more than the test kept; the test is fair; the formula is right."""
        m = self.measured()
        return [
            Verdict(
                "The winner's validation score less its test score", m["optimism"], ">=", 0.09,
                "Leave more to luck: try more models, or fewer validation examples.",
            ),
            Verdict(
                "Test score from 0.5, in standard deviations", m["test_deviations"], "<=", 4.0
            ),
            Verdict(
                "Mean of 400 games from the formula, in standard errors",
                m["games_deviations"], "<=", 4.0,
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the winner's validation score and by how far its test score is below."""
        m = self.measured()
        optimism = m["optimism"]
        return Answers(
            0 if m["validation"] < 0.6 else 1 if m["validation"] <= 0.8 else 2,
            0 if optimism > 0.05 else 1 if optimism >= -0.05 else 2,
        )


@lru_cache(maxsize=2)
def _table(opened: bool) -> Table:
    """What K guessers can expect, by the size of the validation set; sealed until the end."""
    rows = tuple(
        (f"{n}", *(f"{expected_best(k, n):.3f}" if opened else "  ?  " for k in COUNTS))
        for n in SIZES
    )
    return Table("expected best of K guessers", ("examples", *(f"K = {k:,}" for k in COUNTS)), rows)
