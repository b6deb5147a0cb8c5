"""L1 against L2: which penalty makes useless weights exactly 0, and with which kind of step.

A linear model: loss = sum (Xw - y)^2 / 2n + lambda1 sum |w| + lambda2 sum w^2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from demos.base import Answers, Ask, Choice, Dare, Knobs, Real, Spec, Value, Verdict
from demos.views import Bar, Bars, Curves, Floats, Frame, Role, Series, Table

SPEC = Spec(
    name="l1-l2",
    title="L1 against L2",
    kind="trainer",
    about="Twenty weights, fifteen of them useless: which penalty finds them out?",
    topics=(
        "l1-regularization", "l2-regularization", "elastic-net", "regularization",
        "feature-selection",
    ),
    knobs=(
        Choice("penalty", "L1", ("L1", "L2", "both"), about="both: their sum"),
        Choice(
            "method", "proximal", ("proximal", "subgradient"),
            about="L1 by a step that stops at 0, or by its sign added to the gradient",
        ),
        Real("strength", 0.15, 0.0, 1.0, 0.05, about="lambda, the factor of the penalty"),
    ),
    predict=Ask(
        "How many of the 15 useless weights become exactly 0?",
        ("None", "1 to 7", "8 or more"),
        judged=("useless_zeros",),
    ),
    observe=Ask(
        "What did the penalty do to the five useful weights?",
        ("They shrank too", "They kept their true size", "They became 0"),
    ),
    why=(
        "L2 pulls a weight in proportion to its size: half of it, half of the rest, and never 0. "
        "L1 pulls with the same force however small the weight is, so it arrives.",
        "That pull is felt by useful weights too: they end too small by about λ.",
        "Added to the gradient, the sign of w jumps across 0 to and fro. The proximal step "
        "takes the pull off at the end and stops at 0.",
    ),
    dare=Dare("penalty", "L2", "how many weights end at exactly 0?"),
    pace=6,
    steps=800,
    live=("strength",),
    slow=80,
    deciding="useless_zeros",
)  # fmt: skip

EXAMPLES, TEST_EXAMPLES = 60, 1000
NOISE = 0.6
USEFUL = np.array([2.0, -1.5, 1.0, -2.5, 1.5])
TRUE = np.concatenate([USEFUL, np.zeros(15)])
RATE = 0.1
PATH = np.linspace(0.0, 1.0, 41)
FIRST_USELESS = len(USEFUL)


def soften(w: Floats, by: Floats) -> Floats:
    """The proximal step of L1: sign(w) max(|w| - by, 0)."""
    softened: Floats = np.sign(w) * np.maximum(np.abs(w) - by, 0.0)
    return softened


class Run:
    """The weights (20,) under the knobs' penalty, and those of a whole range of strengths."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        generator = np.random.default_rng(seed)
        X = generator.normal(size=(EXAMPLES + TEST_EXAMPLES, len(TRUE)))
        y = X @ TRUE + NOISE * generator.normal(size=len(X))
        self.test = X[EXAMPLES:], y[EXAMPLES:]
        # All that the squared error needs to know of the data: gradient = products w - matches.
        train = X[:EXAMPLES]
        self.products = train.T @ train / EXAMPLES
        self.matches = train.T @ y[:EXAMPLES] / EXAMPLES
        self.penalty, self.method = str(knobs["penalty"]), str(knobs["method"])
        self.strength = float(knobs["strength"])
        self.w: Floats = 0.3 * generator.normal(size=len(TRUE))
        self.path: Floats = np.repeat(self.w[None], len(PATH), axis=0)
        for _ in range(SPEC.steps):
            self.path = self._moved(self.path, PATH[:, None])
        self.step_count = 0

    def step(self, n: int) -> None:
        """Take `n` steps with all examples at once."""
        for _ in range(n):
            self.w = self._moved(self.w, np.array(self.strength))
        self.step_count += n

    def _moved(self, w: Floats, strength: Floats) -> Floats:
        """One step of weights (..., 20), each row with its own strength (..., 1)."""
        return self.moved(w, w @ self.products - self.matches, strength)

    def moved(self, w: Floats, slope: Floats, strength: Floats) -> Floats:
        """The same, given the gradient of the squared error (..., 20), whosever data it is of."""
        gradient, pull = self._parts(w, slope, strength)
        if self.method == "subgradient":
            moved: Floats = w - RATE * (gradient + pull * np.sign(w))
            return moved
        return soften(w - RATE * gradient, RATE * pull)

    def _parts(self, w: Floats, slope: Floats, strength: Floats) -> tuple[Floats, Floats]:
        """The gradient of squared error and L2, and the strength of L1."""
        l1 = strength * (self.penalty != "L2")
        l2 = strength * (self.penalty != "L1")
        return slope + 2.0 * l2 * w, l1

    def set(self, name: str, value: Value) -> None:
        """Change the strength as the run goes on."""
        assert name == "strength"
        self.strength = float(value)

    def error(self, w: Floats) -> float:
        """The mean squared error on the test set."""
        X, y = self.test
        return float(np.mean((X @ w - y) ** 2))

    def frame(self) -> Frame:
        """The weights beside the true ones; zeros over the strength; the path of all weights."""
        zeros = Series(
            "at 0", self._revealed((self.path[:, FIRST_USELESS:] == 0).sum(axis=1)), PATH
        )
        errors = Series("error", self._revealed([self.error(w) for w in self.path]), PATH, "b")
        here = ((self.strength, f"{self.strength:g}"),)
        return Frame(
            picture=self._weights(),
            side=(
                self._table(),
                Curves("useless weights at exactly 0", (zeros,), "λ", y_range=(0.0, 15.0),
                       marks=here),
                Curves("test error", (errors,), "λ", log_y=True, marks=here),
            ),
            extra=(self._paths(), self._bars()),
            formula=self._formula(),
            status=f"{self._zeros()} useless weights at 0",
            curve=zeros,
        )  # fmt: skip

    def _revealed(self, values: ArrayLike) -> Floats:
        """Values over PATH from strength 0 up, as far as the run is; NaN is not drawn."""
        far = round(min(1.0, self.step_count / SPEC.steps) * len(PATH))
        return np.where(np.arange(len(PATH)) < far, np.asarray(values, dtype=float), np.nan)

    def _zeros(self) -> int:
        return int((self.w[FIRST_USELESS:] == 0).sum())

    def _weights(self) -> Curves:
        at = np.arange(1.0, len(TRUE) + 1)
        zero = self.w == 0
        series = (
            Series("true", TRUE, at, "quiet", dots=True),
            Series("learnt", self.w[~zero], at[~zero], "accent", dots=True),
            Series("exactly 0", self.w[zero], at[zero], "good", dots=True),
        )
        title = f"20 weights, {self.penalty}, λ {self.strength:g}"
        return Curves(title, series, "weight", y_range=(-3.0, 3.0), levels=((0.0, ""),))

    def _table(self) -> Table:
        halves = self.w[:FIRST_USELESS], self.w[FIRST_USELESS:]
        rows = (
            ("exactly 0", *(f"{int((half == 0).sum())} of {len(half)}" for half in halves)),
            ("mean |w|", *(f"{np.abs(half).mean():.3f}" for half in halves)),
            ("test error", f"{self.error(self.w):.3f}", ""),
        )
        return Table("weights", ("", "useful", "useless"), rows)

    def _paths(self) -> Curves:
        """Each weight over the strength: the useful ones stand out."""

        def role(i: int) -> Role:
            return "accent" if i < FIRST_USELESS else "quiet"

        series = tuple(
            Series("", self._revealed(self.path[:, i]), PATH, role(i))
            for i in reversed(range(len(TRUE)))
        )
        return Curves("all weights over λ", series, "λ", levels=((0.0, ""),))

    def _bars(self) -> Bars:
        def bar(i: int, w: float) -> Bar:
            role: Role = "good" if w == 0 else "accent" if i < FIRST_USELESS else "bad"
            return Bar(f"w{i + 1}", w, "0" if w == 0 else f"{w:+.4f}", role)

        bars = tuple(bar(i, float(w)) for i, w in enumerate(self.w))
        return Bars("the weights in numbers", bars, -3.0, 3.0)

    def _formula(self) -> str:
        """The next step of the first useless weight."""
        i = FIRST_USELESS
        slope = self.w @ self.products - self.matches
        gradient, pull = self._parts(self.w, slope, np.array(self.strength))
        w, name = float(self.w[i]), rf"w_{i + 1} \leftarrow"
        moved, size = w - RATE * float(gradient[i]), RATE * float(pull)
        if not pull:
            slope = f"{gradient[i]:+.4f}"
            return rf"{name} {w:.4f} - {RATE:g}\cdot({slope}) = {moved:.4f}"
        if self.method == "subgradient":
            sign = float(np.sign(w))
            return rf"{name} {moved:.4f} - {size:g}\cdot({sign:+.0f}) = {moved - size * sign:.4f}"
        end = max(abs(moved) - size, 0.0)
        return rf"|w_{i + 1}| \leftarrow \max({abs(moved):.4f} - {size:g}, 0) = {end:.4f}"

    def measured(self) -> dict[str, float]:
        """Zeros among the useless and the useful weights, sizes, the error on the test set."""
        useful, useless = self.w[:FIRST_USELESS], self.w[FIRST_USELESS:]
        return {
            "useless_zeros": float(self._zeros()),
            "useful_zeros": float((useful == 0).sum()),
            "largest_useless": float(np.abs(useless).max()),
            "useful_size": float(np.mean(useful / USEFUL)),
            "test_error": self.error(self.w),
            "test_error_without": self.error(self.path[0]),
        }

    def verdicts(self) -> list[Verdict]:
        """Useless weights are exactly 0, useful ones are not."""
        m = self.measured()
        return [
            Verdict(
                "Useless weights that are exactly 0, of 15", m["useless_zeros"], ">=", 7,
                "Only L1 with the proximal step, and strong enough, arrives at 0.",
            ),
            Verdict(
                "Useful weights that are exactly 0, of 5", m["useful_zeros"], "==", 0,
                "The penalty is too strong: it puts out what is needed.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the number of zeros and by the size that the useful weights kept."""
        m = self.measured()
        kept = m["useful_size"]
        return Answers(
            sum(m["useless_zeros"] >= least for least in (1, 8)),
            2 if kept < 0.05 else 0 if kept < 0.95 else 1,
        )
