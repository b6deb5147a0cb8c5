"""Dropout: a wide network on few, partly mislabelled digits, with units switched off or not.

Inverted dropout, in training only: a unit is dropped with rate r, else multiplied by 1/(1 - r).
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Dare, Int, Knobs, Real, Spec, Value, Verdict, strides
from demos.engine import digits
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Floats, Frame, Raster, Series, Table

SPEC = Spec(
    name="dropout",
    title="Dropout",
    kind="trainer",
    about="Digits with many wrong labels: what is learnt by heart with all units, and with half?",
    topics=("dropout", "regularization", "overfitting"),
    knobs=(
        Real("drop_rate", 0.5, 0.0, 0.8, 0.1, about="share of hidden units off in a step"),
        Real("label_noise", 0.4, 0.0, 0.6, 0.1, about="share of training labels drawn by lot"),
        Int("digits", 500, 100, 2000, 100, about="training images"),
    ),
    predict=Ask(
        "What does dropout do to training and to test accuracy?",
        ("Both up", "Only test up", "Only training up", "Both down"),
        judged=(
            "test_gain",
            "training_loss",
        ),
    ),
    observe=Ask(
        "Without it, how many labels were learnt, wrong ones too?",
        ("Nearly all, over 95 %", "70 to 95 %", "Under 70 %"),
    ),
    why=(
        "There are far more weights than digits, so the network can learn each wrong label by "
        "heart; what it learns that way is wrong on new digits.",
        "With half of the units missing, others in every step, no group of units can agree on one "
        "single image. What many units see, the shape of a digit, remains.",
        "So accuracy falls where the labels are wrong and rises on the test set. At test time all "
        "units are there, and nothing is scaled.",
        "With clean labels there is little to learn by heart, and dropout changes little.",
    ),
    dare=Dare("label_noise", 0.0, "does dropout still help?"),
    pace=7,
    steps=900,
    slow=60,
    deciding="test_gain",
)

SIDE = 14
UNITS = 128
TEST_DIGITS = 1000
RECORD = 15
SHOWN_UNITS = 12
MASK_SHAPE = (8, 16)  # how the units of the first hidden layer are laid out


class Run:
    """Two networks from the same weights on the same batches; only one drops units."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.rate, n = float(knobs["drop_rate"]), int(knobs["digits"])
        X, y = digits.make(n + TEST_DIGITS, SIDE, seed=seed)
        generator = np.random.default_rng((seed, 4))
        by_lot = generator.random(n) < float(knobs["label_noise"])
        labels = np.where(by_lot, generator.integers(0, 10, n), y[:n])
        self.train = X[:n], labels
        self.test = X[n:], y[n:]
        self.plain, self.dropped = self._net(0.0, seed), self._net(self.rate, seed)
        self.mask_mean, self.mask_spread = _mask_mean(self.rate, seed)
        self.step_count = 0
        self.history: list[tuple[float, float, float, float]] = []
        self._record()

    def _net(self, rate: float, seed: int) -> Mlp:
        net = Mlp(
            (SIDE**2, UNITS, UNITS, 10), "relu", weights="he", dropout=rate, dtype=np.float32,
            optimizer=Optimizer("adam", 0.002), seed=seed,
        )  # fmt: skip
        net.feed(*self.train, batch=32)
        return net

    def step(self, n: int) -> None:
        """Train both networks on `n` mini-batches."""
        for stride in strides(self.step_count, n, RECORD):
            self.plain.step(stride)
            self.dropped.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """Training accuracy counts agreement with the labels as they are, wrong ones included."""
        pairs = [(net, split) for net in (self.plain, self.dropped)
                 for split in (self.train, self.test)]  # fmt: skip
        train, test, dropped_train, dropped_test = (net.accuracy(*split) for net, split in pairs)
        self.history.append((train, test, dropped_train, dropped_test))
        gap = np.full((SHOWN_UNITS, 1), np.nan)
        self.together = np.hstack(
            [self._correlation(self.plain), gap, self._correlation(self.dropped)]
        )

    def set(self, name: str, value: Value) -> None:
        """No knob is live."""
        raise KeyError(f"{name} is not live")

    def frame(self) -> Frame:
        """The units of one digit; test and training accuracy; which units go together."""
        train, test, dropped_train, dropped_test = np.array(self.history).T
        steps = RECORD * np.arange(len(train), dtype=float)
        with_it = Series("with", dropped_test, steps, "a")
        return Frame(
            picture=self._units(),
            side=(
                self._table(),
                _chart("test accuracy", Series("without", test, steps, "b"), with_it),
                _chart(
                    "training accuracy, wrong labels too",
                    Series("without", train, steps, "b"), Series("with", dropped_train, steps, "a"),
                ),
            ),
            extra=(self._digit(), self._together()),
            formula=self._formula(),
            status=f"test {test[-1]:.3f} without, {dropped_test[-1]:.3f} with",
            curve=with_it,
        )  # fmt: skip

    def _mask(self) -> Floats:
        """Of the first digit in the last batch, a unit's state (128,): 1 on, -1 dropped, 0 silent.

        What ReLU silences gives 0 anyway, so its mask does not matter.
        """
        awake, kept = self.dropped.sums(0)[0] > 0, self.dropped.activations(0)[0] > 0
        return np.where(kept, 1.0, np.where(awake, -1.0, 0.0))

    def _units(self) -> Raster:
        mask = self._mask()
        off, on = int((mask < 0).sum()), int((mask > 0).sum())
        title = f"{UNITS} units: {on} on (+), {off} dropped (-)"
        return Raster(title, mask.reshape(MASK_SHAPE), -1.0, 1.0, signed=True)

    def _table(self) -> Table:
        train, test, dropped_train, dropped_test = self.history[-1]
        rows = (
            ("training", f"{train:.3f}", f"{dropped_train:.3f}"),
            ("test", f"{test:.3f}", f"{dropped_test:.3f}"),
        )
        return Table("accuracy", ("", "without", "with dropout"), rows)

    def _digit(self) -> Raster:
        return Raster("the digit", self.dropped.inputs[0].reshape(SIDE, SIDE).copy())

    def _together(self) -> Raster:
        """Which of the first units go together in the two networks: their correlations."""
        title = f"{SHOWN_UNITS} units: without, with"
        return Raster(title, self.together, -1.0, 1.0, signed=True)

    def _correlation(self, net: Mlp) -> Floats:
        """The correlation of the first units over the test digits, (12, 12)."""
        hidden = net.hidden(self.test[0])[0][:, :SHOWN_UNITS].astype(np.float64)
        centred = hidden - hidden.mean(axis=0)
        scaled = centred / np.maximum(np.sqrt((centred**2).sum(axis=0)), 1e-12)
        correlation: Floats = scaled.T @ scaled
        return correlation

    def _formula(self) -> str:
        """A unit that was kept in the last batch."""
        rule = rf"a \leftarrow \frac{{a}}{{1-{self.rate:g}}}"
        kept = float(self.dropped.activations(0)[0].max())
        if not kept:
            return rule
        return rf"{rule} = \frac{{{kept * (1 - self.rate):.3f}}}{{{1 - self.rate:g}}} = {kept:.3f}"

    def measured(self) -> dict[str, float]:
        """Accuracies without and with dropout, and the mean of a mask over many units."""
        train, test, dropped_train, dropped_test = self.history[-1]
        return {
            "training_without": train,
            "training_with": dropped_train,
            "test_without": test,
            "test_with": dropped_test,
            "test_gain": dropped_test - test,
            "training_loss": train - dropped_train,
            "mask_mean": self.mask_mean,
            "mask_deviations": abs(self.mask_mean - 1.0) / max(self.mask_spread, 1e-12),
        }

    def verdicts(self) -> list[Verdict]:
        """Better on the test set, worse on wrong labels, and on average nothing is scaled."""
        m = self.measured()
        advice = "Nothing to gain here: it takes wrong labels to forget and units to drop."
        return [
            Verdict("Test accuracy with dropout less without", m["test_gain"], ">=", 0.04, advice),
            Verdict(
                "Training accuracy without dropout less with", m["training_loss"], ">=", 0.03,
                advice,
            ),
            Verdict(
                "Mean of mask/(1-r) from 1, in standard deviations",
                m["mask_deviations"], "<=", 4.0,
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by both differences and by what was learnt without dropout."""
        m = self.measured()
        worse, better = m["training_loss"] > 0, m["test_gain"] > 0
        effect = 1 if worse and better else 3 if worse else 0 if better else 2
        learnt = m["training_without"]
        return Answers(effect, 0 if learnt > 0.95 else 1 if learnt >= 0.7 else 2)


def _mask_mean(rate: float, seed: int) -> tuple[float, float]:
    """The mean of mask/(1 - r) over 32,000 units that would all give 1, and its deviation."""
    net = Mlp(
        (1, 1000, 1), "linear", weights="constant", scale=1.0, dropout=rate, seed=seed,
        dtype=np.float32,  # as the networks beside it, whose kernels it shares
    )  # fmt: skip
    net.forward(np.ones((32, 1)))
    units = net.activations(0)
    return float(units.mean(dtype=np.float64)), math.sqrt(rate / (1.0 - rate) / units.size)


def _chart(title: str, *series: Series) -> Curves:
    return Curves(title, series, "step", y_range=(0.0, 1.0))
