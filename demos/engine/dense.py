"""Fully connected layers for a whole batch at once: the passes that `training` makes of them.

A network is a table with one row a layer; its parameters are one flat vector `theta`, its numbers
for the current batch one flat vector each, so that a copy of a few vectors is a snapshot. The
kernel works on copies of them in its `Room`, laid out for the processor: weights (inputs, outputs),
each row padded to a multiple of 32 bytes. It fills the copies when it is called, trains as many
steps as it is told, and writes them back.
"""

from __future__ import annotations

from demos.engine.activations import activate_lines
from demos.engine.arrays import Floats
from demos.engine.batch_norm import denormalize, normalize
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.losses import loss_of_rows
from demos.engine.optimizers import CLIP, SGD, WEIGHT_DECAY
from demos.engine.padded import copy, drop, scale_all, sum_rows
from demos.engine.products import times, transposed_times
from demos.engine.values import Value, choose

# Columns of the layer table. W, B, GAMMA: where in theta the weights (outputs, inputs), the biases
# and batch norm's γ then β begin (−1: none). UNIT: how many units lie in the layers before. In the
# room: WIDTH: the outputs, padded; PACKED: where the weights begin, followed by biases, γ and β;
# TURNED: where (outputs, inputs) begin, for the way back; PLACE: the widths of the layers before.
INPUTS, OUTPUTS, ACTIVATION, W, B, GAMMA, UNIT, WIDTH, PACKED, TURNED, PLACE = range(11)
COLUMNS = 11
# Columns of the table of rates.
DROPOUT, LEAK = range(2)
# The tape: what one forward and backward pass over n rows leaves, each n · units numbers.
# Z pre-activations · A activations · S slopes ∂A/∂Z · D deltas ∂loss/∂sum.
Tape = tuple[Floats, Floats, Floats, Floats]
# What batch norm keeps: N normalized sums (n · units,), R 1/√(variance + ε) of each unit (units,);
# both empty where no layer has it.
Norm = tuple[Floats, Floats]


class Layer:
    """A row of the layer table, as the code that is emitted sees it."""

    def __init__(self, layers: Array, row: Value) -> None:
        found = [layers.load(row * COLUMNS + column) for column in range(COLUMNS)]
        self.inputs, self.outputs, self.activation = found[:3]
        self.in_theta, self.biases_in_theta, gamma, self.unit = found[3:7]
        self.width, self.weights, self.turned, self.place = found[7:]
        self.has_norm = gamma >= 0
        self.biases = self.weights + self.inputs * self.width
        self.gamma = self.biases + self.width
        # Biases, and γ and β: so many rows of `width`.
        self.vectors = choose(self.has_norm, row.like(3), 1)


