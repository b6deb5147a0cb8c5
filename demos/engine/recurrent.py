"""A recurrent network: one cell run along a sequence, read out at the end or at every step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from demos.engine import cells, init, losses
from demos.engine.arrays import Floats
from demos.engine.batches import Source
from demos.engine.matrix import add_times, add_transposed_times, times_transposed
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
        """Make room for a batch of `rows` sequences of `steps` steps."""
        self.inward, self.onward, self.gates, self.dinward, self.donward = np.zeros(
            (5, steps, rows, self.width), self.dtype
        )
        self.H, self.C, self.dH = np.zeros((3, steps + 1, rows, self.hidden), self.dtype)
        self.dX: Floats = np.zeros((steps, rows, self.inputs), self.dtype)
        self.Y: Floats = np.zeros((0, self.outputs), self.dtype)

    def feed(self, source: Source) -> None:
        """Train on what `source` gives: inputs (T, n, inputs) and targets, a row an output."""
        self.source = source

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run a batch X (T, n, inputs) forward and back through time; return the loss.

        T: (n, outputs), or (T, n, outputs) with `every_step`. Fills `gradient`.
        """
        inputs = np.ascontiguousarray(X, dtype=self.dtype)
        outputs = self.forward(inputs)
        target = np.ascontiguousarray(T, dtype=self.dtype).reshape(outputs.shape)
        dY = np.empty_like(outputs)
        self.loss = losses.loss_and_gradient(self.loss_code, outputs, target, dY)
        self._backward(inputs, dY)
        return self.loss

    def forward(self, X: ArrayLike) -> Floats:
        """Run X (T, n, inputs) from h₀ = 0; return outputs (n, outputs), or (T · n, outputs)."""
        inputs = np.ascontiguousarray(X, dtype=self.dtype)
        steps, rows, _ = inputs.shape
        if self.gates.shape[:2] != (steps, rows):
            self._room(steps, rows)
        Wx, Wh, b, Wo, bo = self.parameters(self.theta)
        times_transposed(inputs.reshape(steps * rows, -1), Wx, self.inward.reshape(-1, self.width))
        self.inward += b
        cells.forward(self.cell, self.inward, Wh, self.onward, self.gates, self.H, self.C)
        seen = self._seen(self.H)
        self.Y = np.empty((len(seen), self.outputs), self.dtype)
        times_transposed(seen, Wo, self.Y)
        self.Y += bo
        return self.Y

    def _seen(self, states: Floats) -> Floats:
        """The states that are read out, one a row: all of them, or the last step's."""
        return states[1:].reshape(-1, self.hidden) if self.every_step else states[-1]

    def _backward(self, inputs: Floats, dY: Floats) -> None:
        Wo = self.parameters(self.theta)[3]
        self.gradient[:] = 0
        dWx, dWh, db, dWo, dbo = self.parameters(self.gradient)
        add_transposed_times(dY, self._seen(self.H), dWo)
        dbo += dY.sum(axis=0)
        self.dH[:] = 0
        add_times(dY, Wo, self._seen(self.dH))
        self.back_through_time()
        dx, du = self.dinward.reshape(-1, self.width), self.donward.reshape(-1, self.width)
        add_transposed_times(dx, inputs.reshape(len(dx), -1), dWx)
        add_transposed_times(du, self.H[:-1].reshape(len(du), -1), dWh)
        db += dx.sum(axis=0)

    def back_through_time(self) -> None:
        """Carry dH, set from outside at any step, back to the first one; fill dH and dX.

        With dH zero but for the last step, ‖dX[t]‖ is how much x_t still matters at the end.
        """
        Wx, Wh, *_ = self.parameters(self.theta)
        cells.backward(
            self.cell, Wh, self.onward, self.gates, self.H, self.C, self.dH,
            self.dinward, self.donward, np.zeros_like(self.C[0]),
        )  # fmt: skip
        self.dX[:] = 0
        add_times(self.dinward.reshape(-1, self.width), Wx, self.dX.reshape(-1, self.inputs))

    def advance(self, x: ArrayLike, h: Floats, c: Floats) -> tuple[Floats, Floats, Floats]:
        """One step of a lone sequence: x (inputs,), h and c (hidden,); return y, h, c."""
        Wx, Wh, b, Wo, bo = self.parameters(self.theta)
        inward = (Wx @ np.asarray(x, self.dtype) + b).reshape(1, 1, -1)
        H, C = np.zeros((2, 2, 1, self.hidden), self.dtype)
        H[0, 0], C[0, 0] = h, c
        room = np.zeros((2, 1, 1, self.width), self.dtype)
        cells.forward(self.cell, inward, Wh, room[0], room[1], H, C)
        return Wo @ H[1, 0] + bo, H[1, 0], C[1, 0]

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
