"""Softmax and the losses behind it: three logits, their probabilities, and how hard a loss pulls.

p_i = exp(z_i / T) / sum_j exp(z_j / T). The loss is drawn over the logit of the right class.
"""

from __future__ import annotations

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Explorer, Int, Knobs, Real, Spec, Verdict
from demos.views import Bar, Bars, Curves, Floats, Frame, Role, Series, Table

SPEC = Spec(
    name="softmax",
    title="Softmax and losses",
    kind="explorer",
    about="Move three logits: what becomes of the probabilities, and how hard does a loss pull?",
    topics=("softmax", "softmax-classifier", "cross-entropy", "mse", "loss-functions"),
    knobs=(
        Real("logit_1", 2.0, -10.0, 10.0, 0.5, about="score of class 1"),
        Real("logit_2", 1.0, -10.0, 10.0, 0.5, about="score of class 2"),
        Real("logit_3", 0.1, -10.0, 10.0, 0.5, about="score of class 3"),
        Real("temperature", 1.0, 0.1, 10.0, log=True, about="divides every logit"),
        Int("target", 1, 1, 3, about="the right class"),
        Choice(
            "loss", "cross-entropy", ("cross-entropy", "mse", "hinge"), about="what is minimised"
        ),
    ),
    predict=Ask(
        "You add 5 to every logit. What happens to the probabilities?",
        ("Nothing", "All of them grow", "They become sharper"),
        judged=("shift_change",),
    ),
    observe=Ask(
        "The right class is at logit −10. How hard does this loss pull?",
        ("Hardly: slope under 0.01", "Firmly: slope over 0.5"),
    ),
    why=(
        "Softmax only sees differences: a constant added to every logit cancels in the fraction.",
        "Cross-entropy takes the logarithm of p, which undoes the exponential; its slope is simply "
        "p - y, nearly −1 when the answer is most wrong.",
        "Squared error multiplies that by p(1 - p), which is nearly 0 there: the more wrong the "
        "network is, the less it learns.",
    ),
    dare=Dare("loss", "mse", "how hard does it pull at −10?"),
    pace=1,
    steps=1,
)

LOGITS = np.linspace(-10.0, 10.0, 81)
ROLES: dict[str, Role] = {"cross-entropy": "a", "mse": "b", "hinge": "c"}


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities (..., classes); the largest logit is taken off first, against overflow."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    p: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return p


def loss(kind: str, logits: Floats, target: int, temperature: float = 1.0) -> Floats:
    """The loss of logits (..., classes) for a right class `target`, counted from 0.

    mse is the mean of (p - y)^2 over the classes; hinge the sum of max(0, 1 + z_j - z_target).
    """
    p = softmax(logits, temperature)
    value: Floats
    if kind == "cross-entropy":
        value = -np.log(np.maximum(p[..., target], 1e-300))
    elif kind == "mse":
        value = ((p - np.eye(logits.shape[-1])[target]) ** 2).mean(axis=-1)
    else:
        margins = np.maximum(0.0, 1.0 + logits - logits[..., target : target + 1])
        value = margins.sum(axis=-1) - 1.0
    return value


def slope(kind: str, logits: Floats, target: int, temperature: float = 1.0) -> Floats:
    """dL/dz (classes,) by central differences, good to about 1e-9."""
    nudges = 1e-5 * np.eye(len(logits))
    up = loss(kind, logits + nudges, target, temperature)
    down = loss(kind, logits - nudges, target, temperature)
    slopes: Floats = (up - down) / 2e-5
    return slopes


