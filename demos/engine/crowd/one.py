"""The source of a kernel that trains one small network a thread, one sample after the other.

A card keeps what a thread works on in registers, if it is little and all sizes are known: so the
source is written anew for each shape, with the sizes in it. It goes through a batch sample by
sample; with the whole batch at once, as `passes` has it for lanes, a card was 17 to 27 times slower
(`docs/crowd.md`). The formulas of units, losses and optimizers are those of the lanes.
"""

from __future__ import annotations

from dataclasses import dataclass

from demos.engine import dense, ir
from demos.engine.activations import activate
from demos.engine.emitting import Array, Slot, each
from demos.engine.losses import FORMULAS
from demos.engine.mlp import Mlp
from demos.engine.optimizers import ADAM, ADAMW, BETA1, BETA2, CLIP, PROXIMAL, SGD, clipping, moved
from demos.engine.values import Value, sqrt
from demos.engine.written import DOUBLE, SINGLE, Writer

NAME = "train"
# Number p of network i lies at p·n + i, so that threads side by side read side by side.
_HEAD = f"""\
def {NAME}(n, count, steps, batch, share, theta, m, v, settings, powers, X, T, of, deck, rows):
    me = cuda.grid(1)
    if me >= count:
        return
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the source hangs on.

    layers: inputs, outputs, activation, where in theta weights and biases begin, and where among
    all units its own do. trained: the first layer that learns; frozen: so many parameters do not.
    """

    layers: tuple[tuple[int, int, int, int, int, int], ...]
    leaks: tuple[float, ...]
    loss: int
    optimizer: int
    parameters: int
    examples: int
    trained: int
    frozen: int
    clips: bool

    @property
    def inputs(self) -> int:
        """Numbers of a sample."""
        return self.layers[0][0]

    @property
    def outputs(self) -> int:
        """Numbers of a target."""
        return self.layers[-1][1]

    @property
    def units(self) -> int:
        """Units of all layers."""
        return sum(layer[1] for layer in self.layers)

    @property
    def remembers(self) -> bool:
        """Whether the optimizer has a memory."""
        return self.optimizer not in (SGD, PROXIMAL)


def shape_of(net: Mlp, examples: int, clips: bool) -> Shape:
    """The shape of a network that is given so many examples; clips: whether any gradient is."""
    columns = (dense.INPUTS, dense.OUTPUTS, dense.ACTIVATION, dense.W, dense.B, dense.UNIT)
    table = net.layers[:, columns].tolist()
    return Shape(
        tuple((a, b, c, d, e, f) for a, b, c, d, e, f in table),
        tuple(net.rates[:, dense.LEAK].tolist()), net.loss_code, net.optimizer.code,
        net.theta.size, examples, net.trained, net.frozen, clips,
    )  # fmt: skip


def source(shape: Shape) -> str:
    """The kernel of networks of this shape, as Python.

    n: networks, of which the first `count` train. theta, m, v (parameters, n), settings (7, n) and
    powers (2, n) as in `training`; share: 1 / batch. X (sets, examples, inputs) and T (sets,
    examples, outputs); of (n,): the set of each. rows (decks, steps, batch): which examples each
    batch has; deck (n,): whose. All arrays are flat.
    """
    writer = Writer()
    _Kernel(writer, shape).write()
    return _HEAD + "\n".join(writer.lines) + "\n"


class _Column:
    """Some numbers of an array, as a loss reads and writes them."""

    def __init__(self, numbers: Array, at: Value) -> None:
        self.numbers, self.start = numbers, at

    def get(self, j: int | Value) -> Value:
        """Number j."""
        return self.numbers.load(self.start + j)

    def set(self, j: Value, column: Value) -> None:
        """Change number j."""
        self.numbers.store(column, self.start + j)


