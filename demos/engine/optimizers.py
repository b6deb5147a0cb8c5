"""Optimizers: eight rules that turn a gradient into a step, on one flat vector of parameters.

ε is added after the root, the learning rate multiplies the whole step, and L2 (weight decay) is
added to the gradient, except in AdamW.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from demos.engine.arrays import Floats
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.kernel import kernel_of
from demos.engine.subnormals import flushed
from demos.engine.values import Value, absolute, copysign, larger, power, smaller, sqrt

NAMES = ("sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamw", "proximal")
SGD, MOMENTUM, NAG, ADAGRAD, RMSPROP, ADAM, ADAMW, PROXIMAL = range(8)

# Where each setting lies in the vector that the kernel reads.
LEARNING_RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY, L1, CLIP = range(7)

# name: (beta1, beta2, epsilon), each as its textbook and PyTorch have it.
_DEFAULTS = {
    "momentum": (0.9, 0.0, 0.0),
    "nag": (0.9, 0.0, 0.0),
    "adagrad": (0.0, 0.0, 1e-10),
    "rmsprop": (0.0, 0.99, 1e-8),
    "adam": (0.9, 0.999, 1e-8),
    "adamw": (0.9, 0.999, 1e-8),
}


class Optimizer:
    """A rule, its settings and its memory.

    name: one of NAMES. beta1: the momentum μ, or the decay of Adam's mean m. beta2: the decay of
    the mean square v in RMSprop and Adam. weight_decay: the L2 coefficient λ. l1: the L1
    coefficient of `proximal`. clip: the largest norm a gradient may have (0: any).
    m, v: the memory, one number a parameter; t: steps taken.
    """

    def __init__(
        self,
        name: str = "sgd",
        learning_rate: float = 0.1,
        *,
        beta1: float | None = None,
        beta2: float | None = None,
        epsilon: float | None = None,
        weight_decay: float = 0.0,
        l1: float = 0.0,
        clip: float = 0.0,
    ) -> None:
        if name not in NAMES:
            raise ValueError(f"no optimizer is named {name!r}; there are {', '.join(NAMES)}")
        usual = _DEFAULTS.get(name, (0.0, 0.0, 0.0))
        given = (beta1, beta2, epsilon)
        betas = [u if g is None else g for g, u in zip(given, usual, strict=True)]
        self.name = name
        self.code = NAMES.index(name)
        self.settings: Floats = np.array([learning_rate, *betas, weight_decay, l1, clip])
        self.m: Floats = np.zeros(0)
        self.v: Floats = np.zeros(0)
        self.t = 0

    @property
    def learning_rate(self) -> float:
        """The learning rate η; may be changed while training."""
        return float(self.settings[LEARNING_RATE])

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.settings[LEARNING_RATE] = value

    @property
    def weight_decay(self) -> float:
        """The L2 coefficient λ; may be changed while training."""
        return float(self.settings[WEIGHT_DECAY])

    @weight_decay.setter
    def weight_decay(self, value: float) -> None:
        self.settings[WEIGHT_DECAY] = value

    def start(self, size: int, dtype: Any = np.float64) -> None:
        """Forget everything, and make room for `size` parameters of one dtype."""
        self.m, self.v = np.zeros(size, dtype), np.zeros(size, dtype)
        self.t = 0

    def step(self, theta: Floats, gradient: Floats, frozen: int = 0) -> None:
        """Take one step: change `theta` (size,) in place, given ∂loss/∂theta (size,).

        frozen: how many parameters at the front stay as they are.
        """
        if self.m.size != theta.size:
            self.start(theta.size, theta.dtype)
        self.t += 1
        w, g, m, v = (vector[frozen:] for vector in (theta, gradient, self.m, self.v))
        update(self.code, w, g, m, v, self.settings, self.t)


def _update(
    kind: Value, theta: Array, gradient: Array, m: Array, v: Array, settings: Array, t: Value
) -> None:
    with flushed(t.builder):
        move(kind, theta, gradient, m, v, kind * 0, theta.length, settings, t)


@kernel_of(_update)
def update(
    kind: int, theta: Floats, gradient: Floats, m: Floats, v: Floats, settings: Floats, t: float
) -> None:
    """Take step number t (from 1) with η, β₁ (μ), β₂, ε from `settings`; all vectors (size,).

    SGD       w ← w − ηg
    momentum  m ← μm + g, w ← w − ηm
    NAG       m ← μm + g, w ← w − η(g + μm): the step ahead, seen from where momentum will be
    AdaGrad   v ← v + g², w ← w − ηg / (√v + ε)
    RMSprop   v ← β₂v + (1−β₂)g², w ← w − ηg / (√v + ε), without bias correction
    Adam      m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − ηm̂ / (√v̂ + ε),
              m̂ = m / (1−β₁ᵗ), v̂ = v / (1−β₂ᵗ); AdamW alike
    proximal  w ← w − ηg, then w ← sign(w) · max(|w| − ηλ, 0), which reaches exactly zero
    """


def move(
    kind: Value, theta: Array, gradient: Array, m: Array, v: Array, at: Value, end: Value,
    settings: Array, t: Value,
) -> None:  # fmt: skip
    """As `update`, for the parameters from number `at` to `end`; t is a float.

    The gradient then shows what was followed: clipped, and with L2's part.
    """
    lanes, chosen = theta.lanes, [settings.load(at * 0 + i) for i in range(7)]
    scale = clipping(gradient, at, end, chosen[CLIP])
    warm1 = 1.0 - power(chosen[BETA1], t)
    warm2 = sqrt(1.0 - power(chosen[BETA2], t))
    whole = end - ((end - at) & (lanes - 1))
    for known in range(len(NAMES)):
        with when(kind.equals(known)):
            for start, stop, count in ((at, whole, lanes), (whole, end, 1)):
                with each(start, stop, count) as i:
                    w, g, a, b = (x.load(i, count) for x in (theta, gradient, m, v))
                    after = moved(known, w, scale * g, a, b, chosen, warm1, warm2)
                    for array, number in zip((theta, gradient, m, v), after, strict=True):
                        array.store(number, i)


def clipping(g: Array, at: Value, end: Value, limit: Value) -> Value:
    """The factor that shortens g to ‖g‖ = limit where it is longer: limit / ‖g‖; else 1."""
    factor = Slot(limit.like(1.0))
    with when(limit > 0.0):
        square = Slot(limit.like(0.0))
        with each(at, end) as i:
            number = limit.like(g.load(i))
            square.set(square.get() + number * number)
        factor.set(smaller(limit / (sqrt(square.get()) + 1e-6), 1.0))
    return factor.get()


def moved(
    kind: int, w: Value, g: Value, m: Value, v: Value, settings: Sequence[Value], warm1: Value,
    warm2: Value,
) -> tuple[Value, Value, Value, Value]:  # fmt: skip
    """w, g, m and v after a step, lane by lane. L2 joins the gradient: g ← g + λw.

    AdamW shrinks the weights themselves instead: w ← (1 − ηλ)w.
    """
    rate, beta1, beta2, epsilon, decay, l1, _ = settings
    if kind == ADAMW:
        w = w - rate * decay * w
    else:
        g = g + decay * w
    if kind == SGD:
        return w - rate * g, g, m, v
    if kind == PROXIMAL:
        w = w - rate * g
        return copysign(larger(absolute(w) - rate * l1, 0.0), w), g, m, v
    if kind in (MOMENTUM, NAG):
        m = beta1 * m + g
        return w - rate * (m if kind == MOMENTUM else g + beta1 * m), g, m, v
    if kind in (ADAGRAD, RMSPROP):
        v = v + g * g if kind == ADAGRAD else beta2 * v + (1.0 - beta2) * g * g
        return w - rate * g / (sqrt(v) + epsilon), g, m, v
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * g * g
    return w - rate / warm1 * m / (sqrt(v) * (1.0 / warm2) + epsilon), g, m, v
