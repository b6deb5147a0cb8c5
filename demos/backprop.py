"""The backprop microscope: one training step of a 2-2-2 network, one number at a time.

Forward z = Wx + b, a = sigmoid(z), E = sum of (a - t)^2 / 2; backward
delta_o = (a - t) a (1 - a), delta_h = (W^T delta_o) a (1 - a), dE/dW = delta times the input.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from demos.base import Answers, Ask, Dare, Explorer, Flag, Knobs, Real, Spec, Verdict
from demos.views import Bar, Bars, Edge, Floats, Frame, Graph, Node, Table

SPEC = Spec(
    name="backprop",
    title="Backprop microscope",
    kind="stepper",
    about="One training step of a tiny network, one multiplication at a time.",
    topics=("backpropagation", "forward-propagation", "chain-rule", "memoization", "training-loop"),
    knobs=(
        Real("learning_rate", 0.5, 0.01, 5.0, log=True, about="of the update"),
        Flag("cache", True, about="keep each delta instead of following every path anew"),
        Real("input_1", 0.05, -2.0, 2.0, 0.05, about="first input"),
        Real("input_2", 0.10, -2.0, 2.0, 0.05, about="second input"),
        Real("target_1", 0.01, 0.0, 1.0, 0.05, about="what the first output should be"),
        Real("target_2", 0.99, 0.0, 1.0, 0.05, about="what the second output should be"),
    ),
    predict=Ask(
        "Output o₁ is too large. What does the error do when w₅ grows?",
        ("It rises: ∂E/∂w₅ > 0", "It falls: ∂E/∂w₅ < 0", "It stays: ∂E/∂w₅ = 0"),
        judged=("slope_w5",),
    ),
    observe=Ask(
        "How many backward multiplications did keeping the deltas save?",
        ("None", "Less than half", "More than half"),
    ),
    why=(
        "Forward, each unit adds up its inputs and bends the sum; its z and a are kept.",
        "Backward, each unit gets one delta, the slope of the error at its z. A weight's slope is "
        "the delta behind it times the activation before it.",
        "All four weights of the first layer share the two output deltas. Kept, they are computed "
        "once; without keeping, every path multiplies them again. The count takes a(1 − a) as one "
        "number.",
    ),
    dare=Dare("cache", False, "how many multiplications does it take now?"),
    pace=0.25,
    steps=32,
)

INPUT_WEIGHTS = np.array([[0.15, 0.20], [0.25, 0.30]])
OUTPUT_WEIGHTS = np.array([[0.40, 0.45], [0.50, 0.55]])
BIASES = (0.35, 0.60)
GIVEN = (("x i1", "x i2"), ("a h1", "a h2"))
# Each weight leads from a node to a node, by their places in the graph.
ENDS = ((0, 2), (1, 2), (0, 3), (1, 3), (2, 4), (3, 4), (2, 5), (3, 5))
# The multiplications of one weight's slope along every path anew, by layer: see below.
ANEW = (8, 2)
LONG_RUN = 10_000
LARGER = ((2, 2, 2), (2, 8, 8, 8, 2), (2, 8, 8, 8, 8, 8, 2))


class Number(NamedTuple):
    """One number of the step: where it stands, how it comes about, and which phase it is of.

    uses: the places of the numbers that it is made of; weights: those that it goes through.
    cost: its multiplications on the way back, with deltas kept and along every path anew.
    """

    place: str
    formula: str
    value: float
    phase: str
    uses: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()
    cost: tuple[int, int] = (0, 0)


class Pass(NamedTuple):
    """Everything that one forward and backward pass computes; hidden first, outputs second."""

    z: tuple[Floats, Floats]
    a: tuple[Floats, Floats]
    error: float
    delta: tuple[Floats, Floats]
    slope: tuple[Floats, Floats]


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^-z)."""
    out: Floats = 1.0 / (1.0 + np.exp(-z))
    return out


def through(x: Floats, t: Floats, first: Floats, second: Floats) -> Pass:
    """One pass forward and back. x, t: (2,); first, second: weights (units, inputs)."""
    z1 = first @ x + BIASES[0]
    a1 = sigmoid(z1)
    z2 = second @ a1 + BIASES[1]
    a2 = sigmoid(z2)
    d2 = (a2 - t) * a2 * (1.0 - a2)
    d1 = (second.T @ d2) * a1 * (1.0 - a1)
    error = float(np.sum((a2 - t) ** 2) / 2.0)
    return Pass((z1, z2), (a1, a2), error, (d1, d2), (np.outer(d1, x), np.outer(d2, a1)))