class Network:
    """The arguments of `run`, by name, and the passes over a batch that it consists of.

    room: P, G, M, V parameters, gradient, the optimizer's memory; C turned weights; Z, A, S, D, N
    as in the tape and the norm; U means, variances, roots of each unit.
    """

    def __init__(
        self, layers: Array, rates: Array, running: Array, state: Array, places: Array,
        room: tuple[Array, ...],
    ) -> None:  # fmt: skip
        self.layers, self.rates, self.running, self.state = layers, rates, running, state
        self.places, self.depth = places, layers.length
        self.P, self.G, self.M, self.V, self.C, self.Z, self.A, self.S, self.D, self.N, self.U = (
            room
        )

    def layer(self, row: Value) -> Layer:
        """A row of the layer table."""
        return Layer(self.layers, row)

    def rows(self, row: Value) -> Array:
        """Where the rows of a layer's numbers begin."""
        return self.places.at(row * self.places.shape[1])

    def forward(self, n: Value, training: Value, X: Array, starts: Array) -> None:
        """A₀ = X; layer by layer S = A W + b, Z = S or batch norm of S, A = f(Z)."""
        with each(0, self.depth) as row:
            layer, rows, first = self.layer(row), self.rows(row), row.equals(0)
            before = starts.either(first, self.rows(row - 1))
            times(n, layer.inputs, layer.width, X.either(first, self.A), before,
                  self.P, layer.weights, layer.biases, self.Z, rows)  # fmt: skip
            at = rows.first()
            with when(layer.has_norm):
                means = self.running.at(layer.unit)
                normalize(n, layer.outputs, layer.width, training, self.P, layer.gamma, self.Z,
                          self.N, at, means, means.at(self.running.shape[1]), self.U,
                          layer.place * 3)  # fmt: skip
            rate, leak = (self.rates.load(row * 2 + column) for column in (DROPOUT, LEAK))
            activate_lines(layer.activation, self.Z, leak, self.A, self.S, at, at + n * layer.width)
            with when(training & (rate > 0.0)):
                drop(rate, self.state, n, layer.outputs, layer.width, self.A, self.S, at)

    def loss(self, kind: Value, n: Value, T: Array, starts: Array) -> Value:
        """The loss of the outputs; its gradient goes to where D has the last layer's."""
        rows = self.rows(self.depth - 1)
        k = self.layer(self.depth - 1).outputs
        return loss_of_rows(kind, n, k, self.Z, rows, T, starts, self.D, rows)

    def backward(
        self, n: Value, X: Array, starts: Array, upcoming: Array, rate: Value, trained: Value,
        keep: Value,
    ) -> None:  # fmt: skip
        """From ∂loss/∂A of the last layer, which D holds there, fill D and G layer by layer.

        δ = ∂loss/∂A · S (back through batch norm where there is one), ∂W = A₋ᵀ δ, ∂b = Σ δ,
        ∂loss/∂A₋ = δ Wᵀ. If rate > 0, weights from layer `trained` on move at once by −rate ∂W.
        """
        with each(0, self.depth) as step:
            row = self.depth - 1 - step
            layer, rows, first = self.layer(row), self.rows(row), row.equals(0)
            at, before = rows.first(), starts.either(first, self.rows(row - 1))
            scale_all(self.D, self.S, at, at + n * layer.width)
            with when(layer.has_norm):
                denormalize(n, layer.width, self.P, self.G, layer.gamma, self.D, self.N, at,
                            self.U, layer.place * 3)  # fmt: skip
            with when(row > 0):  # before the weights move
                width = self.layer(row - 1).width
                copy(layer.outputs, layer.inputs, self.P, layer.weights, row.like(1), layer.width,
                     self.C, layer.turned, width, row.like(1))  # fmt: skip
                times(n, layer.outputs, width, self.D, rows, self.C, layer.turned, row * 0,
                      self.D, before)  # fmt: skip
            pace = choose(row >= trained, rate, 0.0)
            sum_rows(n, layer.width, self.D, rows, self.P, self.G, layer.biases, pace, keep)
            transposed_times(
                n, layer.inputs, layer.width, X.either(first, self.A), before,
                upcoming.either(first, before), self.D, rows, self.P, self.G, layer.weights,
                pace, keep,
            )  # fmt: skip

    def fill(self, flat: tuple[Array, ...], memory: Value) -> None:
        """Copy theta to P, and m and v to M and V if the optimizer has a `memory`; clear D."""
        theta, _, m, v = flat
        with each(0, choose(memory, self.depth * 0 + 3, 1)) as which, each(0, self.depth) as row:
            X = theta.either(which.equals(0), m.either(which.equals(1), v))
            P = self.P.either(which.equals(0), self.M.either(which.equals(1), self.V))
            layer, one = self.layer(row), row.like(1)
            with each(layer.weights, layer.biases + layer.vectors * layer.width) as i:
                P.store(P.zero(1), i)
            copy(layer.inputs, layer.outputs, X, layer.in_theta, one, layer.inputs,
                 P, layer.weights, layer.width, one)  # fmt: skip
            copy(layer.vectors, layer.outputs, X, layer.biases_in_theta, layer.outputs, one,
                 P, layer.biases, layer.width, one)  # fmt: skip
        with each(0, self.D.length) as i:
            self.D.store(self.D.zero(1), i)

    def take_back(
        self, flat: tuple[Array, ...], moved: Value, memory: Value, gradient: Value
    ) -> None:
        """The way back from the room's order to theta's, of what has changed."""
        changed = moved, gradient, memory, memory
        with each(0, self.depth * 0 + 4) as which, each(0, self.depth) as row:
            P, X, is_new = self.P, flat[0], moved
            for i, (own, theirs, new) in enumerate(
                zip((self.P, self.G, self.M, self.V), flat, changed, strict=True)
            ):
                this = which.equals(i)
                P, X, is_new = (
                    own.either(this, P),
                    theirs.either(this, X),
                    choose(this, new, is_new),
                )
            layer, one = self.layer(row), row.like(1)
            with when(is_new):
                copy(layer.outputs, layer.inputs, P, layer.weights, one, layer.width,
                     X, layer.in_theta, layer.inputs, one)  # fmt: skip
                copy(layer.vectors, layer.outputs, P, layer.biases, layer.width, one,
                     X, layer.biases_in_theta, layer.outputs, one)  # fmt: skip

    def span(self, trained: Value) -> tuple[Value, Value]:
        """Where the parameters of layer `trained` begin in P, and where those of the last end."""
        last = self.layer(self.depth - 1)
        return self.layer(trained).weights, last.biases + last.vectors * last.width

    def last_if(self, out: Array, n: Value) -> Value:
        """The last layer if `out` has no more room than its numbers for n rows; else the first."""
        last = self.depth - 1
        return choose(out.length.equals(n * self.layer(last).outputs), last, last * 0)

    def keep(
        self, X: Array, tape: Array, n: Value, first: Value, count: Value, since: Value,
        back: bool = False,
    ) -> None:  # fmt: skip
        """Copy `count` rows of the layers from `since` on to rows `first` … of a tape, or back.

        The tape has n rows of those layers, one layer after the other.
        """
        before = self.layer(since).unit
        with each(since, self.depth) as row:
            layer, one, at = self.layer(row), row.like(1), self.rows(row).first()
            to = n * (layer.unit - before) + first * layer.outputs
            kept, held = (tape, to, layer.outputs, one), (X, at, layer.width, one)
            copy(count, layer.outputs, *(kept + held if back else held + kept))

    def keep_tape(
        self, tape: tuple[Array, ...], norm: tuple[Array, ...], n: Value, back: bool = False
    ) -> None:
        """Copy a batch's numbers from the room to the tape and the norm, or back."""
        with each(0, n * 0 + 4) as which:
            X, kept = self.Z, tape[0]
            for i, (own, theirs) in enumerate(
                zip((self.Z, self.A, self.S, self.D), tape, strict=True)
            ):
                X, kept = own.either(which.equals(i), X), theirs.either(which.equals(i), kept)
            self.keep(X, kept, n, n * 0, n, n * 0, back)
        with when(norm[1].length > 0):
            self.keep(self.N, norm[0], n, n * 0, n, n * 0, back)
            with each(0, self.depth) as row:
                layer = self.layer(row)
                at = layer.place * 3 + layer.width * 2
                with each(0, layer.outputs) as j:
                    if back:
                        self.U.store(norm[1].load(layer.unit + j), at + j)
                    else:
                        norm[1].store(self.U.load(at + j), layer.unit + j)

    def fuses(self, optimizer: Value, settings: Array) -> Value:
        """Whether weights can move as soon as their gradient is known: by plain SGD alone."""
        clip, decay = (settings.load(optimizer * 0 + i) for i in (CLIP, WEIGHT_DECAY))
        normed = Slot(optimizer * 0)
        with each(0, self.depth) as row, when(self.layer(row).has_norm):
            normed.set(normed.get() + 1)
        return optimizer.equals(SGD) & clip.equals(0.0) & decay.equals(0.0) & normed.get().equals(0)
