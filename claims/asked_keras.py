"""What Keras answers, on its torch backend."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

from claims import asked_others
from claims.registry import claim


def count(layer: keras.layers.Layer, *shape: int) -> int:
    """Numbers that a layer built on inputs of this shape holds."""
    layer.build((None, *shape))
    return int(layer.count_params())


def lstm_parameters(d: int, h: int, **_: Any) -> float:
    """Parameters of an LSTM."""
    return count(keras.layers.LSTM(h), 5, d)


def rnn_parameters(d: int, h: int, **_: Any) -> float:
    """Parameters of a plain recurrent layer."""
    return count(keras.layers.SimpleRNN(h), 5, d)


@claim(
    "keras.gru_parameters",
    Flax=lambda d, h, **_: asked_others.gru_parameters(d, h),
    LSTM=lstm_parameters,
)
def gru_parameters(d: int, h: int, **_: Any) -> float:
    """Parameters of a GRU with its defaults."""
    return count(keras.layers.GRU(h), 5, d)


def _torch_mha(d: int, n: int, **_: Any) -> float:
    from torch import nn

    return float(sum(p.numel() for p in nn.MultiheadAttention(d, n).parameters()))


@claim("keras.mha_parameters", PyTorch=_torch_mha)
def mha_parameters(n: int, k: int, d: int, **_: Any) -> float:
    """Parameters of attention with `n` heads of `k` numbers on width `d`."""
    layer = keras.layers.MultiHeadAttention(num_heads=n, key_dim=k)
    layer.build((None, 5, d), (None, 5, d))
    return int(layer.count_params())


def mha_at_full_width(d: int, n: int, **_: Any) -> float:
    """The same with key_dim set to the width."""
    return mha_parameters(n=n, k=d, d=d)  # type: ignore[return-value]


@claim("keras.total_params")
def total_params(i: int, h: int, **_: Any) -> float:
    """Numbers that a fitted network i-h-1 with Adam holds, as its summary's first line counts."""
    model = keras.Sequential([keras.layers.Dense(h), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.zeros((2, i)), np.zeros((2, 1)), verbose=0)
    lines: list[str] = []
    model.summary(print_fn=lambda text, **_: lines.append(text))
    line = next(line for line in "\n".join(lines).splitlines() if "Total params" in line)
    return int(line.split(":")[1].split("(")[0].replace(",", ""))


@claim("keras.bn_trainable")
def bn_trainable(**_: Any) -> float:
    """Trained numbers of a batch normalisation of 8 channels."""
    layer = keras.layers.BatchNormalization()
    layer.build((None, 8))
    return sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)


