"""Fully connected layers, forward and backward, for a whole batch at once.

A network is a table with one row a layer; its parameters are one flat vector `theta`, its numbers
for the current batch one flat vector each, so that a copy of a few vectors is a snapshot.
"""

from __future__ import annotations

import math

from demos.engine import batches, rng
from demos.engine.activations import activate_all
from demos.engine.arrays import Floats, Ints, State
from demos.engine.kernel import kernel, matrix, part
from demos.engine.losses import loss_and_gradient
from demos.engine.matrix import add_times, add_transposed_times, times_transposed
from demos.engine.optimizers import update

# Columns of the layer table. W, B, GAMMA: where in theta the weights (outputs, inputs), the biases
# and batch norm's γ then β begin (−1: none). UNIT: how many units lie in the layers before.
INPUTS, OUTPUTS, ACTIVATION, W, B, GAMMA, UNIT = range(7)
# Columns of the table of rates.
DROPOUT, LEAK = range(2)

# The tape: what one forward and backward pass over n rows leaves, each n · units numbers.
# Z pre-activations · A activations · S slopes ∂A/∂Z · D deltas ∂loss/∂sum.
Tape = tuple[Floats, Floats, Floats, Floats]
# What batch norm keeps: its running means and variances (2, units) for inference · N normalized
# sums (n · units,) · R 1/√(variance + ε) of each unit (units,). None where no layer has any: a
# kernel is then compiled without it, which takes a second less.
Norm = tuple[Floats, Floats, Floats]

_BN_EPSILON = 1e-5
_BN_MOMENTUM = 0.1  # the weight of the new value in the running mean and variance


@kernel
def forward(
    layers: Ints,
    rates: Floats,
    theta: Floats,
    norm: Norm | None,
    state: State | None,
    training: bool,
    X: Floats,
    tape: Tape,
) -> None:
    """A₀ = X; layer by layer S = A W ᵀ + b, Z = S or batch norm of S, A = f(Z).

    state: the generator for dropout's masks; None where no layer drops. Masks are drawn and batch
    norm's running values are learnt while `training`.
    """
    Z, A, S, _ = tape
    n, source = len(X), X
    for row in range(len(layers)):
        inputs, outputs, unit = layers[row, INPUTS], layers[row, OUTPUTS], layers[row, UNIT]
        at, size = n * unit, n * outputs
        z = matrix(Z, at, n, outputs)
        times_transposed(source, matrix(theta, layers[row, W], outputs, inputs), z)
        biases = theta[layers[row, B] : layers[row, B] + outputs]
        for i in range(n):
            for j in range(outputs):
                z[i, j] += biases[j]
        if norm is not None:  # noqa: SIM102 - None prunes the whole branch before it is compiled
            if layers[row, GAMMA] >= 0:
                running, N, R = norm
                scale, units = matrix(theta, layers[row, GAMMA], 2, outputs), unit + outputs
                normalized = matrix(N, at, n, outputs)
                _normalize(z, scale, running[:, unit:units], normalized, R[unit:units], training)
        value, slope = A[at : at + size], S[at : at + size]
        activate_all(layers[row, ACTIVATION], Z[at : at + size], rates[row, LEAK], value, slope)
        if state is not None:  # noqa: SIM102
            if training and rates[row, DROPOUT] > 0.0:
                _drop(rates[row, DROPOUT], state, value, slope)
        source = matrix(A, at, n, outputs)


@part
def _drop(rate: float, state: State, a: Floats, slope: Floats) -> None:
    """Inverted dropout: keep a unit with probability 1 − p and scale it by 1 / (1 − p)."""
    for i in range(a.size):
        mask = 0.0 if rng.uniform(state) < rate else 1.0 / (1.0 - rate)
        a[i] *= mask
        slope[i] *= mask


@part
def _normalize(
    z: Floats, scale: Floats, running: Floats, normalized: Floats, root: Floats, training: bool
) -> None:
    """Batch norm: N = (Z − μ) / √(σ² + ε), Z ← γN + β, over the batch, unit by unit.

    σ² is biased here and unbiased in the running value, which inference uses instead.
    """
    n = z.shape[0]
    for j in range(z.shape[1]):
        mean, variance = 0.0, 0.0
        if training:
            for i in range(n):
                mean += z[i, j] / n
            for i in range(n):
                variance += (z[i, j] - mean) ** 2 / n
            running[0, j] += _BN_MOMENTUM * (mean - running[0, j])
            running[1, j] += _BN_MOMENTUM * (variance * n / max(n - 1, 1) - running[1, j])
        else:
            mean, variance = running[0, j], running[1, j]
        root[j] = 1.0 / math.sqrt(variance + _BN_EPSILON)
        for i in range(n):
            normalized[i, j] = (z[i, j] - mean) * root[j]
            z[i, j] = scale[0, j] * normalized[i, j] + scale[1, j]


