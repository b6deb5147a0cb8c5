"""Recurrent cells, forward and backward through time: the plain RNN, the LSTM and the GRU.

At step t a cell sees x = W_x x_t + b (`inward`) and u = W_h h_{t−1} (`onward`), one block of H
numbers a gate, and makes h_t. σ is the sigmoid, ⊙ multiplies number by number.

RNN   h = tanh(x + u)
LSTM  i, f, o = σ(x + u), g = tanh(x + u); c = f ⊙ c₋ + i ⊙ g; h = o ⊙ tanh c   (order i f g o)
GRU   r, z = σ(x + u), n = tanh(x + r ⊙ u); h = (1 − z) ⊙ n + z ⊙ h₋             (order r z n)

Lanes are units; each block is padded to a multiple of 32 bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from demos.engine.arrays import HALF
from demos.engine.emitting import Array, each, when
from demos.engine.exponentials import sigmoid, tanh
from demos.engine.values import Value

NAMES = ("rnn", "lstm", "gru")
RNN, LSTM, GRU = range(3)
# Blocks of H numbers a cell: the state; input, forget, candidate, output; reset, update, new.
GATES = (1, 4, 3)


class Blocks:
    """The numbers of one array at one sample and some units: a block for each gate."""

    def __init__(self, numbers: Array, at: Value, width: Value, lanes: int) -> None:
        self.numbers, self.lanes = numbers, lanes
        self._at, self._width = at, width

    def get(self, gate: int) -> Value:
        """What a gate has."""
        return self.numbers.load(self._at + self._width * gate, self.lanes)

    def set(self, *gates: Value) -> None:
        """Change all of them."""
        for gate, value in enumerate(gates):
            self.numbers.store(value, self._at + self._width * gate)


def over_units(
    kind: Value, n: Value, width: Value, size: int, body: Callable[[int, Value, Value, int], None]
) -> None:
    """Emit body(cell, where its blocks begin, where its units do, lanes), for n samples."""
    lanes = HALF // size
    for cell, gates in enumerate(GATES):
        with when(kind.equals(cell)), each(0, n) as i, each(0, width, lanes) as j:
            body(cell, i * width * gates + j, i * width + j, lanes)


def forward(
    cell: int, x: Blocks, u: Blocks, gate: Blocks, h: Value, c: Value
) -> tuple[Value, Value]:
    """One step: fill the gates; from h and c of before return the new ones."""
    if cell == RNN:
        new = tanh(x.get(0) + u.get(0))
        gate.set(new)
        return new, c
    if cell == LSTM:
        enter, keep, out = (sigmoid(x.get(k) + u.get(k)) for k in (0, 1, 3))
        new = tanh(x.get(2) + u.get(2))
        gate.set(enter, keep, new, out)
        c = keep * c + enter * new
        return out * tanh(c), c
    reset, z = (sigmoid(x.get(k) + u.get(k)) for k in (0, 1))
    new = tanh(x.get(2) + reset * u.get(2))
    gate.set(reset, z, new)
    return (1.0 - z) * new + z * h, c


def backward(
    cell: int, gate: Blocks, u: Blocks, dx: Blocks, du: Blocks, h: Value, c: tuple[Value, Value],
    dh: Value, dc: Value,
) -> tuple[Value, Value]:  # fmt: skip
    """The way back: from ∂loss/∂h and ∂loss/∂c fill those of x and u.

    h: before the step; c: before and after it. Returns what goes straight to h of before, and ∂c.
    """
    if cell == RNN:
        slope = dh * (1.0 - gate.get(0) * gate.get(0))
        dx.set(slope)
        du.set(slope)
        return dh * 0.0, dc
    if cell == LSTM:
        enter, keep, new, out = (gate.get(k) for k in range(4))
        squashed = tanh(c[1])
        dc = dc + dh * out * (1.0 - squashed * squashed)
        slopes = (
            dc * new * enter * (1.0 - enter), dc * c[0] * keep * (1.0 - keep),
            dc * enter * (1.0 - new * new), dh * squashed * out * (1.0 - out),
        )  # fmt: skip
        dx.set(*slopes)
        du.set(*slopes)
        return dh * 0.0, dc * keep
    reset, z, new = (gate.get(k) for k in range(3))
    dnew = dh * (1.0 - z) * (1.0 - new * new)
    dreset, dz = dnew * u.get(2) * reset * (1.0 - reset), dh * (h - new) * z * (1.0 - z)
    dx.set(dreset, dz, dnew)
    du.set(dreset, dz, dnew * reset)  # the new state saw u through the reset gate
    return dh * z, dc
