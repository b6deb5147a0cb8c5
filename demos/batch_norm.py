"""The batch-norm bench: one network twice, with and without batch norm, fed the same batches.

y = gamma (x - mean) / sqrt(variance + epsilon) + beta, mean and variance taken over the batch.
"""

from __future__ import annotations

import numpy as np

from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    DivergedError,
    Int,
    Knobs,
    Real,
    Spec,
    Value,
    Verdict,
)
from demos.engine import datasets
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Frame, Points, Raster, Series, Table, middles

SPEC = Spec(
    name="batch-norm",
    title="Batch-norm bench",
    kind="trainer",
    about="Six hidden layers from the same weights, with and without batch norm.",
    topics=("batch-normalization", "internal-covariate-shift", "batch-size-epochs"),
    knobs=(
        Real("learning_rate", 0.1, 0.01, 1.0, log=True, about="of SGD, for both networks"),
        Choice("activation", "sigmoid", ("sigmoid", "tanh", "relu"), about="of the hidden units"),
        Choice(
            "init", "xavier", ("small", "xavier", "he", "large"),
            about="N(0, 0.05), Xavier, He, N(0, 1)",
        ),
        Int("batch_size", 32, 2, 64, 10, about="points that share a mean and a variance"),
    ),
    predict=Ask(
        "One network twice, without and with batch norm. Which one learns?",
        ("Both", "Only the one with it", "Only the one without", "Neither"),
        judged=("accuracy_without", "accuracy_with",),
    ),
    observe=Ask(
        "Without it, how many points came out right?",
        ("About half", "About three quarters", "Nearly all"),
    ),
    why=(
        "Six sigmoids shrink the signal on its way forward and the gradient on its way back, so "
        "without batch norm the last layers see hardly any difference between points.",
        "Batch norm gives every unit mean 0 and variance 1 over the batch, whatever came before; "
        "γ and β then let it choose its own range.",
        "No learning rate rescues the plain network; better weights do. ReLU from He's weights "
        "needs no batch norm here.",
        "With batches of two the mean and the variance are mostly noise, and it fails.",
    ),
    dare=Dare("batch_size", 2, "does batch norm still help?"),
    pace=8,
    steps=1000,
    live=("learning_rate",),
    slow=80,
    deciding="gain",
)  # fmt: skip

POINTS = 256
DEPTH, UNITS = 6, 16
RECORD = 10
INITS = {
    "small": ("normal", 0.05), "xavier": ("xavier", 0.0),
    "he": ("he", 0.0), "large": ("normal", 1.0),
}  # fmt: skip
SIDE = 36
REACH = 2.2
EXTENT = (-REACH, REACH, -REACH, REACH)
GRID = middles(REACH, SIDE)


