"""Batch norm's running statistics: what evaluation uses, and how long they take to be right.

mean <- keep * mean + (1 - keep) * mean of the batch, and the same for the variance; keep is what
Keras calls momentum (0.99), and PyTorch's momentum (0.1) is 1 - keep.
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Int, Knobs, Real, Spec, Value, Verdict
from demos.engine import datasets
from demos.engine.arrays import Ints
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Bar, Bars, Curves, Floats, Frame, Series, Table

SPEC = Spec(
    name="running-mean",
    title="Running mean",
    kind="trainer",
    about="Batch norm looks fine in training: what does evaluation say after 40 steps, and later?",
    topics=("framework-norms", "batch-normalization"),
    knobs=(
        Choice("kept", "0.99", ("0.9", "0.99", "0.999"), about="of the old average, each step"),
        Real("offset", 14.5, 0.0, 30.0, 0.5, about="mean of the features"),
        Int("batch_size", 32, 8, 64, 8, about="points in a batch"),
        Real("learning_rate", 0.02, 0.001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "After 40 steps training gets 9 of 10 right. And evaluation?",
        ("As many", "About 3 of 4", "About half: no better than guessing"),
        judged=("evaluation_at_40",),
    ),
    observe=Ask(
        "After how many steps was evaluation as good as training?",
        ("40 or fewer", "41 to 300", "301 to 600", "Not within 600"),
    ),
    why=(
        "In training a batch is normalised by its own mean. In evaluation there may be one point "
        "only, so the running mean is used, which started at 0 and creeps to the data's.",
        "After t steps 1 − keptᵗ of the way is gone: with 0.99 and 40 steps a third, 4.8 of 14.5.",
        "The network itself is fine. More steps heal it without learning anything; so does a "
        "smaller share kept, or features that are centred first.",
        "PyTorch's momentum=0.1 keeps 0.9; Keras's momentum=0.99 keeps 0.99. One word, two "
        "meanings.",
    ),
    dare=Dare("kept", "0.9", "is evaluation still behind after 40 steps?"),
    pace=4,
    steps=600,
    live=("learning_rate",),
    slow=40,
)  # fmt: skip

POINTS = 256
EARLY = 40
NEAR = 0.05
EPSILON = 1e-3
UNITS = 16


class Run:
    """A batch norm without γ and β, then a small network; one batch a step."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.kept, self.batch = float(str(knobs["kept"])), int(knobs["batch_size"])
        X, self.y = datasets.make("gaussians", POINTS, seed=seed)
        self.X: Floats = X + float(knobs["offset"])
        self.X_test, self.y_test = datasets.make("gaussians", POINTS, seed=seed + 1_000_003)
        self.X_test = self.X_test + float(knobs["offset"])
        optimizer = Optimizer("adam", float(knobs["learning_rate"]))
        self.net = Mlp((2, UNITS, 2), "tanh", optimizer=optimizer, seed=seed)
        self.order = np.random.default_rng((seed, 6))
        self.mean: Floats = np.zeros(2)
        self.variance: Floats = np.ones(2)
        self.step_count = 0
        self.healed: int | None = None
        self.history: list[tuple[float, float, float]] = []
        self._record()

    def step(self, n: int) -> None:
        """Train on `n` batches, each normalised by itself; move the running statistics."""
        for _ in range(n):
            rows = self.order.choice(POINTS, self.batch, replace=False)
            X, y = self.X[rows], self.y[rows]
            mean, variance = X.mean(axis=0), X.var(axis=0)
            self.net.feed(normalized(X, mean, variance), y, batch=self.batch)
            self.net.step()
            self.mean = self.kept * self.mean + (1 - self.kept) * mean
            self.variance = self.kept * self.variance + (1 - self.kept) * variance
            self.step_count += 1
            self._record()

    def _record(self) -> None:
        """Keep how many are right with the batch's and with the running statistics."""
        training = self._right(self.X, self.y, self.X.mean(axis=0), self.X.var(axis=0))
        evaluation = self._right(self.X_test, self.y_test, self.mean, self.variance)
        self.history.append((training, evaluation, float(self.mean[0])))
        near = evaluation >= training - NEAR
        if not near:
            self.healed = None
        elif self.healed is None:
            self.healed = self.step_count

    def _right(self, X: Floats, y: Ints, mean: Floats, variance: Floats) -> float:
        return self.net.accuracy(normalized(X, mean, variance), y)

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.net.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """Both accuracies; the running mean on its way; the numbers of now."""
        training, evaluation, means = np.array(self.history).T
        t = np.arange(len(means), dtype=float)
        data = float(self.X[:, 0].mean())
        running = Series("running", means, t)
        shown = Series("evaluation", evaluation, t)
        series = (Series("training", training, t, "b"), shown)
        return Frame(
            picture=Curves("share right", series, "step", y_range=(0.0, 1.0)),
            side=(
                Curves("mean of feature 1", (running,), "step", levels=((data, "data"),)),
                self._statistics(),
            ),
            extra=(self._bars(training[-1], evaluation[-1]),),
            formula=self._formula(data),
            status=f"training {training[-1]:.3f}, evaluation {evaluation[-1]:.3f}",
            curve=shown,
        )

    def _statistics(self) -> Table:
        rows = tuple(
            (str(i + 1), f"{self.X[:, i].mean():.2f}", f"{self.mean[i]:.2f}",
             f"{self.X[:, i].var():.2f}", f"{self.variance[i]:.2f}")
            for i in range(2)
        )  # fmt: skip
        return Table("data | running", ("", "mean", "run.", "var.", "run."), rows)

    def _bars(self, training: float, evaluation: float) -> Bars:
        gone = 1.0 - self.kept**self.step_count
        return Bars(
            "now",
            (
                Bar("training", training, f"{training:.3f}", "b"),
                Bar("evaluation", evaluation, f"{evaluation:.3f}"),
                Bar("way gone", gone, f"{gone:.3f}", "quiet"),
            ),
        )

    def _formula(self, data: float) -> str:
        """How far the running mean has come, if every batch had the data's mean."""
        t, kept = self.step_count, f"{self.kept:g}"
        reached = data * (1.0 - self.kept**t)
        law = rf"{data:.1f}\,(1 - {kept}^{{{t}}}) = {reached:.2f}"
        return rf"{law},\ \mu_{{{t}}} = {self.mean[0]:.2f}"

    def measured(self) -> dict[str, float]:
        """Shares right early and late, the gap between both modes, and the mean against its law."""
        early = self.history[min(EARLY, self.step_count)]
        last = self.history[-1]
        law = float(self.X[:, 0].mean()) * (1.0 - self.kept**self.step_count)
        return {
            "training_at_40": early[0],
            "evaluation_at_40": early[1],
            "gap_at_40": early[0] - early[1],
            "training": last[0],
            "evaluation": last[1],
            "gap": last[0] - last[1],
            "running_mean": last[2],
            "mean_off_law": abs(last[2] - law),
            "healed_at": math.inf if self.healed is None else float(self.healed),
        }

    def verdicts(self) -> list[Verdict]:
        """Evaluation is far behind early, and catches up though nothing else is learnt."""
        m = self.measured()
        return [
            Verdict(
                "Share right in training less evaluation, after 40 steps", m["gap_at_40"], ">=",
                0.25, "The running mean was quick enough: keep 0.99, and an offset of 10 or more.",
            ),
            Verdict(
                "The same at the end: it has healed", m["gap"], "<=", 0.25,
                "The running mean is still on its way: keep less of it, or train on.",
            ),
            Verdict(
                "Running mean from mean·(1 − keptᵗ), off by", m["mean_off_law"], "<=", 1.0,
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by what evaluation got right at step 40, and by when it was level."""
        m = self.measured()
        predicted = sum(m["evaluation_at_40"] < limit for limit in (0.85, 0.65))
        return Answers(predicted, sum(m["healed_at"] > limit for limit in (40, 300, 600)))


def normalized(X: Floats, mean: Floats, variance: Floats) -> Floats:
    """Batch norm of X (n, features) without γ and β."""
    scaled: Floats = (X - mean) / np.sqrt(variance + EPSILON)
    return scaled
