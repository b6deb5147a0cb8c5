"""Keras's layers, asked on the backend that KERAS_BACKEND names."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

from claims.table.rows import Row, error_of

NAN = math.nan
L = keras.layers


def plain(tensor: Any) -> Any:
    """A tensor as nested lists of numbers."""
    return keras.ops.convert_to_numpy(tensor).tolist()


def ones(*shape: int) -> Any:
    """Ones of this shape, in float32."""
    return np.ones(shape, dtype=np.float32)


def built(layer: Any, *shape: int) -> Any:
    """The layer, built on inputs of this shape."""
    layer.build((None, *shape))
    return layer


def count(layer: Any, *shape: int) -> int:
    """How many numbers it holds."""
    return int(built(layer, *shape).count_params())


def attention(**how: int) -> int:
    """Numbers of MultiHeadAttention on a width of 64."""
    layer = L.MultiHeadAttention(**how)
    layer.build((None, 5, 64), (None, 5, 64))
    return int(layer.count_params())


def summary() -> list[int]:
    """Trained numbers of 10-4-1, and the first number of its summary once it is fitted."""
    model = keras.Sequential([L.Dense(4), L.Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.zeros((2, 10)), np.zeros((2, 1)), verbose=0)
    lines: list[str] = []
    model.summary(print_fn=lambda text, **_: lines.append(text))
    line = next(x for x in "\n".join(lines).splitlines() if "Total params" in x)
    return [int(model.count_params()), int(line.split(":")[1].split("(")[0].replace(",", ""))]


def start(layer: Any, *shape: int) -> Any:
    """The first weight of a fresh layer, as an array."""
    keras.utils.set_random_seed(0)
    return keras.ops.convert_to_numpy(built(layer, *shape).weights[0])


def drawn(initialiser: Any) -> float:
    """Deviation of a million numbers of an initialiser."""
    return float(keras.ops.convert_to_numpy(initialiser((1_000, 1_000))).std())


def lstm_start() -> list[Any]:
    """Biases of i, of f, of the rest; of the recurrent matrix the deviation, is it orthogonal."""
    keras.utils.set_random_seed(0)
    _, recurrent, bias = built(L.LSTM(64), 5, 64).get_weights()
    gate = recurrent[:, :64]
    return [
        float(bias[:64].mean()),
        float(bias[64:128].mean()),
        float(bias[128:].mean()),
        float(recurrent.std()),
        bool(np.allclose(recurrent @ recurrent.T, np.eye(64), atol=1e-3)),
        bool(np.allclose(gate @ gate.T, np.eye(64), atol=1e-3)),
    ]


def normed(*batches: list[list[float]], **how: Any) -> tuple[Any, Any]:
    """Batch normalisation after these training batches, and the last output."""
    layer, out = L.BatchNormalization(**how), None
    for batch in batches:
        out = layer(np.array(batch, dtype=np.float32), training=True)
    return layer, out


def moving(*batches: list[list[float]], **how: Any) -> list[float]:
    """Moving mean and variance of the first channel after these batches."""
    layer, _ = normed(*batches, **how)
    return [plain(layer.moving_mean)[0], plain(layer.moving_variance)[0]]


def frozen() -> list[Any]:
    """Output and mean of a layer that is not trainable, asked in training mode."""
    layer = L.BatchNormalization(trainable=False)
    out = layer(np.array([[0.0], [2.0]], dtype=np.float32), training=True)
    return [[row[0] for row in plain(out)], plain(layer.moving_mean)]


def predicted_mean() -> list[float]:
    """Moving mean after ten batches of mean 14.5, and the mean that prediction gives them."""
    batch = [[14.0], [15.0]]
    layer, _ = normed(*[batch] * 10)
    out = layer(np.array(batch, dtype=np.float32), training=False)
    return [plain(layer.moving_mean)[0], float(np.mean(plain(out)))]


def cells(layer: Any, n: int) -> list[str]:
    """For each output of a convolution the input cells out of n that it reads."""
    built(layer, n, 1).set_weights([np.ones_like(w) for w in layer.get_weights()])
    seen = [np.array(plain(layer(np.eye(n, dtype=np.float32)[i][None, :, None])))[0, :, 0]
            for i in range(n)]  # fmt: skip
    return ["".join(str(i) for i in range(n) if seen[i][o]) for o in range(len(seen[0]))]


def same(n: int, k: int, s: int = 1) -> list[str]:
    """The cells that a convolution with "same" reads."""
    return cells(L.Conv1D(1, k, strides=s, padding="same", use_bias=False), n)


def impulse(n: int, k: int, s: int, padding: str) -> list[float]:
    """What a transposed convolution with the kernel 1 … k makes of a 1 in the first of n cells."""
    layer = built(L.Conv1DTranspose(1, k, strides=s, padding=padding, use_bias=False), n, 1)
    layer.set_weights([np.arange(1.0, k + 1).reshape(k, 1, 1)])
    out = layer(np.eye(n, dtype=np.float32)[0][None, :, None])
    return [row[0] for row in plain(out)[0]]


def line(layer: Any, *values: float) -> list[float]:
    """What a layer of one channel makes of these cells."""
    out = layer(np.array(values, dtype=np.float32)[None, :, None])
    return [row[0] for row in plain(out)[0]]


def dropped(layer: Any) -> list[float]:
    """Share of zeros, the value that is kept, and the mean, of ones through dropout."""
    keras.utils.set_random_seed(0)
    out = np.array(plain(layer(ones(1, 100_000), training=True)))
    return [float((out == 0).mean()), float(out.max()), float(out.mean())]


def alpha_values() -> list[float]:
    """The values that AlphaDropout(.5) makes of zeros."""
    out = L.AlphaDropout(0.5)(np.zeros((1, 1_000), dtype=np.float32), training=True)
    return sorted({round(value, 4) for value in plain(out)[0]})


def masked(*mask: bool) -> list[float]:
    """Weights of the first of three queries where only the keys with True take part."""
    layer, x = L.MultiHeadAttention(1, 4), np.random.default_rng(0).normal(size=(1, 3, 4))
    _, weights = layer(
        x, x, attention_mask=np.array([[mask] * 3]), return_attention_scores=True
    )  # fmt: skip
    return [float(v) for v in plain(weights)[0][0][0]]


def unscaled() -> list[float]:
    """Weights that Attention gives keys with products 4 and 0 at a width of 4."""
    q, v = ones(1, 1, 4), np.array([[[1.0] * 4, [0.0] * 4]], dtype=np.float32)
    _, weights = L.Attention()([q, v], return_attention_scores=True)
    return [float(w) for w in plain(weights)[0][0]]


def gru(block: int = 0, **how: Any) -> float:
    """New state from .25, with a candidate near 1 and a bias of 50 on one gate."""
    layer = built(L.GRU(1, **how), 1, 1)
    weights = [np.zeros_like(w) for w in layer.get_weights()]
    weights[2].reshape(-1, 3)[0, 2], weights[2].reshape(-1, 3)[0, block] = 10.0, 50.0
    layer.set_weights(weights)
    state = np.full((1, 1), 0.25, dtype=np.float32)
    return float(plain(layer(np.zeros((1, 1, 1), dtype=np.float32), initial_state=state))[0][0])


def reset(*, after: bool) -> float:
    """The new state where the reset gate is 0 and the candidate has a recurrent bias of 2.

    With the gate after the product nothing is left of the bias: tanh(0). Before it: tanh(2).
    """
    layer = built(L.GRU(1, reset_after=after), 1, 1)
    weights = [np.zeros_like(w) for w in layer.get_weights()]
    bias = weights[2].reshape(-1, 3)
    bias[0, 0], bias[0, 1], bias[-1, 2] = -50.0, -50.0, 2.0
    layer.set_weights(weights)
    state = np.ones((1, 1), dtype=np.float32)
    return float(plain(layer(np.zeros((1, 1, 1), dtype=np.float32), initial_state=state))[0][0])


def gate(block: int) -> list[float]:
    """(h, c) of an LSTM whose weights are 0 and whose one block has a bias of -50, from c = 1."""
    layer = built(L.LSTM(1, return_state=True), 1, 1)
    weights = [np.zeros_like(w) for w in layer.get_weights()]
    weights[2][block] = -50.0
    layer.set_weights(weights)
    zero, one = np.zeros((1, 1), dtype=np.float32), np.ones((1, 1), dtype=np.float32)
    _, h, c = layer(np.zeros((1, 1, 1), dtype=np.float32), initial_state=[zero, one])
    return [float(plain(h)[0][0]), float(plain(c)[0][0])]


def side(n: int, s: int) -> int:
    """Side of a Conv2D with "same" on n cells with stride s."""
    return int(L.Conv2D(1, 3, strides=s, padding="same")(ones(1, n, n, 1)).shape[1])


def transposed(k: int, padding: str) -> int:
    """Side of a Conv2DTranspose of stride 2 on seven cells."""
    return int(L.Conv2DTranspose(1, k, strides=2, padding=padding)(ones(1, 7, 7, 1)).shape[1])


def normalised() -> float:
    """What the layer Normalization makes of the first of 1, 2, 3, 4."""
    layer = L.Normalization(axis=None)
    layer.adapt(np.array([1.0, 2.0, 3.0, 4.0]))
    return float(plain(layer(np.array([1.0])))[0])


def eps(layer: Callable[[], Any]) -> float:
    """The epsilon of a layer with nothing set."""
    return float(layer().epsilon)


def one_mask() -> bool:
    """Whether a recurrent layer that hands its input on drops the same inputs at every step."""
    keras.utils.set_random_seed(0)
    layer = built(L.SimpleRNN(1, dropout=0.5, activation=None, return_sequences=True), 8, 1)
    layer.set_weights([np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1)])
    out = np.array(plain(layer(ones(64, 8, 1), training=True)))[:, :, 0]
    return bool((out == out[:, :1]).all()) and len(np.unique(out)) == 2


COUNTS: tuple[Row, ...] = (
    Row("keras", "version", lambda: keras.__version__, "3.15.1"),
    Row("keras", "LSTM(5) on 3", lambda: count(L.LSTM(5), 4, 3), 180),
    Row("keras", "GRU(5) on 3: default, reset before",
        lambda: [count(L.GRU(5), 4, 3), count(L.GRU(5, reset_after=False), 4, 3)], [150, 135]),
    Row("keras", "SimpleRNN(5) on 3", lambda: count(L.SimpleRNN(5), 4, 3), 45),
    Row("keras", "BatchNormalization on 8: all, trained",
        lambda: [count(L.BatchNormalization(), 8),
                 sum(int(np.prod(w.shape))
                     for w in built(L.BatchNormalization(), 8).trainable_weights)], [32, 16]),
    Row("keras", "MultiHeadAttention on 64: key_dim 64, 8",
        lambda: [attention(num_heads=8, key_dim=64), attention(num_heads=8, key_dim=8)],
        [132_672, 16_640]),
    Row("keras", "depthwise × 2, separable, four groups on 8 channels",
        lambda: [count(L.DepthwiseConv2D(3, depth_multiplier=2), 9, 9, 8),
                 count(L.SeparableConv2D(16, 3), 9, 9, 8),
                 count(L.Conv2D(16, 3, groups=4), 9, 9, 8)], [160, 216, 304]),
    Row("keras", "10-4-1 with Adam: count, summary", summary, [49, 149]),
    Row("keras", "PReLU on 8 × 8 × 16, on 10, shared",
        lambda: [count(L.PReLU(), 8, 8, 16), count(L.PReLU(), 10),
                 count(L.PReLU(shared_axes=[1, 2]), 8, 8, 16)], [1_024, 10, 16]),
    Row("keras", "784-16-10",
        lambda: count(keras.Sequential([L.Dense(16), L.Dense(10)]), 784), 12_730),
    Row("keras", "Dense(1000) on 1000: deviation, largest",
        lambda: [float(start(L.Dense(1_000), 1_000).std()),
                 float(start(L.Dense(1_000), 1_000).max())], [0.0316274, 0.0547722], drawn=True),
    Row("keras", "Embedding(1000, 64): deviation, largest",
        lambda: [float(start(L.Embedding(1_000, 64), 5).std()),
                 float(start(L.Embedding(1_000, 64), 5).max())], [0.0288609, 0.0499975],
        drawn=True),
    Row("keras", "HeNormal, TruncatedNormal(.05), RandomNormal(): deviations",
        lambda: [drawn(keras.initializers.HeNormal(seed=0)),
                 drawn(keras.initializers.TruncatedNormal(stddev=0.05, seed=0)),
                 drawn(keras.initializers.RandomNormal(seed=0))],
        [0.0447499, 0.0440093, 0.0500225], drawn=True),
    Row("keras", "LSTM(64): biases, recurrent deviation, orthogonal, a gate's", lstm_start,
        [0.0, 1.0, 0.0, 0.0624998, True, False], drawn=True),
    Row("keras", "PReLU: start", lambda: float(start(L.PReLU(), 3)[0]), 0.0),
)  # fmt: skip

NORMS: tuple[Row, ...] = (
    Row("keras", "BatchNormalization on 0, 2: mean, variance, momentum, epsilon",
        lambda: [*moving([[0.0], [2.0]]), L.BatchNormalization().momentum,
                 eps(L.BatchNormalization)], [0.01, 1.0, 0.99, 0.001]),
    Row("keras", "epsilons: layer, group, root mean square",
        lambda: [eps(L.LayerNormalization), eps(L.GroupNormalization), eps(L.RMSNormalization)],
        [0.001, 0.001, 1e-6]),
    Row("keras", "deviation out for ±.01",
        lambda: float(np.std(plain(normed([[-0.01], [0.01]])[1]))), 0.301511),
    Row("keras", "a batch of one in training: output, variance",
        lambda: [plain(normed([[3.0, 5.0]])[1]), moving([[3.0, 5.0]])[1]], [[[0.0, 0.0]], 0.99]),
    Row("keras", "frozen, in training mode on 0, 2: output, mean", frozen, [[0.0, 1.999], [0.0]]),
    Row("keras", "LayerNormalization on (1, 2, 2, 3): number of scales",
        lambda: int(np.prod(built(L.LayerNormalization(axis=[-2, -1]), 2, 2, 3).gamma.shape)), 6),
    Row("keras", "ten batches of mean 14.5: mean, mean of prediction", predicted_mean,
        [1.38646, 13.6033]),
    Row("keras", "LayerNormalization of 1000, 1000.1, 1000.2 (true: -1.14, 0, 1.14)",
        lambda: [round(v, 1) for v in plain(L.LayerNormalization()(
            np.array([[1_000, 1_000.1, 1_000.2]], dtype=np.float32)))[0]], [-1.1, 0.0, 1.1]),
    Row("keras", "Normalization on 1, 2, 3, 4: the first", normalised, -1.34164),
)  # fmt: skip

WINDOWS: tuple[Row, ...] = (
    Row("keras", "same, n=5 k=3 s=2", lambda: same(5, 3, 2), ["01", "123", "34"]),
    Row("keras", "same, n=6 k=3 s=2", lambda: same(6, 3, 2), ["012", "234", "45"]),
    Row("keras", "same, n=5 k=2", lambda: same(5, 2), ["01", "12", "23", "34", "4"]),
    Row("keras", "same, n=5 k=4", lambda: same(5, 4), ["012", "0123", "1234", "234", "34"]),
    Row("keras", "same, n=5 k=2 s=2", lambda: same(5, 2, 2), ["01", "23", "4"]),
    Row("keras", "same, n=7 k=3 s=3", lambda: same(7, 3, 3), ["01", "234", "56"]),
    Row("keras", "average of 3, stride 2, same, on five ones",
        lambda: line(L.AveragePooling1D(3, 2, padding="same"), *[1.0] * 5), [1, 1, 1]),
    Row("keras", "average of 3, stride 1, same, on 1 to 5",
        lambda: line(L.AveragePooling1D(3, 1, padding="same"), 1, 2, 3, 4, 5),
        [1.5, 2, 3, 4, 4.5]),
    Row("keras", "maximum of 2, same, on -1 to -5",
        lambda: line(L.MaxPooling1D(2, 2, padding="same"), -1, -2, -3, -4, -5), [-1, -3, -5]),
    *(Row("keras", f"transposed, n={n} k={k} s={s} {padding}",
          lambda n=n, k=k, s=s, p=padding: impulse(n, k, s, p), answer)  # type: ignore[misc]
      for n, k, s, padding, answer in (
          (5, 3, 2, "valid", [1, 2, 3, *[0] * 8]), (5, 2, 3, "valid", [1, 2, *[0] * 13]),
          (5, 4, 2, "valid", [1, 2, 3, 4, *[0] * 8]), (4, 3, 3, "valid", [1, 2, 3, *[0] * 9]),
          (3, 5, 2, "valid", [1, 2, 3, 4, 5, *[0] * 4]), (5, 3, 2, "same", [1, 2, 3, *[0] * 7]),
          (5, 2, 3, "same", [1, 2, *[0] * 13]), (5, 4, 2, "same", [2, 3, 4, *[0] * 7]),
          (4, 3, 3, "same", [1, 2, 3, *[0] * 9]), (3, 5, 2, "same", [2, 3, 4, 5, 0, 0]))),
    Row("keras", "stride 2 and dilation 2",
        lambda: error_of(lambda: L.Conv1D(1, 3, strides=2, dilation_rate=2)), "ValueError"),
    *(Row("keras", f"Conv2D same on {n}, stride {s}: side", lambda n=n, s=s: side(n, s), answer)  # type: ignore[misc]
      for n, s, answer in ((7, 2, 4), (7, 3, 3), (7, 4, 2), (28, 3, 10), (30, 4, 8), (31, 2, 16),
                           (31, 3, 11), (31, 4, 8), (33, 2, 17), (33, 4, 9), (65, 2, 33),
                           (65, 3, 22), (65, 4, 17))),
    Row("keras", "Conv2DTranspose of stride 2 on 7: k=4 same, k=5 same, k=5 valid",
        lambda: [transposed(4, "same"), transposed(5, "same"), transposed(5, "valid")],
        [14, 14, 17]),
)  # fmt: skip

GATES: tuple[Row, ...] = (
    Row("keras", "dropout .2 on ones", lambda: dropped(L.Dropout(0.2)), [0.19911, 1.25, 1.00111],
        drawn=True),
    Row("keras", "Dropout(1) on ones",
        lambda: plain(L.Dropout(1.0)(ones(1, 4), training=True))[0], [0, 0, 0, 0]),
    Row("keras", "SimpleRNN(dropout=.5): the mask is the same at every step", one_mask, True),
    Row("keras", "AlphaDropout(.5) on zeros: the values", alpha_values, [-0.7792, 0.7792]),
    Row("keras", "True in attention_mask takes part",
        lambda: masked(True, False, False), [1, 0, 0]),
    Row("keras", "a row that is masked whole", lambda: masked(False, False, False), [0, 0, 0]),
    Row("keras", "Attention does not divide by the root of the width", unscaled,
        [0.982014, 0.0179862]),
    Row("keras", "GRU: bias 50 on the first block, from .25", gru, 0.25),
    Row("keras", "GRU: reset after the product, before it",
        lambda: [reset(after=True), reset(after=False)], [0.0, 0.964028]),
    Row("keras", "LSTM: bias -50 on each block, from c = 1: h, c",
        lambda: [gate(block) for block in range(4)],
        [[0.231059, 0.5], [0, 0], [0, 0], [0, 0.5]]),
    Row("keras", "Bidirectional(LSTM(5)): width",
        lambda: int(L.Bidirectional(L.LSTM(5))(ones(1, 2, 3)).shape[-1]), 10),
)  # fmt: skip

ROWS = COUNTS + NORMS + WINDOWS + GATES
