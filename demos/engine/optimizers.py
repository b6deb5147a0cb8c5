"""Optimizers: eight rules that turn a gradient into a step, on one flat vector of parameters.

ε is added after the root, the learning rate multiplies the whole step, and L2 (weight decay) is
added to the gradient, except in AdamW.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from demos.engine.arrays import Floats, Number
from demos.engine.kernel import kernel, part

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


@kernel
def update(
    kind: int, theta: Floats, gradient: Floats, m: Floats, v: Floats, settings: Floats, t: int
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
    number = theta.dtype.type  # settings are float64, theta may be float32
    rate, epsilon = number(settings[LEARNING_RATE]), number(settings[EPSILON])
    beta1, beta2 = number(settings[BETA1]), number(settings[BETA2])
    rest1, rest2 = number(1.0 - settings[BETA1]), number(1.0 - settings[BETA2])
    warm1 = number(1.0 - settings[BETA1] ** t)
    warm2 = number(math.sqrt(1.0 - settings[BETA2] ** t))
    shrink = number(settings[LEARNING_RATE] * settings[L1])
    _prepare(kind, theta, gradient, rate, number(settings[WEIGHT_DECAY]), settings[CLIP])
    for i in range(theta.size):
        g = gradient[i]
        if kind == SGD:
            theta[i] -= rate * g
        elif kind == MOMENTUM:
            m[i] = beta1 * m[i] + g
            theta[i] -= rate * m[i]
        elif kind == NAG:
            m[i] = beta1 * m[i] + g
            theta[i] -= rate * (g + beta1 * m[i])
        elif kind == ADAGRAD:
            v[i] += g * g
            theta[i] -= rate * g / (math.sqrt(v[i]) + epsilon)
        elif kind == RMSPROP:
            v[i] = beta2 * v[i] + rest2 * g * g
            theta[i] -= rate * g / (math.sqrt(v[i]) + epsilon)
        elif kind == PROXIMAL:
            w = theta[i] - rate * g
            theta[i] = math.copysign(max(abs(w) - shrink, number(0.0)), w)
        else:
            m[i] = beta1 * m[i] + rest1 * g
            v[i] = beta2 * v[i] + rest2 * g * g
            theta[i] -= rate / warm1 * m[i] / (math.sqrt(v[i]) / warm2 + epsilon)


@part
def _prepare(kind: int, w: Floats, g: Floats, rate: Number, decay: Number, limit: Number) -> None:
    """Clip, g ← g · limit / ‖g‖ where ‖g‖ is longer; then L2, g ← g + λw, the gradient of λ‖w‖²/2.

    AdamW shrinks the weights themselves instead: w ← (1 − ηλ)w.
    """
    if limit > 0.0:
        total = 0.0
        for i in range(g.size):
            total += g[i] * g[i]
        factor = g.dtype.type(min(1.0, limit / (math.sqrt(total) + 1e-6)))
        for i in range(g.size):
            g[i] *= factor
    if decay > 0.0 and kind == ADAMW:
        for i in range(w.size):
            w[i] -= rate * decay * w[i]
    elif decay > 0.0:
        for i in range(w.size):
            g[i] += decay * w[i]
