"""The optimizer race: six rules start at one point of a surface and walk to its goal.

ravine f = (x^2 + 100 y^2) / 2, turned by an angle; saddle f = x^2/2 - y^2/2 + y^4/4; and
Rosenbrock's valley f = (1 - x)^2 + 100 (y - x^2)^2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Floats, Frame, Raster, Role, Series, Table

SPEC = Spec(
    name="optimizers",
    title="Optimiser race",
    kind="trainer",
    about="Six rules, one start: who is first down the valley, and who when it is turned?",
    topics=(
        "sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "saddle-points",
        "choosing-optimizer", "adamw", "batch-size-epochs",
    ),
    knobs=(
        Choice("surface", "ravine", ("ravine", "saddle", "rosenbrock"), about="to walk on"),
        Int("angle", 0, 0, 90, 15, about="degrees by which the ravine is turned"),
        Real("learning_rate", 1.0, 0.1, 10.0, log=True, about="times each rule's own rate"),
        Real("beta", 0.9, 0.5, 0.99, 0.05, about="momentum, and the decay of Adam's mean"),
        Real("noise", 0.0, 0.0, 5.0, 0.5, about="deviation of each slope, as of small batches"),
        Real("start_y", 0.001, 0.0, 0.1, 0.001, about="how far beside the saddle's ridge to start"),
    ),
    predict=Ask(
        "Who will be first at the goal?",
        ("SGD", "Momentum", "NAG", "AdaGrad", "RMSprop", "Adam"),
        judged=(
            "steps_sgd", "steps_momentum", "steps_nag", "steps_adagrad", "steps_rmsprop",
            "steps_adam",
        ),
    ),
    observe=Ask(
        "Who was last, or not there at all?",
        ("SGD", "Momentum", "NAG", "AdaGrad", "RMSprop", "Adam"),
    ),
    why=(
        "Across the ravine the slope is a hundred times that along it. Plain descent must step as "
        "the steep side allows; momentum adds up what stays the same, and so goes along.",
        "AdaGrad, RMSprop and Adam give each coordinate a rate of its own. That helps as long as "
        "the valley lies along a coordinate. Turn it, and plain descent does not notice; they do.",
        "Beside a saddle the slope is tiny: descent multiplies the distance by 1 + rate a step. "
        "Rules that divide by the size of the slope leave at once.",
        "NAG is shown at its look-ahead point, which PyTorch and Keras store as the weight.",
        "With noise, as from small batches, a fixed rate never comes to rest at the goal.",
    ),
    dare=Dare("angle", 45, "who is first in the turned ravine?"),
    pace=10,
    steps=1100,
    slow=80,
)  # fmt: skip

RULES = ("sgd", "momentum", "nag", "adagrad", "rmsprop", "adam")
NAMES = SPEC.predict.options
ROLES: tuple[Role, ...] = ("a", "b", "c", "d", "e", "f")
# Each rule's own rate on each surface: chosen once so that none is favoured by a lucky one.
RATES = {
    "ravine": (0.0198, 0.005, 0.005, 0.5, 0.01, 0.05),
    "saddle": (0.1,) * 6,
    "rosenbrock": (1e-3, 1e-3, 1e-3, 0.5, 1e-3, 0.05),
}
KAPPA = 100.0
# The goal of each surface, and how near to it one is there; beside a saddle one has to leave.
GOALS = {"ravine": (0.0, 0.0), "saddle": (0.0, 1.0), "rosenbrock": (1.0, 1.0)}
CLOSE, LEFT = {"ravine": 1e-3, "rosenbrock": 1e-2}, 0.5
SIDE = 44
FAR = 1e9
KEPT = 240


def slope(surface: str, turn: tuple[Any, Any], x: Any, y: Any) -> tuple[Any, Any]:
    """The gradient at x and y: numbers, arrays, or a kernel's values. turn: cosine and sine."""
    if surface == "ravine":
        c, s = turn
        u, v = c * x + s * y, KAPPA * (c * y - s * x)
        return c * u - s * v, s * u + c * v
    if surface == "saddle":
        return x, y * y * y - y
    valley = y - x * x
    return -2.0 * (1.0 - x) - 400.0 * (x * valley), 200.0 * valley