def _torch_linear_std(n: int, m: int, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.linear_std(n=n, m=m)  # type: ignore[return-value]


def _flax_linear_std(n: int, m: int, **_: Any) -> float:
    return asked_others.linear_std(n, m)


@claim("keras.dense_std", PyTorch=_torch_linear_std, Flax=_flax_linear_std)
def dense_std(n: int, m: int, **_: Any) -> float:
    """Standard deviation of a fresh dense layer's weights, over at least half a million."""
    keras.utils.set_random_seed(0)
    weights = []
    for _again in range(max(1, 500_000 // (n * m))):
        layer = keras.layers.Dense(m)
        layer.build((None, n))
        weights.append(keras.ops.convert_to_numpy(layer.kernel).ravel())
    return float(np.concatenate(weights).std())


def running_var(n: int, v: float, **_: Any) -> float:
    """Moving variance after one training batch of variance `v`."""
    layer = keras.layers.BatchNormalization()
    x = np.arange(n, dtype=np.float64)
    x = (x - x.mean()) / x.std() * np.sqrt(v)
    layer(x[:, None], training=True)
    return float(keras.ops.convert_to_numpy(layer.moving_variance)[0])


def _torch_moving_mean(k: int, m: float, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.moving_mean(k, m)


@claim("keras.moving_mean", PyTorch=_torch_moving_mean)
def moving_mean(k: int, m: float, **_: Any) -> float:
    """Moving mean after `k` batches of mean `m`."""
    layer = keras.layers.BatchNormalization()
    for _again in range(k):
        layer(np.array([[m - 1], [m + 1]], dtype=np.float32), training=True)
    return float(keras.ops.convert_to_numpy(layer.moving_mean)[0])


def _torch_eps(s: float, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.eps_output(s)


@claim("keras.eps_output", PyTorch=_torch_eps)
def eps_output(s: float, **_: Any) -> float:
    """Deviation that comes out of batch normalisation for deviation `s`."""
    x = np.arange(1_000, dtype=np.float64)
    x = (x - x.mean()) / x.std() * s
    out = keras.layers.BatchNormalization()(x[:, None].astype(np.float32), training=True)
    return float(keras.ops.convert_to_numpy(out).std())


@claim("keras.momentum_translate")
def momentum_translate(p: float, **_: Any) -> float:
    """The `momentum` that moves Keras's mean as far in one step as PyTorch's `p` does."""
    import torch

    norm = torch.nn.BatchNorm1d(1, momentum=p)
    norm(torch.tensor([[0.0], [2.0]]))
    wanted = float(norm.running_mean[0])
    layer = keras.layers.BatchNormalization(momentum=1 - wanted)
    layer(np.array([[0.0], [2.0]], dtype=np.float32), training=True)
    moved = float(keras.ops.convert_to_numpy(layer.moving_mean)[0])
    return 1 - moved


def _torch_usual_padding(k: int, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.usual_padding(k)


@claim("keras.same_before", PyTorch=_torch_usual_padding)
def same_before(n: int, k: int, s: int, **_: Any) -> float:
    """Cells of padding before the first: the kernel's cells that the first window leaves out."""
    layer = keras.layers.Conv1D(1, k, strides=s, padding="same", use_bias=False)
    layer.build((None, n, 1))
    layer.set_weights([np.ones((k, 1, 1)) * np.arange(k)[:, None, None]])
    x = np.zeros((1, n, 1), dtype=np.float32)
    x[0, 0, 0] = 1
    return float(keras.ops.convert_to_numpy(layer(x))[0, 0, 0])


def transposed_same(n: int, k: int, s: int, **_: Any) -> float:
    """Cells that a transposed convolution with "same" makes of `n`."""
    layer = keras.layers.Conv1DTranspose(1, k, strides=s, padding="same")
    return int(layer(np.zeros((1, n, 1), dtype=np.float32)).shape[1])


def _torch_padding_one(n: int, k: int, s: int, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.transposed_padding_one(n, k, s)


def _torch_no_padding(n: int, k: int, s: int, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.transposed_without_padding(n, k, s)


claim(
    "keras.transposed_size",
    **{"without padding": _torch_no_padding, "with padding 1": _torch_padding_one},
)(transposed_same)


@claim("keras.binary_smoothing")
def binary_smoothing(e: float, **_: Any) -> float:
    """The positive's target: where the loss's slope by the logit is p - t, at p = 1/2."""
    loss = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=e)
    step = 1e-3
    up, down = (
        float(loss(np.array([[1.0]]), np.array([[z]], dtype=np.float64))) for z in (step, -step)
    )
    return 0.5 - (up - down) / (2 * step)


def class_weight(w: float, z: float, **_: Any) -> float:
    """Weighted cross-entropy as the loss with sample weights gives it."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    logits = np.array([[z, 0.0], [z, 0.0]])
    return float(loss(np.array([0, 1]), logits, sample_weight=np.array([1.0, w])))


@claim("keras.logit_accuracy")
def logit_accuracy(**_: Any) -> str:
    """Accuracy that a compiled binary classifier on logits reports for ±0.3, both right."""
    model = keras.Sequential([keras.layers.Dense(1, use_bias=False)])
    model.build((None, 1))
    model.set_weights([np.array([[1.0]])])
    model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    x, y = np.array([[0.3], [-0.3]]), np.array([[1.0], [0.0]])
    return f"{model.evaluate(x, y, verbose=0, return_dict=True)['accuracy']:g}"


def step(optimizer: keras.optimizers.Optimizer, w: keras.Variable, gradient: float) -> float:
    """The weight after a step with this gradient."""
    optimizer.apply([keras.ops.convert_to_tensor([gradient], dtype=w.dtype)], [w])
    return float(keras.ops.convert_to_numpy(w.value)[0])


def weight(at: float = 0.0) -> keras.Variable:
    """A trainable number in float64."""
    return keras.Variable(np.array([at]), dtype="float64")


def _torch_adam(m: float, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.adam_first(m)


@claim("keras.adam_first", PyTorch=_torch_adam)
def adam_first(m: float, **_: Any) -> float:
    """Millionths that Adam's first step moves for a gradient of `m` millionths."""
    return -1e6 * step(keras.optimizers.Adam(0.001), weight(), m * 1e-6)


def _torch_rmsprop(m: float, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.rmsprop_first(m)


@claim("keras.rmsprop_first", PyTorch=_torch_rmsprop)
def rmsprop_first(m: float, **_: Any) -> float:
    """RMSprop's first step for a gradient of `m` thousandths."""
    return -step(keras.optimizers.RMSprop(0.01), weight(), m * 1e-3)


def _torch_drop(m: float, a: float, n: int, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.momentum_drop(m=m, a=a, n=n)  # type: ignore[return-value]


@claim("keras.momentum_drop", PyTorch=_torch_drop)
def momentum_drop(m: float, a: float, n: int, **_: Any) -> float:
    """Length of the step after the rate fell to a tenth."""
    w, optimizer, before = weight(), keras.optimizers.SGD(a, momentum=m), 0.0
    for _again in range(n):
        before = step(optimizer, w, 1.0)
    optimizer.learning_rate = a / 10
    return before - step(optimizer, w, 1.0)


def _torch_clip(a: float, b: float, c: float, **_: Any) -> float:
    from claims import asked_torch

    return asked_torch.clip_grad_norm(a, b, c)


@claim("keras.clipnorm", PyTorch=_torch_clip)
def clipnorm(a: float, b: float, c: float, **_: Any) -> float:
    """Step of SGD with rate 1 along the first of two clipped gradients."""
    one, two = weight(), weight()
    optimizer = keras.optimizers.SGD(1.0, clipnorm=c)
    gradients = [keras.ops.convert_to_tensor([x], dtype="float64") for x in (a, b)]
    optimizer.apply(gradients, [one, two])
    return -float(keras.ops.convert_to_numpy(one.value)[0])


@claim("keras.clipnorm_each")
def clipnorm_each(**_: Any) -> str:
    """What `clipnorm=1` makes of gradients 3 and 4 in two variables."""
    return f"{clipnorm(3, 4, 1):.0f} and {clipnorm(4, 3, 1):.0f}"


def adamw_shrink() -> float:
    """How much AdamW with its defaults takes off a weight of 1 without a gradient."""
    return 1 - step(keras.optimizers.AdamW(0.001), weight(1.0), 0.0)


def cosine_after(t: int, a: float, e: int, **_: Any) -> float:
    """Rate of CosineDecay at step `e`."""
    return float(keras.optimizers.schedules.CosineDecay(a, t)(e))


@claim("keras.warmup_end", Optax=lambda w, d, **_: asked_others.warmup_end(w, d))
def warmup_end(w: int, d: int, **_: Any) -> float:
    """First step at which a warmed-up cosine is at its lowest."""
    schedule = keras.optimizers.schedules.CosineDecay(0.0, d, warmup_target=1.0, warmup_steps=w)
    return next(i for i in range(w + 1, w + d + 2) if float(schedule(i)) < 1e-9)


def plateau_epoch(p: int, **_: Any) -> float:
    """Epochs of constant loss that are done when ReduceLROnPlateau lowers the rate."""
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=p, min_delta=0)
    callback.set_model(model)
    callback.on_train_begin()
    done = 0
    while float(model.optimizer.learning_rate) == 1.0:
        callback.on_epoch_end(done, {"loss": 1.0})
        done += 1
    return done


@claim("keras.stop_default")
def stop_default(**_: Any) -> float:
    """After which epoch EarlyStopping with nothing set stops on the card's losses."""
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    callback = keras.callbacks.EarlyStopping()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate((0.9, 0.7, 0.6, 0.65)):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            return epoch + 1
    return 0


def forget_bias() -> float:
    """Forget bias of a fresh LSTM: blocks i f c o, one bias vector."""
    layer = keras.layers.LSTM(4)
    layer.build((None, 5, 3))
    return float(layer.get_weights()[2][4:8].mean())
