"""The steps of the demo `dialects` against the programs that it speaks for, rule by rule."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import torch

from demos.dialects import PROGRAMS, RULES
from demos.engine.arrays import Floats

STEPS, DROP, RATE = 40, 20, 0.01
SIZES = (1.0, 1e-4, 1e-6)
# What rounding leaves of a weight near 1 that moves by 1e-8.
TOLERANCE = 1e-6
CHOSEN: dict[str, dict[str, Any]] = {
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9, "nesterov": True},
}
NAMES = {"momentum": "SGD", "nesterov": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop",
         "adam": "Adam"}  # fmt: skip


def by_torch(rule: str, g: Floats, rates: Floats) -> Floats:
    """PyTorch's steps (n,) for gradients and rates (n,)."""
    weight = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, NAMES[rule])([weight], RATE, **CHOSEN.get(rule, {}))
    path = [1.0]
    for slope, rate in zip(g, rates, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        weight.grad = torch.tensor([slope], dtype=torch.float64)
        optimizer.step()
        path.append(weight.item())
    return -np.diff(path)


def by_keras(rule: str, g: Floats, rates: Floats) -> Floats:
    """Keras's steps."""
    keras.backend.set_floatx("float64")
    weight = keras.Variable(np.ones(1), dtype="float64")
    optimizer = getattr(keras.optimizers, NAMES[rule])(RATE, **CHOSEN.get(rule, {}))
    path = [1.0]
    for slope, rate in zip(g, rates, strict=True):
        optimizer.learning_rate = rate
        optimizer.apply([keras.ops.convert_to_tensor(np.array([slope]))], [weight])
        path.append(float(keras.ops.convert_to_numpy(weight)[0]))
    return -np.diff(path)


def by_optax(rule: str, g: Floats, rates: Floats) -> Floats:
    """Optax's steps, with the rates as a schedule."""
    jax.config.update("jax_enable_x64", True)
    table = jnp.array(rates)
    name = NAMES[rule].lower()
    optimizer = getattr(optax, name)(lambda step: table[step], **CHOSEN.get(rule, {}))
    weight, steps = jnp.ones(1), []
    state = optimizer.init(weight)
    for slope in g:
        update, state = optimizer.update(jnp.array([slope]), state, weight)
        steps.append(-float(update[0]))
    return np.array(steps)


def compare() -> tuple[int, list[str]]:
    """Comparisons made, and a line for each difference."""
    rates = RATE * np.where(np.arange(STEPS) >= DROP, 0.1, 1.0)
    chance = np.random.default_rng(0)
    compared, found = 0, []
    for rule, ours in RULES.items():
        for size in SIZES:
            g = size * (1.0 + 0.2 * chance.normal(size=STEPS))
            asked = zip(PROGRAMS[1:], ours[1:], (by_torch, by_keras, by_optax), strict=True)
            for program, one, ask in asked:
                gap = float(np.max(np.abs(one(g, rates) / ask(rule, g, rates) - 1.0)))
                compared += STEPS
                if not gap <= TOLERANCE:
                    found.append(
                        f"dialects {rule}, gradients of {size:g}, {program}: off {gap:.2g}"
                    )
    return compared, found