class Surface:
    """A function of the plane with its gradient, its start and its goal."""

    def __init__(self, name: str, angle: float, start_y: float) -> None:
        self.name = name
        turn = math.radians(angle)
        self.turn: Floats = np.array(
            [[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]
        )
        self.start: Floats = {
            "ravine": self.turn @ np.ones(2),
            "saddle": np.array([1.0, start_y]),
            "rosenbrock": np.array([-1.2, 1.0]),
        }[name]
        self.reach = {"ravine": 1.6, "saddle": 1.5, "rosenbrock": 2.0}[name]

    def value(self, x: Floats, y: Floats) -> Floats:
        """The height at x and y, arrays of one shape."""
        if self.name == "ravine":
            u = self.turn[0, 0] * x + self.turn[1, 0] * y
            v = self.turn[0, 1] * x + self.turn[1, 1] * y
            return np.asarray((u**2 + KAPPA * v**2) / 2.0)
        if self.name == "saddle":
            return np.asarray(x**2 / 2.0 - y**2 / 2.0 + y**4 / 4.0)
        return np.asarray((1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2)

    def gradient(self, p: Floats) -> Floats:
        """The slope (2,) at p (2,)."""
        c, s = self.turn[:, 0]
        return np.array(slope(self.name, (c, s), *p))

    def distance(self, p: Floats) -> float:
        """From the goal: the lowest point, on the saddle the nearer of two."""
        goal = GOALS[self.name]
        y = abs(p[1]) if self.name == "saddle" else p[1]
        return math.hypot(p[0] - goal[0], y - goal[1])

    def reached(self, p: Floats) -> bool:
        """Whether p counts as there; beside a saddle, whether it has left."""
        if self.name == "saddle":
            return abs(float(p[1])) >= LEFT
        return self.distance(p) < CLOSE[self.name]


class Racer:
    """One rule on its way: where it is, where it was, and after how many steps it arrived."""

    def __init__(self, rule: str, rate: float, beta: float, start: Floats) -> None:
        given = {"beta1": beta} if rule in ("momentum", "nag", "adam") else {}
        self.name = NAMES[RULES.index(rule)]
        self.optimizer = Optimizer(rule, rate, **given)
        self.optimizer.start(2, np.dtype(np.float64))
        self.p: Floats = start.copy()
        self.trail = [start.copy()]
        self.arrived = 0


class Run:
    """All six take one step each at a time; who has arrived rests."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        name, factor = str(knobs["surface"]), float(knobs["learning_rate"])
        self.surface = Surface(name, float(knobs["angle"]), float(knobs["start_y"]))
        beta, self.noise = float(knobs["beta"]), float(knobs["noise"])
        self.chance = np.random.default_rng(seed)
        self.racers = [
            Racer(rule, factor * rate, beta, self.surface.start)
            for rule, rate in zip(RULES, RATES[name], strict=True)
        ]
        self.step_count = 0

    def step(self, n: int) -> None:
        """Take `n` steps. Raises DivergedError when a racer leaves the picture for good."""
        for _ in range(n):
            running = [racer for racer in self.racers if not racer.arrived]
            moved = [self._moved(racer) for racer in running]
            self.step_count += 1
            for racer, p in zip(running, moved, strict=True):
                racer.p = p
                racer.trail.append(p)
                if self.surface.reached(p):
                    racer.arrived = self.step_count

    def _moved(self, racer: Racer) -> Floats:
        """Where a racer's next step leads."""
        p = racer.p.copy()
        slope = self.surface.gradient(p)
        if self.noise:
            slope = slope + self.noise * self.chance.standard_normal(2)
        racer.optimizer.step(p, slope)
        if not np.isfinite(p).all() or np.abs(p).max() > FAR:
            advice = "Its steps are longer than the steep side allows; divide it by 3."
            raise DivergedError(self.step_count, racer.name, "learning_rate", advice)
        return p

    def set(self, name: str, value: Value) -> None:
        """Refuse: every knob starts a new race."""
        raise KeyError(f"{name} is not live")

    def frame(self) -> Frame:
        """The surface from above with six trails; the distances and arrivals beside it."""
        series = tuple(
            self._distances(racer, role) for racer, role in zip(self.racers, ROLES, strict=True)
        )
        there = sum(racer.arrived > 0 for racer in self.racers)
        return Frame(
            picture=self._map(),
            side=(
                Curves("distance to the goal", series, "step", log_y=True),
                self._arrivals(),
            ),
            extra=(self._sizes(),),
            formula=self._formula(),
            status=f"{there} of {len(self.racers)} there{self._leader()}",
            curve=series[0],
        )

    def _leader(self) -> str:
        """Who came first, where somebody has come."""
        there = [racer for racer in self.racers if racer.arrived]
        first = min(there, key=lambda racer: racer.arrived, default=None)
        return f", first {first.name} at {first.arrived:,}" if first else ""

    def _distances(self, racer: Racer, role: Role) -> Series:
        """How far from the goal a racer was at each of at most KEPT steps."""
        at = thinned(len(racer.trail))
        distances = [max(self.surface.distance(racer.trail[i]), 1e-6) for i in at]
        return Series(racer.name, np.array(distances), at.astype(float), role)

    def _formula(self) -> str:
        return {
            "ravine": r"f = \frac{1}{2}(u^2 + 100\,v^2),\quad \kappa = 100",
            "saddle": r"f = \frac{1}{2}x^2 - \frac{1}{2}y^2 + \frac{1}{4}y^4",
            "rosenbrock": r"f = (1-x)^2 + 100\,(y-x^2)^2",
        }[self.surface.name]

    def _map(self) -> Raster:
        reach = self.surface.reach
        axis = reach * ((np.arange(SIDE) + 0.5) / SIDE * 2.0 - 1.0)
        x, y = np.meshgrid(axis, axis[::-1])
        height = self.surface.value(x, y)
        values = np.log10(height - height.min() + 1e-2 * float(np.ptp(height)))
        low, high = float(values.min()), float(values.max())
        paths = tuple(
            (r.name, role, np.clip([r.trail[i] for i in thinned(len(r.trail))], -reach, reach))
            for r, role in zip(self.racers, ROLES, strict=True)
        )
        return Raster(self.surface.name, values, low, high, extent=(-reach, reach, -reach, reach),
                      paths=paths)  # fmt: skip

    def _arrivals(self) -> Table:
        rows = tuple(
            (r.name, f"{r.arrived:,}" if r.arrived else "…", f"{self.surface.distance(r.p):.1e}")
            for r in self.racers
        )
        return Table("steps to the goal", ("rule", "steps", "distance"), rows)

    def _sizes(self) -> Table:
        rows = []
        for racer in self.racers:
            last = racer.trail[-1] - racer.trail[-2] if len(racer.trail) > 1 else np.zeros(2)
            rows.append((racer.name, f"{last[0]:+.1e}", f"{last[1]:+.1e}"))
        return Table("last step", ("rule", "in x", "in y"), tuple(rows))

    def steps_of(self, rule: str) -> int:
        """The steps a rule took to the goal, or all so far when it is not there."""
        return self.racers[RULES.index(rule)].arrived or self.step_count

    def measured(self) -> dict[str, float]:
        """Each rule's steps (0: not there), and the two comparisons that are judged."""
        plain = max(1, self.steps_of("sgd"))
        steps = zip(RULES, self.racers, strict=True)
        return {
            **{f"steps_{rule}": float(racer.arrived) for rule, racer in steps},
            "adagrad_over_sgd": self.steps_of("adagrad") / plain,
            "momentum_over_sgd": self.steps_of("momentum") / plain,
        }

    def verdicts(self) -> list[Verdict]:
        """A rate for each coordinate wins along the axes; momentum wins anyway."""
        m = self.measured()
        return [
            Verdict(
                "AdaGrad's steps over those of SGD", m["adagrad_over_sgd"], "<=", 0.3,
                "Rates for each coordinate help along the axes only: turn angle back to 0.",
            ),
            Verdict(
                "Momentum's steps over those of SGD", m["momentum_over_sgd"], "<=", 0.6,
                "Too little momentum: turn beta towards 0.9.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the order of arrival; who is not there comes after all others."""
        steps = [racer.arrived or math.inf for racer in self.racers]
        distances = [self.surface.distance(racer.p) for racer in self.racers]
        order = sorted(range(len(steps)), key=lambda i: (steps[i], distances[i]))
        return Answers(order[0], order[-1])


def thinned(n: int) -> NDArray[np.intp]:
    """Which of n points to show: all, or about KEPT of them, the first and the last included."""
    return np.linspace(0, n - 1, min(n, KEPT)).astype(np.intp)