@kernel
def backward(
    layers: Ints,
    theta: Floats,
    gradient: Floats,
    norm: Norm | None,
    X: Floats,
    tape: Tape,
    dX: Floats,
) -> None:
    """From ∂loss/∂A of the last layer, which D holds there, fill D and `gradient` layer by layer.

    δ = ∂loss/∂A · S (back through batch norm where there is one), ∂W = δᵀ A₋, ∂b = Σ δ,
    ∂loss/∂A₋ = δ W. dX (n, inputs) has the gradient of the inputs added; (0, inputs) leaves it out.
    """
    _, A, S, D = tape
    n = len(X)
    gradient[:] = 0
    for row in range(len(layers) - 1, -1, -1):
        inputs, outputs, unit = layers[row, INPUTS], layers[row, OUTPUTS], layers[row, UNIT]
        at = n * unit
        delta = matrix(D, at, n, outputs)
        for i in range(at, at + n * outputs):
            D[i] *= S[i]
        if norm is not None:  # noqa: SIM102
            if layers[row, GAMMA] >= 0:
                _, N, R = norm
                scale = matrix(theta, layers[row, GAMMA], 2, outputs)
                dscale = matrix(gradient, layers[row, GAMMA], 2, outputs)
                normalized = matrix(N, at, n, outputs)
                _denormalize(delta, normalized, R[unit : unit + outputs], scale, dscale)
        dbiases = gradient[layers[row, B] : layers[row, B] + outputs]
        for i in range(n):
            for j in range(outputs):
                dbiases[j] += delta[i, j]
        source = matrix(A, n * (unit - inputs), n, inputs) if row > 0 else X
        add_transposed_times(delta, source, matrix(gradient, layers[row, W], outputs, inputs))
        weights = matrix(theta, layers[row, W], outputs, inputs)
        if row > 0:
            D[n * (unit - inputs) : at] = 0
            add_times(delta, weights, matrix(D, n * (unit - inputs), n, inputs))
        elif len(dX) > 0:
            add_times(delta, weights, dX)


@part
def _denormalize(
    delta: Floats, normalized: Floats, root: Floats, scale: Floats, dscale: Floats
) -> None:
    """Batch norm backward: ∂γ = Σ δN, ∂β = Σ δ, δ ← γ/√(σ²+ε) · (δ − mean δ − N · mean δN)."""
    n = delta.shape[0]
    for j in range(delta.shape[1]):
        product = total = 0.0
        for i in range(n):
            product += delta[i, j] * normalized[i, j]
            total += delta[i, j]
        dscale[0, j] += product
        dscale[1, j] += total
        factor = scale[0, j] * root[j]
        for i in range(n):
            rest = total / n + normalized[i, j] * product / n
            delta[i, j] = factor * (delta[i, j] - rest)


@kernel
def train(
    steps: int,
    layers: Ints,
    rates: Floats,
    parameters: tuple[Floats, Floats],
    norm: Norm | None,
    state: State | None,
    loss_kind: int,
    data: tuple[Floats, Floats, Floats, Floats],
    deck: tuple[Ints, Ints],
    deck_state: State,
    tape: Tape,
    optimizer: int,
    memory: tuple[Floats, Floats],
    settings: Floats,
    t: int,
    trained: int,
) -> tuple[int, float, float]:
    """Train `steps` mini-batches: deal, forward, loss, backward, update.

    Returns the steps taken, the last batch's loss and the sum of all losses.

    parameters: theta and its gradient. data: X, T and room for one batch of each. deck: the order
    of the rows and the cursor. memory: the optimizer's m and v. t: optimizer steps taken before.
    trained: where in theta training begins; what lies before is frozen.
    Stops before the update when the loss is not finite.
    """
    theta, gradient = parameters
    X, T, x, target = data
    order, cursor = deck
    m, v = memory
    last = layers[len(layers) - 1]
    at, size = len(x) * last[UNIT], last[OUTPUTS]
    no_dX = x[:0]
    training = bool(steps)  # True itself would be a type of its own, and compile forward again
    loss = total = 0.0
    for step in range(steps):
        start = batches.deal(order, cursor, deck_state, len(x))
        rows = order[start : start + len(x)]
        batches.gather(X, rows, x)
        batches.gather(T, rows, target)
        forward(layers, rates, theta, norm, state, training, x, tape)
        outputs, deltas = matrix(tape[1], at, len(x), size), matrix(tape[3], at, len(x), size)
        loss = loss_and_gradient(loss_kind, outputs, target, deltas)
        if not math.isfinite(loss):
            return step, loss, total
        total += loss
        backward(layers, theta, gradient, norm, x, tape, no_dX)
        update(
            optimizer, theta[trained:], gradient[trained:], m[trained:], v[trained:],
            settings, t + step + 1,
        )  # fmt: skip
    return steps, loss, total
