"""The multilayer perceptron: dense layers, trained many steps in one kernel call.

It owns the arrays; the arithmetic is in `dense.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from demos.engine import activations, dense, init, losses, rng, training
from demos.engine.arrays import Aligned, Floats, Ints, padded
from demos.engine.batches import Batches
from demos.engine.network import Network
from demos.engine.optimizers import Optimizer


class Mlp(Network):
    """A network of dense layers, such as Mlp((784, 16, 16, 10), "relu").

    sizes: units a layer, inputs first. activation: of the hidden layers (a name), or of every
    layer (a sequence of names as long as `sizes` − 1); the last layer is linear by default, since
    its loss applies softmax or σ itself. leak: slope of leaky ReLU below zero. weights: how
    they start (init.NAMES), with `scale` for "normal" and "constant". batch_norm, dropout: on
    every hidden layer; `rates` and `layers` hold them a layer. dtype: float64, or float32 for
    digits. seed: of the weights, the shuffling and the dropout masks.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "tanh",
        *,
        loss: str = "cross_entropy",
        optimizer: Optimizer | None = None,
        weights: str = "xavier",
        scale: float = 0.05,
        batch_norm: bool = False,
        dropout: float = 0.0,
        leak: float = 0.01,
        dtype: Any = np.float64,
        seed: int = 0,
    ) -> None:
        self.sizes = tuple(sizes)
        depth = len(self.sizes) - 1
        names = (
            (*[activation] * (depth - 1), "linear") if isinstance(activation, str) else activation
        )
        self.functions = tuple(names)
        self.layers, size = _table(self.sizes, self.functions, batch_norm, np.dtype(dtype))
        super().__init__(size, dtype, optimizer)
        self.rates: Floats = np.zeros((depth, 2))
        self.rates[:, dense.LEAK] = leak
        self.rates[:-1, dense.DROPOUT] = dropout
        self.drops = dropout > 0.0
        self.units = sum(self.sizes[1:])
        self.trained = 0
        self.running = np.stack([np.zeros(self.units), np.ones(self.units)]).astype(self.dtype)
        self.has_batch_norm = batch_norm
        self.loss_code = losses.code(loss)
        self.seed = seed
        self.state = rng.seeded(seed)
        self.frozen = 0
        self._rewind_weights(weights, scale)
        self._desks: dict[int, Desk] = {}
        self._room(1)

    def _rewind_weights(self, weights: str, scale: float) -> None:
        generator = np.random.default_rng((self.seed, 2))
        for layer in range(self.depth):
            inputs, outputs = self._shape(layer)
            self.weights(layer)[:] = init.weights(weights, inputs, outputs, generator, scale)
            self.biases(layer)[:] = init.biases(weights, inputs, outputs, generator)
            if self.layers[layer, dense.GAMMA] >= 0:
                self.batch_norm(layer)[0] = 1.0

    def _room(self, rows: int) -> None:
        """Work on batches of `rows`; the desk of the size before stays, for a GAN's take turns."""
        self.rows = rows
        desk = self._desks.pop(rows, None) or self._desk(rows)
        self._desks = dict([*self._desks.items()][-1:]) | {rows: desk}
        self.tape, self.norm, self.inputs, self.targets, self.room = desk

    def _desk(self, rows: int) -> Desk:
        sizes, dtype = self.sizes, self.dtype
        return Desk(
            self._tape(rows),
            self._norm(rows),
            np.zeros((rows, sizes[0]), dtype),
            np.zeros((rows, sizes[-1]), dtype),
            Room(self.layers, rows, dtype),
        )

    def _tape(self, rows: int) -> dense.Tape:
        empty = np.zeros((4, rows * self.units), self.dtype)
        return (empty[0], empty[1], empty[2], empty[3])

    def _norm(self, rows: int) -> dense.Norm:
        """Room for what batch norm keeps of a batch of `rows`: nothing if no layer has it."""
        units = self.units if self.has_batch_norm else 0
        return np.zeros(rows * units, self.dtype), np.zeros(units, self.dtype)

    # The parameters, as views of theta.

    @property
    def depth(self) -> int:
        """The number of layers that have weights."""
        return len(self.layers)

    def weights(self, layer: int) -> Floats:
        """The weight matrix (outputs, inputs) of a layer, the first one being 0."""
        start, (inputs, outputs) = self.layers[layer, dense.W], self._shape(layer)
        return self.theta[start : start + outputs * inputs].reshape(outputs, inputs)

    def biases(self, layer: int) -> Floats:
        """The biases (outputs,) of a layer."""
        start = self.layers[layer, dense.B]
        return self.theta[start : start + self._shape(layer)[1]]

    def batch_norm(self, layer: int) -> Floats:
        """γ and β (2, outputs) of a layer with batch norm."""
        start, outputs = self.layers[layer, dense.GAMMA], self._shape(layer)[1]
        return self.theta[start : start + 2 * outputs].reshape(2, outputs)

    def weight_gradient(self, layer: int) -> Floats:
        """∂loss/∂W (outputs, inputs) of the last batch."""
        start, (inputs, outputs) = self.layers[layer, dense.W], self._shape(layer)
        return self.gradient[start : start + outputs * inputs].reshape(outputs, inputs)

    def _shape(self, layer: int) -> tuple[int, int]:
        return self.sizes[layer], self.sizes[layer + 1]

    def freeze(self, layers: int) -> None:
        """Train only what comes after the first `layers` layers."""
        self.trained = layers
        self.frozen = int(self.layers[layers, dense.W]) if layers < self.depth else self.theta.size

    # The last batch, as views of the tape.

    def sums(self, layer: int) -> Floats:
        """What a layer's activation was given for the last batch (rows, outputs)."""
        return self._view(self.tape[0], layer, self.rows)

    def activations(self, layer: int) -> Floats:
        """What a layer gave for the last batch (rows, outputs)."""
        return self._view(self.tape[1], layer, self.rows)

    def deltas(self, layer: int) -> Floats:
        """δ = ∂loss/∂(weighted sum) of a layer for the last batch (rows, outputs)."""
        return self._view(self.tape[3], layer, self.rows)

    def normalized(self, layer: int) -> Floats:
        """What batch norm made of a layer's sums, before γ and β (rows, outputs)."""
        assert self.has_batch_norm, "this network has no batch norm"
        return self._view(self.norm[0], layer, self.rows)

    def _view(self, flat: Floats, layer: int, rows: int) -> Floats:
        start, outputs = int(self.layers[layer, dense.UNIT]), self.sizes[layer + 1]
        return flat[rows * start : rows * (start + outputs)].reshape(rows, outputs)

    # Training.

    def feed(self, X: ArrayLike, y: ArrayLike, batch: int = 32) -> None:
        """Train on inputs X (n, inputs) and labels y (n,) or targets y (n, outputs) from now on.

        Raises ValueError where training would go wrong in silence: batch norm over one row, and
        cross-entropy with targets that are no distribution.
        """
        T = losses.targets(y, self.sizes[-1], self.dtype)
        if self.has_batch_norm and min(batch, len(T)) < 2:
            raise ValueError("batch norm needs 2 rows or more a batch: one row is its own mean")
        losses.check(self.loss_code, T)
        self.source = Batches(self._matrix(X), T, batch, self.seed)

    def _train(self, n: int) -> None:
        source = self.source
        if not isinstance(source, Batches):
            super()._train(n)
            return
        if self.rows != source.size:
            self._room(source.size)
        done, self.loss, total = self._run(training.TRAIN, source.X, source.T, source, steps=n)
        self._count(done)
        self.mean_loss = total / max(done, 1)

    def _run(
        self,
        what: int,
        X: Floats,
        T: Floats,
        deck: Batches | None = None,
        out: Floats | None = None,
        steps: int = 1,
    ) -> tuple[int, float, float]:
        """Call the kernel; `out` is what it fills besides the network's own arrays."""
        deck, optimizer, room = deck or _NO_DECK, self.optimizer, self.room
        result = np.zeros(3)
        training.run(
            what, steps, self.layers, self.rates, self.running, self.state,
            (self.theta, self.gradient, optimizer.m, optimizer.v), self.tape, self.norm,
            self.loss_code, X, T, (deck.order, deck.cursor), deck.state, room.tables, room.places,
            room.arrays, optimizer.code, optimizer.settings, float(optimizer.t), self.trained,
            (self.inputs, self.targets), self.theta[:0] if out is None else out, result,
        )  # fmt: skip
        return int(result[0]), float(result[1]), float(result[2])

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run a batch X (n, inputs) forward and backward; fill the tape and `gradient`."""
        self._take(X)
        self.targets[:] = losses.targets(T, self.sizes[-1], self.dtype)
        self.loss = self._run(training.LEARN, self.inputs, self.targets)[1]
        return self.loss

    def forward(self, X: ArrayLike) -> Floats:
        """Run a training batch X (n, inputs) forward, onto the tape; return (n, outputs)."""
        self._take(X)
        self._run(training.FORWARD, self.inputs, self.targets)
        return self.activations(self.depth - 1)

    def _take(self, X: ArrayLike) -> None:
        """Make X (n, inputs) the batch that is worked on."""
        inputs = self._matrix(X)
        if self.rows != len(inputs):
            self._room(len(inputs))
        self.inputs[:] = inputs

    def backward(self, dY: ArrayLike) -> Floats:
        """From ∂loss/∂outputs (n, outputs) of the last batch fill `gradient`; return ∂loss/∂X."""
        self.deltas(self.depth - 1)[:] = dY
        dX = np.zeros_like(self.inputs)
        self._run(training.BACKWARD, self.inputs, self.targets, out=dX.reshape(-1))
        return dX

    def update(self) -> None:
        """Take one optimizer step along `gradient`, leaving frozen layers as they are."""
        self.optimizer.step(self.theta, self.gradient, self.frozen)
        self.step_count += 1

    # Using what was learnt. None of these touches the tape.

    def hidden(self, X: ArrayLike) -> list[Floats]:
        """What every layer gives for X (n, inputs), the outputs last: a list of (n, units)."""
        inputs = self._matrix(X)
        found = self._look(inputs, self.units)
        return [self._view(found, layer, len(inputs)) for layer in range(self.depth)]

    def logits(self, X: ArrayLike) -> Floats:
        """The outputs (n, outputs) for X (n, inputs), before softmax or σ."""
        inputs = self._matrix(X)
        return self._look(inputs, self.sizes[-1]).reshape(len(inputs), -1)

    def _look(self, inputs: Floats, units: int) -> Floats:
        """What the last `units` units give for inputs (n, inputs), which are whole layers."""
        found = np.empty(len(inputs) * units, self.dtype)
        blocks = -(-len(inputs) // self.room.places.shape[1])
        self._run(training.LOOK, inputs, self.targets, out=found, steps=blocks)
        return found

    def probabilities(self, X: ArrayLike) -> Floats:
        """Softmax of the outputs (n, outputs)."""
        return losses.probabilities(self.logits(X))

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> float:
        """The loss on X (n, inputs) with labels y (n,) or targets (n, outputs)."""
        return losses.loss(losses.NAMES[self.loss_code], self.logits(X), np.asarray(y))[0]

    def accuracy(self, X: ArrayLike, y: ArrayLike) -> float:
        """The share of X (n, inputs) whose largest output is the label y (n,)."""
        return float(np.mean(self.logits(X).argmax(axis=1) == np.asarray(y)))

    def parts(self) -> Iterator[tuple[str, Floats]]:
        """Each layer's parameters, then its sums for the last batch."""
        for layer in range(self.depth):
            end = self.layers[layer + 1, dense.W] if layer + 1 < self.depth else self.theta.size
            yield f"layer {layer + 1}, weights", self.theta[self.layers[layer, dense.W] : end]
            yield f"layer {layer + 1}, weighted sums", self.sums(layer)

    def _matrix(self, X: ArrayLike) -> Floats:
        return np.ascontiguousarray(X, dtype=self.dtype).reshape(-1, self.sizes[0])


