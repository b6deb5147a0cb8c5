"""XOR by the smallest networks: the start decides whether two hidden units ever find it.

A 2-n-1 network learns the four points by plain gradient descent on all of them at once.
"""

from __future__ import annotations

import numpy as np

from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    Int,
    Knobs,
    Real,
    Spec,
    Value,
    Verdict,
    strides,
)
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Floats, Frame, Points, Raster, Role, Series, Table

SPEC = Spec(
    name="xor",
    title="XOR and the start",
    kind="trainer",
    about="Four points, two hidden units: the start decides whether they are ever told apart.",
    topics=("weight-initialization", "local-global-minima", "perceptron", "mlp"),
    knobs=(
        Int("hidden_units", 2, 1, 8, about="in the one hidden layer"),
        Choice(
            "activation", "tanh", ("tanh", "sigmoid", "relu"), about="of the hidden units",
        ),
        Real("learning_rate", 1.0, 0.001, 10.0, log=True, about="of plain gradient descent"),
        Real("init_scale", 1.0, 0.01, 10.0, log=True, about="times Xavier's first weights"),
    ),
    predict=Ask(
        "How many of the four points will be on the right side?",
        ("All four", "Three", "Two"),
        judged=("right", "solved"),
    ),
    observe=Ask(
        "What did the loss do in the last quarter of the run?",
        ("It fell on towards 0", "It stood still above 0", "It still fell, unsolved"),
        judged=("solved", "late_fall"),
    ),
    why=(
        "Two units draw two lines, and two lines are enough. But from about three starts in ten "
        "plain descent ends on a flat place of the loss and stays there: two points are given up.",
        "There the gradient is almost 0, so no learning rate helps and no patience: 20,000 steps "
        "solve no more than 2,000.",
        "A smaller start or a third unit helps: with init_scale 0.1 about nine in ten "
        "arrive, with three units nearly all.",
    ),
    pace=14,
    steps=2000,
    live=("learning_rate",),
    slow=200,
    deciding="solved",
    dare=Dare("init_scale", 0.1, "does a start ten times smaller arrive?"),
)  # fmt: skip

X = np.array([(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)])
Y = np.array([0, 1, 1, 0])
RECORD = 20
SETTLED = 0.03  # the share of its loss that a network on the move loses in a quarter of the run
SIDE = 44
REACH = 2.0
EXTENT = (-REACH, REACH, -REACH, REACH)
AXIS = REACH * ((np.arange(SIDE) + 0.5) / SIDE * 2.0 - 1.0)
GRID = np.stack(np.meshgrid(AXIS, -AXIS), axis=-1).reshape(-1, 2)
ROLES: tuple[Role, ...] = ("a", "b", "c", "d", "e", "f")


def network(knobs: Knobs, seed: int) -> Mlp:
    """The network of a seed at its start, fed with the four points."""
    net = Mlp(
        (2, int(knobs["hidden_units"]), 1), str(knobs["activation"]), loss="logistic",
        optimizer=Optimizer("sgd", float(knobs["learning_rate"])), seed=seed,
    )  # fmt: skip
    net.theta *= float(knobs["init_scale"])  # the biases are 0
    net.feed(X, Y, batch=len(X))
    return net