class _Kernel:
    """What a thread does, by the names that the source has for it."""

    def __init__(self, writer: Writer, shape: Shape) -> None:
        self.writer, self.shape = writer, shape
        self.n, self.me = (writer.value(name, ir.I64) for name in ("n", "me"))
        self.theta, self.m, self.v = (writer.array(name, SINGLE) for name in ("theta", "m", "v"))
        self.settings, self.powers = (writer.array(x, DOUBLE, 8) for x in ("settings", "powers"))
        self.X, self.T = (writer.array(name, SINGLE) for name in ("X", "T"))
        # Parameters, gradient, memory; activations, which were sums; slopes, which become deltas.
        count = shape.parameters
        self.P, self.G = self._local("P", count), self._local("G", count)
        self.M, self.V = (
            (self._local("M", count), self._local("V", count))
            if shape.remembers
            else (self.P, self.P)
        )
        self.A, self.D = self._local("A", shape.units), self._local("D", shape.units)

    def _local(self, name: str, count: int) -> Array:
        """An array of the thread's own."""
        self.writer.line(f"{name} = cuda.local.array({count}, float32)")
        return self.writer.array(name, SINGLE)

    def _int(self, number: int) -> Value:
        return self.writer.whole(number)

    def _memory(self) -> list[tuple[Array, Array]]:
        """What is brought and taken back: of the thread, and of all networks."""
        pairs = [(self.P, self.theta), (self.M, self.m), (self.V, self.v)]
        return pairs if self.shape.remembers else pairs[:1]

    def write(self) -> None:
        """Bring the network, train it, take it back."""
        shape, writer = self.shape, self.writer
        parameters = self._int(shape.parameters)
        for own, of_all in self._memory():
            with each(0, parameters) as p:
                own.store(of_all.load(p * self.n + self.me), p)
        chosen = [self.settings.load(self._int(i) * self.n + self.me) for i in range(7)]
        powers = [Slot(self.powers.load(self._int(i) * self.n + self.me)) for i in range(2)]
        share = writer.value("share", DOUBLE)
        batch, steps = (writer.value(name, ir.I64) for name in ("batch", "steps"))
        set_of, deck = writer.value("of[me]", ir.I64), writer.value("deck[me]", ir.I64)
        with each(0, steps) as step:
            with each(0, parameters) as p:
                self.G.store(self.G.zero(1), p)
            with each(0, batch) as s:
                place = (deck * steps + step) * batch + s
                row = writer.value(f"rows[{place.llvm.name}]", ir.I64)
                self._sample(set_of * shape.examples + row, share)
            self._move(chosen, powers)
        for own, of_all in self._memory():
            with each(0, parameters) as p:
                of_all.store(own.load(p), p * self.n + self.me)
        for i, power in enumerate(powers):
            self.powers.store(power.get(), self._int(i) * self.n + self.me)

    def _sample(self, row: Value, share: Value) -> None:
        """Forward, loss and backward with one example; G takes up its part."""
        self._forward(row)
        last, k = self.shape.layers[-1], self.shape.outputs
        start = self._int(last[5])
        z, t, g = (
            _Column(self.A, start), _Column(self.T, row * k), _Column(self.D, start)
        )  # fmt: skip
        FORMULAS[self.shape.loss](share, self._int(k), z, t, g, Slot(self.A.zero(1)))
        for layer in reversed(range(self.shape.trained, len(self.shape.layers))):
            self._backward(layer, row)

    def _before(self, layer: int, row: Value) -> tuple[Array, Value]:
        """What a layer is given: the example, or the activations of the layer before it."""
        if layer == 0:
            return self.X, row * self.shape.inputs
        return self.A, self._int(self.shape.layers[layer - 1][5])

    def _forward(self, row: Value) -> None:
        """A ← f(W A₋ + b), D ← f'."""
        for number, (inputs, outputs, kind, weights, biases, unit) in enumerate(self.shape.layers):
            below, start = self._before(number, row)
            leak = self.A.zero(1).like(self.shape.leaks[number])
            with each(0, self._int(outputs)) as j:
                total = Slot(self.P.load(j + biases))
                with each(0, self._int(inputs)) as k:
                    w = self.P.load(j * inputs + k + weights)
                    total.set(total.get() + w * below.load(start + k))
                value, slope = activate(kind, total.get(), leak)
                self.A.store(value, j + unit)
                self.D.store(slope, j + unit)

    def _backward(self, number: int, row: Value) -> None:
        """From a layer's deltas its part of the gradient, and the deltas of the layer below."""
        inputs, outputs, _, weights, biases, unit = self.shape.layers[number]
        below, start = self._before(number, row)
        if number > self.shape.trained:
            with each(0, self._int(inputs)) as k:
                total = Slot(self.D.zero(1))
                with each(0, self._int(outputs)) as j:
                    w = self.P.load(j * inputs + k + weights)
                    total.set(total.get() + w * self.D.load(j + unit))
                self.D.store(total.get() * self.D.load(start + k), start + k)
        with each(0, self._int(outputs)) as j:
            delta = self.D.load(j + unit)
            self.G.store(self.G.load(j + biases) + delta, j + biases)
            with each(0, self._int(inputs)) as k:
                at = j * inputs + k + weights
                self.G.store(self.G.load(at) + delta * below.load(start + k), at)

    def _move(self, chosen: list[Value], powers: list[Slot]) -> None:
        """The optimizer's step."""
        shape, one = self.shape, chosen[0].like(1.0)
        warm = [one, one]
        if shape.optimizer in (ADAM, ADAMW):
            for power, beta in zip(powers, (BETA1, BETA2), strict=True):
                power.set(power.get() * chosen[beta])
            warm = [1.0 - power.get() for power in powers]
        end, start = self._int(shape.parameters), self._int(shape.frozen)
        factor: Value = one
        if shape.clips:
            factor = clipping(self.G, start, end, chosen[CLIP])
        root = sqrt(warm[1])
        with each(start, end) as p:
            w, g, m, v = (x.load(p) for x in (self.P, self.G, self.M, self.V))
            new = moved(shape.optimizer, w, factor * g, m, v, chosen, warm[0], root)
            self.P.store(new[0], p)
            if shape.remembers:
                self.M.store(new[2], p)
                self.V.store(new[3], p)
