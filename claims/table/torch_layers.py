"""PyTorch's layers: what they read, drop, mask and gate."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from claims.table.rows import Row, error_of
from claims.table.torch_starts import fresh

NAN = math.nan


def numbers(tensor: torch.Tensor) -> list[float]:
    """All numbers of a tensor, one after another."""
    return [float(value) for value in tensor.detach().flatten()]


def after(norm: nn.Module, *batches: list[list[float]]) -> Any:
    """The norm, after these training batches."""
    for batch in batches:
        norm(torch.tensor(batch))
    return norm


def cells(layer: nn.Module, n: int) -> list[str]:
    """For each output the input cells out of n that it reads, such as "012"."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.fill_(1.0)
    x = torch.zeros(1, 1, n, requires_grad=True)
    out = layer(x)[0, 0]
    read = []
    for value in out:
        (slope,) = torch.autograd.grad(value, x, retain_graph=True)
        read.append("".join(str(i) for i in range(n) if slope[0, 0, i] != 0))
    return read


def impulse(n: int, k: int, s: int, p: int = 0, extra: int = 0) -> list[float]:
    """What a transposed convolution with the kernel 1 … k makes of a 1 in the first of n cells."""
    layer = nn.ConvTranspose1d(1, 1, k, stride=s, padding=p, output_padding=extra, bias=False)
    with torch.no_grad():
        layer.weight[0, 0] = torch.arange(1.0, k + 1)
    x = torch.zeros(1, 1, n)
    x[0, 0, 0] = 1
    return numbers(layer(x))


def ones(*shape: int) -> torch.Tensor:
    """Ones of this shape."""
    return torch.ones(*shape)


def dropped(layer: nn.Module, size: int = 100_000) -> list[float]:
    """Share of zeros, the value that is kept, and the mean, of ones through dropout."""
    torch.manual_seed(0)
    out = layer(torch.ones(size))
    return [float((out == 0).float().mean()), float(out.max()), float(out.mean())]


def rows_dropped(layer: nn.Module, *shape: int) -> int:
    """How many rows of shape (N, C, L) are zero or kept as a whole."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = layer(torch.ones(*shape))
    return sum(len(set(numbers(row))) == 1 for sample in out for row in sample)


def recurrent_dropout() -> list[float]:
    """Share of zeros in the output of two layers with nearly everything dropped between."""
    torch.manual_seed(0)
    out, _ = nn.LSTM(4, 4, num_layers=2, dropout=0.999)(torch.randn(8, 3, 4))
    return [float((out == 0).float().mean())]


def single_layer_dropout() -> bool:
    """Whether two passes through one recurrent layer with dropout=.5 agree."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lstm = fresh(lambda: nn.LSTM(3, 4, dropout=0.5))
    x = torch.randn(5, 2, 3)
    return bool(torch.equal(lstm(x)[0], lstm(x)[0]))


def functional_dropout() -> float:
    """Share of zeros that F.dropout leaves in a module that is in evaluation mode."""

    class Net(nn.Module):  # type: ignore[misc]
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return functional.dropout(x)

    torch.manual_seed(0)
    return float((Net().eval()(torch.ones(100_000)) == 0).float().mean())


def attention_weights(**mask: torch.Tensor) -> list[float]:
    """Weights of the first query of three under a mask."""
    attention = fresh(lambda: nn.MultiheadAttention(4, 1, batch_first=True))
    x = torch.randn(1, 3, 4)
    return numbers(attention(x, x, x, **mask)[1][0, 0])


def scaled(mask: list[list[bool]] | None = None, **how: Any) -> list[list[int]]:
    """For each of the queries the keys that take part in the product attention of PyTorch."""
    queries, keys = (len(mask), len(mask[0])) if mask else (2, 4)
    v = torch.eye(keys)[None, None]
    given = torch.tensor(mask) if mask else None
    out = functional.scaled_dot_product_attention(
        torch.zeros(1, 1, queries, 8), torch.zeros(1, 1, keys, 8), v, attn_mask=given, **how
    )
    return [[i for i, weight in enumerate(row) if weight > 0] for row in out[0, 0].tolist()]


def gate(block: int, bias: float) -> list[float]:
    """(h, c) of an LSTM cell whose weights are 0 and whose one block has a bias, from c = 1."""
    cell = nn.LSTMCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[block] = bias
    h, c = cell(torch.zeros(1, 1), (torch.zeros(1, 1), torch.ones(1, 1)))
    return [float(h), float(c)]


