"""What PyTorch answers. Shapes and numbers come from the card's draw."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from claims import asked_keras, asked_others
from claims.registry import claim


def count(module: nn.Module) -> int:
    """How many numbers the module trains."""
    return sum(parameter.numel() for parameter in module.parameters())


def gru_parameters(d: int, h: int, **_: Any) -> float:
    """Parameters of a GRU with `d` inputs and `h` units."""
    return count(nn.GRU(d, h))


@claim(
    "torch.lstm_parameters",
    Keras=asked_keras.lstm_parameters,
    GRU=gru_parameters,
)
def lstm_parameters(d: int, h: int, **_: Any) -> float:
    """Parameters of an LSTM with `d` inputs and `h` units."""
    return count(nn.LSTM(d, h))


@claim("torch.rnn_parameters", Keras=asked_keras.rnn_parameters, LSTM=lstm_parameters)
def rnn_parameters(d: int, h: int, **_: Any) -> float:
    """Parameters of a plain recurrent layer."""
    return count(nn.RNN(d, h))


@claim("torch.mha_parameters", Keras=asked_keras.mha_at_full_width)
def mha_parameters(d: int, n: int, **_: Any) -> float:
    """Parameters of multi-head attention of width `d` with `n` heads."""
    return count(nn.MultiheadAttention(d, n))


@claim("torch.linear_std", Keras=asked_keras.dense_std)
def linear_std(n: int, m: int, **_: Any) -> float:
    """Standard deviation of a fresh linear layer's weights, over at least half a million."""
    torch.manual_seed(0)
    rounds = max(1, 500_000 // (n * m))
    return float(
        torch.cat([nn.Linear(n, m).weight.detach().ravel() for _again in range(rounds)]).std()
    )


@claim("torch.linear_bias_random")
def linear_bias_random(**_: Any) -> str:
    """Whether the biases of a fresh linear layer are zero: True or False."""
    return str(bool((nn.Linear(100, 100).bias == 0).all()))


@claim("torch.running_var", **{"that is Keras's default": asked_keras.running_var})
def running_var(n: int, v: float, **_: Any) -> float:
    """Running variance after one batch of `n` values with biased variance `v`."""
    norm = nn.BatchNorm1d(1)
    norm(batch_with_variance(n, v))
    return float(norm.running_var[0])


def batch_with_variance(n: int, v: float) -> torch.Tensor:
    """A column of `n` numbers whose variance, divided by n, is `v`. Shape (n, 1)."""
    x = torch.arange(n, dtype=torch.float32)
    x = (x - x.mean()) / x.std(unbiased=False) * math.sqrt(v)
    return x[:, None]


@claim("torch.batch_of_one")
def batch_of_one(**_: Any) -> str:
    """What batch normalisation does with one example in training."""
    try:
        nn.BatchNorm1d(4)(torch.ones(1, 4))
    except ValueError:
        return "raises an error"
    return "gives zeros"


def moving_mean(k: int, m: float, **_: Any) -> float:
    """Running mean after `k` batches of mean `m`."""
    norm = nn.BatchNorm1d(1)
    for _again in range(k):
        norm(torch.tensor([[m - 1.0], [m + 1.0]]))
    return float(norm.running_mean[0])


def eps_output(s: float, **_: Any) -> float:
    """Deviation that comes out of batch normalisation for deviation `s`."""
    return float(nn.BatchNorm1d(1)(batch_with_variance(1_000, s * s)).std(unbiased=False))


@claim("torch.second_window")
def second_window(**_: Any) -> str:
    """The cells that the second window of a strided, padded convolution over six cells reads."""
    conv = nn.Conv1d(1, 1, 3, stride=2, padding=1)
    x = torch.zeros(1, 1, 6, requires_grad=True)
    conv(x)[0, 0, 1].backward()
    cells = [i for i in range(6) if x.grad is not None and x.grad[0, 0, i] != 0]
    return f"{cells[0]}, {cells[1]} and {cells[2]}"


@claim("torch.average_edge")
def average_edge(**_: Any) -> float:
    """First cell of a padded average over ones."""
    return float(nn.AvgPool1d(3, stride=2, padding=1)(torch.ones(1, 1, 5))[0, 0, 0])


@claim("torch.transposed_size", Keras=asked_keras.transposed_same)
def transposed_size(n: int, k: int, s: int, p: int, **_: Any) -> float:
    """Cells that a transposed convolution makes of `n`."""
    made = nn.ConvTranspose1d(1, 1, k, stride=s, padding=p)(torch.zeros(1, 1, n))
    return float(made.shape[-1])


def transposed_without_padding(n: int, k: int, s: int, **_: Any) -> float:
    """The same without padding."""
    return transposed_size(n=n, k=k, s=s, p=0)  # type: ignore[return-value]


def transposed_padding_one(n: int, k: int, s: int, **_: Any) -> float:
    """The same with a padding of one."""
    return transposed_size(n=n, k=k, s=s, p=1)  # type: ignore[return-value]


def usual_padding(k: int, **_: Any) -> float:
    """The symmetric padding that keeps the size at stride 1, as `padding="same"` computes it."""
    return float(nn.Conv1d(1, 1, k, padding="same")._reversed_padding_repeated_twice[1])


@claim("torch.smoothed_target")
def smoothed_target(e: float, k: int, **_: Any) -> float:
    """The right class's target: minus the loss's slope by its log-probability, at equal logits."""
    logits = torch.zeros(1, k, requires_grad=True, dtype=torch.float64)
    loss = nn.CrossEntropyLoss(label_smoothing=e)(logits, torch.tensor([0]))
    loss.backward()
    assert logits.grad is not None
    return float(1 / k - logits.grad[0, 0])


@claim("torch.class_weight", Keras=asked_keras.class_weight)
def class_weight(w: float, z: float, **_: Any) -> float:
    """Weighted cross-entropy with class indices."""
    logits = torch.tensor([[z, 0.0], [z, 0.0]], dtype=torch.float64)
    weight = torch.tensor([1.0, w], dtype=torch.float64)
    return float(nn.CrossEntropyLoss(weight=weight)(logits, torch.tensor([0, 1])))


@claim("torch.broadcast_count")
def broadcast_count(n: int, **_: Any) -> float:
    """Over how many differences a mean of (n, 1) against (n) goes."""
    a, b = torch.zeros(n, 1), torch.ones(n)
    summed = nn.functional.mse_loss(a, b, reduction="sum")
    return float(summed / nn.functional.mse_loss(a, b))


def steps(optimizer: torch.optim.Optimizer, w: torch.Tensor, gradients: list[float]) -> list[float]:
    """The weight after each step with these gradients."""
    places = []
    for gradient in gradients:
        w.grad = torch.full_like(w, gradient)
        optimizer.step()
        places.append(float(w.detach()[0]))
    return places


def weight(at: float = 0.0) -> torch.Tensor:
    """A trainable number in float64."""
    return torch.tensor([at], dtype=torch.float64, requires_grad=True)


def adam_first(m: float, **_: Any) -> float:
    """Millionths that Adam's first step moves for a gradient of `m` millionths."""
    w = weight()
    return -1e6 * steps(torch.optim.Adam([w], lr=0.001), w, [m * 1e-6])[0]


def rmsprop_first(m: float, **_: Any) -> float:
    """RMSprop's first step for a gradient of `m` thousandths."""
    w = weight()
    return -steps(torch.optim.RMSprop([w], lr=0.01), w, [m * 1e-3])[0]


@claim("torch.momentum_drop", Keras=asked_keras.momentum_drop)
def momentum_drop(m: float, a: float, n: int, **_: Any) -> float:
    """Length of the step after the rate fell to a tenth."""
    w = weight()
    optimizer = torch.optim.SGD([w], lr=a, momentum=m)
    before = steps(optimizer, w, [1.0] * n)[-1]
    optimizer.param_groups[0]["lr"] = a / 10
    return before - steps(optimizer, w, [1.0])[0]


@claim("torch.nesterov_stored")
def nesterov_stored(w: float, v: float, m: float, **_: Any) -> float:
    """What SGD with rate 1 shows where the textbook is at `w` with velocity `v`.

    One step before, with gradient g = 1, the textbook was at w + v with velocity (v - g)/m, and
    the optimiser held w + v - (v - g).
    """
    g = 1.0
    x = weight(w + v - (v - g))
    optimizer = torch.optim.SGD([x], lr=1.0, momentum=m, nesterov=True)
    optimizer.state[x]["momentum_buffer"] = torch.tensor([(v - g) / m], dtype=torch.float64)
    return steps(optimizer, x, [g])[0]


def clip_grad_norm(a: float, b: float, c: float, **_: Any) -> float:
    """First of two gradients after clipping the norm of both."""
    one, two = weight(), weight()
    one.grad, two.grad = torch.full_like(one, a), torch.full_like(two, b)
    nn.utils.clip_grad_norm_([one, two], c)
    return float(one.grad[0])


@claim("adamw_defaults")
def adamw_defaults(**_: Any) -> str:
    """Where AdamW with its defaults shrinks a weight of 1 most, without a gradient."""
    w = weight(1.0)
    shrunk = {
        "PyTorch": 1 - steps(torch.optim.AdamW([w], lr=0.001), w, [0.0])[0],
        "Keras": asked_keras.adamw_shrink(),
        "Optax": asked_others.adamw_shrink(),
    }
    return max(shrunk, key=lambda name: shrunk[name])


@claim("torch.cosine_climbs", **{"Keras": asked_keras.cosine_after})
def cosine_climbs(t: int, a: float, e: int, **_: Any) -> float:
    """Rate after `e` epochs of a cosine of half length `t`."""
    optimizer = torch.optim.SGD([weight()], lr=a)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, t)
    for _again in range(e):
        optimizer.step()
        scheduler.step()
    return float(optimizer.param_groups[0]["lr"])


