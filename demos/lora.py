"""Low-rank adaptation: a frozen network learns a new task through narrow corrections.

W' = W + (alpha / r) B A with A (r, inputs) and B (outputs, r); W never changes. Beside it a copy of
the network trains all its weights, and one stays as it was.
"""

from __future__ import annotations

import copy
import math
from functools import cache

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
from demos.engine.arrays import Ints
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Bar, Bars, Curves, Floats, Frame, Points, Raster, Role, Series, middles

SPEC = Spec(
    name="lora",
    title="Low-rank correction",
    kind="trainer",
    about="A frozen network learns a new task through two narrow matrices: how far does it get?",
    topics=("lora", "transfer-learning"),
    knobs=(
        Int("rank", 2, 1, 16, about="r, the width of the two matrices"),
        Choice(
            "start", "usual", ("usual", "zeros", "random"),
            about="of A and B; usual: A random and B zero",
        ),
        Int("angle", 90, 30, 180, 30, about="degrees by which the task is turned"),
        Real("learning_rate", 0.005, 0.0005, 0.5, log=True, about="of Adam, for both ways"),
    ),
    predict=Ask(
        "It trains a ninth of the numbers. What part of the full gain?",
        ("Less than a third", "About half", "Nearly all"),
        judged=("share_of_gain", "lora"),
    ),
    observe=Ask(
        "Full training changed layer 2, 32 × 32, in how many directions?",
        ("1 or 2", "3 to 10", "More than 10"),
    ),
    why=(
        "BA is a full matrix, 32 × 32, but of rank r: each of its rows is a mix of the r rows of "
        "A. It has 2·32·r numbers to learn, W has 1,024.",
        "The network knows moons already. To see them turned it needs a change in few directions: "
        "full training moves all 1,024 weights, but hardly in more than three or four.",
        "B starts at zero, so the first answer is the old network's; A is random, so B gets a "
        "gradient. With both at zero neither gets one, and nothing ever moves.",
        "Afterwards BA can be added into W: one matrix, the same answers, no extra work.",
    ),
    dare=Dare("start", "zeros", "what does it learn now?"),
    pace=3,
    steps=300,
    live=("learning_rate",),
    slow=24,
)  # fmt: skip

UNITS, POINTS, BATCH, RECORD = 32, 256, 64, 10
BODY_STEPS, NOISE = 300, 0.1
ADAPTED = (1, 2)  # the matrices between hidden layers
ALPHA = 4.0
FEW = 0.1  # a singular value counts from this share of the largest on
SIDE = 36
REACH = 2.2
EXTENT = (-REACH, REACH, -REACH, REACH)
GRID = middles(REACH, SIDE)


@cache
def _body(seed: int) -> Mlp:
    """A network that has learnt the moons."""
    net = Mlp((2, UNITS, UNITS, UNITS, 2), "tanh", optimizer=Optimizer("adam", 0.01), seed=seed)
    net.feed(*datasets.make("moons", POINTS, noise=NOISE, seed=seed))
    net.step(BODY_STEPS)
    return net


def task(angle: float, seed: int) -> tuple[Floats, Ints]:
    """Moons (POINTS, 2) turned by `angle` degrees, and their labels."""
    X, y = datasets.make("moons", POINTS, noise=NOISE, seed=seed)
    turn = math.radians(angle)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return X @ matrix.T, y