def gru(block: int) -> float:
    """New state from .25, with a candidate near 1 and a bias of 50 on one gate."""
    cell = nn.GRUCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[2], cell.bias_ih[block] = 10.0, 50.0
    return float(cell(torch.zeros(1, 1), torch.full((1, 1), 0.25)))


def pooled_sizes() -> list[int]:
    """Sizes of MaxPool1d(3, stride=3, padding=1, ceil_mode=True) for 4 to 9 cells."""
    pool = nn.MaxPool1d(3, stride=3, padding=1, ceil_mode=True)
    return [pool(torch.zeros(1, 1, n)).shape[-1] for n in range(4, 10)]


def adaptive() -> list[str]:
    """The windows of AdaptiveAvgPool1d(3) over five cells."""
    return cells(nn.AdaptiveAvgPool1d(3), 5)


def pads(x: tuple[float, ...] = (1, 2, 3)) -> list[list[float]]:
    """Reflect, replicate and circular padding by 2."""
    given = torch.tensor([[x]], dtype=torch.float32)
    modes = ("reflect", "replicate", "circular")
    return [numbers(functional.pad(given, (2, 2), mode=mode)) for mode in modes]


def tied_slopes(pick: Callable[[torch.Tensor], torch.Tensor]) -> list[float]:
    """Slopes of a maximum over two equal numbers."""
    x = torch.ones(1, 1, 2, requires_grad=True)
    pick(x).sum().backward()
    assert x.grad is not None
    return numbers(x.grad)


def by_hand_encoding() -> list[float]:
    """The first row of the sine encoding of width 4, at position 1, in PyTorch's arithmetic."""
    rate = torch.exp(torch.arange(0, 4, 2) * (-math.log(10_000.0) / 4))
    return list(itertools.chain.from_iterable((float(r.sin()), float(r.cos())) for r in rate))