def multiplications(sizes: tuple[int, ...]) -> tuple[int, int]:
    """How many multiplications the backward pass takes, along every path anew and with deltas kept.

    An output's delta is one (error times slope). Kept: a delta is one product for each unit
    above it and one for its slope, a weight's slope one more. Anew: each weight follows every
    path to every output, with two factors a layer and one for the weight's own input.
    """
    naive = 0
    paths, factors = 1, 2
    for n_in, n_out in reversed(list(pairwise(sizes))):
        naive += n_in * n_out * paths * factors
        paths *= n_out
        factors += 2
    kept = sizes[-1] + sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    kept += sum(n_in * (n_out + 1) for n_in, n_out in pairwise(sizes[1:]))
    return naive, kept


class Run(Explorer):
    """Step t shows the t-th number of the training step."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.rate, self.cache = float(knobs["learning_rate"]), bool(knobs["cache"])
        self.x = np.array([float(knobs["input_1"]), float(knobs["input_2"])])
        self.t = np.array([float(knobs["target_1"]), float(knobs["target_2"])])
        self.pass_ = through(self.x, self.t, INPUT_WEIGHTS, OUTPUT_WEIGHTS)
        self.weights = np.concatenate([INPUT_WEIGHTS.ravel(), OUTPUT_WEIGHTS.ravel()])
        self.slopes = np.concatenate([slope.ravel() for slope in self.pass_.slope])
        self.updated = self.weights - self.rate * self.slopes
        self.error_after = self._train(1)
        self.numbers = [*self._forward(), *self._backward(), *self._update()]

    def _train(self, updates: int) -> float:
        """The error after so many updates of the weights; the biases are kept."""
        first, second = INPUT_WEIGHTS, OUTPUT_WEIGHTS
        for _ in range(updates):
            slopes = through(self.x, self.t, first, second).slope
            first, second = first - self.rate * slopes[0], second - self.rate * slopes[1]
        return through(self.x, self.t, first, second).error

    # Each formula is one row high, so that the picture above it stays where it is.

    def _forward(self) -> list[Number]:
        p = self.pass_
        numbers = []
        inputs = (self.x, p.a[0])
        for layer, (weights, letter) in enumerate(((INPUT_WEIGHTS, "h"), (OUTPUT_WEIGHTS, "o"))):
            for unit in range(2):
                w, b, given = weights[unit], BIASES[layer], inputs[layer]
                terms = " + ".join(
                    rf"{w[i]:.2f}\cdot{_signed(given[i])}" for i in range(2)
                )  # fmt: skip
                name, z = f"{letter}{unit + 1}", p.z[layer][unit]
                a = p.a[layer][unit]
                total = f"z = {terms} + {b:.2f} = {z:.4f}"
                first = 4 * layer + 2 * unit
                numbers.append(
                    Number(f"z {name}", total, z, "forward pass", GIVEN[layer], (first, first + 1))
                )
                sigma = rf"a = \sigma({_signed(z)}) = {a:.4f}"
                numbers.append(Number(f"a {name}", sigma, a, "forward pass", (f"z {name}",)))
        gap = p.a[1] - self.t
        squares = " + ".join(f"{_signed(g)}^2" for g in gap)
        formula = f"E = ({squares}) / 2 = {p.error:.6f}"
        numbers.append(Number("E", formula, p.error, "forward pass", ("a o1", "a o2")))
        return numbers

    def _backward(self) -> list[Number]:
        p, numbers = self.pass_, []
        for unit in range(2):
            a, d = p.a[1][unit], p.delta[1][unit]
            gap = _signed(a - self.t[unit])
            formula = rf"\delta = {gap}\cdot{a:.4f}\cdot(1-{a:.4f}) = {d:.5f}"
            place, used = f"d o{unit + 1}", (f"a o{unit + 1}",)
            numbers.append(Number(place, formula, d, "backward pass", used, cost=(1, 0)))
        numbers += self._weight_slopes(1, p.a[0])
        for unit in range(2):
            a, d = p.a[0][unit], p.delta[0][unit]
            back = " + ".join(
                rf"{OUTPUT_WEIGHTS[o, unit]:.2f}\cdot{_signed(p.delta[1][o])}" for o in range(2)
            )
            formula = rf"\delta = ({back})\cdot{a:.4f}\cdot(1-{a:.4f}) = {d:.6f}"
            uses, weights = ("d o1", "d o2", f"a h{unit + 1}"), (4 + unit, 6 + unit)
            numbers.append(
                Number(f"d h{unit + 1}", formula, d, "backward pass", uses, weights, (3, 0))
            )
        return numbers + self._weight_slopes(0, self.x)

    def _weight_slopes(self, layer: int, given: Floats) -> list[Number]:
        numbers = []
        for unit in range(2):
            for i in range(2):
                w, d = 4 * layer + 2 * unit + i, self.pass_.delta[layer][unit]
                slope = self.pass_.slope[layer][unit, i]
                formula = rf"\partial E / \partial w_{w + 1} = "
                formula += rf"{_signed(d)}\cdot{_signed(given[i])} = {slope:.6f}"
                # With nothing kept, a first-layer slope goes through the output weights again.
                paths = () if self.cache or layer else ((4 + unit, "d o1"), (6 + unit, "d o2"))
                weights = (w, *(weight for weight, _ in paths))
                above = (delta for _, delta in paths)
                uses = (f"d {'ho'[layer]}{unit + 1}", GIVEN[layer][i], *above)
                place, cost = f"dE/dw{w + 1}", (1, ANEW[layer])
                numbers.append(
                    Number(place, formula, float(slope), "backward pass", uses, weights, cost)
                )
        return numbers

    def _update(self) -> list[Number]:
        numbers = []
        for i, (w, slope, new) in enumerate(
            zip(self.weights, self.slopes, self.updated, strict=True)
        ):
            formula = rf"w_{i + 1} \leftarrow {w:.2f} - {self.rate:g}\cdot{_signed(slope)}"
            formula = f"{formula} = {new:.6f}"
            numbers.append(Number(f"new w{i + 1}", formula, new, "update", weights=(i,)))
        formula = f"E = {self.error_after:.6f}"
        every = tuple(range(8))
        return [*numbers, Number("E after", formula, self.error_after, "update", weights=every)]

    @cached_property
    def settled(self) -> float:
        """The error after 10,000 updates: it takes a second, and nobody watches it."""
        return self._train(LONG_RUN)

    @property
    def shown(self) -> dict[str, float]:
        """The numbers computed so far, by place."""
        return {n.place: n.value for n in self.numbers[: self.step_count]}

    def frame(self) -> Frame:
        """The network with its numbers, the slopes, and the multiplications so far."""
        now = self.numbers[min(self.step_count, len(self.numbers)) - 1] if self.step_count else None
        return Frame(
            picture=self._graph(now),
            side=(self._count(), self._slopes(now)),
            extra=(self._changes(now), self._units(now), _larger()),
            formula=now.formula if now else r"z = w\cdot x + b,\quad a = \sigma(z)",
            status="" if now else "nothing computed yet",
        )

    def _graph(self, now: Number | None) -> Graph:
        title = f"{now.phase if now else 'network'}, error {self._cell('E')}"
        if "E after" in self.shown:
            title += f" → {self._cell('E after')}"
        nodes = [
            _node(f"i{i + 1}", (0, i), ((GIVEN[0][i], f"{x:5.2f}"),), now)
            for i, x in enumerate(self.x)
        ]
        for column, row in ((1, 0), (1, 1), (2, 0), (2, 1)):
            unit = f"{'ho'[column - 1]}{row + 1}"
            name = f"{unit} t {self.t[row]:.2f}" if column == 2 else unit
            places = (f"z {unit}", f"a {unit}", f"d {unit}")
            words = (f"{s} {self._cell(p, 4):>7}" for p, s in zip(places, "zaδ", strict=True))
            nodes.append(_node(name, (column, row), tuple(zip(places, words, strict=True)), now))
        edges = (self._edge(i, now) for i in range(8))
        return Graph(title, tuple(nodes), tuple(edges))

    def _edge(self, i: int, now: Number | None) -> Edge:
        w = self.shown.get(f"new w{i + 1}", float(self.weights[i]))
        label = f"w{i + 1} {w:.{4 if w >= 0 else 3}f}"
        return Edge(*ENDS[i], label, "accent" if now and i in now.weights else "quiet")

    def _slopes(self, now: Number | None) -> Table:
        """The slopes of both layers side by side, so that they stand beside the graph."""
        rows, marked = [], set()
        for i in range(4):
            places = (f"dE/dw{i + 1}", f"dE/dw{i + 5}")
            marked |= {(i, 2 * c + 1) for c, place in enumerate(places) if _is(now, place)}
            first, second = (f"{self._cell(place):>9}" for place in places)
            rows.append((f"w{i + 1}", first, f"w{i + 5}", second))
        columns = ("", "    ∂E/∂w", "", "    ∂E/∂w")
        return Table("slopes of the error", columns, tuple(rows), frozenset(marked))

    def _changes(self, now: Number | None) -> Table:
        rows, marked = [], set()
        for i, (w, slope) in enumerate(zip(self.weights, self.slopes, strict=True)):
            place = f"new w{i + 1}"
            change = f"{-self.rate * slope:9.6f}" if place in self.shown else f"{'?':>9}"
            marked |= {(i, 3)} if _is(now, place) else set()
            rows.append((f"w{i + 1}", f"{w:.2f}", change, f"{self._cell(place):>9}"))
        title = f"update, learning rate {self.rate:g}"
        columns = ("", "w", "   change", "    new w")
        return Table(title, columns, tuple(rows), frozenset(marked))

    def _units(self, now: Number | None) -> Table:
        rows, marked = [], set()
        for r, unit in enumerate(("h1", "h2", "o1", "o2")):
            places = (f"z {unit}", f"a {unit}", f"d {unit}")
            marked |= {(r, c + 1) for c, place in enumerate(places) if _is(now, place)}
            rows.append((unit, *(f"{self._cell(place):>9}" for place in places)))
        columns = ("unit", "        z", "        a", "        δ")
        return Table("both passes", columns, tuple(rows), frozenset(marked))

    def _cell(self, place: str, digits: int = 6) -> str:
        return f"{self.shown[place]:.{digits}f}" if place in self.shown else "?"

    def _count(self) -> Bars:
        """The multiplications of the numbers so far, of those of the whole backward pass."""
        whole = multiplications((2, 2, 2))[::-1]
        costs = [number.cost for number in self.numbers[: self.step_count]]
        bars = []
        for place, name in enumerate(("cache", "no cache")):
            spent = sum(cost[place] for cost in costs)
            used = self.cache == (name == "cache")
            text = f"{spent:>2} of {whole[place]}"
            bars.append(Bar(name, spent, text, "accent" if used else "quiet"))
        return Bars("backward multiplications", tuple(bars), hi=float(max(whole)))

    def measured(self) -> dict[str, float]:
        """The numbers of the step, the error after it and after 10,000, and what it cost."""
        naive, kept = multiplications((2, 2, 2))
        return {
            "error": self.pass_.error,
            "slope_w5": float(self.slopes[4]),
            "new_w1": float(self.updated[0]),
            "new_w5": float(self.updated[4]),
            "error_after": self.error_after,
            "error_after_10000": self.settled,
            "slope_check": self._worst_slope(),
            "multiplications_naive": float(naive),
            "multiplications": float(kept if self.cache else naive),
        }

    def _worst_slope(self) -> float:
        """The largest gap between a slope and its central difference, h = 1e-5."""
        h, worst = 1e-5, 0.0
        for i in range(8):
            errors = []
            for sign in (1.0, -1.0):
                w = self.weights.copy()
                w[i] += sign * h
                first, second = w[:4].reshape(2, 2), w[4:].reshape(2, 2)
                errors.append(through(self.x, self.t, first, second).error)
            gap = abs((errors[0] - errors[1]) / (2 * h) - self.slopes[i])
            worst = max(worst, float(gap))
        return worst

    def verdicts(self) -> list[Verdict]:
        """One update lowers the error; the slopes are right; keeping deltas saves work."""
        m = self.measured()
        return [
            Verdict(
                "Error after one update over the error before",
                m["error_after"] / m["error"], "<", 1.0,
                "The step was too long: turn learning_rate back.",
            ),
            Verdict("Largest gap to a central difference", m["slope_check"], "<=", 1e-8),
            Verdict(
                "Multiplications with deltas kept over following every path",
                m["multiplications"] / m["multiplications_naive"], "<=", 0.7,
                "Nothing is kept: switch cache on.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the slope of w5 and by the multiplications that were saved."""
        slope, m = self.slopes[4], self.measured()
        saved = 1.0 - m["multiplications"] / m["multiplications_naive"]
        return Answers(
            0 if slope > 0 else 1 if slope < 0 else 2, 0 if saved == 0 else 1 if saved < 0.5 else 2
        )


def _is(now: Number | None, place: str) -> bool:
    return now is not None and now.place == place


def _node(
    name: str, at: tuple[int, int], lines: tuple[tuple[str, str], ...], now: Number | None
) -> Node:
    """A node at (column, row) with a place and words a line; those of the moment are marked."""
    places = (now.place, *now.uses) if now else ()
    marked = frozenset(i for i, (place, _) in enumerate(lines) if place in places)
    words = tuple(words for _, words in lines)
    return Node(name, *at, words, "accent" if marked else "quiet", marked)


def _signed(value: float) -> str:
    """A number that can stand behind a dot: a negative one in brackets."""
    return f"{value:.4f}" if value >= 0 else f"({value:.4f})"


def _larger() -> Table:
    rows = []
    for sizes in LARGER:
        naive, kept = multiplications(sizes)
        rows.append(("-".join(map(str, sizes)), f"{naive:,}", f"{kept:,}"))
    return Table("multiplications by network", ("network", "every path", "kept"), tuple(rows))