class Correction:
    """The matrices A (r, units) and B (units, r) of each adapted layer, in one flat vector."""

    def __init__(self, rank: int, start: str, seed: int) -> None:
        self.rank, self.scale = rank, ALPHA / rank
        self.theta: Floats = np.zeros(len(ADAPTED) * 2 * rank * UNITS)
        generator = np.random.default_rng((seed, 8))
        for A, B in self.pairs(self.theta):
            if start != "zeros":
                A[:] = generator.normal(scale=1 / np.sqrt(UNITS), size=A.shape)
            if start == "random":
                B[:] = generator.normal(scale=1 / np.sqrt(UNITS), size=B.shape)

    def pairs(self, flat: Floats) -> list[tuple[Floats, Floats]]:
        """View theta, or its gradient, as A and B of each layer."""
        size = self.rank * UNITS
        blocks = flat.reshape(len(ADAPTED), 2, size)
        return [(block[0].reshape(self.rank, UNITS), block[1].reshape(UNITS, self.rank))
                for block in blocks]  # fmt: skip

    def products(self) -> list[Floats]:
        """(alpha / r) B A of each layer (units, units)."""
        return [self.scale * (B @ A) for A, B in self.pairs(self.theta)]

    def gradient(self, net: Mlp) -> Floats:
        """What ∂loss/∂W of the net's last batch means for A and B, by the chain rule."""
        found = np.zeros_like(self.theta)
        ways = zip(ADAPTED, self.pairs(self.theta), self.pairs(found), strict=True)
        for layer, (A, B), (dA, dB) in ways:
            dW = net.weight_gradient(layer)
            dA[:], dB[:] = self.scale * (B.T @ dW), self.scale * (dW @ A.T)
        return found


