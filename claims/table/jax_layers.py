"""Layers of Flax, Haiku and Equinox, and JAX's attention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import equinox as eqx
import flax.linen
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from flax.nnx.nn.attention import dot_product_attention_weights

from claims.table.rows import Row

Maker = Callable[[nnx.Rngs], Any]


def made(make: Maker) -> Any:
    """A Flax module from seed 0."""
    return make(nnx.Rngs(0))


def leaves(make: Maker) -> list[Any]:
    """The arrays that a Flax module trains."""
    return list(jax.tree.leaves(nnx.state(made(make), nnx.Param)))


def count(make: Maker) -> int:
    """How many numbers a Flax module trains."""
    return sum(int(np.prod(leaf.shape)) for leaf in leaves(make))


def haiku(run: Callable[..., Any], *given: Any) -> Any:
    """The parameters of a Haiku function, from seed 0."""
    return hk.transform(run).init(jax.random.key(0), *given)


def made_inside(make: Callable[..., Any], *sizes: int, **how: Any) -> Callable[[Any], Any]:
    """A function that makes a Haiku module where Haiku wants it made, and calls it."""

    def run(x: Any) -> Any:
        return make(*sizes, **how)(x)

    return run


def haiku_count(run: Callable[..., Any], *given: Any) -> int:
    """How many numbers it trains."""
    return sum(int(np.prod(leaf.shape)) for leaf in jax.tree.leaves(haiku(run, *given)))


def eqx_count(module: Any) -> int:
    """How many numbers an Equinox module trains."""
    return sum(int(x.size) for x in jax.tree.leaves(eqx.filter(module, eqx.is_inexact_array)))


KEY = jax.random.key(0)


def linear() -> list[float]:
    """Deviations of the weights and biases of Flax's Linear(1000, 1000)."""
    layer = made(lambda r: nnx.Linear(1_000, 1_000, rngs=r))
    return [float(layer.kernel[...].std()), float(jnp.abs(layer.bias[...]).max())]


def embedding() -> list[float]:
    """Deviation and mean row length of Flax's Embed(1000, 64)."""
    table = made(lambda r: nnx.Embed(1_000, 64, rngs=r)).embedding[...]
    return [float(table.std()), float(jnp.linalg.norm(table, axis=1).mean())]


def recurrent_start() -> list[float]:
    """Recurrent deviations of Flax's LSTMCell, OptimizedLSTMCell, GRUCell; the forget bias."""
    lstm = made(lambda r: nnx.LSTMCell(64, 64, rngs=r))
    fast = made(lambda r: nnx.OptimizedLSTMCell(64, 64, rngs=r))
    gru = made(lambda r: nnx.GRUCell(64, 64, rngs=r))
    kernels = (lstm.hf.kernel, fast.dense_h.kernel, gru.dense_h.kernel)
    return [*(float(k[...].std()) for k in kernels), float(jnp.abs(lstm.hf.bias[...]).max())]


def batch_norm(batch: Sequence[Sequence[float]]) -> tuple[Any, list[list[float]]]:
    """Flax's batch normalisation after a training batch, and its output."""
    layer = made(lambda r: nnx.BatchNorm(len(batch[0]), rngs=r))
    out = layer(jnp.array(batch, dtype=jnp.float32))
    return layer, out.tolist()


def batch_norm_state() -> list[float]:
    """Mean, variance, momentum and epsilon after a batch of 0 and 2."""
    layer, _ = batch_norm([[0.0], [2.0]])
    return [float(layer.mean[...][0]), float(layer.var[...][0]), layer.momentum, layer.epsilon]


def layer_norm(*values: float, **how: Any) -> list[float]:
    """Flax's layer normalisation of these numbers."""
    layer = made(lambda r: nnx.LayerNorm(len(values), rngs=r, **how))
    return [float(v) for v in layer(jnp.array(values, dtype=jnp.float32))]


def spread_norm(mean: float) -> float:
    """The largest output of layer normalisation for a spread of .1 around this mean."""
    return max(layer_norm(mean, mean + 0.1, mean + 0.2))


def cells(n: int, k: int, s: int = 1) -> list[str]:
    """For each output of Flax's convolution with "SAME" the input cells that it reads."""
    conv = made(lambda r: nnx.Conv(1, 1, (k,), strides=s, use_bias=False, rngs=r))
    conv.kernel[...] = jnp.ones((k, 1, 1))
    seen = [np.array(conv(jnp.eye(n)[i][None, :, None]))[0, :, 0] for i in range(n)]
    return ["".join(str(i) for i in range(n) if seen[i][o]) for o in range(len(seen[0]))]