@claim("torch.one_cycle_start", LinearLR=lambda m, **_: linear_start(m))
def one_cycle_start(m: float, **_: Any) -> float:
    """First rate of one cycle with maximum `m`."""
    optimizer = torch.optim.SGD([weight()], lr=0.1, momentum=0.9)
    torch.optim.lr_scheduler.OneCycleLR(optimizer, m, total_steps=100)
    return float(optimizer.param_groups[0]["lr"])


def linear_start(m: float) -> float:
    """First rate of LinearLR for a rate of `m`."""
    optimizer = torch.optim.SGD([weight()], lr=m)
    torch.optim.lr_scheduler.LinearLR(optimizer)
    return float(optimizer.param_groups[0]["lr"])


@claim("torch.plateau_epoch", Keras=asked_keras.plateau_epoch)
def plateau_epoch(p: int, **_: Any) -> float:
    """Epochs of constant loss that are done when the rate falls."""
    optimizer = torch.optim.SGD([weight()], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=p)
    done = 0
    while optimizer.param_groups[0]["lr"] == 1.0:
        scheduler.step(1.0)
        done += 1
    return done


@claim("mask_true")
def mask_true(**_: Any) -> str:
    """What True does in `scaled_dot_product_attention`."""
    q, k = torch.zeros(1, 1, 1, 2), torch.zeros(1, 1, 2, 2)
    v = torch.tensor([[[[1.0], [5.0]]]])
    mask = torch.tensor([[True, False]])
    out = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return "Keep" if float(out.squeeze()) == 1.0 else "Drop"