class Run:
    """Three copies of one network: frozen, with a correction, and trained in full."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        angle, rate = float(knobs["angle"]), float(knobs["learning_rate"])
        self.frozen, self.lora, self.full = (copy.deepcopy(_body(seed)) for _ in range(3))
        self.correction = Correction(int(knobs["rank"]), str(knobs["start"]), seed)
        self.optimizers = [Optimizer("adam", rate) for _ in range(2)]
        self.full.optimizer = self.optimizers[1]
        self.full.optimizer.start(self.full.theta.size, self.full.dtype)
        self.X, self.y = task(angle, seed + 1)
        self.X_test, self.y_test = task(angle, seed + 1_000_003)
        self.order = np.random.default_rng((seed, 6))
        self._merge()
        self.moved_at_first = self._gap(self.lora, self.frozen)
        self.step_count = 0
        self.history: list[tuple[float, float]] = []
        self._record()

    def _merge(self) -> None:
        """Add the corrections to the frozen weights, as they are used after training too."""
        for layer, product in zip(ADAPTED, self.correction.products(), strict=True):
            self.lora.weights(layer)[:] = self.frozen.weights(layer) + product

    def _gap(self, one: Mlp, other: Mlp) -> float:
        return float(np.abs(one.logits(self.X_test) - other.logits(self.X_test)).max())

    def step(self, n: int) -> None:
        """Train both ways on the same `n` batches."""
        for _ in range(n):
            rows = self.order.choice(POINTS, BATCH, replace=False)
            X, y = self.X[rows], self.y[rows]
            self.lora.learn(X, y)
            slopes = self.correction.gradient(self.lora)
            self.full.learn(X, y)
            if not (np.isfinite(slopes).all() and np.isfinite(self.full.gradient).all()):
                advice = "The steps are too long; divide it by 3."
                raise DivergedError(self.step_count, "a gradient", "learning_rate", advice)
            self.optimizers[0].step(self.correction.theta, slopes)
            self.full.update()
            self._merge()
            self.step_count += 1
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        self.history.append((self._right(self.lora), self._right(self.full)))

    def _right(self, net: Mlp) -> float:
        return net.accuracy(self.X_test, self.y_test)

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate of both ways."""
        assert name == "learning_rate"
        for optimizer in self.optimizers:
            optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """The corrected network's classes; both accuracies; the correction; what is trained."""
        lora, full = np.array(self.history).T
        steps = RECORD * np.arange(len(lora), dtype=float)
        frozen = self._right(self.frozen)
        series = (Series("full", full, steps, "b"), Series("LoRA", lora, steps, "a"))
        product = self.correction.products()[0]
        reach = max(1e-9, float(np.abs(product).max()))
        return Frame(
            picture=self._classes(f"LoRA, rank {self.correction.rank}", self.lora),
            side=(
                Curves("right, of 256 new points", series, "step", y_range=(0.0, 1.0),
                       levels=((frozen, "frozen"),)),
                Raster("correction BA of layer 2", product, -reach, reach, signed=True),
                self._counts(),
            ),
            extra=(self._classes("trained in full", self.full), self._singular()),
            formula=self._formula(product),
            status=f"LoRA {lora[-1]:.3f}, full {full[-1]:.3f}",
            curve=series[1],
        )  # fmt: skip

    def _classes(self, title: str, net: Mlp) -> Raster:
        p = net.probabilities(GRID)[:, 1].reshape(SIDE, SIDE)
        return Raster(title, p, extent=EXTENT, points=Points(self.X, self.y))

    def _counts(self) -> Bars:
        few, all_ = self.correction.theta.size, self.full.theta.size
        rows: tuple[tuple[str, int, Role], ...] = (("LoRA", few, "a"), ("full", all_, "b"))
        bars = tuple(Bar(name, count, f"{count:,}", role) for name, count, role in rows)
        return Bars("numbers trained", bars, 0.0, float(all_))

    def _singular(self) -> Curves:
        """Singular values of both changes of layer 2: how many directions each has."""
        change = self.full.weights(1) - self.frozen.weights(1)
        ways: tuple[tuple[str, Floats, Role], ...] = (
            ("full", change, "b"),
            ("LoRA", self.correction.products()[0], "a"),
        )
        number = np.arange(1, UNITS + 1, dtype=float)
        series = tuple(
            Series(name, np.linalg.svd(matrix, compute_uv=False), number, role, dots=True)
            for name, matrix, role in ways
        )
        return Curves("singular values of the change", series, "number")

    def _formula(self, product: Floats) -> str:
        """One weight: the frozen number and its correction."""
        w, by = self.frozen.weights(1)[0, 0], product[0, 0]
        scale = rf"\frac{{{ALPHA:g}}}{{{self.correction.rank}}}"
        return rf"W' = W + {scale}BA,\ w'_{{11}} = {w:.3f} {by:+.3f} = {w + by:.3f}"

    def _apart(self) -> Floats:
        """The outputs with W and the two matrices kept apart (points, 2)."""
        h: Floats = self.X_test
        pairs = dict(zip(ADAPTED, self.correction.pairs(self.correction.theta), strict=True))
        for layer in range(self.frozen.depth):
            z = h @ self.frozen.weights(layer).T + self.frozen.biases(layer)
            if layer in pairs:
                A, B = pairs[layer]
                z = z + self.correction.scale * (h @ A.T) @ B.T
            h = np.tanh(z) if layer < self.frozen.depth - 1 else z
        return h

    def measured(self) -> dict[str, float]:
        """Shares right, the share of the gain, what is trained, and the rank of the correction."""
        frozen = self._right(self.frozen)
        lora, full = self.history[-1]
        values = np.linalg.svd(self.full.weights(1) - self.frozen.weights(1), compute_uv=False)
        return {
            "frozen": frozen,
            "lora": lora,
            "full": full,
            "share_of_gain": (lora - frozen) / max(full - frozen, 1e-9),
            "trained": float(self.correction.theta.size),
            "trained_in_full": float(self.full.theta.size),
            "directions_in_full": float(np.count_nonzero(values > FEW * values[0])),
            "moved_at_first": self.moved_at_first,
            "merged_less_apart": float(np.abs(self.lora.logits(self.X_test) - self._apart()).max()),
        }

    def verdicts(self) -> list[Verdict]:
        """A small correction does most of the work, starts from nothing, and can be merged."""
        m = self.measured()
        return [
            Verdict(
                "Share of the full gain that the correction gets", m["share_of_gain"], ">=", 0.5,
                "With both matrices at zero no gradient gets through: start with A random.",
            ),
            Verdict(
                "Before the first step outputs have moved by", m["moved_at_first"], "==", 0.0,
                "Start with B at zero: then BA is zero.",
            ),
            Verdict(
                "Numbers trained, of those of the whole network",
                m["trained"] / m["trained_in_full"], "<=", 0.5, "Take a smaller rank.",
            ),
            Verdict("Merged and apart, outputs differ by", m["merged_less_apart"], "<=", 1e-9),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the share of the gain and by the singular values of the full change."""
        m = self.measured()
        gained = sum(m["share_of_gain"] >= least for least in (1 / 3, 0.75))
        return Answers(gained, sum(m["directions_in_full"] > limit for limit in (2, 10)))