def impulse(n: int, k: int, s: int, padding: str) -> list[float]:
    """What Flax's transposed convolution with the kernel 1 … k makes of a 1 in the first cell."""
    conv = made(
        lambda r: nnx.ConvTranspose(1, 1, (k,), strides=s, padding=padding, use_bias=False, rngs=r)
    )
    conv.kernel[...] = jnp.arange(1.0, k + 1).reshape(k, 1, 1)
    return [float(v) for v in conv(jnp.eye(n)[0][None, :, None])[0, :, 0]]


def pooled() -> list[list[float]]:
    """Average of 3 with stride 2 over five ones; maximum of 2 with nothing set over -1 to -4."""
    ones = flax.linen.avg_pool(jnp.ones((1, 5, 1)), (3,), (2,), "SAME")
    most = flax.linen.max_pool(-jnp.arange(1.0, 6.0).reshape(1, 5, 1), (2,), padding="VALID")
    return [ones[0, :, 0].tolist(), most[0, :, 0].tolist()]


def dropped() -> list[float]:
    """Share of zeros and the value that is kept, of ones through Flax's dropout of .2."""
    out = made(lambda r: nnx.Dropout(0.2, rngs=r))(jnp.ones(100_000))
    return [float((out == 0).mean()), float(out.max())]


def attention(mask: Any, keys: int = 3) -> list[float]:
    """JAX's product attention: how much each key counts for the first query."""
    q, v = jnp.zeros((1, mask.shape[-2], 1, keys)), jnp.eye(keys)[None, :, None, :]
    out = jax.nn.dot_product_attention(q, jnp.zeros((1, keys, 1, keys)), v, mask=mask)
    return [float(x) for x in out[0, 0, 0]]


def causal() -> list[list[int]]:
    """Which of four keys two queries see under is_causal."""
    v = jnp.eye(4)[None, :, None, :]
    q, k = jnp.zeros((1, 2, 1, 4)), jnp.zeros((1, 4, 1, 4))
    out = jax.nn.dot_product_attention(q, k, v, is_causal=True)[0, :, 0]
    return [[i for i, weight in enumerate(row.tolist()) if weight > 0] for row in out]


def flax_masked() -> list[float]:
    """Weights of Flax's attention under a mask without a True."""
    weights = dot_product_attention_weights(
        jnp.zeros((1, 1, 1, 4)), jnp.zeros((1, 3, 1, 4)), mask=jnp.zeros((1, 1, 1, 3), dtype=bool)
    )
    return [float(w) for w in weights.ravel()]


def haiku_gru(block: int) -> float:
    """New state of Haiku's GRU from .25, with a candidate near 1 and a bias of 50 on one gate."""
    net = hk.without_apply_rng(hk.transform(lambda x, h: hk.GRU(1)(x, h)[1]))
    x, h = jnp.zeros((1, 1)), jnp.full((1, 1), 0.25)
    params = jax.tree.map(jnp.zeros_like, net.init(KEY, x, h))
    bias = params["gru"]["b"].at[2].set(10.0).at[block].set(50.0)
    return float(net.apply({"gru": {**params["gru"], "b": bias}}, x, h)[0, 0])


def haiku_lstm(*blocks: int) -> list[float]:
    """(h, c) of Haiku's LSTM with weights of 0, a bias of -50 on these blocks, from c = 1."""

    def run(x: Any, h: Any, c: Any) -> Any:
        return hk.LSTM(1)(x, hk.LSTMState(h, c))[1]

    net, zero, one = hk.without_apply_rng(hk.transform(run)), jnp.zeros((1, 1)), jnp.ones((1, 1))
    params = jax.tree.map(jnp.zeros_like, net.init(KEY, zero, zero, one))
    name = next(iter(params))
    for block in blocks:
        params[name]["b"] = params[name]["b"].at[block].set(-50.0)
    state = net.apply(params, zero, zero, one)
    return [float(state.hidden[0, 0]), float(state.cell[0, 0])]


def flax_gru() -> float:
    """New state of Flax's GRU from .25, with a bias of 50 on the middle gate."""
    cell = made(lambda r: nnx.GRUCell(1, 1, rngs=r))
    for layer in (cell.dense_i, cell.dense_h):
        layer.kernel[...] = jnp.zeros_like(layer.kernel[...])
    cell.dense_i.bias[...] = jnp.array([0.0, 50.0, 10.0])
    return float(cell(jnp.full((1, 1), 0.25), jnp.zeros((1, 1)))[0][0, 0])