class Run:
    """Trains a network of the least size, and looks at it every twenty steps."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.net = network(knobs, seed)
        self.init_scale = float(knobs["init_scale"])
        self.step_count = 0
        self.history: list[float] = []
        self._record()

    def step(self, n: int) -> None:
        """Take `n` steps on all four points."""
        for stride in strides(self.step_count, n, RECORD):
            self.net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        self.history.append(self.net.evaluate(X, Y))

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.net.optimizer.learning_rate = float(value)

    def right(self) -> int:
        """How many of the four points are on the right side."""
        return int(((self.net.logits(X)[:, 0] > 0.0) == Y).sum())

    def frame(self) -> Frame:
        """The border with the units' lines, the loss, and what is answered."""
        steps = RECORD * np.arange(len(self.history), dtype=float)
        curve = Series("loss", np.array(self.history), steps, "a")
        p = 1.0 / (1.0 + np.exp(-np.clip(self.net.logits(GRID)[:, 0], -60.0, 60.0)))
        top = max(0.7, *self.history)
        return Frame(
            picture=Raster(
                "border, unit lines", p.reshape(SIDE, SIDE), extent=EXTENT, paths=self._lines(),
                points=Points(X, Y),
            ),
            side=(
                Curves("loss", (curve,), "step", y_range=(0.0, top)),
                self._answers(),
            ),
            extra=(self._weights(),),
            formula=self._formula(),
            status=f"2-{self.net.sizes[1]}-1   {self.right()} of 4 right",
            curve=curve,
        )  # fmt: skip

    def _lines(self) -> tuple[tuple[str, Role, Floats], ...]:
        """Where w . x + b = 0 for each of up to six hidden units, as polylines (n, 2)."""
        pairs = zip(self.net.weights(0), self.net.biases(0), ROLES, strict=False)
        return tuple((f"h{i}", role, _line(w, float(b))) for i, (w, b, role) in enumerate(pairs, 1))

    def _answers(self) -> Table:
        outputs = 1.0 / (1.0 + np.exp(-np.clip(self.net.logits(X)[:, 0], -60.0, 60.0)))
        rows = tuple(
            (f"{x[0]:+.0f} {x[1]:+.0f}", str(y), f"{p:.3f}", "right" if (p > 0.5) == y else "wrong")
            for x, y, p in zip(X, Y, outputs, strict=True)
        )
        return Table("the four points", ("x1 x2", "XOR", "p", ""), rows)

    def _weights(self) -> Table:
        """The hidden layer's numbers, a row a unit."""
        parts = zip(self.net.weights(0), self.net.biases(0), self.net.weights(1)[0], strict=True)
        rows = tuple(
            (f"h{i}", *(f"{v:+.2f}" for v in (*w, b, out)))
            for i, (w, b, out) in enumerate(parts, 1)
        )
        return Table("weights", ("", "x1", "x2", "bias", "to the output"), rows)

    def _formula(self) -> str:
        """The sum that decides, with its numbers."""
        terms = "".join(rf"{w:+.2f}\,h_{i}" for i, w in enumerate(self.net.weights(1)[0], 1))
        return rf"z = {f'{terms}{self.net.biases(1)[0]:+.2f}'.removeprefix('+')}"

    def measured(self) -> dict[str, float]:
        """Whether all four are right, how many are, the loss, and what it lost of late."""
        before = self.history[-1 - (len(self.history) - 1) // 4]
        return numbers(self.right(), before, self.history[-1])

    def verdicts(self) -> list[Verdict]:
        """It has arrived, wherever that is: patience would not change it."""
        return judged(self.measured())

    def answers(self) -> Answers:
        """Judged by the points on the right side and by the loss of the last quarter."""
        m = self.measured()
        predict = 0 if m["solved"] else 1 if m["right"] == 3 else 2
        return Answers(predict, 0 if m["solved"] else 1 if m["late_fall"] < SETTLED else 2)


def numbers(right: int, before: float, now: float) -> dict[str, float]:
    """What is measured, of points on the right side and the loss a quarter ago and now."""
    return {
        "solved": float(right == len(X)),
        "right": float(right),
        "loss": now,
        "late_fall": 1.0 - now / before if before > 0.0 else 0.0,
    }


def judged(m: dict[str, float]) -> list[Verdict]:
    """The verdict on what was measured."""
    return [
        Verdict(
            "Settled: all four right, or the loss no longer falls (share lost of late)",
            0.0 if m["solved"] else m["late_fall"], "<", SETTLED,
            "It is still on its way: take a larger learning_rate.",
        )
    ]  # fmt: skip


def _line(w: Floats, b: float) -> Floats:
    """The line w . x + b = 0 across the picture as a polyline (n, 2)."""
    size = float(np.linalg.norm(w))
    if size < 1e-12:
        return np.empty((0, 2))
    foot, along = -b / size**2 * w, np.array([-w[1], w[0]]) / size
    reach = np.linspace(-2.0 * REACH, 2.0 * REACH, 81)[:, None]
    line = foot + reach * along
    return np.asarray(line[np.abs(line).max(axis=1) <= REACH])
