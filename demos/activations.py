"""The activation zoo: each function with its slope, and what it does to a crowd of inputs.

Going back through a layer multiplies the gradient by f'(z), so ten layers by ten slopes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Explorer, Knobs, Real, Spec, Verdict
from demos.views import Bar, Bars, Curves, Floats, Frame, Role, Series, Table

SPEC = Spec(
    name="activations",
    title="Activation zoo",
    kind="explorer",
    about="Eight functions and their slopes: which let a gradient through ten layers?",
    topics=(
        "activation-functions", "activation-derivatives", "sigmoid", "tanh", "relu", "leaky-relu",
        "prelu", "elu", "swish", "dying-relu", "choosing-activations", "linear-activation",
    ),
    knobs=(
        Choice(
            "function", "sigmoid",
            ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "swish", "softmax"),
            about="softmax: the share of x against two logits of 0",
        ),
        Real("x", 1.0, -6.0, 6.0, 0.25, about="the cursor"),
        Real("alpha", 0.25, 0.0, 2.0, 0.05, about="slope of PReLU below 0; factor of ELU there"),
        Real("mean", 0.0, -3.0, 3.0, 0.25, about="of the inputs that are pushed through"),
        Real("deviation", 1.0, 0.1, 5.0, 0.1, about="standard deviation of the inputs"),
    ),
    predict=Ask(
        "How much of a gradient can ten such layers pass on at most?",
        ("All or more", "Over a thousandth", "Under a thousandth"),
        judged=("ten_layers",),
    ),
    observe=Ask(
        "Where was the mean of the outputs?",
        ("Below 0", "Within 0.05 of 0", "Above 0"),
    ),
    why=(
        "Going back, the gradient is multiplied by the slope at each layer. The sigmoid's slope is "
        "never above 0.25, so ten layers leave less than a millionth.",
        "Tanh has slope 1 in the middle and outputs around 0, but flattens further out. ReLU has "
        "slope 1 wherever it is open, and exactly 0 where it is shut: a unit shut for all inputs "
        "learns nothing any more.",
        "Leaky ReLU, PReLU, ELU and swish keep a little slope below 0.",
    ),
    dare=Dare("function", "relu", "how much do ten layers pass on now?"),
    pace=1,
    steps=1,
)  # fmt: skip

NAMES = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "swish", "softmax")
HEIGHTS = {"sigmoid": (-0.1, 1.1), "softmax": (-0.1, 1.1), "tanh": (-1.1, 1.1)}
FORMULAS = {
    "linear": r"x",
    "sigmoid": r"\frac{1}{1 + e^{-x}}",
    "tanh": r"\tanh x",
    "relu": r"\max(0, x)",
    "leaky_relu": r"\max(0.01\,x,\ x)",
    "prelu": r"\max(0, x) + \alpha\min(0, x)",
    "elu": r"\alpha\,(e^x - 1)\text{ below 0}",
    "swish": r"x\,\sigma(x)",
    "softmax": r"\frac{e^x}{e^x + 2}",
}
SLOPES = {
    "linear": "1",
    "sigmoid": "f(1 - f)",
    "tanh": "1 - f^2",
    "relu": r"[x > 0]",
    "leaky_relu": r"0.01\text{ or }1",
    "prelu": r"\alpha\text{ or }1",
    "elu": r"f + \alpha\text{ or }1",
    "swish": r"f + \sigma(1 - f)",
    "softmax": "f(1 - f)",
}
LEAK = 0.01
FLAT = 0.01
SAMPLES = 10_000
X = np.linspace(-6.0, 6.0, 121)
BINS = np.linspace(-6.0, 6.0, 49)
# Fine enough for a steepest slope to 7 digits; on both sides of 0, but not on it.
FINE = np.linspace(-12.0, 12.0, 24_000)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow at any finite x."""
    e = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0.0, 1.0, e) / (1.0 + e))


def value_and_slope(name: str, x: Floats, alpha: float = 0.25) -> tuple[Floats, Floats]:
    """f(x) and f'(x) in the shape of x; at a kink the slope is that from below."""
    one, below = np.ones_like(x), x <= 0.0
    if name in ("sigmoid", "softmax"):
        f = sigmoid(x - np.log(2.0) if name == "softmax" else x)
        return f, f * (1.0 - f)
    if name == "tanh":
        f = np.tanh(x)
        return f, 1.0 - f**2
    if name == "swish":
        gate = sigmoid(x)
        return x * gate, x * gate + gate * (1.0 - x * gate)
    if name == "elu":
        power = np.exp(np.minimum(x, 0.0))
        return np.where(below, alpha * (power - 1.0), x), np.where(below, alpha * power, one)
    leak = {"linear": 1.0, "relu": 0.0, "leaky_relu": LEAK, "prelu": alpha}[name]
    return np.where(below, leak * x, x), np.where(below, leak, one)


@lru_cache(maxsize=64)
def steepest(name: str, alpha: float) -> float:
    """The largest slope anywhere."""
    return float(value_and_slope(name, FINE, alpha)[1].max())


