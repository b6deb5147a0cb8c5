"""Gradient flow: what is left of the signal on its way forward, of the gradient on its way back.

delta of layer l = (W of layer l + 1, transposed, times its delta) * f'(z): one product a layer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    DivergedError,
    Flag,
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
from demos.views import Bar, Bars, Curves, Floats, Frame, Raster, Role, Series

SPEC = Spec(
    name="gradient-flow",
    title="Gradient flow",
    kind="trainer",
    about="A deep network layer by layer: does the gradient vanish, explode, or arrive?",
    topics=(
        "vanishing-gradients", "exploding-gradients", "weight-initialization", "xavier-init",
        "he-init", "activation-derivatives", "residual-connections",
    ),
    knobs=(
        Choice(
            "activation", "sigmoid", ("sigmoid", "tanh", "relu", "linear"),
            about="of every hidden unit",
        ),
        Choice(
            "init", "xavier", ("zero", "constant", "small", "xavier", "he", "large"),
            about="all 0; all 0.5; N(0, 0.05); Xavier; He; N(0, 1)",
        ),
        Int("depth", 10, 1, 20, about="hidden layers"),
        Int("hidden_units", 32, 8, 64, 8, about="in each hidden layer"),
        Real("learning_rate", 0.05, 0.001, 1.0, log=True, about="of SGD, batches of 32"),
        Flag("residual", False, about="add each hidden layer's input to its output"),
    ),
    predict=Ask(
        "How many points will it get right after 1,000 steps?",
        ("Half: it is stuck", "About three quarters", "Nearly all"),
        judged=("accuracy",),
    ),
    observe=Ask(
        "At step 0, how large was δ₁ beside the last δ?",
        ("Alike, within 10 times", "Far smaller", "Far larger", "All were 0"),
    ),
    why=(
        "On its way back the gradient is multiplied at each layer by the weights and by the slope "
        "of the activation. A sigmoid's slope is at most 1/4: nine times over leaves 4 millionths "
        "at most, if the weights do not make up for it.",
        "What arrives at the first layers is too little to move them, so the whole network is "
        "stuck, although its last layer could learn.",
        "Weights of the right size keep the products near 1: He's for ReLU, Xavier's for tanh. "
        "Much larger ones let the gradient explode.",
        "With residual on, each layer after the first adds its input to what it computes: the "
        "derivative has a 1 in it, and the error gets through even ten sigmoids.",
        "With equal weights every unit of a layer gets the same gradient and they stay equal for "
        "ever; with all weights 0 no gradient gets through at all.",
    ),
    dare=Dare("residual", True, "does the gradient get through?"),
    pace=8,
    steps=1000,
    live=("learning_rate",),
    slow=80,
    deciding="accuracy",
)  # fmt: skip

POINTS = 256
RECORD = 10
MOST_BARS = 11
INITS = {
    "zero": ("zero", 0.0), "constant": ("constant", 0.5), "small": ("normal", 0.05),
    "xavier": ("xavier", 0.0), "he": ("he", 0.0), "large": ("normal", 1.0),
}  # fmt: skip
RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, 3.0), "linear": (-3.0, 3.0)}
DECADES = (-12, 6)  # what the bars of delta show
VANISHED, FAR = 1e-3, 10.0


class Run:
    """A deep network on circles; every ten steps all layers are looked at with all points."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.activation, self.init = str(knobs["activation"]), str(knobs["init"])
        self.depth, units = int(knobs["depth"]), int(knobs["hidden_units"])
        self.X, self.y = datasets.make("circles", POINTS, seed=seed)
        weights, scale = INITS[self.init]
        net = Mlp(
            (2, *[units] * self.depth, 2), self.activation, weights=weights, scale=scale,
            optimizer=Optimizer("sgd", float(knobs["learning_rate"])), seed=seed,
        )  # fmt: skip
        self.net: Mlp | Residual = Residual(net, seed) if knobs["residual"] else net
        self.net.feed(self.X, self.y, batch=32)
        self.step_count = 0
        self.history: list[float] = []
        self.start = self.net.weights(0).copy()
        self.look()
        self.first_ratio = self.ratio

    def step(self, n: int) -> None:
        """Train `n` mini-batches."""
        for stride in strides(self.step_count, n, RECORD):
            try:
                self.net.step(stride)
            except DivergedError as error:
                raise self._blamed(error) from error
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self.look()

    def _blamed(self, error: DivergedError) -> DivergedError:
        """The learning rate, unless the weights made the gradient far too large from the start."""
        if self.init not in ("large", "constant"):
            return error
        advice = "Each layer multiplies by far more than 1: choose Xavier or He."
        return DivergedError(error.step, error.where, "init", advice)

    def look(self) -> None:
        """Send all points through and their gradient back; keep what each layer shows."""
        self.loss = self.net.learn(self.X, self.y)
        layers = range(self.depth)
        self.signals = [self.net.activations(layer).copy() for layer in layers]
        self.spreads = [float(signal.std()) for signal in self.signals]
        self.values = np.array([self._counted(signal) for signal in self.signals])
        self.deltas = [_size(self.net.deltas(layer)) for layer in layers]
        guesses = self.net.activations(self.depth).argmax(axis=1)
        self.history.append(float(np.mean(guesses == self.y)))

    @property
    def ratio(self) -> float:
        """Delta of the first hidden layer over that of the last; 0 when nothing comes back."""
        return self.deltas[0] / self.deltas[-1] if self.deltas[-1] else 0.0

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.net.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """How far activations scatter, how large the deltas are; accuracy; all activations."""
        steps = RECORD * np.arange(len(self.history), dtype=float)
        accuracy = Series("accuracy", np.array(self.history), steps)
        hops = self.depth - 1
        bound = rf",\ 0.25^{{{hops}}} = {_tex(0.25**hops)}" if self.activation == "sigmoid" else ""
        half = ((0.5, "half"),)
        begun = self.step_count > 0  # the first delta is judged
        now = _tex(self.ratio) if begun else "?"
        first = f"δ₁ over the last at step 0: {self.first_ratio:.1e}" if begun else ""
        return Frame(
            picture=self._forward(),
            side=(
                self._back(),
                Curves("accuracy", (accuracy,), "step", y_range=(0.0, 1.0), levels=half),
            ),
            extra=(self._histograms(),),
            formula=rf"\frac{{\delta_1}}{{\delta_{{{self.depth}}}}} = {now}{bound}",
            status=f"accuracy {self.history[-1]:.3f}   {first}",
            curve=accuracy,
        )  # fmt: skip

    def _shown(self) -> list[int]:
        """The layers that get a bar: all, or some evenly spread with both ends."""
        some = np.linspace(0, self.depth - 1, min(self.depth, MOST_BARS))
        return [round(float(layer)) for layer in some]

    def _forward(self) -> Bars:
        spreads = self.spreads
        bars = (Bar(f"layer {i + 1}", spreads[i], f"{spreads[i]:.2g}") for i in self._shown())
        return Bars("forward: standard deviation", tuple(bars), 0.0, max(1e-3, *spreads))

    def _back(self) -> Bars:
        """The deltas as decades above the least that is shown."""
        least, most = DECADES
        top = max(self.deltas)

        def bar(layer: int) -> Bar:
            size = self.deltas[layer]
            decades = np.log10(max(size, 10.0**least)) - least
            role: Role = "bad" if size < VANISHED * top or size > 1e3 else "accent"
            if not self.step_count:
                return Bar(f"layer {layer + 1}", 0.0, "sealed", "quiet")
            return Bar(f"layer {layer + 1}", float(decades), f"{size:.1e}", role)

        bars = tuple(bar(layer) for layer in self._shown())
        return Bars("back: |δ|, log scale", bars, 0.0, float(most - least))

    def _histograms(self) -> Raster:
        """One row a layer: which values its units take, dark where none."""
        extent = (*RANGES[self.activation], float(self.depth), 1.0)
        return Raster("values of the units, layer 1 on top", self.values, extent=extent)

    def _counted(self, signal: Floats) -> Floats:
        """How often a layer's units take each value: the root of its share of the most frequent."""
        low, high = RANGES[self.activation]
        counts = np.histogram(np.clip(signal, low, high), bins=40, range=(low, high))[0]
        shares: Floats = np.sqrt(counts / max(1, counts.max()))
        return shares

    def measured(self) -> dict[str, float]:
        """The deltas' ratio at the start and now, the accuracy, and how alike units are."""
        return {
            "first_ratio": self.first_ratio,
            "ratio": self.ratio,
            "accuracy": self.history[-1],
            "loss": self.loss,
            "unit_spread": float(np.ptp(self.signals[0], axis=1).max()),
            "first_weights_moved": float(np.abs(self.net.weights(0) - self.start).max()),
        }

    def verdicts(self) -> list[Verdict]:
        """Units that start alike stay alike; else, the gradient vanished and nothing was learnt."""
        m = self.measured()
        stuck = Verdict(
            "Accuracy: the network is stuck", m["accuracy"], "<=", 0.75,
            "It learns: its gradient arrives. Sigmoid with ten layers does not.",
        )  # fmt: skip
        if self.init in ("zero", "constant"):
            alike = Verdict("Units of layer 1 differ by", m["unit_spread"], "==", 0.0)
            return [alike, stuck]
        vanished = Verdict(
            "δ of layer 1 over that of the last, before training",
            m["first_ratio"], "<", VANISHED,
            "It did not vanish: choose sigmoid, small weights, or more layers.",
        )  # fmt: skip
        return [vanished, stuck]

    def answers(self) -> Answers:
        """Judged by the accuracy and by the ratio before training."""
        m = self.measured()
        ratio = m["first_ratio"]
        seen = 3 if ratio == 0 else 1 if ratio < 1 / FAR else 0 if ratio <= FAR else 2
        return Answers(sum(m["accuracy"] >= limit for limit in (0.65, 0.9)), seen)


