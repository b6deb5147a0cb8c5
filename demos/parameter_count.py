"""Counting a dense network's parameters, layer by layer, up to 784-16-16-10 = 13,002.

A layer of n_in inputs and n_out units has n_in n_out weights and n_out biases.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from demos.base import Answers, Ask, Dare, Explorer, Flag, Int, Knobs, Spec, Verdict
from demos.views import Bar, Bars, Frame, Network, Table, Text

SPEC = Spec(
    name="parameter-count",
    title="Parameter counter",
    kind="explorer",
    about="Choose the layers of a network and watch its weights and biases add up.",
    topics=("parameter-counting", "parameters", "dense-layer", "mlp"),
    knobs=(
        Int("inputs", 784, 1, 4096, about="numbers that go in"),
        Int("hidden_1", 16, 0, 1024, about="units of the first hidden layer; 0 leaves it out"),
        Int("hidden_2", 16, 0, 1024, about="units of the second hidden layer; 0 leaves it out"),
        Int("outputs", 10, 1, 1000, about="numbers that come out"),
        Flag("biases", True, about="one bias a unit"),
    ),
    predict=Ask(
        "Which part of this network holds most of its parameters?",
        ("Weights of layer 1", "Weights of a later layer", "Biases"),
        judged=("first_layer_share",),
    ),
    observe=Ask(
        "How much of the whole count did the biases make up?",
        ("Nothing", "Under 1 %", "1 to 10 %", "More than 10 %"),
    ),
    why=(
        "Every unit has one weight for each of its inputs and one bias of its own: a layer has "
        "n_in times n_out weights and n_out biases.",
        "The input layer has no parameters: it only holds the numbers.",
        "A wide input is expensive: 784 pixels times 16 units are 12,544 of the 13,002 parameters.",
    ),
    dare=Dare("inputs", 10, "which part holds most of them now?"),
    pace=0.1,
    steps=3,
)


class Run(Explorer):
    """Step t counts the layer t; the picture shows what is counted so far."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        sizes = [int(knobs[name]) for name in ("inputs", "hidden_1", "hidden_2", "outputs")]
        self.sizes = tuple(size for size in sizes if size)
        self.weights = [n_in * n_out for n_in, n_out in pairwise(self.sizes)]
        self.biases = [n_out if knobs["biases"] else 0 for n_out in self.sizes[1:]]
        self.total = sum(self.weights) + sum(self.biases)

    @property
    def counted(self) -> int:
        """How many layers of weights are counted so far."""
        return min(self.step_count, len(self.weights))

    @property
    def name(self) -> str:
        """The sizes as one writes them: 784-16-16-10."""
        return "-".join(str(size) for size in self.sizes)

    def frame(self) -> Frame:
        """The sum as a table; the network and each layer's share beside it."""
        done = self.counted
        so_far = sum(self.weights[:done]) + sum(self.biases[:done])
        labels = ("inputs", *("hidden" for _ in self.sizes[1:-1]), "outputs")
        return Frame(
            picture=self._table(so_far),
            side=(Network(self.name, self.sizes, labels=labels), self._shares()),
            extra=(self._rule(),),
            formula=self._formula(so_far),
            status=f"{self.name}   {done} of {len(self.weights)} layers counted",
        )

    def _table(self, so_far: int) -> Table:
        rows = []
        for i, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            pair = f"{self.sizes[i]} to {self.sizes[i + 1]}"
            numbers = (f"{weights:,}", f"{biases:,}", f"{weights + biases:,}")
            rows.append((pair, *(numbers if i < self.counted else ("?", "?", "?"))))
        total = f"{so_far:,}" if self.counted else "?"
        rows.append(("so far" if self.counted < len(self.weights) else "all", "", "", total))
        newest = frozenset({(self.counted - 1, 3), (len(rows) - 1, 3)})
        columns = ("layer", "weights", "biases", "sum")
        return Table(f"parameters of {self.name}", columns, tuple(rows), newest)

    def _shares(self) -> Bars:
        bars = []
        for i, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True), 1):
            share = (weights + biases) / self.total
            known = (share, f"{100 * share:.1f} %") if i <= self.counted else (0.0, "?".rjust(6))
            bars.append(Bar(f"layer {i}", *known))
        return Bars("share of the whole", tuple(bars))

    def _rule(self) -> Text:
        return Text(
            "the rule",
            (
                ("weights: inputs × units", "text"),
                ("biases: one a unit, not one a layer", "text"),
                ("the input layer has none of either", "quiet"),
            ),
        )

    def _formula(self, so_far: int) -> str:
        i = self.counted - 1
        if i < 0:
            return r"n_{in}\cdot n_{out} + n_{out}"
        n_in, n_out, bias = self.sizes[i], self.sizes[i + 1], self.biases[i]
        return rf"{n_in}\cdot {n_out} + {bias} = {self.weights[i] + bias},\ \sum = {so_far}"

    def measured(self) -> dict[str, float]:
        """The count by the formula, and the numbers that the arrays of such a network hold."""
        arrays = [np.empty((n_out, n_in)) for n_in, n_out in pairwise(self.sizes)]
        biases = [np.empty(count) for count in self.biases]
        return {
            "parameters": float(self.total),
            "weights": float(sum(self.weights)),
            "biases": float(sum(self.biases)),
            "numbers_in_arrays": float(sum(array.size for array in (*arrays, *biases))),
            "first_layer_share": (self.weights[0] + self.biases[0]) / self.total,
        }

    def verdicts(self) -> list[Verdict]:
        """The formula counts what the arrays hold; the first layer holds most of it."""
        m = self.measured()
        claim = f"The sum is what the arrays of {self.name} hold"
        return [
            Verdict(claim, m["parameters"], "==", m["numbers_in_arrays"]),
            Verdict(
                "The first layer's share of all parameters", m["first_layer_share"], ">=", 0.5,
                "It holds for wide inputs such as the 784 pixels of a digit: raise inputs.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by this network's own counts."""
        parts = (self.weights[0], max(self.weights[1:], default=0), sum(self.biases))
        share = sum(self.biases) / self.total
        return Answers(parts.index(max(parts)), sum(share > limit for limit in (0.0, 0.01, 0.1)))
