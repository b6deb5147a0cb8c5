"""The overfit clinic: a network far too large for its few points learns them by heart.

Training loss falls all the way; validation loss falls, turns at the flag, and rises.
"""

from __future__ import annotations

import numpy as np

from demos.base import Answers, Ask, Dare, Int, Knobs, Real, Spec, Value, Verdict, strides
from demos.engine import datasets
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Floats, Frame, Points, Raster, Series, Table, middles

SPEC = Spec(
    name="overfit",
    title="Overfit clinic",
    kind="trainer",
    about="A large network, a few noisy points: watch it learn, then learn by heart.",
    topics=("overfitting", "early-stopping", "l2-regularization", "regularization", "data-splits"),
    knobs=(
        Int("points", 60, 30, 600, 30, about="training points"),
        Real("noise", 0.35, 0.0, 0.6, 0.05, about="standard deviation of the points' scatter"),
        Int("hidden_units", 32, 2, 64, 2, about="in each of the two hidden layers"),
        Real("l2", 0.0, 0.0, 0.1, 0.005, about="coefficient of the L2 penalty"),
        Int("patience", 0, 0, 1000, 50, about="stop after so many steps without a best; 0: never"),
        Real("learning_rate", 0.003, 0.0001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "When will the validation loss be lowest?",
        ("In the first tenth of the run", "About half way", "At the end"),
        judged=("best_step",),
    ),
    observe=Ask(
        "What did the training loss do after the flag?",
        ("It went on falling", "It stayed level", "It rose too"),
    ),
    why=(
        "60 points pin down far fewer than 1,218 parameters. Once the shape of the moons is "
        "learnt, the only thing left to fit is the noise of these very points.",
        "The islands around single points are that noise; other points from the same source fall "
        "elsewhere, so their loss rises.",
        "Early stopping keeps the weights of the flag. An L2 penalty, fewer units or more points "
        "leave less room for islands.",
    ),
    dare=Dare("points", 600, "when is the validation loss lowest?"),
    pace=40,
    steps=4000,
    live=("learning_rate",),
    slow=600,
    deciding="validation_ratio",
)

RECORD = 10
HELD_OUT = 1000
SIDE = 48
REACH = 2.5
EXTENT = (-REACH, REACH, -REACH, REACH)
GRID = middles(REACH, SIDE)


class Run:
    """Trains a 2-h-h-2 network and looks at its losses every ten steps."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        n, hidden = int(knobs["points"]), int(knobs["hidden_units"])
        self.patience = int(knobs["patience"])
        X, y = datasets.make("moons", n + 2 * HELD_OUT, noise=float(knobs["noise"]), seed=seed)
        cuts = (n, n + HELD_OUT)
        splits = zip(np.split(X, cuts), np.split(y, cuts), strict=True)
        self.train, self.validation, self.test = splits
        rate, l2 = float(knobs["learning_rate"]), float(knobs["l2"])
        optimizer = Optimizer("adam", rate, weight_decay=l2)
        self.net = Mlp((2, hidden, hidden, 2), "relu", weights="he", optimizer=optimizer, seed=seed)
        self.net.feed(*self.train, batch=32)
        self.step_count = 0
        self.best = self.net.theta.copy()
        self.best_step = 0
        self.history: list[tuple[float, float, float]] = []
        self._record()

    @property
    def stopped(self) -> bool:
        """Whether patience has run out; the best weights are then back in place."""
        return bool(self.patience) and self.step_count - self.best_step >= self.patience

    def step(self, n: int) -> None:
        """Train `n` mini-batches, or let them pass once it has stopped."""
        for stride in strides(self.step_count, n, RECORD):
            if not self.stopped:
                self.net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """Keep the three losses, and the weights when the validation loss is the lowest so far."""
        if self.stopped:
            self.net.theta[:] = self.best
        splits = (self.train, self.validation, self.test)
        train, validation, test = (self.net.evaluate(*split) for split in splits)
        self.history.append((train, validation, test))
        if not self.stopped and validation <= min(loss for _, loss, _ in self.history):
            self.best[:], self.best_step = self.net.theta, self.step_count

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.net.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """The boundary with its points; losses with the flag; the flag's boundary and losses."""
        losses = np.array(self.history).T
        steps = RECORD * np.arange(losses.shape[1], dtype=float)
        validation = Series("validation", losses[1], steps, "b")
        series = (
            Series("test", losses[2], steps, "quiet"),
            Series("training", losses[0], steps, "a"),
            validation,
        )
        flag = ((float(self.best_step), "best"),)
        top = max(1.0, float(losses.max()))
        return Frame(
            picture=self._boundary("decision boundary", self.net.theta),
            side=(
                Curves("loss", series, "step", y_range=(0.0, top), marks=flag),
                self._table(losses),
            ),
            extra=(self._boundary(f"boundary at the flag, step {self.best_step}", self.best),),
            formula=rf"\frac{{L_{{val}}}}{{\min L_{{val}}}} = \frac{{{losses[1, -1]:.3f}}}"
            rf"{{{losses[1].min():.3f}}} = {losses[1, -1] / losses[1].min():.2f}",
            status="stopped early" if self.stopped else f"training loss {losses[0, -1]:.2g}",
            curve=validation,
        )

    def _boundary(self, title: str, theta: Floats) -> Raster:
        """The probability of class 1 over the plane, under weights `theta`."""
        now = self.net.theta.copy()
        self.net.theta[:] = theta
        p = self.net.probabilities(GRID)[:, 1].reshape(SIDE, SIDE)
        self.net.theta[:] = now
        return Raster(title, p, extent=EXTENT, points=Points(*self.train))

    def _table(self, losses: Floats) -> Table:
        columns = (losses[:, self.best_step // RECORD], losses[:, -1])
        rows = tuple(
            (name, *(f"{column[i]:.3f}" for column in columns))
            for i, name in enumerate(("training", "validation", "test"))
        )
        return Table("losses", ("", "at the flag", "now"), rows)

    def measured(self) -> dict[str, float]:
        """Where the validation loss was lowest, and the losses there and now."""
        flag, now = np.array(self.history)[[self.best_step // RECORD, -1]]
        return {
            "best_step": float(self.best_step),
            "validation_ratio": float(now[1] / flag[1]),
            "training_at_flag": float(flag[0]),
            "training_now": float(now[0]),
            "test_at_flag": float(flag[2]),
            "test_now": float(now[2]),
            "test_accuracy": self.net.accuracy(*self.test),
        }

    def verdicts(self) -> list[Verdict]:
        """The validation loss rose well above its lowest, and so did the test loss."""
        m = self.measured()
        advice = "It did not overfit: take fewer points, more units, no L2 and no patience."
        return [
            Verdict(
                "Validation loss at the end over its lowest",
                m["validation_ratio"], ">=", 3.0, advice,
            ),
            Verdict(
                "Test loss at the end over that at the flag",
                m["test_now"] / m["test_at_flag"], ">=", 2.9, advice,
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the step of the flag and by the training loss since then."""
        m = self.measured()
        share = m["best_step"] / max(1, self.step_count)
        fell = m["training_now"] / m["training_at_flag"]
        return Answers(
            0 if share <= 0.1 else 1 if share < 0.9 else 2,
            0 if fell < 0.8 else 1 if fell <= 1.25 else 2,
        )
