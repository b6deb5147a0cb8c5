"""What a block of sixteen dense networks does with a batch: forward, loss, backward, a step.

The layer table and the place of every parameter are those of `dense` and `Mlp`; the formulas of
units, losses and optimizers are theirs too. Only the loops are others: a layer's numbers lie unit
by unit, a unit's sample by sample, a sample's network by network.
"""

from __future__ import annotations

from demos.engine import rng
from demos.engine.activations import activate_lines
from demos.engine.crowd.lines import LANES, Lines, any_lane, backward, forward, gradient
from demos.engine.dense import LEAK, Layer
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.losses import FORMULAS
from demos.engine.optimizers import (
    ADAM,
    ADAMW,
    BETA1,
    BETA2,
    CLIP,
    LEARNING_RATE,
    NAMES,
    SGD,
    WEIGHT_DECAY,
    moved,
)
from demos.engine.values import Value, as_double, choose, smaller, sqrt

_EPSILON, _FOLLOW = 1e-5, 0.1  # of batch norm, as in `batch_norm`


class Block:
    """The numbers of one block by name, and the passes over a batch that training consists of.

    P, G, M, V: parameters, gradient, the optimizer's memory, a row a parameter, as in an `Mlp`'s
    theta. X, T: inputs and targets of the batch; A: sums, which become activations; D: slopes,
    which become deltas; N normalized sums, U roots of units. So few arrays stay in the nearest
    cache. Unit u's row for sample s is u·W + s
    where W is the room's width. rates (depth, 16): dropout; leaks (depth, 2): `Mlp.rates`.
    running: means, then variances, of units. draws: room for sixteen numbers of float64. pace: two
    rows, of which `fuses` tells.
    """

    def __init__(
        self, layers: Array, leaks: Array, width: Value, units: Value, flat: tuple[Lines, ...],
        room: tuple[Lines, ...], rates: Lines, running: Lines, chance: Array, draws: Lines,
        pace: Lines, shared: Value,
    ) -> None:  # fmt: skip
        self.layers, self.leaks, self.width, self.units = layers, leaks, width, units
        self.depth = layers.length
        self.P, self.G, self.M, self.V = flat
        self.X, self.T, self.A, self.D, self.N, self.U = room
        self.rates, self.running, self.chance = rates, running, chance
        self.draws, self.pace, self.shared = draws, pace, shared

    def layer(self, row: Value) -> Layer:
        """A row of the layer table."""
        return Layer(self.layers, row)

    def _before(self, row: Value) -> Lines:
        """What a layer is given: the batch, or the activations of the layer before it."""
        unit = self.layer(choose(row > 0, row - 1, 0)).unit
        below = self.A.at(unit * self.width).numbers
        return Lines(self.X.numbers.either(row.equals(0), below))

    def forward(self, n: Value, training: Value) -> None:
        """Layer by layer A ← W A₋ + b, perhaps batch norm of it, then D ← f'(A), A ← f(A)."""
        with each(0, self.depth) as row:
            layer = self.layer(row)
            at = layer.unit * self.width
            forward(layer.outputs, n, layer.inputs, self.P.at(layer.in_theta), self._before(row),
                    self.width, self.P.at(layer.biases_in_theta), self.A.at(at))  # fmt: skip
            with when(layer.has_norm):
                self._normalize(n, layer, training)
            start, end = at * LANES, (at + layer.outputs * self.width) * LANES
            leak = self.leaks.load(row * 2 + LEAK)
            A, D = self.A.numbers, self.D.numbers
            activate_lines(layer.activation, A, leak, A, D, start, end, LANES)
            rate = self.rates.load(row)
            with when(training & any_lane(rate > 0.0)):
                self._drop(n, layer, rate)

    def _drop(self, n: Value, layer: Layer, rate: Value) -> None:
        """Inverted dropout, by the numbers that the network alone would draw, in their order."""
        kept, at = 1.0 / (1.0 - rate), layer.unit * self.width
        with each(0, n) as s, each(0, layer.outputs) as j:
            drawn = Slot(rate)
            with when(self.shared):
                drawn.set(rate.like(rng.uniform(self.chance)))
            with when(self.shared.equals(0)):
                with each(0, n * 0 + LANES) as lane:
                    self.draws.numbers.store(rng.uniform(self.chance.at(lane)), lane)
                drawn.set(self.draws.load(n * 0))
            mask = choose(drawn.get() < rate, 0.0, kept)
            row = at + j * self.width + s
            for numbers in (self.A, self.D):
                numbers.store(numbers.load(row) * mask, row)

    def _normalize(self, n: Value, layer: Layer, training: Value) -> None:
        """N = (A − μ) / √(σ² + ε), A ← γN + β, unit by unit; running values if not training."""
        share, more = 1.0 / as_double(n), as_double(n) / as_double(choose(n > 1, n - 1, 1))
        gamma = layer.biases_in_theta + layer.outputs
        with each(0, layer.outputs) as j:
            unit, row = layer.unit + j, (layer.unit + j) * self.width
            of_mean, of_variance = self.running.at(unit), self.running.at(self.units + unit)
            zero = n * 0
            mean, variance = Slot(of_mean.load(zero)), Slot(of_variance.load(zero))
            with when(training):
                mean.set(self.A.zero())
                with each(0, n) as s:
                    mean.set(mean.get() + share * self.A.load(row + s))
                variance.set(self.A.zero())
                with each(0, n) as s:
                    off = self.A.load(row + s) - mean.get()
                    variance.set(variance.get() + share * (off * off))
                for kept, new in ((of_mean, mean.get()), (of_variance, more * variance.get())):
                    kept.store(kept.load(zero) + _FOLLOW * (new - kept.load(zero)), zero)
            root = 1.0 / sqrt(variance.get() + _EPSILON)
            self.U.store(root, unit)
            scale, shift = self.P.load(gamma + j), self.P.load(gamma + layer.outputs + j)
            with each(0, n) as s:
                normalized = (self.A.load(row + s) - mean.get()) * root
                self.N.store(normalized, row + s)
                self.A.store(scale * normalized + shift, row + s)

    def _denormalize(self, n: Value, layer: Layer) -> None:
        """∂γ = Σ δN, ∂β = Σ δ, δ ← γ/√(σ²+ε) · (δ − mean δ − N · mean δN)."""
        share, gamma = 1.0 / as_double(n), layer.biases_in_theta + layer.outputs
        with each(0, layer.outputs) as j:
            unit, row = layer.unit + j, (layer.unit + j) * self.width
            products, total = Slot(self.D.zero()), Slot(self.D.zero())
            with each(0, n) as s:
                delta = self.D.load(row + s)
                products.set(products.get() + delta * self.N.load(row + s))
                total.set(total.get() + delta)
            self.G.store(products.get(), gamma + j)
            self.G.store(total.get(), gamma + layer.outputs + j)
            factor = self.P.load(gamma + j) * self.U.load(unit)
            with each(0, n) as s:
                rest = share * total.get() + self.N.load(row + s) * (share * products.get())
                self.D.store(factor * (self.D.load(row + s) - rest), row + s)

    def loss(self, kind: Value, n: Value, losses_too: bool) -> tuple[Value, Value] | None:
        """Put ∂loss/∂A of the mean over n samples to where D has the last, linear layer's.

        losses_too: return the sum of all samples' losses, and how many are answered rightly.
        """
        last = self.layer(self.depth - 1)
        at, k = last.unit * self.width, last.outputs
        share, none = 1.0 / as_double(n), self.draws.zero()
        sums = Slot(none), Slot(none)
        for known, formula in FORMULAS.items():
            with when(kind.equals(known)), each(0, n) as s:
                z, t, g = (
                    _Sample(numbers, self.width, s)
                    for numbers in (self.A.at(at), self.T, self.D.at(at))
                )
                found = Slot(self.A.zero())
                formula(share, k, z, t, g, found)
                if losses_too:
                    sums[0].set(sums[0].get() + sums[0].get().like(found.get()))
                    sums[1].set(sums[1].get() + sums[1].get().like(_right(k, z, t)))
        return (sums[0].get(), sums[1].get()) if losses_too else None

    def backward(self, n: Value, trained: Value, moves: Value) -> None:
        """From the last layer's deltas fill D and G, layer by layer, down to layer `trained`.

        If it `moves`, weights take their step by `pace` as soon as their gradient is known.
        """
        with each(0, self.depth - trained) as step:
            row = self.depth - 1 - step
            layer = self.layer(row)
            D = self.D.at(layer.unit * self.width)
            with when(layer.has_norm):
                self._denormalize(n, layer)
            with when(row > trained):
                below = self.D.at(self.layer(row - 1).unit * self.width)
                backward(layer.outputs, n, layer.inputs, self.P.at(layer.in_theta), D, self.width,
                         below)  # fmt: skip
            places = layer.in_theta, layer.biases_in_theta
            found, weights = ((x.at(places[0]), x.at(places[1])) for x in (self.G, self.P))
            gradient(layer.outputs, n, layer.inputs, D, self._before(row), self.width, found,
                     weights, self.pace, moves)  # fmt: skip

    def deltas(self, n: Value, inputs: Lines) -> None:
        """From the last layer's deltas those of all, and those of the inputs, times `inputs`.

        No gradient is found: so a generator learns from a discriminator that stays as it is.
        """
        with each(0, self.depth) as step:
            row = self.depth - 1 - step
            layer = self.layer(row)
            D = self.D.at(layer.unit * self.width)
            above = self.layer(choose(row > 0, row - 1, 0)).unit
            below = inputs.numbers.either(row.equals(0), self.D.at(above * self.width).numbers)
            backward(layer.outputs, n, layer.inputs, self.P.at(layer.in_theta), D, self.width,
                     Lines(below))  # fmt: skip

    def fuses(self, kind: Value, settings: Lines) -> Value:
        """Whether weights move as soon as their gradient is known, by the rates put into `pace`.

        Plain SGD without clipping does; batch norm's γ and β, though, wait for a pass of their own.
        """
        normed = Slot(kind * 0)
        with each(0, self.depth) as row, when(self.layer(row).has_norm):
            normed.set(normed.get() + 1)
        for i, setting in enumerate((LEARNING_RATE, WEIGHT_DECAY)):
            self.pace.store(settings.load(kind * 0 + setting), kind * 0 + i)
        clips = any_lane(settings.load(kind * 0 + CLIP) > 0.0)
        fused = kind.equals(SGD) & normed.get().equals(0)
        return choose(fused & clips.equals(0), kind * 0 + 1, 0)

    def move(self, kind: Value, begin: Value, end: Value, settings: Lines, powers: Lines) -> None:
        """Take the optimizer's step with parameters `begin` to `end`; each lane by its settings.

        powers: β₁ᵗ and β₂ᵗ of the last step, which become those of this one.
        """
        chosen = [settings.load(kind * 0 + i) for i in range(7)]
        warm = [Slot(chosen[0].like(1.0)), Slot(chosen[0].like(1.0))]
        with when(kind.equals(ADAM) | kind.equals(ADAMW)):
            for which, beta in enumerate((chosen[BETA1], chosen[BETA2])):
                power = powers.load(kind * 0 + which) * beta
                powers.store(power, kind * 0 + which)
                warm[which].set(1.0 - power)
        scale = self._clipping(begin, end, chosen[CLIP])
        arrays = self.P, self.G, self.M, self.V
        for known in range(len(NAMES)):
            with when(kind.equals(known)), each(begin, end) as i:
                w, g, m, v = (numbers.load(i) for numbers in arrays)
                new = moved(known, w, scale * g, m, v, chosen, warm[0].get(), sqrt(warm[1].get()))
                for numbers, before, after in zip(arrays, (w, g, m, v), new, strict=True):
                    if after is not before and numbers is not self.G:
                        numbers.store(after, i)

    def _clipping(self, begin: Value, end: Value, limit: Value) -> Value:
        """The factor that shortens each lane's gradient to its limit, where it has one."""
        factor = Slot(self.G.zero() + 1.0)
        bound = self.G.zero().like(limit)
        with when(any_lane(limit > 0.0)):
            square = Slot(self.G.zero())
            with each(begin, end) as i:
                square.set(square.get() + self.G.load(i) * self.G.load(i))
            shorter = smaller(bound / (sqrt(square.get()) + 1e-6), 1.0)
            factor.set(choose(bound > 0.0, shorter, 1.0))
        return factor.get()


