"""The first model: one number, changed until predictions are near their labels.

Prediction w·x of a house of size x; loss, the mean of (w·x − y)² over the examples. A step of
training moves w against the loss's slope, 2 times the mean of (w·x − y)·x.
"""

from __future__ import annotations

import numpy as np

from demos.base import Answers, Ask, Dare, Explorer, Knobs, Real, Spec, Verdict
from demos.views import Curves, Floats, Frame, Series

SPEC = Spec(
    name="one-number",
    title="A model of one number",
    kind="explorer",
    about="The smallest model there is: watch training change its number until the loss is small.",
    topics=("ml-basics",),
    knobs=(Real("start", 0.0, -2.0, 8.0, 1.0, about="the model's number before training"),),
    predict=Ask(
        "Prediction = number × input. Where will training bring the number?",
        ("About 1", "About 3", "About 6"),
        judged=("number",),
    ),
    observe=Ask(
        "How did the loss move?",
        ("Down, step by step", "Up and down", "Hardly at all"),
    ),
    why=(
        "Each dot is an example: a house with its size x and its label, the price y. The line is "
        "the model: its prediction for every size.",
        "The loss is the mean squared error of the eight predictions. Each step of training moves "
        "the number a little to the side on which the loss is smaller.",
        "It ends near 3, because these prices are about 3 times the sizes. They are not exactly "
        "that, so the loss ends small, and not at 0.",
        "Wherever the number starts, it ends at the same place: the examples decide.",
    ),
    dare=Dare("start", 3.0, "how will the loss move now?"),
    pace=0.4,
    steps=36,
)

TRUTH, SHARE, EXAMPLES = 3.0, 0.15, 8
"""What the prices are made with, the share of the way that a step goes, and how many there are."""


class Run(Explorer):
    """Step t shows the number and the loss after t steps of training."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        noise = np.random.default_rng(seed).uniform(-1.0, 1.0, EXAMPLES)
        self.x: Floats = np.linspace(0.6, 3.4, EXAMPLES)
        self.y: Floats = TRUTH * self.x + noise
        self.numbers = self._trained(float(knobs["start"]))
        errors = self.numbers[:, None] * self.x - self.y
        self.losses: Floats = (errors**2).mean(axis=1)

    def _trained(self, number: float) -> Floats:
        """The number before training and after each step (steps + 1,)."""
        rate = SHARE / (2.0 * (self.x**2).mean())
        numbers = [number]
        for _ in range(SPEC.steps):
            number -= rate * 2.0 * ((number * self.x - self.y) * self.x).mean()
            numbers.append(number)
        return np.array(numbers)

    @property
    def now(self) -> int:
        """The step that is shown."""
        return min(self.step_count, SPEC.steps)

    def frame(self) -> Frame:
        """The examples with the model's line, and the loss so far."""
        number, loss = self.numbers[self.now], self.losses[self.now]
        ends = np.array([0.0, 4.0])
        steps = np.arange(self.now + 1, dtype=float)
        losses = Series("loss", self.losses[: self.now + 1], steps, "accent")
        return Frame(
            picture=Curves(
                "price y by size x",
                (Series("examples", self.y, self.x, "b", dots=True),
                 Series("prediction", number * ends, ends, "accent")),
                "x", y_range=(-8.0, 16.0),
            ),
            side=(Curves("loss", (losses,), "step"),),
            formula=rf"\hat{{y}} = {number:.2f}\cdot x",
            status=f"number {number:.2f}   loss {loss:.2f}",
            curve=losses,
        )  # fmt: skip

    def measured(self) -> dict[str, float]:
        """The number and the loss after training, and what is left of the first loss."""
        best = float((self.x * self.y).sum() / (self.x**2).sum())
        return {
            "number": float(self.numbers[-1]),
            "off_by": float(abs(self.numbers[-1] - best)),
            "loss": float(self.losses[-1]),
            "loss_left": float(self.losses[-1] / self.losses[0]),
        }

    def verdicts(self) -> list[Verdict]:
        """The loss fell, and the number is where no other would be better."""
        m = self.measured()
        near = "It began near its best number: let it start further from 3."
        return [
            Verdict("Loss at the end, as a share of the first", m["loss_left"], "<=", 0.5, near),
            Verdict("How far the number is from the best one", m["off_by"], "<=", 0.05),
        ]

    def answers(self) -> Answers:
        """Judged by the option that is nearest to the number, and by each step's loss."""
        nearest = int(np.abs(np.array([1.0, 3.0, 6.0]) - self.numbers[-1]).argmin())
        if self.losses[-1] > 0.5 * self.losses[0]:
            return Answers(nearest, 2)
        return Answers(nearest, int(bool((np.diff(self.losses) > 0).any())))
