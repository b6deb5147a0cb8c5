"""Gradient descent on a linear regression, with features on one scale or not.

L(w) = mean (Xw - y)^2 / 2 is a bowl whose curvatures are the eigenvalues of X^T X / n. It
converges while the learning rate stays below 2 / lambda_max, and takes about kappa =
lambda_max / lambda_min steps.
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
from demos.views import Curves, Floats, Frame, Raster, Series, Table

SPEC = Spec(
    name="descent",
    title="Descent and scaling",
    kind="trainer",
    about="Walk downhill on a loss: a round bowl, or a valley that is hardly sloped along.",
    topics=("gradient-descent", "learning-rate", "feature-scaling", "local-global-minima"),
    knobs=(
        Real("learning_rate", 0.5, 0.05, 1.2, 0.05, about="as a share of the largest that works"),
        Choice("scaling", "raw", ("raw", "min-max", "standard"), about="of the two features"),
        Int("examples", 200, 20, 1000, 20, about="rows of data"),
    ),
    predict=Ask(
        "How close to the lowest loss do 200 steps come?",
        ("Within 0.1 %", "Within twofold", "Not even that", "It flies away"),
        judged=("loss_over_lowest",),
    ),
    observe=Ask(
        "What did the path do?",
        ("Went to the bottom", "Fell, then crept", "Jumped across", "Flew away"),
    ),
    why=(
        "One feature runs from 0 to 1, the other from 0 to 1,000. The loss curves a million times "
        "more steeply along one weight than along the other.",
        "The steepest direction limits the learning rate; the flattest one then hardly moves.",
        "Standardised features make the bowl round, and a step downhill is a step to the bottom.",
    ),
    dare=Dare("scaling", "standard", "how close do 200 steps come?"),
    pace=2,
    steps=200,
    slow=10,
)

SCALINGS = ("raw", "min-max", "standard")
LIMIT = 200_000
NEAR = 1.001
SIDE = 40
FAR = 1e30


def scaled(X: Floats, scaling: str) -> Floats:
    """The features (n, 2) as they are, from 0 to 1, or with mean 0 and deviation 1."""
    if scaling == "min-max":
        return np.asarray((X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0)))
    if scaling == "standard":
        return np.asarray((X - X.mean(axis=0)) / X.std(axis=0))
    return X


class Bowl:
    """The loss of a linear regression with an intercept: L(w) = L* + (w - w*)^T H (w - w*) / 2."""

    def __init__(self, X: Floats, y: Floats) -> None:
        ones = np.ones((len(X), 1))
        self.design: Floats = np.hstack([ones, X])
        self.hessian: Floats = self.design.T @ self.design / len(X)
        self.best: Floats = np.linalg.lstsq(self.design, y, rcond=None)[0]
        self.curvatures, self.axes = np.linalg.eigh(self.hessian)
        self.lowest = float(np.mean((self.design @ self.best - y) ** 2) / 2.0)

    @property
    def kappa(self) -> float:
        """Condition number: the largest curvature over the smallest."""
        return float(self.curvatures[-1] / self.curvatures[0])

    def loss(self, w: Floats) -> float:
        """The loss at w (3,): intercept and two weights."""
        away = w - self.best
        return self.lowest + float(away @ self.hessian @ away) / 2.0

    def steps_needed(self, rate: float) -> int:
        """Steps from w = 0 until the loss is within 0.1 % of the lowest; at most LIMIT.

        Along each axis the distance shrinks by 1 - rate * curvature a step, so that the loss
        after t steps has a closed form and t is found by halving.
        """
        start = (self.axes.T @ self.best) ** 2 * self.curvatures / 2.0
        shrink = np.abs(1.0 - rate * self.curvatures)

        def near(t: int) -> bool:
            return float(start @ shrink ** (2.0 * t)) <= (NEAR - 1.0) * self.lowest

        low, high = 0, LIMIT
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if near(middle) else (middle + 1, high)
        return low


def moved(w: Floats, rate: Floats, hessian: Floats, best: Floats) -> Floats:
    """Where a step downhill leads from w (…, 3): w - eta H (w - w*), with eta (…), H (…, 3, 3)."""
    away = (w - best)[..., None]
    found: Floats = w - (rate[..., None, None] * hessian @ away)[..., 0]
    return found


class Run:
    """Plain gradient descent from w = 0 on the loss of all examples."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        generator = np.random.default_rng(seed)
        n = int(knobs["examples"])
        self.X: Floats = generator.random((n, 2)) * np.array([1.0, 1000.0])
        y = 1.0 + 2.0 * self.X[:, 0] + 0.003 * self.X[:, 1] + generator.normal(0.0, 0.3, n)
        self.bowls = {name: Bowl(scaled(self.X, name), y) for name in SCALINGS}
        self.take(knobs)
        self.w: Floats = np.zeros(3)
        self.path: list[Floats] = [self.w]
        self.losses = [self.bowl.loss(self.w)]
        self.step_count = 0

    def take(self, knobs: Knobs) -> None:
        """Choose the bowl and the rate; the data stay."""
        self.scaling, self.share = str(knobs["scaling"]), float(knobs["learning_rate"])
        self.bowl = self.bowls[self.scaling]
        self.rate = self.share * 2.0 / float(self.bowl.curvatures[-1])

    def step(self, n: int) -> None:
        """Take `n` steps. Raises DivergedError when the loss leaves all bounds."""
        rate = np.asarray(self.rate)
        for _ in range(n):
            w = moved(self.w, rate, self.bowl.hessian, self.bowl.best)
            loss = self.bowl.loss(w)
            if not loss <= FAR * self.losses[0]:
                advice = "Below 1 each step shrinks the distance along every direction."
                raise DivergedError(self.step_count, "the weights", "learning_rate", advice)
            self.w = w
            self.path.append(w)
            self.losses.append(loss)
            self.step_count += 1

    def set(self, name: str, value: Value) -> None:
        """Refuse: every knob starts a new run."""
        raise KeyError(f"{name} is not live")

    def frame(self) -> Frame:
        """The bowl from above with the path; the loss and the three scalings beside it."""
        losses = np.array(self.losses)
        curve = Series("loss above the lowest", losses - self.bowl.lowest, role="a")
        return Frame(
            picture=self._map(),
            side=(Curves("loss", (curve,), "step", log_y=True), self._scalings()),
            extra=(self._data(),),
            formula=self._formula(),
            status=f"loss {losses[-1]:.4g}, lowest {self.bowl.lowest:.4g}",
            curve=curve,
        )

    def _formula(self) -> str:
        limit = rf"\eta = {self.share:g}\cdot\frac{{2}}{{\lambda_{{max}}}} = {_power(self.rate)}"
        kappa = rf"\kappa = {_power(self.bowl.kappa)}"
        return rf"{limit},\quad {kappa}"

    def _map(self) -> Raster:
        """Log loss over the two weights, each with its best intercept, and the way so far."""
        best = self.bowl.best[1:]
        reach = 1.4 * np.maximum(np.abs(best), 1e-9)
        axes = [best[i] + reach[i] * np.linspace(-1.0, 1.0, SIDE) for i in range(2)]
        grid = np.stack(np.meshgrid(axes[0], axes[1][::-1]), axis=-1) - best
        h = self.bowl.hessian
        inner = h[1:, 1:] - np.outer(h[1:, 0], h[0, 1:]) / h[0, 0]
        excess = np.einsum("rci,ij,rcj->rc", grid, inner, grid) / 2.0
        values = np.log10(excess + 1e-3 * float(excess.max()))
        extent = (axes[0][0], axes[0][-1], axes[1][0], axes[1][-1])
        path = np.clip(np.array(self.path)[:, 1:], (extent[0], extent[2]), (extent[1], extent[3]))
        low, high = float(values.min()), float(values.max())
        return Raster("loss over w₁ (across), w₂ (up)", values, low, high, extent=extent,
                      paths=(("path", "accent", path),))  # fmt: skip

    def _scalings(self) -> Table:
        rows = []
        for name, bowl in self.bowls.items():
            steps = bowl.steps_needed(1.0 / float(bowl.curvatures[-1]))
            count = f"over {LIMIT:,}" if steps >= LIMIT else f"{steps:,}"
            count = count if self.step_count else "?"
            rows.append((name, f"{bowl.kappa:.3g}", count))
        marked = frozenset({(SCALINGS.index(self.scaling), 0)})
        return Table("steps at half the limit", ("data", "κ", "steps"), tuple(rows), marked)

    def _data(self) -> Table:
        new = scaled(self.X, self.scaling)
        rows = tuple(
            (f"{a[0]:.3f}", f"{a[1]:.1f}", f"{b[0]:.3f}", f"{b[1]:.3f}")
            for a, b in zip(self.X[:6], new[:6], strict=True)
        )
        return Table("first rows", ("x₁", "x₂", "x₁ used", "x₂ used"), rows)

    def measured(self) -> dict[str, float]:
        """Condition numbers, steps that each scaling needs, and where this run stands."""
        needed = {
            name: float(bowl.steps_needed(1.0 / float(bowl.curvatures[-1])))
            for name, bowl in self.bowls.items()
        }
        return {
            **{f"kappa_{name}": bowl.kappa for name, bowl in self.bowls.items()},
            **{f"steps_{name}": steps for name, steps in needed.items()},
            "loss_over_lowest": self.losses[-1] / self.bowl.lowest,
            "loss_over_start": self.losses[-1] / self.losses[0],
        }

    def verdicts(self) -> list[Verdict]:
        """Unscaled features make a valley in which 200 steps are far too few."""
        m = self.measured()
        return [
            Verdict(
                "Loss over the lowest: 200 steps were not enough",
                m["loss_over_lowest"], ">=", 4.0,
                "Scaled features make the bowl round; this valley needs scaling raw.",
            ),
            Verdict(
                "Loss now over the loss at the start: it went downhill",
                m["loss_over_start"], "<", 1.0,
                "Each step overshoots by more than it gains: turn learning_rate below 1.",
            ),
            Verdict(
                "Steps needed with raw features over standardised ones",
                m["steps_raw"] / m["steps_standard"], ">=", 100.0,
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the loss against the lowest and by the steepest direction's factor."""
        m = self.measured()
        ratio = m["loss_over_lowest"]
        flew = m["loss_over_start"] > 1.0
        near = 0 if ratio <= NEAR else 1 if ratio <= 2.0 else 2
        jumped = self.share > 0.5
        return Answers(3 if flew else near, 3 if flew else 0 if near == 0 else 2 if jumped else 1)


def _power(x: float) -> str:
    """A number as LaTeX: 0.25, or 2.81 times a power of ten when it is small or large."""
    if 1e-3 <= abs(x) < 1e4:
        return f"{x:.3g}"
    mantissa, exponent = f"{x:.2e}".split("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}"