class Residual:
    """A network's own weights with skips around its hidden layers but the first; in NumPy.

    h_1 = f(z_1), and h_l = h_(l-1) + f(z_l) from the second layer on, so that the derivative of
    h_l by h_(l-1) is 1 + the layer's own. It answers what the demo asks of `Mlp`.
    """

    def __init__(self, net: Mlp, seed: int) -> None:
        self.optimizer, self.activation = net.optimizer, net.functions[0]
        depth = len(net.sizes) - 1
        self._weights = [net.weights(layer).astype(float) for layer in range(depth)]
        self._biases = [net.biases(layer).astype(float) for layer in range(depth)]
        self._chance = np.random.default_rng(seed)
        self._done = 0

    def feed(self, X: Floats, y: NDArray[np.integer], batch: int) -> None:
        """The examples to train on."""
        self._X, self._y, self._batch = X, y, batch

    def weights(self, layer: int) -> Floats:
        """The weight matrix (outputs, inputs) of a layer."""
        return self._weights[layer]

    def activations(self, layer: int) -> Floats:
        """What a layer gave in the last pass; of the last one, the probabilities."""
        return self._given[layer]

    def deltas(self, layer: int) -> Floats:
        """The slope of the loss at the sums of a layer in the last pass."""
        return self._deltas[layer]

    def step(self, n: int) -> None:
        """Train `n` mini-batches. Raises DivergedError when a weight is not finite."""
        for _ in range(n):
            rows = self._chance.integers(0, len(self._X), self._batch)
            with np.errstate(all="ignore"):  # what is no number is told below
                self.learn(self._X[rows], self._y[rows])
            inputs = [self._X[rows], *self._given[:-1]]
            moves = [
                (delta.T @ given, delta.sum(axis=0))
                for given, delta in zip(inputs, self._deltas, strict=True)
            ]
            if not all(np.isfinite(move).all() for move, _ in moves):
                advice = "Its steps are too long; small weights suit skips."
                raise DivergedError(self._done, "the gradient", "learning_rate", advice)
            for (w_move, b_move), w, b in zip(moves, self._weights, self._biases, strict=True):
                np.subtract(w, self.optimizer.learning_rate * w_move, out=w)
                np.subtract(b, self.optimizer.learning_rate * b_move, out=b)
            self._done += 1

    def learn(self, X: Floats, y: NDArray[np.integer]) -> float:
        """The mean cross-entropy; what each layer gives and gets back is kept."""
        self._given: list[Floats] = []
        slopes: list[Floats] = []
        h = X
        for layer, (w, b) in enumerate(zip(self._weights, self._biases, strict=True)):
            z = h @ w.T + b
            if layer == len(self._weights) - 1:
                p = np.exp(z - z.max(axis=1, keepdims=True))
                h = p / p.sum(axis=1, keepdims=True)
            else:
                bent, slope = _bent(self.activation, z)
                h = bent + h if layer else bent
                slopes.append(slope)
            self._given.append(h)
        rows = np.arange(len(y))
        error = self._given[-1].copy()
        error[rows, y] -= 1.0
        delta = error / len(y)
        self._deltas: list[Floats] = [delta]
        back: Floats = delta @ self._weights[-1]
        for layer in range(len(slopes) - 1, -1, -1):
            delta = back * slopes[layer]
            self._deltas.insert(0, delta)
            back = delta @ self._weights[layer] + (back if layer else 0.0)
        return float(-np.mean(np.log(self._given[-1][rows, y] + 1e-300)))


def _bent(activation: str, z: Floats) -> tuple[Floats, Floats]:
    """An activation's values and slopes at the sums z."""
    if activation == "sigmoid":
        a = 1.0 / (1.0 + np.exp(-np.clip(z, -500.0, 500.0)))
        return a, a * (1.0 - a)
    if activation == "tanh":
        a = np.tanh(z)
        return a, 1.0 - a * a
    if activation == "relu":
        return np.maximum(z, 0.0), (z > 0.0).astype(float)
    return z, np.ones_like(z)


def _size(delta: Floats) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(delta**2)))


def _tex(value: float) -> str:
    """A number as a power of ten, such as 1.9 times 10 to the -6."""
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if int(exponent) else mantissa
