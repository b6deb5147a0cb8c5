"""The same perceptrons in JAX, many steps in one compiled `lax.scan`, where it is installed.

That is how JAX is fastest; steps one by one take up to six times as long. It starts from the
engine's own weights, takes the same batches, and must arrive at the same loss.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from demos.engine.batches import Batches
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.recurrent import Recurrent


def steps_of(net: Mlp | Cnn | Recurrent) -> Callable[[int], tuple[float, float]] | None:
    """SGD steps of the same network, so many at a time; None without JAX or for another kind."""
    if not isinstance(net, Mlp) or not isinstance(net.source, Batches):
        return None
    try:
        import jax  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    source = copy.deepcopy(net.source)
    X, T = jax.device_put(source.X), jax.device_put(source.T)
    parameters = [
        (jax.device_put(net.weights(layer).T.copy()), jax.device_put(net.biases(layer).copy()))
        for layer in range(net.depth)
    ]
    many = _scan(jax, net)

    def train(steps: int) -> tuple[float, float]:
        nonlocal parameters
        rows = np.stack([_rows(source) for _ in range(steps)])
        parameters, losses = many(parameters, X, T, rows)
        found = np.asarray(losses)
        return float(found[0]), float(found.mean())

    return train


def _rows(source: Batches) -> Any:
    """The rows of the next batch, without copying them."""
    start = source.start()
    return source.order[start : start + source.size].copy()


def _scan(jax: Any, net: Mlp) -> Any:
    """The compiled function that takes many steps."""
    jnp = jax.numpy
    tanh, wide = net.functions[0] == "tanh", net.sizes[-1] > 1
    rate = net.dtype.type(net.optimizer.learning_rate)

    def loss(parameters: Any, x: Any, t: Any) -> Any:
        for W, b in parameters[:-1]:
            x = jnp.tanh(x @ W + b) if tanh else jax.nn.relu(x @ W + b)
        W, b = parameters[-1]
        z = x @ W + b
        if wide:
            return -(t * jax.nn.log_softmax(z)).sum(axis=1).mean()
        return (jnp.logaddexp(0, z) - t * z).mean()

    @jax.jit  # type: ignore[untyped-decorator, unused-ignore]
    def many(parameters: Any, X: Any, T: Any, rows: Any) -> Any:
        def one(parameters: Any, batch: Any) -> Any:
            value, slopes = jax.value_and_grad(loss)(parameters, X[batch], T[batch])
            return jax.tree.map(lambda w, g: w - rate * g, parameters, slopes), value

        return jax.lax.scan(one, parameters, rows)

    return many
