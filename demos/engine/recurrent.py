"""A recurrent network: one cell run along a sequence, read out at the end or at every step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from demos.engine import cells, init, losses, through_time
from demos.engine.arrays import Aligned, Floats, Ints, padded
from demos.engine.batches import Source
from demos.engine.network import Network
from demos.engine.optimizers import Optimizer


class Recurrent(Network):
    """A cell of `hidden` units over inputs (T, n, inputs), then a linear layer to `outputs`.

    cell: one of cells.NAMES, with one bias a gate: an LSTM of H units has 4H(inputs + H + 1)
    parameters, a GRU 3H(…), an RNN H(…). every_step: read out at every step, not just the last.
    forget_bias: the LSTM's forget gate starts open with 1. A batch fills gates (T, n, gates · H),
    H and dH (T+1, n, H) with h₀ first, and dX (T, n, inputs), all there to be looked at.
    """

    def __init__(
        self,
        cell: str,
        inputs: int,
        hidden: int,
        outputs: int,
        *,
        loss: str = "mse",
        every_step: bool = False,
        forget_bias: float = 1.0,
        optimizer: Optimizer | None = None,
        dtype: Any = np.float64,
        seed: int = 0,
    ) -> None:
        if cell not in cells.NAMES:
            raise ValueError(f"no cell is named {cell!r}; there are {', '.join(cells.NAMES)}")
        self.cell = cells.NAMES.index(cell)
        self.inputs, self.hidden, self.outputs = inputs, hidden, outputs
        self.width = cells.GATES[self.cell] * hidden
        self.shapes = ((self.width, inputs), (self.width, hidden), (self.width,),
                       (outputs, hidden), (outputs,))  # fmt: skip
        sizes = [int(np.prod(shape)) for shape in self.shapes]
        self.ends = np.cumsum([0, *sizes])
        super().__init__(int(self.ends[-1]), dtype, optimizer)
        self.loss_code, self.every_step = losses.code(loss), every_step
        self._start_weights(np.random.default_rng((seed, 2)), forget_bias)
        self.rooms: dict[tuple[int, int], tuple[Ints, Ints, Aligned]] = {}
        self._room(0, 0)

    def _start_weights(self, generator: np.random.Generator, forget_bias: float) -> None:
        Wx, Wh, b, Wo, _ = self.parameters(self.theta)
        for gate in range(cells.GATES[self.cell]):
            rows = slice(gate * self.hidden, (gate + 1) * self.hidden)
            Wx[rows] = init.weights("xavier", self.inputs, self.hidden, generator)
            Wh[rows] = init.weights("xavier", self.hidden, self.hidden, generator)
        Wo[:] = init.weights("xavier", self.hidden, self.outputs, generator)
        if self.cell == cells.LSTM:
            b[self.hidden : 2 * self.hidden] = forget_bias

    def parameters(self, flat: Floats) -> list[Floats]:
        """View theta, or the gradient, as W_x, W_h, b (of all gates), W_o and b_o (read-out)."""
        spans = zip(self.ends, self.ends[1:], self.shapes, strict=False)
        return [flat[start:end].reshape(shape) for start, end, shape in spans]

    def _room(self, steps: int, rows: int) -> None:
        """Go to the room for batches of `rows` sequences of `steps` steps."""
        self.steps, self.rows = steps, rows
        if (steps, rows) not in self.rooms:
            self.rooms[steps, rows] = self._made(steps, rows)
        self.sizes, self.tables, self.room = self.rooms[steps, rows]

    def _made(self, steps: int, rows: int) -> tuple[Ints, Ints, Aligned]:
        """Sizes, tables and arrays, as `through_time` has them."""
        gates, dtype = cells.GATES[self.cell], self.dtype
        width, read, source = (padded(x, dtype) for x in (self.hidden, self.outputs, self.inputs))
        wide, seen = gates * width, 1 if self.every_step else steps
        sizes: Ints = np.array(
            [self.cell, gates, steps, rows, self.inputs, self.hidden, self.outputs, width, read,
             source, seen]
        )  # fmt: skip
        parameters = wide * (self.inputs + self.hidden + 2) + read * (self.hidden + 1)
        turned = width + source + wide * (width + source) + self.outputs * width
        block, units = steps * rows * wide, (steps + 1) * rows * width
        out, places = (steps + 1) * rows * read, np.arange(max(1, (steps + 1) * rows))
        counts = [parameters] * 2 + [turned] + [block] * 5 + [units] * 3 + [rows * width]
        counts += [out, out, steps * rows * source]
        lengths = (self.inputs, wide, width, read, self.outputs, source)
        tables: Ints = np.stack([places * length for length in lengths])
        return sizes, tables, Aligned(counts, dtype)

    def _block(self, which: int, steps: int) -> Floats:
        """View an array of the room as (steps, rows, gates · hidden), without the padding."""
        gates, width = cells.GATES[self.cell], int(self.sizes[through_time.WIDTH])
        numbers = self.room.arrays[which][: steps * self.rows * gates * width]
        unpadded: Floats = numbers.reshape(steps, self.rows, gates, width)[..., : self.hidden]
        return unpadded.reshape(steps, self.rows, self.width)

    def _units(self, which: int) -> Floats:
        """View an array of the room as (steps + 1, rows, hidden)."""
        width = int(self.sizes[through_time.WIDTH])
        numbers = self.room.arrays[which][: (self.steps + 1) * self.rows * width]
        states: Floats = numbers.reshape(self.steps + 1, self.rows, width)[..., : self.hidden]
        return states

    @property
    def gates(self) -> Floats:
        """What the gates had at each step (T, n, gates · H)."""
        return self._block(5, self.steps)

    @property
    def H(self) -> Floats:  # noqa: N802 - the formulas' letter
        """The states (T+1, n, H), h₀ first."""
        return self._units(8)

    @property
    def C(self) -> Floats:  # noqa: N802 - the formulas' letter
        """The LSTM's cells (T+1, n, H), c₀ first."""
        return self._units(9)

    @property
    def dH(self) -> Floats:  # noqa: N802 - the formulas' letter
        """∂loss/∂h (T+1, n, H): how much each step matters."""
        return self._units(10)

    @property
    def dX(self) -> Floats:  # noqa: N802 - the formulas' letter
        """∂loss/∂X (T, n, inputs), but not after a step of training."""
        source = int(self.sizes[through_time.SOURCE])
        numbers = self.room.arrays[14][: self.steps * self.rows * source]
        slopes: Floats = numbers.reshape(self.steps, self.rows, source)[..., : self.inputs]
        return slopes

    @property
    def Y(self) -> Floats:  # noqa: N802 - the formulas' letter
        """What was read out: (n, outputs), or (T · n, outputs)."""
        read, seen = int(self.sizes[through_time.READ]), self.steps if self.every_step else 1
        numbers = self.room.arrays[12][: seen * self.rows * read]
        outputs: Floats = numbers.reshape(seen * self.rows, read)[:, : self.outputs]
        return outputs

    def feed(self, source: Source) -> None:
        """Train on what `source` gives: inputs (T, n, inputs) and targets, a row an output."""
        self.source = source

    def _advance(self, X: Floats, T: Floats) -> float:
        loss = self._run(through_time.STEP, X, T)
        self._count(int(math.isfinite(loss)))
        return loss

    def _run(self, what: int, X: ArrayLike, T: ArrayLike | None = None) -> float:
        """Call the kernel with X (T, n, inputs) and targets."""
        inputs = np.ascontiguousarray(X, dtype=self.dtype)
        if (self.steps, self.rows) != inputs.shape[:2]:
            self._room(*inputs.shape[:2])
        targets = np.zeros((0, 0), self.dtype) if T is None else (
            np.ascontiguousarray(T, dtype=self.dtype).reshape(-1, self.outputs)
        )  # fmt: skip
        optimizer = self.optimizer
        flat = self.theta, self.gradient, optimizer.m, optimizer.v
        return float(through_time.run(
            what, self.sizes, flat, self.room.arrays, self.tables, self.loss_code, inputs, targets,
            optimizer.code, optimizer.settings, float(optimizer.t),
        ))  # fmt: skip

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run a batch X (T, n, inputs) forward and back through time; return the loss.

        T: (n, outputs), or (T, n, outputs) with `every_step`. Fills `gradient`.
        """
        self.loss = self._run(through_time.LEARN, X, T)
        return self.loss

    def forward(self, X: ArrayLike) -> Floats:
        """Run X (T, n, inputs) from h₀ = 0; return outputs (n, outputs), or (T · n, outputs)."""
        self._run(through_time.FORWARD, X)
        return self.Y

    def back_through_time(self) -> None:
        """Carry dH, set from outside at any step, back to the first one; fill dH and dX.

        With dH zero but for the last step, ‖dX[t]‖ is how much x_t still matters at the end.
        """
        self._run(through_time.BACK, np.zeros((self.steps, self.rows, self.inputs), self.dtype))

    def recite(self, first: int, draws: Floats, temperature: float) -> tuple[Ints, Floats, Floats]:
        """Begin with symbol `first`, and draw each next one from softmax(outputs / temperature).

        draws (n,) from U(0, 1) decide. Returns the symbols (n,), the states (n, H) after each, and
        the outputs (outputs,) after the last.
        """
        n = len(draws)
        X: Floats = np.zeros((n + 1, self.inputs), self.dtype)
        X[0, first] = 1.0
        before = self.steps, self.rows
        self._room(n, 1)
        flat = self.theta, self.gradient, self.optimizer.m, self.optimizer.v
        through_time.run(
            through_time.RECITE, self.sizes, flat, self.room.arrays, self.tables, self.loss_code,
            X[:, None], draws[:, None], self.optimizer.code, self.optimizer.settings, temperature,
        )  # fmt: skip
        read = int(self.sizes[through_time.READ])
        outputs = self.room.arrays[12][(n - 1) * read : (n - 1) * read + self.outputs].copy()
        symbols, states = X[:n].argmax(axis=1), self.H[1:, 0].copy()
        self._room(*before)
        return symbols, states, outputs

    def evaluate(self, X: ArrayLike, T: ArrayLike) -> float:
        """The loss on X (T, n, inputs) for targets T, shaped as for `learn`."""
        outputs = self.forward(X)
        target = np.ascontiguousarray(T, dtype=self.dtype).reshape(outputs.shape)
        return losses.loss(losses.NAMES[self.loss_code], outputs, target)[0]

    def parts(self) -> Iterator[tuple[str, Floats]]:
        """The cell's parameters, its states step by step, then the read-out."""
        yield "cell, weights", self.theta[: self.ends[3]]
        for t in range(1, len(self.H)):
            yield f"state at step {t}", self.H[t]
        yield "read-out, weights", self.theta[self.ends[3] :]
        yield "outputs", self.Y
