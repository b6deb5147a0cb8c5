"""One weight on a curve with two valleys, or on a bowl: where does gradient descent end?

double L(w) = w^4 - 2 w^2 + 0.3 w, with valleys near -1.04 and 0.96 and a hilltop near 0.075;
bowl L(w) = w^2, where a step multiplies w by 1 - 2 * learning_rate.
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, DivergedError, Knobs, Real, Spec, Value, Verdict
from demos.views import Curves, Frame, Series, Table

SPEC = Spec(
    name="valleys",
    title="Two valleys",
    kind="trainer",
    about="One weight walks downhill: which valley does it end in, and how long may a step be?",
    topics=("gradient-descent", "learning-rate", "local-global-minima"),
    knobs=(
        Choice("curve", "double", ("double", "bowl"), about="two valleys, or the bowl w squared"),
        Real("start", 1.5, -5.0, 5.0, 0.1, about="where the weight begins"),
        Real("learning_rate", 0.02, 0.001, 1.2, about="times the slope is a step"),
    ),
    predict=Ask(
        "Where does it end?",
        ("In the deepest place", "In a shallower valley", "It never rests"),
        judged=(
            "missed",
            "slope",
        ),
    ),
    observe=Ask("How did it move?", ("From one side only", "To and fro", "Away for good")),
    why=(
        "Each step goes against the slope, so it ends where the slope is 0: in the valley into "
        "which the start slopes down. It never climbs the hill between.",
        "On the bowl a step multiplies the weight by 1 - 2 times the rate: below a rate of 0.5 it "
        "comes from one side, up to 1 it jumps across and still arrives, beyond it flies away.",
    ),
    dare=Dare("start", -1.5, "which valley does it find?"),
    pace=0.5,
    steps=150,
    live=("learning_rate",),
    slow=20,
)

FAR = 1e6
REST = 1.4e-5


def height(curve: str, w: float) -> float:
    """L(w)."""
    return w * w if curve == "bowl" else w**4 - 2.0 * w * w + 0.3 * w


def slope(curve: str, w: float) -> float:
    """dL/dw."""
    return 2.0 * w if curve == "bowl" else 4.0 * w**3 - 4.0 * w + 0.3


# The lowest place of each curve; of the double one by the formula for the roots of its slope.
LOWEST = {
    "bowl": 0.0,
    "double": 2.0 / math.sqrt(3.0) * math.cos(math.acos(-0.3 * 3.0 * math.sqrt(3.0) / 8.0) / 3.0
                                              - 2.0 * math.pi / 3.0 * 2.0),
}  # fmt: skip


class Run:
    """The weight and the way it has come."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.curve = str(knobs["curve"])
        self.learning_rate = float(knobs["learning_rate"])
        self.path = [float(knobs["start"])]
        self.step_count = 0

    def step(self, n: int) -> None:
        """Take `n` steps against the slope. Raises DivergedError when the weight flies away."""
        for _ in range(n):
            w = self.path[-1] - self.learning_rate * slope(self.curve, self.path[-1])
            if not abs(w) <= FAR:
                advice = "Stay below 2 over the curvature: 1 on the bowl, less on steep walls."
                raise DivergedError(self.step_count, "the weight", "learning_rate", advice)
            self.path.append(w)
            self.step_count += 1

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate on the way."""
        assert name == "learning_rate"
        self.learning_rate = float(value)

    def frame(self) -> Frame:
        """The curve with the way down, the height over the steps, and the last steps."""
        reach = max(1.7, min(5.0, max(map(abs, self.path))))
        grid = np.linspace(-reach, reach, 161)
        way = np.array([w for w in self.path if abs(w) <= reach])
        here = self.path[-1]
        heights = Series("height", np.array([height(self.curve, w) for w in self.path]))
        return Frame(
            picture=Curves(
                "the curve and the way down",
                (
                    Series("L(w)", np.array([height(self.curve, w) for w in grid]), grid, "quiet"),
                    Series("the way", np.array([height(self.curve, w) for w in way]), way,
                           "accent", dots=True),
                ),
                "w",
            ),
            side=(Curves("height", (heights,), "step"), self._last()),
            formula=self._formula(),
            status=f"w = {here:.4g}, slope {slope(self.curve, here):.2g}",
            curve=heights,
        )  # fmt: skip

    def _formula(self) -> str:
        w = self.path[-1]
        change = self.learning_rate * slope(self.curve, w)
        return rf"w - \eta L'(w) = {w:.4g} - {change:.4g} = {w - change:.4g}"

    def _last(self) -> Table:
        first = max(0, len(self.path) - 6)
        rows = tuple(
            (str(first + i), f"{w:.4f}", f"{slope(self.curve, w):+.4f}")
            for i, w in enumerate(self.path[first:])
        )
        return Table("last steps", ("step", "w", "slope"), rows)

    def measured(self) -> dict[str, float]:
        """Where it is, how steep it is there, how much deeper it could be, and the crossings."""
        here = self.path[-1]
        moves = np.sign(np.diff(self.path))
        return {
            "w": here,
            "slope": abs(slope(self.curve, here)),
            "missed": height(self.curve, here) - height(self.curve, LOWEST[self.curve]),
            "turns": float(np.count_nonzero(moves[1:] * moves[:-1] < 0)),
        }

    def verdicts(self) -> list[Verdict]:
        """It came to rest, and not in the deepest place."""
        m = self.measured()
        return [
            Verdict(
                "Height above the deepest place", m["missed"], ">=", 0.3,
                "It found the deepest valley: start on the other side of the hill.",
            ),
            Verdict(
                "Slope where it stands", m["slope"], "<=", REST,
                "It is still on its way: turn learning_rate up.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the slope and the height where it stands, and by its turns."""
        m = self.measured()
        rests = m["slope"] <= REST
        end = 2 if not rests else 1 if m["missed"] >= 0.3 else 0
        away = abs(self.path[-1]) > abs(self.path[0]) and not rests
        return Answers(end, 2 if away else 1 if m["turns"] else 0)