class Desk(NamedTuple):
    """What a network works on for batches of one size: the tape, a batch, and the kernel's room."""

    tape: dense.Tape
    norm: dense.Norm
    inputs: Floats
    targets: Floats
    room: Room


class Room:
    """Arrays for the kernel to work in, which hold nothing between its calls.

    arrays: as dense.Room says. tables: where the rows of a batch begin. places (layers, rows):
    where the rows of each layer's numbers begin.
    """

    # Without learning so many rows are worked on at once.
    LEAST = 64

    def __init__(self, layers: Ints, rows: int, dtype: Any) -> None:
        self._made_for = layers, rows, dtype
        rows = max(rows + rows % 2, self.LEAST)
        widths, starts = layers[:, dense.WIDTH], layers[:, dense.PLACE]
        units, last = int(widths.sum()), layers[-1]
        parameters = last[dense.PACKED] + (last[dense.INPUTS] + 3) * last[dense.WIDTH]
        turned = last[dense.TURNED] + last[dense.OUTPUTS] * padded(int(last[dense.INPUTS]), dtype)
        sizes = [parameters] * 4 + [turned] + [rows * units] * 5 + [3 * units]
        self.arrays = Aligned(sizes, dtype).arrays
        self.tables: Ints = np.zeros((3, rows), np.int64)
        self.places: Ints = rows * starts[:, None] + widths[:, None] * np.arange(rows)

    def __deepcopy__(self, memo: dict[int, object]) -> Room:
        return Room(*self._made_for)


