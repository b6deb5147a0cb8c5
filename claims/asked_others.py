"""What JAX, Flax, Optax, Haiku, NumPy and pandas answer."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pandas as pd
from flax import nnx

from claims.registry import claim


def gru_parameters(d: int, h: int) -> float:
    """Parameters of Flax's GRU cell."""
    state = nnx.state(nnx.GRUCell(d, h, rngs=nnx.Rngs(0)), nnx.Param)
    return sum(int(np.prod(leaf.shape)) for leaf in jax.tree.leaves(state))


def linear_std(n: int, m: int) -> float:
    """Standard deviation of a fresh linear layer's weights in Flax."""
    rounds = max(1, 500_000 // (n * m))
    weights = [nnx.Linear(n, m, rngs=nnx.Rngs(i)).kernel[...].ravel() for i in range(rounds)]
    return float(jnp.concatenate(weights).std())


def forget_bias() -> float:
    """Sum of the forget gate's biases of a fresh LSTM cell in Flax."""
    cell = nnx.LSTMCell(3, 4, rngs=nnx.Rngs(0))
    return float(jnp.asarray(cell.hf.bias[...]).mean())


def haiku_gru_keeps() -> bool:
    """Whether Haiku's GRU with its update gate at 1 keeps the old state."""
    import haiku as hk

    def run(x: Any, h: Any) -> Any:
        return hk.GRU(1)(x, h)[1]

    net = hk.without_apply_rng(hk.transform(run))
    x, h = jnp.zeros((1, 1)), jnp.full((1, 1), 0.25)
    params = jax.tree.map(jnp.zeros_like, net.init(jax.random.key(0), x, h))
    bias = params["gru"]["b"].at[0].set(100.0)
    params = {"gru": {**params["gru"], "b": bias}}
    return bool(float(net.apply(params, x, h)[0, 0]) == 0.25)


@claim("jax.truncated_std")
def truncated_std(s: float, **_: Any) -> float:
    """Deviation of a truncated normal for which `s` was asked."""
    draw = jax.nn.initializers.truncated_normal(stddev=s)
    return float(draw(jax.random.key(0), (1_000, 1_000)).std())


@claim("jax.masked_row", PyTorch=lambda a, b, c, **_: _torch_masked(a, b, c))
def masked_row(a: int, b: int, c: int, **_: Any) -> float:
    """A row of attention in which every key is masked."""
    q, k = jnp.zeros((1, 1, 1, 2)), jnp.zeros((1, 3, 1, 2))
    v = jnp.array([a, b, c], dtype=jnp.float32).reshape(1, 3, 1, 1) * jnp.ones((1, 3, 1, 2))
    mask = jnp.zeros((1, 1, 1, 3), dtype=bool)
    return float(jax.nn.dot_product_attention(q, k, v, mask=mask)[0, 0, 0, 0])


def _torch_masked(a: int, b: int, c: int) -> float:
    from claims import asked_torch

    return asked_torch.sdpa_masked_row(a, b, c)


@claim("optax.l2_loss", **{"squared_error": lambda e, **_: squared_error(e)})
def l2_loss(e: float, **_: Any) -> float:
    """Optax's l2_loss at an error of `e`."""
    return float(optax.l2_loss(jnp.float32(e)))


def squared_error(e: float) -> float:
    """Optax's squared_error at an error of `e`."""
    return float(optax.squared_error(jnp.float32(e)))


def adamw_shrink() -> float:
    """How much AdamW with its defaults takes off a weight of 1 without a gradient."""
    rule = optax.adamw(0.001)
    w = jnp.float32(1.0)
    update, _ = rule.update(jnp.float32(0.0), rule.init(w), w)
    return -float(update)


def warmup_end(w: int, d: int) -> float:
    """First step at which a warmed-up cosine is at its lowest."""
    schedule = optax.warmup_cosine_decay_schedule(0.0, 1.0, w, d)
    return next(i for i in range(w + 1, d + w + 2) if float(schedule(i)) < 1e-9)


@claim("pandas.ewm_second", **{"adjust=False": lambda a, b, w, **_: _ewm(a, b, w, adjust=False)})
def ewm_second(a: int, b: int, w: float, **_: Any) -> float:
    """Second value of pandas's weighted mean."""
    return _ewm(a, b, w, adjust=True)


def _ewm(a: int, b: int, w: float, *, adjust: bool) -> float:
    return float(pd.Series([a, b]).ewm(alpha=w, adjust=adjust).mean().iloc[1])


def std_two(a: int, b: int, **_: Any) -> float:
    """NumPy's standard deviation of two numbers."""
    return float(np.std([a, b]))


def median_even(a: int, b: int, c: int, d: int, **_: Any) -> float:
    """NumPy's median of four numbers."""
    return float(np.median([a, b, c, d]))
