"""Rosenblatt's perceptron: it moves its line at each mistake, and only then.

With x = (1, x1, x2), so that the bias is w0: w <- w + (y - y') x. If some line separates the
classes with margin gamma, at most (R / gamma)^2 mistakes are made (Novikoff 1962).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demos.base import Answers, Ask, Choice, Dare, Knobs, Real, Spec, Value, Verdict
from demos.views import Curves, Floats, Frame, Points, Raster, Role, Series, Table

SPEC = Spec(
    name="perceptron",
    title="Perceptron and gates",
    kind="trainer",
    about="One neuron with a step: each mistake swings its line, until there is none. Or never.",
    topics=("perceptron", "artificial-neuron"),
    knobs=(
        Choice("gate", "points", ("points", "AND", "OR", "XOR"), about="what is to be learnt"),
        Real("margin", 0.15, 0.02, 0.5, 0.01, about="gap between the points and the true line"),
        Choice("order", "fixed", ("fixed", "shuffled"), about="in which the examples come"),
    ),
    predict=Ask(
        "Will this perceptron ever stop making mistakes?",
        ("Yes, in the end", "No, never"),
        judged=("wrong",),
    ),
    observe=Ask(
        "How many updates did it make?",
        ("Under half of the bound", "Over half of it", "There was no bound"),
    ),
    why=(
        "A right answer changes nothing. A mistake adds the example to the weights, or takes it "
        "away, so that the line swings towards putting it on the right side.",
        "Each mistake brings the weights nearer to those of a line that separates the classes, by "
        "at least γ, but makes them longer by R at most. So mistakes run out.",
        "For XOR there is no such line. The best gets three of four right, and the perceptron "
        "turns for ever.",
    ),
    dare=Dare("margin", 0.02, "how many updates now?"),
    pace=0.25,
    steps=36,
)

Labels = NDArray[np.integer]
SIDE = 40
POINTS = 100
SHOWN_UPDATES = 10
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
# Right answers at the corners, and the weights of a line that separates them, if there is one.
GATES: dict[str, tuple[tuple[int, ...], tuple[float, float, float] | None]] = {
    "AND": ((0, 0, 0, 1), (-1.5, 1.0, 1.0)),
    "OR": ((0, 1, 1, 1), (-0.5, 1.0, 1.0)),
    "XOR": ((0, 1, 1, 0), None),
}


class Update(NamedTuple):
    """One mistake: the example (1, x1, x2), its right answer, and the weights after it."""

    x: Floats
    y: int
    after: Floats


def separable(margin: float, generator: np.random.Generator) -> tuple[Floats, Labels, Floats]:
    """Points (n, 2) on both sides of a random line, labels (n,), and the line's weights (3,)."""
    angle = generator.uniform(0.0, 2.0 * math.pi)
    line = np.array([generator.uniform(-0.3, 0.3), math.cos(angle), math.sin(angle)])
    kept: dict[int, list[Floats]] = {0: [], 1: []}
    while min(map(len, kept.values())) < POINTS // 2:
        x = generator.uniform(-1.0, 1.0, 2)
        distance = line[0] + line[1:] @ x
        side = kept[int(distance > 0.0)]
        if abs(distance) >= margin and len(side) < POINTS // 2:
            side.append(x)
    order = generator.permutation(POINTS)
    X, y = np.array(kept[0] + kept[1])[order], np.repeat([0, 1], POINTS // 2)[order]
    return X, y, line


def margin_of(line: Floats, X: Floats) -> float:
    """The smallest distance of the examples X (n, 3) from the plane w . x = 0 of a line (3,)."""
    return float(np.abs(X @ line).min() / np.linalg.norm(line))


def answers(X: Floats, w: Floats) -> NDArray[np.bool_]:
    """Which examples X (…, n, 3) the weights w (…, 3) answer with 1."""
    found: NDArray[np.bool_] = (X @ w[..., None])[..., 0] >= 0.0
    return found


def moved(w: Floats, x: Floats, y: Labels | int) -> Floats:
    """The weights after a mistake with x (…, 3), whose right answer is y (…)."""
    found: Floats = w + np.where(y, 1.0, -1.0)[..., None] * x
    return found


class Run:
    """Goes through the examples round and round; a step ends with the next mistake put right."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.gate, self.shuffled = str(knobs["gate"]), knobs["order"] == "shuffled"
        line: Floats | None
        if self.gate == "points":
            points, self.y, line = separable(float(knobs["margin"]), self.generator)
        else:
            answers, separator = GATES[self.gate]
            points, self.y = CORNERS, np.array(answers)
            line = None if separator is None else np.array(separator)
        self.X: Floats = np.hstack([np.ones((len(points), 1)), points])
        self.radius = float(np.linalg.norm(self.X, axis=1).max())
        self.gamma = 0.0 if line is None else margin_of(line, self.X)
        self.w: Floats = np.zeros(3)
        self.order = np.arange(len(self.X))
        self.at = 0
        self.updates: list[Update] = []
        self.wrong = [self._wrong()]
        self.step_count = 0

    @property
    def bound(self) -> float:
        """Novikoff's bound (R / gamma)^2 on the number of mistakes; infinite without a line."""
        return (self.radius / self.gamma) ** 2 if self.gamma else math.inf

    def _wrong(self) -> int:
        """How many examples the weights of now get wrong."""
        return int(np.count_nonzero(answers(self.X, self.w) != self.y))

    def step(self, n: int) -> None:
        """Look for a mistake and put it right, `n` times; when none is left, nothing changes."""
        self.step_count += n
        for _ in range(n):
            if not self.wrong[-1]:
                return
            self._learn(self._next_mistake())
            self.wrong.append(self._wrong())

    def _next_mistake(self) -> int:
        """The next example that is answered wrongly; a new round may bring a new order."""
        while True:
            if self.at % len(self.order) == 0 and self.shuffled:
                self.order = self.generator.permutation(len(self.order))
            i = int(self.order[self.at % len(self.order)])
            self.at += 1
            if (self.X[i] @ self.w >= 0.0) != self.y[i]:
                return i

    def _learn(self, i: int) -> None:
        x, y = self.X[i], int(self.y[i])
        self.w = moved(self.w, x, y)
        self.updates.append(Update(x, y, self.w))

    def set(self, name: str, value: Value) -> None:
        """Refuse: every knob starts a new run."""
        raise KeyError(f"{name} is not live")

    def frame(self) -> Frame:
        """The two sides of the line with the last mistake; the bound; how many are wrong."""
        curve = Series("wrong", np.array(self.wrong, dtype=float), role="bad")
        top = max(1.0, float(max(self.wrong)))
        return Frame(
            picture=self._plane(),
            side=(
                self._numbers(),
                Curves("wrong answers", (curve,), "update", y_range=(0.0, top)),
            ),
            extra=(self._equations(),),
            formula=self._formula(),
            status=f"{self.wrong[-1]} of {len(self.y)} wrong",
            curve=curve,
        )

    def _plane(self) -> Raster:
        """What is answered where, the examples, the normal vector w and the last mistake."""
        low, high = (-1.1, 1.1) if self.gate == "points" else (-0.5, 1.5)
        axis = low + (high - low) * (np.arange(SIDE) + 0.5) / SIDE
        x1, x2 = np.meshgrid(axis, axis[::-1])
        answers = self.w[0] + self.w[1] * x1 + self.w[2] * x2 >= 0.0
        normal = self._normal((low + high) / 2, (high - low) / 4)
        paths: list[tuple[str, Role, Floats]] = [("normal w", "accent", normal)]
        if self.updates:
            paths.append(("last mistake", "bad", self.updates[-1].x[None, 1:]))
        return Raster(
            "answers 0 and 1", np.where(answers, 0.8, 0.2), extent=(low, high, low, high),
            points=Points(self.X[:, 1:], self.y, "ox"), paths=tuple(paths),
        )  # fmt: skip

    def _normal(self, middle: float, length: float) -> Floats:
        """From the point of the line nearest the middle, along (w1, w2), as a polyline (2, 2)."""
        direction = self.w[1:]
        size = float(np.linalg.norm(direction))
        if size == 0.0:
            return np.empty((0, 2))
        centre = np.array([middle, middle])
        foot = centre - (self.w[0] + direction @ centre) / size**2 * direction
        return np.array([foot, foot + length * direction / size])

    def _numbers(self) -> Table:
        bounded = self.gamma > 0.0
        bound = f"{self.bound:,.0f} = (R/γ)²" if bounded else "none"
        sizes = f"{self.radius:.3f}, {self.gamma:.3f}" if bounded else "no line"
        begun = self.step_count > 0  # whether there is a bound, the prediction asks
        rows = (
            ("bound", bound if begun else "?"),
            ("R, γ", sizes if begun else "?"),
            ("weights", _numbers(self.w).ljust(16)),
        )
        return Table("so far", ("updates", str(len(self.updates))), rows)

    def _equations(self) -> Table:
        """The newest updates, below each other; a blank row for each that is still to come."""
        rows = [
            (str(i), _numbers(u.x), f"{u.y} − {1 - u.y}", _numbers(u.after))
            for i, u in list(enumerate(self.updates, 1))[-SHOWN_UPDATES:]
        ]
        rows += [(" " * 2, " " * 14, " " * 5, " " * 14)] * (SHOWN_UPDATES - len(rows))
        return Table("updates", ("", "1, x₁, x₂", "y − ŷ", "weights after"), tuple(rows))

    def _formula(self) -> str:
        if not self.updates:
            return r"w \leftarrow w + (y - \hat{y})\,x"
        u = self.updates[-1]
        sign = "+" if u.y else "-"
        return rf"w \leftarrow w {sign} ({_numbers(u.x)}) = ({_numbers(u.after)})"

    def measured(self) -> dict[str, float]:
        """Updates and their bound, what is still wrong, and the best accuracy on the way."""
        return {
            "updates": float(len(self.updates)),
            "bound": self.bound,
            "wrong": float(self.wrong[-1]),
            "best_accuracy": 1.0 - min(self.wrong) / len(self.y),
            "radius": self.radius,
            "gamma": self.gamma,
        }

    def verdicts(self) -> list[Verdict]:
        """No mistake is left, within the bound; without a line, at most three of four are right."""
        m = self.measured()
        settled = Verdict(
            "Wrong answers at the end", m["wrong"], "==", 0.0,
            "Run on; but no line separates XOR, so take another gate.",
        )  # fmt: skip
        if not self.gamma:
            claim = "No line gets more than three of four right: best share"
            return [settled, Verdict(claim, m["best_accuracy"], "<=", 0.75)]
        claim = "Updates within the bound (R/γ)²"
        return [settled, Verdict(claim, m["updates"], "<=", self.bound)]

    def answers(self) -> Answers:
        """Judged by what is wrong at the end and by the number of updates."""
        close = 0 if len(self.updates) < self.bound / 2 else 1
        return Answers(1 if self.wrong[-1] else 0, close if self.gamma else 2)


def _numbers(values: Floats) -> str:
    return ", ".join(f"{value:.2f}".removesuffix(".00") for value in values)