class Run(Explorer):
    """Everything follows from the knobs; step 1 tells the slopes far out."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.z = np.array([float(knobs[f"logit_{i}"]) for i in (1, 2, 3)])
        self.temperature = float(knobs["temperature"])
        self.target = int(knobs["target"]) - 1
        self.loss = str(knobs["loss"])
        self.p = softmax(self.z, self.temperature)
        self.slope = slope(self.loss, self.z, self.target, self.temperature)

    def frame(self) -> Frame:
        """Probabilities on the left; logits, loss curves and slopes beside them."""
        t, cost = self.target, loss(self.loss, self.z, self.target, self.temperature)
        return Frame(
            picture=_bars("probabilities", self.p, 0.0, 1.0, t),
            side=(self._curves(), _bars("logits", self.z, -10.0, 10.0, t), self._slopes()),
            extra=(self._table(),),
            formula=rf"p_{t + 1} = \frac{{e^{{{self.z[t]:g}/{self.temperature:g}}}}}"
            rf"{{\sum_j e^{{z_j/{self.temperature:g}}}}} = {self.p[t]:.4f}",
            status=f"{self.loss} {cost:.4f}",
        )

    def _along(self, kind: str) -> Floats:
        """The loss while only the right class's logit moves over LOGITS."""
        logits = np.repeat(self.z[None], len(LOGITS), axis=0)
        logits[:, self.target] = LOGITS
        return loss(kind, logits, self.target, self.temperature)

    def _curves(self) -> Curves:
        series = tuple(
            Series(kind, self._along(kind), LOGITS, role) for kind, role in ROLES.items()
        )
        here = self.z[self.target]
        return Curves(
            "loss over the right logit", series, f"z{'₁₂₃'[self.target]}", "loss",
            y_range=(0.0, 10.0), marks=((here, f"{here:g}"),),
        )  # fmt: skip

    def _slopes(self) -> Bars:
        size = max(1.0, float(np.abs(self.slope).max()))
        return _bars(f"slope of {self.loss}, dL/dz", self.slope, -size, size, self.target)

    def _table(self) -> Table:
        rows = []
        for z in range(-10, 11, 5):
            pair = np.array([float(z), 0.0])
            told = self.step_count or abs(z) < 10
            slopes = [f"{slope(kind, pair, 0)[0]:+.2g}" if told else "?" for kind in ROLES]
            rows.append((f"{z:+d}", f"{softmax(pair)[0]:.5f}", *slopes))
        return Table("two classes: dL/dz of the right one", ("z", "p", *ROLES), tuple(rows))

    def measured(self) -> dict[str, float]:
        """Sum of p, change of p under a shift, error of the slope formula, slope at z = -10."""
        shifted = softmax(self.z + 5.0, self.temperature)
        exact = (self.p - np.eye(3)[self.target]) / self.temperature
        numeric = slope("cross-entropy", self.z, self.target, self.temperature)
        return {
            "sum": float(self.p.sum()),
            "shift_change": float(np.abs(shifted - self.p).max()),
            "slope_error": float(np.abs(numeric - exact).max()),
            "slope_at_-10": float(abs(slope(self.loss, np.array([-10.0, 0.0]), 0)[0])),
            "p_target": float(self.p[self.target]),
        }

    def verdicts(self) -> list[Verdict]:
        """Still pulling when most wrong; sum 1, blind to a shift, slope (p - y)/T."""
        m = self.measured()
        return [
            Verdict(
                f"At a logit of -10 {self.loss} still pulls: |dL/dz|", m["slope_at_-10"], ">=", 0.5,
                "Choose cross-entropy: its logarithm undoes the exponential.",
            ),
            Verdict("The probabilities add up to 1 (difference)", abs(m["sum"] - 1), "<=", 1e-12),
            Verdict("Adding 5 to every logit changes no p", m["shift_change"], "<=", 1e-12),
            Verdict("The slope of cross-entropy is (p - y)/T", m["slope_error"], "<=", 1e-5),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the change under a shift and by the slope at -10."""
        m = self.measured()
        sharper = m["shift_change"] > 1e-9
        return Answers(2 if sharper else 0, 1 if m["slope_at_-10"] >= 0.5 else 0)


def _bars(title: str, values: Floats, lo: float, hi: float, target: int) -> Bars:
    def bar(i: int, value: float) -> Bar:
        right = i == target
        name = f"{i + 1} (right)" if right else str(i + 1)
        return Bar(name, float(value), f"{value:.3f}", "good" if right else "accent")

    return Bars(title, tuple(bar(i, value) for i, value in enumerate(values)), lo, hi)
