"""One series of gradients, four dialects: the same rule as four programs write it.

A momentum step is eta v with v <- mu v + g in one, v with v <- mu v + eta g in another; epsilon
stands outside a root, inside it, or before Adam's correction. The defaults are those of PyTorch
2.13, Keras 3.15 and Optax 0.2.8; the textbook is the form that this course writes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Explorer, Int, Knobs, Real, Spec, Verdict
from demos.views import Curves, Floats, Frame, Role, Series, Table, Text

SPEC = Spec(
    name="dialects",
    title="Four dialects",
    kind="explorer",
    about="One series of gradients through four programs: whose step is longest, and why?",
    topics=("framework-steps", "momentum", "nag", "adagrad", "rmsprop", "adam"),
    knobs=(
        Choice("rule", "momentum", ("momentum", "nesterov", "adagrad", "rmsprop", "adam")),
        Real("gradient", 1.0, 1e-8, 1.0, log=True, about="size of the gradients"),
        Int("drop_after", 30, 5, 60, 5, about="steps until the rate falls to a tenth"),
        Real("learning_rate", 0.01, 0.0001, 1.0, log=True, about="before it falls"),
        Real("noise", 0.2, 0.0, 1.0, 0.1, about="deviation of a gradient, as a share of its size"),
    ),
    predict=Ask(
        "The rate falls to a tenth. Whose next step is the longer one?",
        ("Keras's", "PyTorch's", "Neither: within 5 %"),
        judged=("keras_over_pytorch",),
    ),
    observe=Ask(
        "How long were Keras and PyTorch more than a tenth apart after it?",
        ("Not at all", "1 to 20 steps", "21 to 60 steps", "To the end"),
    ),
    why=(
        "PyTorch and Optax keep v ← μv + g and multiply by the rate last: a lower rate acts at "
        "once. Keras keeps v ← μv + ηg: the old rate lives on in v and fades by 0.9 a step.",
        "Adam divides by √v + ε. For gradients near 1 nobody sees ε. Near 10⁻⁶ Keras's ε counts 32 "
        "times at first, as it stands before the correction of v.",
        "RMSprop: PyTorch forgets slower (0.99) and so begins with longer steps; Keras and Optax "
        "have ε inside the root, where √10⁻⁷ is 0.0003.",
        "AdaGrad: Keras and Optax begin their sum at 0.1. For small gradients that is all of it.",
        "Nesterov: programs store the point ahead, so their step is η(g + μv); the textbook's is "
        "ηv from the point behind it.",
    ),
    dare=Dare("rule", "adam", "whose next step is the longer one now?"),
    steps=100,
)  # fmt: skip

MOMENTUM = 0.9
PROGRAMS = ("textbook", "PyTorch", "Keras", "Optax")
ROLES: tuple[Role, ...] = ("quiet", "a", "b", "c")
FACTOR = 0.1


def momentum(g: Floats, rate: Floats, inside: bool, ahead: bool = False) -> Floats:
    """Steps (n,) for gradients and rates (n,): the rate inside the velocity, or outside.

    ahead: the steps of the point that looks ahead by one velocity (Nesterov).
    """
    v, out = 0.0, np.empty(len(g))
    for t, (slope, eta) in enumerate(zip(g, rate, strict=True)):
        new = eta * slope if inside else slope
        v = MOMENTUM * v + new
        length = new + MOMENTUM * v if ahead else v
        out[t] = length if inside else eta * length
    return out


def rmsprop(g: Floats, rate: Floats, kept: float, epsilon: float, in_root: bool) -> Floats:
    """Steps (n,): `kept` of the old mean square, ε under the root or after it."""
    mean, out = 0.0, np.empty(len(g))
    for t, slope in enumerate(g):
        mean = kept * mean + (1 - kept) * slope**2
        out[t] = rate[t] * slope * _over_root(mean, epsilon, in_root)
    return out


def adagrad(g: Floats, rate: Floats, start: float, epsilon: float, in_root: bool) -> Floats:
    """Steps (n,): the sum of squares begins at `start`."""
    total, out = start, np.empty(len(g))
    for t, slope in enumerate(g):
        total += slope**2
        out[t] = rate[t] * slope * _over_root(total, epsilon, in_root)
    return out


def adam(g: Floats, rate: Floats, epsilon: float, early: bool) -> Floats:
    """Steps (n,), β₁ 0.9 and β₂ 0.999; early: ε is added before v is corrected."""
    m = v = 0.0
    out = np.empty(len(g))
    for t, slope in enumerate(g, start=1):
        m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
        root = math.sqrt(1 - 0.999**t)
        below = (math.sqrt(v) + epsilon) / root if early else math.sqrt(v) / root + epsilon
        out[t - 1] = rate[t - 1] * m / (1 - 0.9**t) / below
    return out


def _over_root(mean: float, epsilon: float, in_root: bool) -> float:
    return 1 / math.sqrt(mean + epsilon) if in_root else 1 / (math.sqrt(mean) + epsilon)


Stepping = Callable[[Floats, Floats], Floats]
_OUTSIDE, _INSIDE = partial(momentum, inside=False), partial(momentum, inside=True)
_AHEAD = partial(momentum, inside=False, ahead=True)
_LATE = partial(adam, epsilon=1e-8, early=False)
# A rule's steps in the programs, in the order of PROGRAMS, with their defaults.
RULES: dict[str, tuple[Stepping, ...]] = {
    "momentum": (_OUTSIDE, _OUTSIDE, _INSIDE, _OUTSIDE),
    "nesterov": (_OUTSIDE, _AHEAD, partial(momentum, inside=True, ahead=True), _AHEAD),
    "adagrad": (
        partial(adagrad, start=0.0, epsilon=1e-8, in_root=False),
        partial(adagrad, start=0.0, epsilon=1e-10, in_root=False),
        partial(adagrad, start=0.1, epsilon=1e-7, in_root=True),
        partial(adagrad, start=0.1, epsilon=1e-7, in_root=True),
    ),
    "rmsprop": (
        partial(rmsprop, kept=0.9, epsilon=1e-8, in_root=False),
        partial(rmsprop, kept=0.99, epsilon=1e-8, in_root=False),
        partial(rmsprop, kept=0.9, epsilon=1e-7, in_root=True),
        partial(rmsprop, kept=0.9, epsilon=1e-8, in_root=True),
    ),
    "adam": (_LATE, _LATE, partial(adam, epsilon=1e-7, early=True), _LATE),
}
WRITTEN: dict[str, tuple[str, ...]] = {
    "momentum": ("ηv, v ← μv + g", "ηv, v ← μv + g", "v, v ← μv + ηg", "ηv, v ← μv + g"),
    "nesterov": ("ηv, v ← μv + g", "η(g + μv)", "ηg + μv, v ← μv + ηg", "η(g + μv)"),
    "adagrad": ("ηg/(√S + 10⁻⁸)", "ηg/(√S + 10⁻¹⁰)", "S₀ = 0.1, ηg/√(S + 10⁻⁷)",
                "S₀ = 0.1, ηg/√(S + 10⁻⁷)"),
    "rmsprop": ("ρ 0.9, ηg/(√S + 10⁻⁸)", "ρ 0.99, ηg/(√S + 10⁻⁸)", "ρ 0.9, ηg/√(S + 10⁻⁷)",
                "ρ 0.9, ηg/√(S + 10⁻⁸)"),
    "adam": ("ηm̂/(√v̂ + 10⁻⁸)", "ηm̂/(√v̂ + 10⁻⁸)", "ηm̂·c/(√v + 10⁻⁷), c = √(1 − β₂ᵗ)",
             "ηm̂/(√v̂ + 10⁻⁸)"),
}  # fmt: skip
FORMULAS = {
    "momentum": r"w \leftarrow w - \eta v",
    "nesterov": r"w \leftarrow w - \eta (g + \mu v)",
    "adagrad": r"w \leftarrow w - \frac{\eta}{\sqrt{S} + \varepsilon}\,g",
    "rmsprop": r"w \leftarrow w - \frac{\eta}{\sqrt{S} + \varepsilon}\,g",
    "adam": r"w \leftarrow w - \frac{\eta}{\sqrt{\hat v} + \varepsilon}\,\hat m",
}


class Run(Explorer):
    """Each step hands one more gradient to all four."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.rule, self.drop = str(knobs["rule"]), int(knobs["drop_after"])
        noise = float(knobs["noise"]) * np.random.default_rng(seed).normal(size=SPEC.steps)
        self.g: Floats = float(knobs["gradient"]) * (1.0 + noise)
        t = np.arange(1, SPEC.steps + 1)
        self.rate = float(knobs["learning_rate"]) * np.where(t > self.drop, FACTOR, 1.0)
        self.steps = np.array([one(self.g, self.rate) for one in RULES[self.rule]])
        self.lengths = np.abs(self.steps)
        self.weights = 1.0 - np.cumsum(self.steps, axis=1)

    def frame(self) -> Frame:
        """The lengths of the steps so far; this step in numbers; how each program writes it."""
        n = min(self.step_count, SPEC.steps)
        t = np.arange(1, n + 1, dtype=float)
        names = tuple(zip(PROGRAMS, ROLES, strict=True))
        lengths, weights = (
            tuple(Series(name, row[:n], t, role) for (name, role), row in zip(names, rows,
                                                                              strict=True))
            for rows in (np.maximum(self.lengths, 1e-16), self.weights)
        )  # fmt: skip
        return Frame(
            picture=Curves(
                f"length of a {self.rule} step", lengths, "step", log_y=True,
                marks=((float(self.drop), "rate / 10"),) if n >= self.drop else (),
            ),
            side=(self._now(n), self._written()),
            extra=(Curves("the weight", weights, "step"), self._gradients(n)),
            formula=self._formula(n),
            status=f"step {n}   rate {self.rate[max(n, 1) - 1]:g}",
            curve=lengths[2],
        )  # fmt: skip

    def _now(self, n: int) -> Table:
        """The last step and the weight in each program; the longest step is marked."""
        if n == 0:
            rows = tuple((name, "?", "1") for name in PROGRAMS)
            return Table("this step", ("", "length", "weight"), rows)
        lengths = self.lengths[:, n - 1]
        rows = tuple(
            (name, f"{length:.3g}", f"{weight:.4g}")
            for name, length, weight in zip(PROGRAMS, lengths, self.weights[:, n - 1], strict=True)
        )
        longest = lengths >= 0.999 * lengths.max()
        marked = frozenset((int(i), 1) for i in np.flatnonzero(longest) if not longest.all())
        return Table("this step", ("", "length", "weight"), rows, marked)

    def _written(self) -> Text:
        lines: list[tuple[str, Role]] = []
        for name, role, form in zip(PROGRAMS, ROLES, WRITTEN[self.rule], strict=True):
            lines.append((f"{name}: {form}", role))
        return Text("how it is written", tuple(lines))

    def _gradients(self, n: int) -> Curves:
        t = np.arange(1, n + 1, dtype=float)
        return Curves("gradients", (Series("g", self.g[:n], t, "quiet", dots=True),), "step")

    def _formula(self, n: int) -> str:
        if n == 0:
            return FORMULAS[self.rule]
        keras, torch = self.lengths[2, n - 1], self.lengths[1, n - 1]
        ratio = keras / max(torch, 1e-300)
        return (
            rf"{FORMULAS[self.rule]},\quad \frac{{\mathrm{{Keras}}}}{{\mathrm{{PyTorch}}}} = "
            rf"\frac{{{keras:.3g}}}{{{torch:.3g}}} = {ratio:.3g}"
        )

    def _ratios(self) -> Floats:
        """Keras's step over PyTorch's, at each step."""
        ratios: Floats = self.lengths[2] / np.maximum(self.lengths[1], 1e-300)
        return ratios

    def measured(self) -> dict[str, float]:
        """Keras's over PyTorch's just after the drop; their gap before it; how long it lasted."""
        ratios = self._ratios()
        before, after = ratios[: self.drop], ratios[self.drop :]
        apart = np.abs(np.log(np.maximum(after, 1e-300))) > math.log(1.1)
        lasted = float(np.flatnonzero(apart)[-1] + 1) if apart.any() else 0.0
        first = {f"first_step_{name.lower()}": float(row[0])
                 for name, row in zip(PROGRAMS, self.lengths, strict=True)}  # fmt: skip
        return {
            "keras_over_pytorch": float(after[0]),
            "gap_before": float(np.abs(before - 1.0).max()),
            "apart_for": lasted,
            "steps_after": float(len(after)),
            **first,
        }

    def verdicts(self) -> list[Verdict]:
        """Alike until the rate falls, and then not at all."""
        m = self.measured()
        return [
            Verdict(
                "Keras's step over PyTorch's, just after the rate fell", m["keras_over_pytorch"],
                ">=", 3.0, "Only a velocity carries the old rate on: choose momentum.",
            ),
            Verdict(
                "Before that their steps were alike: largest difference, as a share",
                m["gap_before"], "<=", 0.35, "Their ε or their start differ: choose momentum.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by both steps after the drop, and by how long they stayed apart."""
        m = self.measured()
        ratio, lasted = m["keras_over_pytorch"], m["apart_for"]
        longer = 2 if abs(math.log(max(ratio, 1e-300))) <= math.log(1.05) else int(ratio < 1)
        if lasted == m["steps_after"]:
            return Answers(longer, 3)
        return Answers(longer, min(2, math.ceil(lasted / 20)) if lasted else 0)
