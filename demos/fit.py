"""The fit lab: one polynomial, 300 noisy data sets, and where its error comes from.

error = bias^2 + variance, averaged over x: how far the mean fit is off, and how far fits scatter.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial import legendre

from demos.base import Answers, Ask, Dare, Explorer, Int, Knobs, Real, Spec, Verdict
from demos.views import Curves, Floats, Frame, Role, Series, Table

SPEC = Spec(
    name="fit",
    title="Fit lab: bias and variance",
    kind="explorer",
    about="Fit the same curve 300 times to fresh noise: too stiff, about right, too bendy.",
    topics=("bias-variance", "underfitting", "overfitting"),
    knobs=(
        Int("degree", 1, 0, 14, about="of the polynomial"),
        Int("points", 15, 8, 60, about="in each data set, on a fixed grid"),
        Real("noise", 0.3, 0.0, 1.0, 0.1, about="standard deviation of the noise"),
    ),
    predict=Ask(
        "Which degree will be closest to the truth on average?",
        ("0 to 2", "3 to 7", "8 to 14"),
        judged=("best_degree",),
    ),
    observe=Ask(
        "At this degree, which part of the error was the larger one?",
        ("Bias: all miss alike", "Variance: they disagree"),
    ),
    why=(
        "A stiff curve misses the same way whatever the noise: that is bias. A bendy one follows "
        "each noise anew: that is variance.",
        "The expected squared error against the truth is exactly their sum.",
        "More points or less noise lower the variance and leave the bias alone.",
    ),
    dare=Dare("degree", 12, "which part of the error is the larger one?"),
    pace=0.25,
    steps=15,
)

REFITS = 300
X = np.linspace(-1.0, 1.0, 201)


def truth(x: Floats) -> Floats:
    """sin(2 pi u) for u in [0, 1], with x = 2u - 1."""
    y: Floats = np.sin(np.pi * (x + 1.0))
    return y


class Run(Explorer):
    """All degrees are fitted to the same 300 data sets; step t shows the error of degree t - 1."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.degree, points = int(knobs["degree"]), int(knobs["points"])
        self.grid = np.linspace(-1.0, 1.0, points)
        noise = np.random.default_rng(seed).normal(size=(points, REFITS))
        self.data: Floats = truth(self.grid)[:, None] + float(knobs["noise"]) * noise
        highest = min(14, points - 1)
        fits = [self.refit(degree) for degree in range(highest + 1)]
        self.fits = fits[min(self.degree, highest)]
        self.low, self.high = np.quantile(self.fits, (0.05, 0.95), axis=1)
        self.mean = self.fits.mean(axis=1)
        self.bias2 = np.array([np.mean((f.mean(axis=1) - truth(X)) ** 2) for f in fits])
        self.variance = np.array([f.var(axis=1).mean() for f in fits])
        self.error = np.mean((self.fits - truth(X)[:, None]) ** 2)

    def refit(self, degree: int) -> Floats:
        """The fitted curves over X, one column a data set (201, 300); least squares."""
        coefficients = legendre.legfit(self.grid, self.data, degree)
        curves: Floats = legendre.legval(X, coefficients).T
        return curves

    def frame(self) -> Frame:
        """The fan of fits on the left; the two parts of the error over the degree beside it."""
        d = min(self.degree, len(self.bias2) - 1)
        fan = Curves(
            f"degree {d}: 300 fits",
            (
                Series("5–95 %", self.low, X, "quiet"),
                Series("", self.high, X, "quiet"),
                Series("one", self.fits[:, 0], X, "b"),
                Series("mean", self.mean, X, "a"),
                Series("truth", truth(X), X, "c"),
                Series("data", self.data[:, 0], self.grid, "text", dots=True),
            ),
            "x", "y", y_range=(-2.0, 2.0),
        )  # fmt: skip
        return Frame(
            picture=fan,
            side=(self._parts(d),),
            extra=(self._table(),),
            formula=self._formula(d),
            status=f"error {self.error:.4f}" if self.step_count else "nothing measured yet",
        )

    def _formula(self, d: int) -> str:
        """The two parts of the error at degree d, once there has been a step."""
        rule = r"\mathrm{error} = \mathrm{bias}^2 + \mathrm{variance}"
        parts = f" = {self.bias2[d]:.4f} + {self.variance[d]:.4f} = {self.error:.4f}"
        return rule + parts if self.step_count else rule

    def _parts(self, d: int) -> Curves:
        shown = min(self.step_count, len(self.bias2))
        parts: tuple[tuple[str, Floats, Role], ...] = (
            ("bias²", self.bias2, "d"),
            ("variance", self.variance, "f"),
            ("sum", self.bias2 + self.variance, "text"),
        )
        series = tuple(Series(name, values[:shown], role=role) for name, values, role in parts)
        marks = ((float(d), str(d)),)
        return Curves("error over the degree", series, "degree", "error", log_y=True, marks=marks)

    def _table(self) -> Table:
        """A row a degree from the start, so that the panel does not grow; filled in one by one."""
        parts = enumerate(zip(self.bias2, self.variance, strict=True))
        rows = tuple(
            (str(d), *(f"{x:.4f}" if d < self.step_count else " " * 6 for x in (b, v, b + v)))
            for d, (b, v) in parts
        )
        return Table("by degree", ("degree", "bias²", "variance", "error"), rows)

    def measured(self) -> dict[str, float]:
        """Both parts at the chosen degree, their sum against the error, and the best degree."""
        d = min(self.degree, len(self.bias2) - 1)
        parts = float(self.bias2[d] + self.variance[d])
        return {
            "bias2": float(self.bias2[d]),
            "variance": float(self.variance[d]),
            "error": float(self.error),
            "sum_error": abs(float(self.error) - parts) / float(self.error),
            "bias_share": float(self.bias2[d]) / parts,
            "best_degree": float(np.argmin(self.bias2 + self.variance)),
        }

    def verdicts(self) -> list[Verdict]:
        """The sum is exact; at this degree the model is too stiff rather than too bendy."""
        m = self.measured()
        return [
            Verdict("Error = bias² + variance, relative gap", m["sum_error"], "<=", 1e-9),
            Verdict(
                "Share of bias in the error: the fit is too stiff", m["bias_share"], ">=", 0.5,
                "Here variance rules: lower the degree or the noise, or add points.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the least error over all degrees and by the larger part at this one."""
        m = self.measured()
        return Answers(
            sum(m["best_degree"] > limit for limit in (2, 7)), 0 if m["bias_share"] >= 0.5 else 1
        )