def others_norm() -> list[list[float]]:
    """Layer normalisation of 1000, 1000.1, 1000.2 in Equinox and in Haiku."""
    x = jnp.array([1_000, 1_000.1, 1_000.2], dtype=jnp.float32)
    net = hk.transform(made_inside(hk.LayerNorm, -1, create_scale=True, create_offset=True))
    hers = net.apply(net.init(KEY, x), KEY, x)
    return [eqx.nn.LayerNorm(3)(x).tolist(), hers.tolist()]


COUNTS: tuple[Row, ...] = (
    Row("jax", "versions", lambda: [jax.__version__, flax.__version__, optax.__version__,
                                    hk.__version__, eqx.__version__],
        ["0.10.2", "0.12.8", "0.2.8", "0.0.17", "0.13.8"]),
    Row("flax", "LSTMCell, OptimizedLSTMCell, GRUCell, SimpleCell (3, 5)",
        lambda: [count(lambda r, c=c: c(3, 5, rngs=r))  # type: ignore[misc]
                 for c in (nnx.LSTMCell, nnx.OptimizedLSTMCell, nnx.GRUCell, nnx.SimpleCell)],
        [180, 180, 135, 45]),
    Row("haiku", "LSTM and GRU of 5 on 3",
        lambda: [haiku_count(lambda x: hk.LSTM(5)(x, hk.LSTM(5).initial_state(1)),
                             jnp.zeros((1, 3))),
                 haiku_count(lambda x: hk.GRU(5)(x, hk.GRU(5).initial_state(1)),
                             jnp.zeros((1, 3)))], [180, 135]),
    Row("equinox", "LSTMCell, GRUCell (3, 5); MultiheadAttention(8, 64)",
        lambda: [eqx_count(eqx.nn.LSTMCell(3, 5, key=KEY)),
                 eqx_count(eqx.nn.GRUCell(3, 5, key=KEY)),
                 eqx_count(eqx.nn.MultiheadAttention(8, 64, key=KEY))], [180, 140, 16_384]),
    Row("flax", "MultiHeadAttention(8, 64)",
        lambda: count(lambda r: nnx.MultiHeadAttention(8, 64, decode=False, rngs=r)), 16_640),
    Row("flax", "Linear(1000, 1000): deviation, largest bias", linear, [0.0316239, 0.0],
        drawn=True),
    Row("haiku", "Linear(1000): deviation",
        lambda: float(haiku(made_inside(hk.Linear, 1_000), jnp.zeros((1, 1_000)))["linear"]["w"]
                      .std()), 0.0278166, drawn=True),
    Row("equinox", "Linear(1000, 1000): deviations",
        lambda: [float(eqx.nn.Linear(1_000, 1_000, key=KEY).weight.std()),
                 float(eqx.nn.Linear(1_000, 1_000, key=KEY).bias.std())], [0.0182602, 0.0189854],
        drawn=True),
    Row("flax", "Embed(1000, 64): deviation, row length", embedding, [0.125126, 0.997436],
        drawn=True),
    Row("haiku", "Embed(1000, 64): deviation",
        lambda: float(haiku(made_inside(hk.Embed, 1_000, 64), jnp.zeros(1, dtype=int))["embed"]
                      ["embeddings"].std()), 0.879473, drawn=True),
    Row("equinox", "Embedding(1000, 64): deviation",
        lambda: float(eqx.nn.Embedding(1_000, 64, key=KEY).weight.std()), 1.00198, drawn=True),
    Row("jax", "he_normal, truncated_normal(.05), variance_scaling(1): deviations",
        lambda: [float(make(KEY, (1_000, 1_000)).std()) for make in (
            jax.nn.initializers.he_normal(), jax.nn.initializers.truncated_normal(stddev=0.05),
            jax.nn.initializers.variance_scaling(1, "fan_in", "truncated_normal"))],
        [0.0447089, 0.043969, 0.0315982], drawn=True),
    Row("flax", "recurrent deviations of three cells, forget bias", recurrent_start,
        [0.124956, 0.0625, 0.0721674, 0.0], drawn=True),
)  # fmt: skip

