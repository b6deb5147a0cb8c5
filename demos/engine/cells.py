"""Recurrent cells, forward and backward through time: the plain RNN, the LSTM and the GRU.

At step t a cell sees x = W_x x_t + b (`inward`) and u = W_h h_{t−1} (`onward`), one block of H
numbers a gate, and makes h_t. σ is the sigmoid, ⊙ multiplies number by number.

RNN   h = tanh(x + u)
LSTM  i, f, o = σ(x + u), g = tanh(x + u); c = f ⊙ c₋ + i ⊙ g; h = o ⊙ tanh c   (order i f g o)
GRU   r, z = σ(x + u), n = tanh(x + r ⊙ u); h = (1 − z) ⊙ n + z ⊙ h₋             (order r z n)
"""

from __future__ import annotations

from demos.engine.activations import sigmoid, tanh
from demos.engine.arrays import Floats
from demos.engine.kernel import kernel
from demos.engine.matrix import add_times, times_transposed

NAMES = ("rnn", "lstm", "gru")
RNN, LSTM, GRU = range(3)
GATES = (1, 4, 3)  # blocks of H numbers a cell
GATE_NAMES = (("state",), ("input", "forget", "candidate", "output"), ("reset", "update", "new"))


@kernel
def forward(
    kind: int, inward: Floats, W: Floats, onward: Floats, gates: Floats, H: Floats, C: Floats
) -> None:
    """Run all steps: inward, onward, gates (T, n, gates·H), W = W_h (gates·H, H).

    H, C (T+1, n, H) hold h₀ and c₀ in row 0 and get h_t and c_t; C matters to the LSTM only.
    """
    n, units = H.shape[1], H.shape[2]
    for t in range(inward.shape[0]):
        x, u, gate = inward[t], onward[t], gates[t]
        times_transposed(H[t], W, u)
        for i in range(n):
            for j in range(units):
                j1, j2, j3 = j + units, j + 2 * units, j + 3 * units
                if kind == RNN:
                    gate[i, j] = tanh(x[i, j] + u[i, j])
                    H[t + 1, i, j] = gate[i, j]
                elif kind == LSTM:
                    gate[i, j] = sigmoid(x[i, j] + u[i, j])
                    gate[i, j1] = sigmoid(x[i, j1] + u[i, j1])
                    gate[i, j2] = tanh(x[i, j2] + u[i, j2])
                    gate[i, j3] = sigmoid(x[i, j3] + u[i, j3])
                    C[t + 1, i, j] = gate[i, j1] * C[t, i, j] + gate[i, j] * gate[i, j2]
                    H[t + 1, i, j] = gate[i, j3] * tanh(C[t + 1, i, j])
                else:
                    gate[i, j] = sigmoid(x[i, j] + u[i, j])
                    gate[i, j1] = sigmoid(x[i, j1] + u[i, j1])
                    gate[i, j2] = tanh(x[i, j2] + gate[i, j] * u[i, j2])
                    z = gate[i, j1]
                    H[t + 1, i, j] = (1.0 - z) * gate[i, j2] + z * H[t, i, j]


@kernel
def backward(
    kind: int,
    W: Floats,
    onward: Floats,
    gates: Floats,
    H: Floats,
    C: Floats,
    dH: Floats,
    dinward: Floats,
    donward: Floats,
    dC: Floats,
) -> None:
    """From ∂loss/∂h_t through the outputs, in dH[t+1], fill the gradients of every step.

    dH (T+1, n, H) becomes the whole ∂loss/∂h_t, memory included: how much step t matters.
    dinward, donward (T, n, gates·H): ∂loss/∂x and ∂loss/∂u. dC (n, H) starts at zero.
    """
    n, units = H.shape[1], H.shape[2]
    for t in range(gates.shape[0] - 1, -1, -1):
        gate, dx, du = gates[t], dinward[t], donward[t]
        for i in range(n):
            for j in range(units):
                j1, j2, j3 = j + units, j + 2 * units, j + 3 * units
                dh = dH[t + 1, i, j]
                if kind == RNN:
                    dx[i, j] = dh * (1.0 - gate[i, j] ** 2)
                elif kind == LSTM:
                    enter, keep, new, out = gate[i, j], gate[i, j1], gate[i, j2], gate[i, j3]
                    squashed = tanh(C[t + 1, i, j])
                    dc = dC[i, j] + dh * out * (1.0 - squashed**2)
                    dx[i, j] = dc * new * enter * (1.0 - enter)
                    dx[i, j1] = dc * C[t, i, j] * keep * (1.0 - keep)
                    dx[i, j2] = dc * enter * (1.0 - new**2)
                    dx[i, j3] = dh * squashed * out * (1.0 - out)
                    dC[i, j] = dc * keep
                else:
                    reset, z, new = gate[i, j], gate[i, j1], gate[i, j2]
                    dnew = dh * (1.0 - z) * (1.0 - new**2)
                    dx[i, j] = dnew * onward[t, i, j2] * reset * (1.0 - reset)
                    dx[i, j1] = dh * (H[t, i, j] - new) * z * (1.0 - z)
                    dx[i, j2] = dnew
                    dH[t, i, j] += dh * z
        for i in range(n):
            for j in range(du.shape[1]):
                du[i, j] = dx[i, j]
                if kind == GRU and j >= 2 * units:  # the new state saw u through the reset gate
                    du[i, j] *= gate[i, j - 2 * units]
        add_times(du, W, dH[t])