class _Sample:
    """The outputs, targets or gradients of one sample, read and written by columns."""

    def __init__(self, numbers: Lines, width: Value, s: Value) -> None:
        self.numbers, self.width, self.s = numbers, width, s

    def get(self, j: int | Value) -> Value:
        """Output j of all networks."""
        return self.numbers.load(self._row(j))

    def set(self, j: Value, column: Value) -> None:
        """Change output j."""
        self.numbers.store(column, self._row(j))

    def _row(self, j: int | Value) -> Value:
        return self.width * j + self.s


def _right(k: Value, z: _Sample, t: _Sample) -> Value:
    """1 where the first of the largest outputs is the right one; of one output, by its sign."""
    found = Slot(z.get(0) * 0.0)
    with when(k.equals(1)):
        yes = z.get(0).like(1.0)
        above, truth = choose(z.get(0) > 0.0, yes, 0.0), choose(t.get(0) > 0.5, yes, 0.0)
        found.set(choose(above.equals(truth), yes, 0.0))
    with when(k > 1):
        top, of_top = Slot(z.get(0)), Slot(t.get(0))
        with each(1, k) as j:
            more = z.get(j) > top.get()
            of_top.set(choose(more, t.get(j), of_top.get()))
            top.set(choose(more, z.get(j), top.get()))
        found.set(choose(of_top.get() > 0.5, z.get(0).like(1.0), 0.0))
    return found.get()