def samples_dropped() -> int:
    """How many of 1,000 samples Dropout2d makes zero or keeps as a whole: six rows at once."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = nn.Dropout2d(0.5)(torch.ones(1_000, 6, 10))
    return sum(len(set(numbers(sample))) == 1 for sample in out)


def sdpa_drops() -> bool:
    """Whether two calls of the product attention with dropout_p differ, outside any module."""
    torch.manual_seed(0)
    x = torch.randn(1, 1, 4, 8)
    one, other = (
        functional.scaled_dot_product_attention(x, x, x, dropout_p=0.5) for _again in range(2)
    )
    return not torch.equal(one, other)


ROWS: tuple[Row, ...] = (
    Row("torch", "BatchNorm1d on 0, 2: mean, variance, momentum, epsilons of three norms",
        lambda: [float(after(nn.BatchNorm1d(1), [[0.0], [2.0]]).running_mean),
                 float(after(nn.BatchNorm1d(1), [[0.0], [2.0]]).running_var),
                 nn.BatchNorm1d(1).momentum, nn.BatchNorm1d(1).eps, nn.LayerNorm(1).eps,
                 nn.GroupNorm(1, 1).eps],
        [0.1, 1.1, 0.1, 1e-5, 1e-5, 1e-5]),
    Row("torch", "BatchNorm1d: deviation out for ±.01",
        lambda: float(nn.BatchNorm1d(1)(torch.tensor([[-0.01], [0.01]])).std(unbiased=False)),
        0.953463),
    Row("torch", "BatchNorm1d: a batch of one in training",
        lambda: error_of(lambda: nn.BatchNorm1d(2)(ones(1, 2))), "ValueError"),
    Row("torch", "BatchNorm2d: 1 × 2 × 4 × 4 in training",
        lambda: error_of(lambda: nn.BatchNorm2d(2)(ones(1, 2, 4, 4))), "none"),
    Row("torch", "BatchNorm2d: 1 × 2 × 1 × 1 in training",
        lambda: error_of(lambda: nn.BatchNorm2d(2)(ones(1, 2, 1, 1))), "ValueError"),
    Row("torch", "frozen weights in training mode on 0, 2: output, mean",
        lambda: [numbers(nn.BatchNorm1d(1).requires_grad_(False)(torch.tensor([[0.0], [2.0]]))),
                 float(after(nn.BatchNorm1d(1).requires_grad_(False), [[0.0], [2.0]])
                       .running_mean)],
        [[-0.999995, 0.999995], 0.1]),
    Row("torch", "BatchNorm1d(momentum=None) after two batches: mean",
        lambda: float(after(nn.BatchNorm1d(1, momentum=None), [[0.0], [2.0]], [[2.0], [4.0]])
                      .running_mean), 2.0),
    Row("torch", "RMSNorm(1): epsilon, output for 1e-4",
        lambda: [nn.RMSNorm(1).eps, float(nn.RMSNorm(1)(torch.tensor([[1e-4]])))],
        [None, 0.278197]),
    Row("torch", "ten batches of mean 14.5: running mean",
        lambda: float(after(nn.BatchNorm1d(1), *[[[14.0], [15.0]]] * 10).running_mean), 9.44416),
    Row("torch", "LayerNorm of 1000, 1000.1, 1000.2",
        lambda: numbers(nn.LayerNorm(3)(torch.tensor([1_000, 1_000.1, 1_000.2]))),
        [-1.22336, 0.0, 1.22411]),
    Row("torch", "BatchNorm of 1, 2, 3, 4: the first",
        lambda: numbers(nn.BatchNorm1d(1)(torch.tensor([[1.0], [2.0], [3.0], [4.0]])))[0],
        -1.34164),
    Row("torch", "Conv1d padding 1, n=5 k=3 s=2",
        lambda: cells(nn.Conv1d(1, 1, 3, 2, 1), 5), ["01", "123", "34"]),
    Row("torch", "Conv1d padding 1, n=6 k=3 s=2",
        lambda: cells(nn.Conv1d(1, 1, 3, 2, 1), 6), ["01", "123", "345"]),
    Row("torch", "Conv1d same, n=5 k=2",
        lambda: cells(nn.Conv1d(1, 1, 2, padding="same"), 5), ["01", "12", "23", "34", "4"]),
    Row("torch", "Conv1d same, n=5 k=4",
        lambda: cells(nn.Conv1d(1, 1, 4, padding="same"), 5),
        ["012", "0123", "1234", "234", "34"]),
    Row("torch", "Conv1d same with stride 2",
        lambda: error_of(lambda: nn.Conv1d(1, 1, 3, stride=2, padding="same")), "ValueError"),
    Row("torch", "Conv1d same, n=7 k=3 dilation 2",
        lambda: cells(nn.Conv1d(1, 1, 3, padding="same", dilation=2), 7),
        ["02", "13", "024", "135", "246", "35", "46"]),
    Row("torch", "AvgPool1d(3, 2, 1) on five ones",
        lambda: numbers(nn.AvgPool1d(3, 2, 1)(ones(1, 1, 5))), [0.666667, 1.0, 0.666667]),
    Row("torch", "the same without counting the padding",
        lambda: numbers(nn.AvgPool1d(3, 2, 1, count_include_pad=False)(ones(1, 1, 5))), [1, 1, 1]),
    Row("torch", "MaxPool1d(2, 2) on five cells: floor, ceil",
        lambda: [nn.MaxPool1d(2, 2, ceil_mode=up)(ones(1, 1, 5)).shape[-1] for up in (False, True)],
        [2, 3]),
    Row("torch", "MaxPool1d(3, 3, 1, ceil_mode) on 4 to 9 cells", pooled_sizes, [2, 2, 3, 3, 3, 4]),
    Row("torch", "AvgPool1d with ceil_mode: (2, 2) on five ones, (3, 2, 1) on six",
        lambda: [numbers(nn.AvgPool1d(2, 2, ceil_mode=True)(ones(1, 1, 5))),
                 numbers(nn.AvgPool1d(3, 2, 1, ceil_mode=True)(ones(1, 1, 6)))],
        [[1.0, 1.0, 1.0], [0.666667, 1.0, 1.0, 0.5]]),
    Row("torch", "ConvTranspose1d n=5 k=3 s=2", lambda: impulse(5, 3, 2), [1, 2, 3, *[0] * 8]),
    Row("torch", "ConvTranspose1d n=5 k=3 s=2 p=1", lambda: impulse(5, 3, 2, 1), [2, 3, *[0] * 7]),
    Row("torch", "ConvTranspose1d n=5 k=3 s=2 p=1, output padding 1",
        lambda: impulse(5, 3, 2, 1, 1), [2, 3, *[0] * 8]),
    Row("torch", "ConvTranspose1d n=5 k=4 s=2 p=1",
        lambda: impulse(5, 4, 2, 1), [2, 3, 4, *[0] * 7]),
    Row("torch", "ConvTranspose2d of 7, k=4 s=2 p=1",
        lambda: nn.ConvTranspose2d(1, 1, 4, 2, 1)(ones(1, 1, 7, 7)).shape[-1], 14),
    Row("torch", "AdaptiveAvgPool1d(3) on five cells", adaptive, ["01", "123", "34"]),
    Row("torch", "reflect, replicate, circular of 1, 2, 3 by 2", pads,
        [[3, 2, 1, 2, 3, 2, 1], [1, 1, 1, 2, 3, 3, 3], [2, 3, 1, 2, 3, 1, 2]]),
    Row("torch", "conv1d of 1, 2, 3 with 1, 0, 0, padding 1: is the kernel turned",
        lambda: numbers(functional.conv1d(torch.tensor([[[1.0, 2.0, 3.0]]]),
                                          torch.tensor([[[1.0, 0.0, 0.0]]]), padding=1)),
        [0, 1, 2]),
    Row("torch", "dropout .2 on ones", lambda: dropped(nn.Dropout(0.2)), [0.20066, 1.25, 0.999175],
        drawn=True),
    Row("torch", "Dropout(1) on ones", lambda: numbers(nn.Dropout(1.0)(ones(3))), [0, 0, 0]),
    Row("torch", "AlphaDropout(.5) on zeros: the values",
        lambda: sorted({round(v, 4) for v in numbers(nn.AlphaDropout(0.5)(torch.zeros(1_000)))}),
        [-0.7792, 0.7792]),
    Row("torch", "Dropout2d on 8 × 6 × 10: rows kept or dropped whole",
        lambda: rows_dropped(nn.Dropout2d(0.5), 8, 6, 10), 48),
    Row("torch", "Dropout2d on 1000 × 6 × 10: about one sample in 32 of a single value",
        lambda: 15 < samples_dropped() < 50, True),
    Row("torch", "product attention drops although nothing is in training mode",
        sdpa_drops, True),
    Row("torch", "Dropout1d on 8 × 6 × 10",
        lambda: rows_dropped(nn.Dropout1d(0.5), 8, 6, 10), 48),
    Row("torch", "LSTM with one layer and dropout=.5: two passes agree", single_layer_dropout,
        True),
    Row("torch", "LSTM with two layers: zeros in the output", recurrent_dropout, [0.0]),
    Row("torch", "F.dropout in evaluation mode: share of zeros", functional_dropout, 0.5045,
        drawn=True),
    Row("torch", "product attention: True in a mask takes part",
        lambda: scaled([[True, False, False]]), [[0]]),
    Row("torch", "product attention, causal, 2 queries and 4 keys",
        lambda: scaled(is_causal=True), [[0], [0, 1]]),
    Row("torch", "MultiheadAttention: True in attn_mask is left out",
        lambda: attention_weights(attn_mask=torch.tensor([[True, False, False]] * 3))[0], 0.0),
    Row("torch", "MultiheadAttention: True in key_padding_mask is left out",
        lambda: attention_weights(key_padding_mask=torch.tensor([[True, False, False]]))[0], 0.0),
    Row("torch", "product attention with a row that is masked whole",
        lambda: numbers(functional.scaled_dot_product_attention(
            ones(1, 1, 1, 4), ones(1, 1, 3, 4), ones(1, 1, 3, 4),
            attn_mask=torch.zeros(1, 3, dtype=torch.bool))), [0, 0, 0, 0]),
    Row("torch", "MultiheadAttention with a row that is masked whole",
        lambda: attention_weights(attn_mask=torch.ones(3, 3, dtype=torch.bool)), [NAN, NAN, NAN]),
    Row("torch", "MultiheadAttention under a causal mask: weights of the first query",
        lambda: attention_weights(attn_mask=torch.ones(3, 3, dtype=torch.bool).triu(1)), [1, 0, 0]),
    Row("torch", "MultiheadAttention: batch first", lambda: nn.MultiheadAttention(4, 1).batch_first,
        False),
    Row("torch", "GRU: bias 50 on block 0, on block 1, from .25",
        lambda: [gru(0), gru(1)], [0.624955, 0.25]),
    Row("torch", "LSTM: bias -50 on each block, from c = 1: h, c",
        lambda: [gate(block, -50.0) for block in range(4)],
        [[0.231059, 0.5], [0, 0], [0, 0], [0, 0.5]]),
    Row("torch", "slopes of a maximum over a tie: max, amax, max pooling",
        lambda: [tied_slopes(lambda x: x.max()), tied_slopes(lambda x: x.amax()),
                 tied_slopes(lambda x: functional.max_pool1d(x, 2))],
        [[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]),
    Row("torch", "bidirectional LSTM(5): width",
        lambda: nn.LSTM(3, 5, bidirectional=True)(ones(2, 1, 3))[0].shape[-1], 10),
    Row("torch", "sine encoding of width 4 at position 1", by_hand_encoding,
        [0.841471, 0.540302, 0.00999983, 0.99995]),
)  # fmt: skip
