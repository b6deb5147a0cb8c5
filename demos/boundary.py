"""The boundary lab: what a small network can separate, and what each hidden unit gives to it.

A unit of the first hidden layer sees one line, h = f(w . x + b); the next layer adds the lines up.
"""

from __future__ import annotations

import math

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
from demos.engine import datasets
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Floats, Frame, Points, Raster, Role, Series, Table, middles

SPEC = Spec(
    name="boundary",
    title="Boundary lab",
    kind="trainer",
    about="Build a network, choose its data, and watch the border between the classes bend.",
    topics=(
        "mlp", "activation-functions", "linear-activation", "universal-approximation",
        "hyperparameters", "hyperparameter-tuning", "features", "feature-engineering",
        "softmax-classifier", "training-loop", "deep-learning", "underfitting",
    ),
    knobs=(
        Choice(
            "data", "circles",
            ("circles", "xor", "moons", "gaussians", "spiral", "spiral-3"),
            about="the points to be told apart",
        ),
        Int("units", 3, 1, 16, about="in each hidden layer"),
        Int("layers", 1, 0, 4, about="hidden layers"),
        Choice(
            "activation", "tanh",
            ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish"),
            about="of the hidden units",
        ),
        Choice(
            "features", "plain", ("plain", "product", "squares", "all"),
            about="x1 and x2; with x1x2; with their squares; with all three",
        ),
        Real("noise", 0.0, 0.0, 0.5, 0.05, about="scatter of the points"),
        Real("learning_rate", 0.01, 0.0001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "What share of the points will be on the right side at the end?",
        ("Less than 70 %", "70 to 95 %", "More than 95 %"),
        judged=("accuracy",),
    ),
    observe=Ask(
        "When were 95 % of the points on the right side for the first time?",
        ("In the first tenth of the run", "Later", "Never"),
    ),
    why=(
        "A hidden unit answers along one straight line. The output adds the units up, so the "
        "border is stitched together from as many pieces as there are units.",
        "Two lines cannot enclose a disc: a gap stays open, and about one point in seven lies "
        "beyond it. Three can.",
        "Linear units, however many layers, add up to one line again. Better features do the work "
        "of a layer: with squares, a circle needs no hidden unit at all.",
    ),
    dare=Dare("units", 2, "can two lines enclose a disc?"),
    pace=40,
    steps=4000,
    live=("learning_rate",),
    slow=400,
    deciding="accuracy",
)  # fmt: skip

COUNT = 256
SHOWN = 90
RECORD = 20
ENOUGH = 0.95
SIDE = 44
TILE_GAP = 2
REACH = 2.5
EXTENT = (-REACH, REACH, -REACH, REACH)
GRID = middles(REACH, SIDE)
RECTIFIERS = ("relu", "leaky_relu", "elu", "swish")
ROLES: tuple[Role, ...] = ("a", "b", "c", "d", "e", "f")
NAMES = {
    "plain": ("x_1", "x_2"),
    "product": ("x_1", "x_2", "x_1x_2"),
    "squares": ("x_1", "x_2", "x_1^2", "x_2^2"),
    "all": ("x_1", "x_2", "x_1x_2", "x_1^2", "x_2^2"),
}


def inputs(X: Floats, features: str) -> Floats:
    """The features (n, 2 to 5) that a network gets of points X (n, 2), in the order of NAMES."""
    product = [X[:, 0] * X[:, 1]] if features in ("product", "all") else []
    squares = [X[:, 0] ** 2, X[:, 1] ** 2] if features in ("squares", "all") else []
    return np.column_stack([X, *product, *squares])


class Run:
    """Trains a network with softmax outputs, and looks at it every twenty steps."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        data, noise = str(knobs["data"]), float(knobs["noise"])
        self.features, self.activation = str(knobs["features"]), str(knobs["activation"])
        self.X, self.y = datasets.make(data, COUNT, noise, seed)
        self.held_out = datasets.make(data, COUNT, noise, seed + 1_000_000)
        self.grid = inputs(GRID, self.features)
        hidden = [int(knobs["units"])] * int(knobs["layers"])
        self.net = Mlp(
            (self.grid.shape[1], *hidden, int(self.y.max()) + 1),
            self.activation,
            weights="he" if self.activation in RECTIFIERS else "xavier",
            optimizer=Optimizer("adam", float(knobs["learning_rate"])),
            seed=seed,
        )
        self.net.feed(self.seen(self.X), self.y, batch=32)
        self.step_count = 0
        self.history: list[tuple[float, float, float]] = []
        self._record()

    def step(self, n: int) -> None:
        """Train `n` mini-batches."""
        for stride in strides(self.step_count, n, RECORD):
            self.net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """Keep both losses and the share of training points on the right side."""
        X, (X_new, y_new) = self.seen(self.X), self.held_out
        losses = self.net.evaluate(X, self.y), self.net.evaluate(self.seen(X_new), y_new)
        self.history.append((*losses, self.net.accuracy(X, self.y)))

    def seen(self, X: Floats) -> Floats:
        """What the network is given of points X (n, 2)."""
        return inputs(X, self.features)

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.net.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """The boundary; what each unit sees, and the losses; the points as the units see them."""
        layers = self.net.hidden(self.grid)
        training, held_out, accuracy = np.array(self.history).T
        steps = RECORD * np.arange(len(training), dtype=float)
        curve = Series("training", training, steps, "a")
        series = (Series("held out", held_out, steps, "b"), curve)
        top = max(0.7, float(training.max()), float(held_out.max()))
        sizes = "-".join(map(str, self.net.sizes))
        return Frame(
            picture=self._boundary(layers[-1]),
            side=(self._units(layers), Curves("loss", series, "step", y_range=(0.0, top))),
            extra=(self._bent(), self._weights()),
            formula=self._formula(),
            status=f"{sizes}   {accuracy[-1]:.1%} right",
            curve=curve,
        )

    def _boundary(self, logits: Floats) -> Raster:
        """Which class is likelier where, with the lines of the first units."""
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = powers / powers.sum(axis=1, keepdims=True)
        two = p.shape[1] == 2
        values = p[:, 1] if two else p.argmax(axis=1) / (p.shape[1] - 1)
        return Raster(
            "border, unit lines" if self._lines() else "border",
            values.reshape(SIDE, SIDE), extent=EXTENT, paths=self._lines(),
            points=Points(self.X[:SHOWN], self.y[:SHOWN]),
        )  # fmt: skip

    def _lines(self) -> tuple[tuple[str, Role, Floats], ...]:
        """Where w . x + b = 0 for each of up to six first hidden units, as polylines (n, 2)."""
        if self.net.depth == 1 or self.features != "plain" or self.net.sizes[1] > len(ROLES):
            return ()
        return tuple(
            (f"h{i + 1}", ROLES[i], _line(w, float(b)))
            for i, (w, b) in enumerate(zip(self.net.weights(0), self.net.biases(0), strict=True))
        )

    def _units(self, layers: list[Floats]) -> Raster:
        """A small map of the plane for each unit of the last hidden layer, or of the outputs."""
        last = -2 if len(layers) > 1 else -1
        values = layers[last]
        limit = max(1e-9, float(np.abs(values).max()))
        title = "outputs" if last == -1 else f"units of hidden layer {len(layers) - 1}"
        return Raster(title, _tiles(values), -limit, limit, signed=True)

    def _bent(self) -> Raster:
        """The points where the first two units of the last hidden layer put them."""
        layers = self.net.hidden(self.seen(self.X))
        at = layers[-2] if len(layers) > 1 else self.seen(self.X)
        plane = at[:, :2] if at.shape[1] > 1 else np.column_stack([at[:, 0], np.zeros(len(at))])
        low, high = plane.min(axis=0), plane.max(axis=0)
        room = 0.1 * (high - low) + 1e-6
        (left, bottom), (right, top) = low - room, high + room
        return Raster(
            "the points seen by h1 and h2", np.full((SIDE, SIDE), 0.1),
            extent=(left, right, bottom, top), points=Points(plane[:SHOWN], self.y[:SHOWN]),
        )  # fmt: skip

    def _weights(self) -> Table:
        """The first layer's numbers, a row a unit."""
        names = [name.replace("_", "") for name in NAMES[self.features]]
        rows = tuple(
            (f"h{i + 1}", *(f"{w:+.2f}" for w in row), f"{b:+.2f}")
            for i, (row, b) in enumerate(zip(self.net.weights(0), self.net.biases(0), strict=True))
        )
        return Table("weights of layer 1", ("", *names, "bias"), rows)

    def _formula(self) -> str:
        """The first unit with its numbers."""
        terms = "".join(
            rf"{w:+.2f}\,{name}"
            for w, name in zip(self.net.weights(0)[0], NAMES[self.features], strict=True)
        )
        inside = f"{terms}{self.net.biases(0)[0]:+.2f}".removeprefix("+")
        if self.net.depth == 1 or self.activation == "linear":
            return rf"{'z' if self.net.depth == 1 else 'h'}_1 = {inside}"
        return rf"h_1 = \operatorname{{{self.activation.replace('_', ' ')}}}({inside})"

    def measured(self) -> dict[str, float]:
        """Accuracy and loss on both sets, and the first step with 95 % right (-1: none)."""
        training, held_out, accuracy = np.array(self.history).T
        X_new, y_new = self.held_out
        enough = np.flatnonzero(accuracy >= ENOUGH)
        return {
            "accuracy": float(accuracy[-1]),
            "held_out_accuracy": self.net.accuracy(self.seen(X_new), y_new),
            "loss": float(training[-1]),
            "held_out_loss": float(held_out[-1]),
            "enough_at": float(RECORD * enough[0]) if len(enough) else -1.0,
            "parameters": float(self.net.theta.size),
        }

    def verdicts(self) -> list[Verdict]:
        """Nearly all points are on the right side, those not trained on as well."""
        m = self.measured()
        advice = "Too few pieces: take more units, another activation or features."
        return [
            Verdict("Share of points on the right side", m["accuracy"], ">=", 0.93, advice),
            Verdict(
                "Share of points held out on the right side", m["held_out_accuracy"], ">=", 0.9,
                "It fits the noise: take fewer units, or less noise.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the accuracy at the end and by the first step with 95 %."""
        m = self.measured()
        share, at = m["accuracy"], m["enough_at"]
        early = 0 <= at <= self.step_count / 10
        return Answers(
            0 if share < 0.7 else 1 if share <= ENOUGH else 2,
            2 if at < 0 else 0 if early else 1,
        )


def _line(w: Floats, b: float) -> Floats:
    """The line w . x + b = 0 across the picture as a polyline (n, 2); far ends are left out."""
    size = float(np.linalg.norm(w))
    if size < 1e-12:
        return np.empty((0, 2))
    foot, along = -b / size**2 * w, np.array([-w[1], w[0]]) / size
    reach = np.linspace(-2.0 * REACH, 2.0 * REACH, 81)[:, None]
    line = foot + reach * along
    return np.asarray(line[np.abs(line).max(axis=1) <= REACH])


def _tiles(values: Floats) -> Floats:
    """Maps (SIDE * SIDE, units) side by side and below each other, every second value, as one."""
    units = values.shape[1]
    across = min(units, 4) if units <= 8 else math.ceil(math.sqrt(units))
    maps = values.reshape(SIDE, SIDE, units)[::2, ::2]
    side = len(maps)
    pitch = side + TILE_GAP
    sheet = np.full((pitch * math.ceil(units / across), pitch * across), np.nan)
    for i in range(units):
        row, column = pitch * (i // across), pitch * (i % across)
        sheet[row : row + side, column : column + side] = maps[:, :, i]
    return sheet[:-TILE_GAP, :-TILE_GAP]