NORMS: tuple[Row, ...] = (
    Row("flax", "BatchNorm on 0, 2: mean, variance, momentum, epsilon", batch_norm_state,
        [0.01, 1.0, 0.99, 1e-5]),
    Row("flax", "epsilons: layer, root mean square, group",
        lambda: [made(lambda r: nnx.LayerNorm(4, rngs=r)).epsilon,
                 made(lambda r: nnx.RMSNorm(4, rngs=r)).epsilon,
                 made(lambda r: nnx.GroupNorm(4, 2, rngs=r)).epsilon], [1e-6, 1e-6, 1e-6]),
    Row("equinox", "epsilons: layer, group, root mean square",
        lambda: [eqx.nn.LayerNorm(4).eps, eqx.nn.GroupNorm(2, 4).eps, eqx.nn.RMSNorm(4).eps],
        [1e-5, 1e-5, 1e-5]),
    Row("flax", "a batch of one in training", lambda: batch_norm([[3.0, 5.0]])[1], [[0.0, 0.0]]),
    Row("flax", "BatchNorm of 1000, 1000.1 (true: ±.99)",
        lambda: [abs(row[0]) > 10 for row in batch_norm([[1_000.0], [1_000.1]])[1]], [True, True]),
    Row("flax", "LayerNorm of 1000, 1000.1, 1000.2: fast, not fast (true: -1.22, 0, 1.22)",
        lambda: [layer_norm(1_000, 1_000.1, 1_000.2)[2] > 10,
                 layer_norm(1_000, 1_000.1, 1_000.2, use_fast_variance=False)[2]],
        [True, 1.22428]),
    Row("flax", "LayerNorm of a spread of .1 around 10, 100, 300",
        lambda: [spread_norm(mean) for mean in (10, 100, 300)], [1.22592, 1.20938, 1.13137],
        drawn=True),
    Row("equinox and haiku", "LayerNorm of 1000, 1000.1, 1000.2", others_norm,
        [[-1.2242, -0.000746919, 1.22345], [-1.2242, -0.000746919, 1.22345]]),
    Row("flax", "a fresh BatchNorm and a fresh Dropout are in training mode",
        lambda: [made(lambda r: nnx.BatchNorm(1, rngs=r)).use_running_average,
                 made(lambda r: nnx.Dropout(0.2, rngs=r)).deterministic], [False, False]),
    Row("flax", "SAME, n=5 k=3 s=2", lambda: cells(5, 3, 2), ["01", "123", "34"]),
    Row("flax", "SAME, n=6 k=3 s=2", lambda: cells(6, 3, 2), ["012", "234", "45"]),
    Row("flax", "SAME, n=5 k=2", lambda: cells(5, 2), ["01", "12", "23", "34", "4"]),
    Row("flax", "SAME, n=5 k=4", lambda: cells(5, 4), ["012", "0123", "1234", "234", "34"]),
    Row("flax", "average over five ones, maximum with nothing set", pooled,
        [[0.666667, 1.0, 0.666667], [-1.0, -2.0, -3.0, -4.0]]),
    Row("flax", "transposed, n=5: k=3 s=2 VALID, SAME; k=4 s=2 SAME; k=2 s=3 VALID",
        lambda: [impulse(5, 3, 2, "VALID"), impulse(5, 3, 2, "SAME"), impulse(5, 4, 2, "SAME"),
                 impulse(5, 2, 3, "VALID")],
        [[3, 2, 1, *[0] * 8], [3, 2, 1, *[0] * 7], [3, 2, 1, *[0] * 7], [2, 1, *[0] * 13]]),
    Row("flax", "Dropout(.2) on ones", dropped, [0.19857, 1.25], drawn=True),
    Row("flax", "attention without a True", flax_masked, [1 / 3] * 3),
    Row("jax", "attention: True takes part",
        lambda: attention(jnp.array([[[[True, False, False]]]])), [1, 0, 0]),
    Row("jax", "attention with a row that is masked whole",
        lambda: attention(jnp.zeros((1, 1, 1, 3), dtype=bool)), [1 / 3] * 3),
    Row("jax", "is_causal, 2 queries and 4 keys", causal, [[0], [0, 1]]),
    Row("haiku", "GRU: bias 50 on each block, from .25",
        lambda: [haiku_gru(0), haiku_gru(1)], [0.999909, 0.624955]),
    Row("haiku", "LSTM of zeros from c = 1: h, c", haiku_lstm, [0.311856, 0.731059]),
    Row("haiku", "LSTM, bias -50 on the first block", lambda: haiku_lstm(0)[1], 0.731059),
    Row("flax", "GRU: bias 50 on the middle block, from .25", flax_gru, 0.25),
)  # fmt: skip


ROWS = COUNTS + NORMS
