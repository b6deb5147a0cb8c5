"""The exponentially weighted moving average: how it forgets, and why it starts too low.

v_t = beta v_(t-1) + (1 - beta) x_t with v_0 = 0; corrected: v_t / (1 - beta^t).
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Explorer, Flag, Knobs, Real, Spec, Verdict
from demos.views import Bar, Bars, Curves, Floats, Frame, Role, Series

SPEC = Spec(
    name="ewma",
    title="Weighted moving average",
    kind="explorer",
    about="Smooth a noisy series: how far back does the average remember, and how does it start?",
    topics=("ewma", "momentum", "rmsprop", "adam"),
    knobs=(
        Real("beta", 0.9, 0.5, 0.99, 0.02, about="share of the old average that is kept"),
        Flag("correction", False, about="divide by 1 − βᵗ"),
        Real("noise", 0.5, 0.0, 2.0, 0.1, about="standard deviation of the noise"),
        Choice(
            "signal", "constant", ("constant", "step", "wave"), about="what lies under the noise"
        ),
    ),
    predict=Ask(
        "A series of 10s, and v0 = 0: how large is the first average?",
        ("10, like the series", "10 times (1 − β)", "0, nothing is known yet"),
        judged=("first_shown",),
    ),
    observe=Ask(
        "After how many steps was the average at 99 % of a constant 10?",
        ("At once", "Within 20", "21 to 100", "More than 100"),
    ),
    why=(
        "Each step keeps β of the old average and lets 1 − β of the new value in; starting "
        "from 0, the first average is only 1 − β of the first value.",
        "The weights of the values seen so far add up to 1 − βᵗ, not to 1. Dividing by that "
        "sum is the bias correction that Adam uses.",
        "A value that is 1/(1 − β) steps old has kept about 1/e of its first weight: that is "
        "what is meant by 'averages over about 1/(1 − β) values'.",
    ),
    dare=Dare("correction", True, "how large is the first average now?"),
    pace=2,
    steps=120,
)

BETAS: tuple[tuple[float, Role], ...] = ((0.5, "b"), (0.9, "c"), (0.98, "d"))


def average(x: Floats, beta: float, correction: bool = False) -> Floats:
    """The averages v_1 .. v_n of a series (n,), started from v_0 = 0."""
    v, out = 0.0, np.empty(len(x))
    for t, value in enumerate(x):
        v = beta * v + (1.0 - beta) * value
        out[t] = v / (1.0 - beta ** (t + 1)) if correction else v
    return out


def weights(beta: float, n: int) -> Floats:
    """The weight of the newest, the second newest ... value in v_n."""
    return (1.0 - beta) * beta ** np.arange(n)


def settles(beta: float, correction: bool) -> int:
    """The first step at which the average of a constant has 99 % of it."""
    return int(np.argmax(average(np.ones(1000), beta, correction) >= 0.99)) + 1


class Run(Explorer):
    """Each step shows one more value of a series that is drawn once."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.beta, self.correction = float(knobs["beta"]), bool(knobs["correction"])
        t = np.arange(1, SPEC.steps + 1, dtype=float)
        shapes = {
            "constant": np.full(len(t), 10.0),
            "step": np.where(t <= 60, 10.0, 4.0),
            "wave": 10.0 + 3.0 * np.sin(2 * np.pi * t / 60),
        }
        noise = np.random.default_rng(seed).normal(size=len(t))
        self.t = t
        self.x = shapes[str(knobs["signal"])] + float(knobs["noise"]) * noise
        self.v = average(self.x, self.beta, self.correction)

    def frame(self) -> Frame:
        """The series and its average as far as they are known; the weights at the newest value."""
        n = min(self.step_count, len(self.t))
        average_now = Series(f"average, β {self.beta:g}", self.v[:n], self.t[:n], "accent")
        others = tuple(
            Series(f"β {b:g}", average(self.x[:n], b, self.correction), self.t[:n], role)
            for b, role in BETAS
        )
        values = Series("values", self.x[:n], self.t[:n], "quiet", dots=True)
        return Frame(
            picture=_chart("series and average", (values, average_now)),
            side=(self._comb(max(n, 1)), self._window(n)),
            extra=(_chart("three values of β", others),),
            formula=self._formula(n),
            status=f"t {n}   window 1/(1 − β) = {1 / (1 - self.beta):.3g}",
            curve=average_now,
        )

    def _comb(self, n: int) -> Curves:
        """The weight of each value so far, the newest on the left."""
        shown = weights(self.beta, min(n, 60))
        window = 1.0 / (1.0 - self.beta)
        return Curves(
            "weight of a value by its age", (Series("weight", shown, role="accent"),), "age",
            y_range=(0.0, 1.0 - self.beta), marks=((window, "1/(1 − β)"),),
        )  # fmt: skip

    def _window(self, n: int) -> Bars:
        inside = 1.0 - self.beta**n
        left = self.beta ** (1.0 / (1.0 - self.beta))
        return Bars(
            "sums of weights",
            (
                Bar("all so far", inside, f"{inside:.3f}"),
                Bar("still missing", 1.0 - inside, f"{1.0 - inside:.3f}", "bad"),
                Bar("after a window", left, f"{left:.3f}", "quiet"),
            ),
        )

    def _formula(self, n: int) -> str:
        b = f"{self.beta:g}"
        if n == 0:
            return rf"v_t = {b}\,v_{{t-1}} + {1 - self.beta:.2g}\,x_t"
        before = average(self.x[: n - 1], self.beta)[-1] if n > 1 else 0.0
        raw = self.beta * before + (1 - self.beta) * self.x[n - 1]
        text = rf"v_{{{n}}} = {b}\cdot {before:.3f} + {1 - self.beta:.2g}\cdot {self.x[n - 1]:.3f}"
        divided = rf" = {raw:.3f},\ \frac{{v}}{{1-{b}^{{{n}}}}} = {self.v[n - 1]:.3f}"
        return text + (divided if self.correction else f" = {raw:.3f}")

    def measured(self) -> dict[str, float]:
        """First averages of a constant 10, the sum of weights, the weight left, the settling."""
        ten, n = np.full(SPEC.steps, 10.0), SPEC.steps
        return {
            "first_raw": float(average(ten, self.beta)[0]),
            "first_corrected": float(average(ten, self.beta, True)[0]),
            "first_shown": float(average(ten, self.beta, self.correction)[0]),
            "weight_sum_error": float(abs(weights(self.beta, n).sum() - (1 - self.beta**n))),
            "left_after_window": float(self.beta ** (1 / (1 - self.beta))),
            "settled_after": float(settles(self.beta, self.correction)),
        }

    def verdicts(self) -> list[Verdict]:
        """The start without and with correction, the sum of weights, the window's rule of thumb."""
        m = self.measured()
        rule_error = abs(m["left_after_window"] - math.exp(-1))
        raw_error = abs(m["first_raw"] - 10 * (1 - self.beta))
        return [
            Verdict("Raw, a constant 10 starts at 10(1 − β), off by", raw_error, "<=", 1e-12),
            Verdict(
                "Corrected, it starts at 10, off by", abs(m["first_corrected"] - 10), "<=", 1e-12,
            ),
            Verdict("The weights add up to 1 − βᵗ, off by", m["weight_sum_error"], "<=", 1e-12),
            Verdict(
                "After 1/(1 − β) steps 1/e of a weight is left, off by", rule_error, "<=", 0.05,
                "The rule is a limit for β near 1: take 0.8 or more.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the first average and the step at which 99 % were reached."""
        m = self.measured()
        first = 0 if abs(m["first_shown"] - 10) < 1e-9 else 1
        after = m["settled_after"]
        return Answers(first, sum(after > limit for limit in (1, 20, 100)))


def _chart(title: str, series: tuple[Series, ...]) -> Curves:
    return Curves(title, series, "t", y_range=(0.0, 15.0))