class Run:
    """Two networks on circles; a plain one that diverges stays at its last finite weights."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.X, self.y = datasets.make("circles", POINTS, seed=seed)
        self.plain, self.normed = (self._net(knobs, normed, seed) for normed in (False, True))
        self.lost: int | None = None
        self.step_count = 0
        self.history: list[tuple[float, float]] = []
        self._record()

    def _net(self, knobs: Knobs, batch_norm: bool, seed: int) -> Mlp:
        weights, scale = INITS[str(knobs["init"])]
        net = Mlp(
            (2, *[UNITS] * DEPTH, 2), str(knobs["activation"]), weights=weights, scale=scale,
            batch_norm=batch_norm, seed=seed,
            optimizer=Optimizer("sgd", float(knobs["learning_rate"])),
        )  # fmt: skip
        net.feed(self.X, self.y, batch=int(knobs["batch_size"]))
        return net

    def step(self, n: int) -> None:
        """Train both networks on `n` mini-batches."""
        for _ in range(n):
            self._step_plain()
            self.normed.step()
            self.step_count += 1
            if self.step_count % RECORD == 0:
                self._record()

    def _step_plain(self) -> None:
        """The plain network may diverge; the other one then goes on alone."""
        if self.lost is None:
            try:
                self.plain.step()
            except DivergedError:
                self.lost = self.step_count

    def _record(self) -> None:
        self.history.append((self._accuracy(self.plain), self._accuracy(self.normed)))
        hidden = self.plain.hidden(self.X)[:-1]
        with np.errstate(all="ignore"):  # a network that is lost may give no numbers
            self.spreads = [float(units.std(axis=0).mean()) for units in hidden]

    def _accuracy(self, net: Mlp) -> float:
        return net.accuracy(self.X, self.y)

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate of both as the run goes on."""
        assert name == "learning_rate"
        for net in (self.plain, self.normed):
            net.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """Both boundaries; both accuracies; what each layer lets through."""
        accuracies = np.array(self.history).T
        steps = RECORD * np.arange(accuracies.shape[1], dtype=float)
        plain = Series("without", accuracies[0], steps, "b")
        normed = Series("with", accuracies[1], steps, "a")
        words = "" if self.lost is None else f", diverged at {self.lost}"
        return Frame(
            picture=self._boundary(f"without batch norm{words}", self.plain),
            side=(
                self._boundary("with batch norm", self.normed),
                Curves("accuracy", (plain, normed), "step", y_range=(0.0, 1.0)),
            ),
            extra=(self._layers(),),
            formula=self._formula(),
            status=f"{accuracies[0, -1]:.3f} without, {accuracies[1, -1]:.3f} with",
            curve=normed,
        )

    def _boundary(self, title: str, net: Mlp) -> Raster:
        p = net.probabilities(GRID)[:, 1].reshape(SIDE, SIDE)
        return Raster(title, p, extent=EXTENT, points=Points(self.X, self.y))

    def _layers(self) -> Table:
        """Of each layer: how far points differ without; mean, deviation, gamma, beta with."""
        rows = []
        for layer in range(DEPTH):
            sums = self.normed.normalized(layer)
            gamma, beta = self.normed.batch_norm(layer).mean(axis=1)
            mean = np.abs(sums.mean(axis=0)).max()
            spread, normed = self.spreads[layer], sums.std(axis=0).mean()
            numbers = (f"{spread:.1e}", f"{mean:.0e}", f"{normed:.2f}",
                       f"{gamma:.2f}", f"{beta:+.3f}")  # fmt: skip
            rows.append((str(layer + 1), *numbers))
        columns = ("", "std", "mean", "std", "γ", "β")
        return Table("layer: without | with batch norm", columns, tuple(rows))

    def _formula(self) -> str:
        """Unit 1 of layer 1, for the first point of the last batch."""
        normalized = float(self.normed.normalized(0)[0, 0])
        gamma, beta = (float(part[0]) for part in self.normed.batch_norm(0))
        return (
            r"y = \gamma\hat{x} + \beta = "
            rf"{gamma:.2f}\cdot({normalized:.2f}) {beta:+.2f} = {gamma * normalized + beta:.2f}"
        )

    def measured(self) -> dict[str, float]:
        """Both accuracies, and the worst mean and variance of a unit in the last batch."""
        sums = [self.normed.normalized(layer) for layer in range(DEPTH)]
        plain, normed = self.history[-1]
        return {
            "accuracy_without": plain,
            "accuracy_with": normed,
            "gain": normed - plain,
            "largest_mean": max(float(np.abs(s.mean(axis=0)).max()) for s in sums),
            "variance_error": max(float(np.abs(s.var(axis=0) - 1.0).max()) for s in sums),
            "diverged_without": float(self.lost is not None),
        }

    def verdicts(self) -> list[Verdict]:
        """It learns only with batch norm, which does what its formula says."""
        m = self.measured()
        gain = "No need for it here, or too small a batch: take sigmoid and 32 points."
        return [
            Verdict("Accuracy with batch norm less without", m["gain"], ">=", 0.25, gain),
            Verdict("Largest mean of a unit over the batch", m["largest_mean"], "<=", 1e-6),
            Verdict(
                "Its variance is 1 but for epsilon: largest difference",
                m["variance_error"], "<=", 0.016,
                "Epsilon outweighs so small a variance: take larger weights.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by both accuracies."""
        m = self.measured()
        without, with_it = m["accuracy_without"] >= 0.75, m["accuracy_with"] >= 0.75
        learnt = 0 if without and with_it else 1 if with_it else 2 if without else 3
        return Answers(learnt, sum(m["accuracy_without"] >= least for least in (0.65, 0.9)))