class Run(Explorer):
    """Everything follows from the knobs, and the crowd of inputs from the seed.

    Step 1 tells the steepest slopes and what ten layers make of them.
    """

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.name, self.alpha = str(knobs["function"]), float(knobs["alpha"])
        self.x = float(knobs["x"])
        normal = np.random.default_rng(seed).normal(size=SAMPLES)
        self.inputs: Floats = float(knobs["mean"]) + float(knobs["deviation"]) * normal
        self.outputs, self.slopes = self._at(self.inputs)
        at, slope = self._at(np.array([self.x]))
        self.value, self.slope = float(at[0]), float(slope[0])
        self.steepest = steepest(self.name, self.alpha)
        self.shares = [
            np.histogram(crowd, BINS)[0] / SAMPLES for crowd in (self.inputs, self.outputs)
        ]
        self.crowd = {
            "mean": (float(self.inputs.mean()), float(self.outputs.mean())),
            "variance": (float(self.inputs.var()), float(self.outputs.var())),
        }
        self.flat = float(np.mean(np.abs(self.slopes) < FLAT))

    def _at(self, x: Floats) -> tuple[Floats, Floats]:
        return value_and_slope(self.name, x, self.alpha)

    def frame(self) -> Frame:
        """The function with its slope; the crowd before and after; all functions at the cursor."""
        f, slope = self._at(X)
        curve = Series("f", f, X, "a")
        picture = Curves(
            f"{self.name} and its slope", (curve, Series("slope f′", slope, X, "b")), "x",
            y_range=HEIGHTS.get(self.name, (-2.0, 3.0)), marks=((self.x, f"{self.x:g}"),),
        )  # fmt: skip
        return Frame(
            picture=picture,
            side=(self._crowd(), self._cursor()),
            extra=(self._numbers(), self._zoo()),
            formula=rf"f({self.x:g}) = {FORMULAS[self.name]} = {self.value:.4f},\quad "
            rf"f' = {SLOPES[self.name]} = {self.slope:.4f}",
            status=f"steepest {self._told(self.steepest, '.4g')}",
            curve=curve,
        )

    def _told(self, value: float, form: str) -> str:
        """A number that the prediction asks for, once there has been a step."""
        return format(value, form) if self.step_count else "?"

    def _crowd(self) -> Curves:
        """What share of the inputs, and of the outputs, falls in each quarter of a unit."""
        middles = (BINS[1:] + BINS[:-1]) / 2
        before, after = self.shares
        series = (
            Series("inputs", before, middles, "quiet"),
            Series("outputs", after, middles, "accent"),
        )
        return Curves("shares", series)

    def _cursor(self) -> Bars:
        product = self.steepest**10 if self.step_count else 0.0
        role: Role = "bad" if product < 0.1 else "good"
        return Bars(
            f"at x = {self.x:g}",
            (
                Bar("f", self.value, f"{self.value:.4f}", "a"),
                Bar("slope", self.slope, f"{self.slope:.4f}", "b"),
                Bar("steepest¹⁰", product, self._told(product, ".2g"), role),
            ),
            -1.0,
            1.0,
        )

    def _numbers(self) -> Table:
        numbers = tuple(
            (name, f"{before:.3f}", f"{after:.3f}") for name, (before, after) in self.crowd.items()
        )
        rows = (*numbers, ("slope near 0", "", f"{self.flat:.1%}"))
        return Table("the crowd", ("", "before", "after"), rows)

    def _zoo(self) -> Table:
        """Every function at the cursor."""
        at = np.array([self.x])
        rows = []
        for name in NAMES:
            f, slope = value_and_slope(name, at, self.alpha)
            top = steepest(name, self.alpha)
            rows.append((name, f"{f[0]:+.4f}", f"{slope[0]:.4f}", self._told(top, ".4g")))
        marked = frozenset({(NAMES.index(self.name), 0)})
        return Table("all of them there", ("", "f", "slope", "steepest"), tuple(rows), marked)

    def measured(self) -> dict[str, float]:
        """Steepest slope and its tenth power, the lowest value, and what became of the crowd."""
        f, slope = self._at(FINE)
        step = 1e-6
        kinkless = FINE[np.abs(FINE) > 2.0 * step]
        numeric = (self._at(kinkless + step)[0] - self._at(kinkless - step)[0]) / (2.0 * step)
        return {
            "steepest_slope": self.steepest,
            "steepest_at": float(FINE[slope.argmax()]),
            "ten_layers": self.steepest**10,
            "lowest": float(f.min()),
            "lowest_at": float(FINE[f.argmin()]),
            "slope_error": float(np.abs(numeric - self._at(kinkless)[1]).max()),
            "output_mean": self.crowd["mean"][1],
            "output_variance": self.crowd["variance"][1],
            "flat_share": self.flat,
        }

    def verdicts(self) -> list[Verdict]:
        """Ten layers of it choke a gradient; the slope is the derivative."""
        m = self.measured()
        return [
            Verdict(
                f"Ten {self.name} layers let through at most", m["ten_layers"], "<", 1e-3,
                "Its slope reaches 1, so it need not choke a gradient; sigmoid does.",
            ),
            Verdict(
                "The slope and central differences agree (difference)",
                m["slope_error"], "<=", 1e-6,
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the steepest slope to the tenth power and by the mean of the outputs."""
        m = self.measured()
        passes = 0 if m["ten_layers"] > 0.999 else 1 if m["ten_layers"] >= 1e-3 else 2
        mean = m["output_mean"]
        return Answers(passes, 1 if abs(mean) <= 0.05 else 2 if mean > 0 else 0)