def sdpa_masked_row(a: int, b: int, c: int, **_: Any) -> float:
    """A row of attention in which every key is masked."""
    q, k = torch.zeros(1, 1, 1, 2), torch.zeros(1, 1, 3, 2)
    v = torch.tensor([[[[a], [b], [c]]]], dtype=torch.float32)
    mask = torch.zeros(1, 3, dtype=torch.bool)
    return float(nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).squeeze())


@claim("torch.count_stops")
def count_stops(name: str, s: float, **_: Any) -> float:
    """Where adding `s` again and again stops to move a sum in a half-precision type."""
    dtype = {"bfloat16": torch.bfloat16, "float16": torch.float16}[name]
    total, step = torch.tensor(0.0, dtype=dtype), torch.tensor(s, dtype=dtype)
    while total + step != total:
        total = total + step
    return float(total)


@claim("torch.std_two", NumPy=asked_others.std_two)
def std_two(a: int, b: int, **_: Any) -> float:
    """Standard deviation of two numbers."""
    return float(torch.std(torch.tensor([a, b], dtype=torch.float64)))


@claim("torch.median_even", NumPy=asked_others.median_even)
def median_even(a: int, b: int, c: int, d: int, **_: Any) -> float:
    """Median of four numbers."""
    return float(torch.median(torch.tensor([a, b, c, d], dtype=torch.float64)))


@claim("torch.kink_slopes")
def kink_slopes(**_: Any) -> str:
    """Slopes of three ways to write ReLU, at 0."""
    names = {0.0: "0", 1.0: "1", 0.5: "½"}
    slopes = []
    for function in (
        torch.relu,
        lambda x: x.clamp(min=0),
        lambda x: torch.maximum(x, torch.zeros(1)),
    ):
        x = torch.zeros(1, requires_grad=True)
        function(x).backward()
        assert x.grad is not None
        slopes.append(names[float(x.grad)])
    return f"{slopes[0]}, {slopes[1]} and {slopes[2]}"


@claim("forget_bias")
def forget_bias(**_: Any) -> dict[str, str]:
    """With which forget bias an LSTM starts."""
    lstm = nn.LSTM(3, 4)
    ours = lstm.bias_ih_l0.detach()[4:8]
    torch_bias = "random" if len(set(ours.tolist())) > 1 else f"{float(ours[0]):g}"
    return {
        "PyTorch": torch_bias,
        "Keras": f"{asked_keras.forget_bias():g}",
        "Flax": f"{asked_others.forget_bias():g}",
    }


@claim("gru_update")
def gru_update(**_: Any) -> dict[str, str]:
    """What an update gate of 1 does: PyTorch's and Haiku's, by a huge bias of that gate."""
    cell = nn.GRUCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[1] = 100.0
        kept = float(cell(torch.zeros(1, 1), torch.full((1, 1), 0.25)))
    words = {True: "keeps the old state", False: "replaces the old state"}
    return {
        "PyTorch": words[kept == 0.25],
        "Haiku": words[asked_others.haiku_gru_keeps()],
    }