_NO_DECK = Batches(np.zeros((1, 1)), np.zeros((1, 1)), 1, 0)


def _table(
    sizes: tuple[int, ...], names: tuple[str, ...], batch_norm: bool, dtype: Any
) -> tuple[Ints, int]:
    """Lay the layers out in theta and in the room; return the table and the parameters' number."""
    if len(names) != len(sizes) - 1:
        raise ValueError(f"{len(sizes) - 1} layers need as many activations, not {len(names)}")
    table: Ints = np.zeros((len(names), dense.COLUMNS), np.int64)
    at = unit = packed = place = 0
    turned = max(padded(size, dtype) for size in sizes)  # a row of zeros is the bias there
    for row, (inputs, outputs, name) in enumerate(zip(sizes, sizes[1:], names, strict=False)):
        normed = batch_norm and row < len(names) - 1
        biases = at + inputs * outputs
        gamma = biases + outputs if normed else -1
        width, code = padded(outputs, dtype), activations.code(name)
        table[row] = (
            inputs, outputs, code, at, biases, gamma, unit, width, packed, turned, place
        )  # fmt: skip
        at = biases + outputs * (3 if normed else 1)
        unit, place = unit + outputs, place + width
        packed += (inputs + (3 if normed else 1)) * width
        turned += outputs * padded(inputs, dtype)
    return table, at
