"""PyTorch's activations, slopes, number types, batches and seeds."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

from claims.table.rows import Row, error_of
from claims.table.torch_training import slope, t

NAN, INF = math.nan, math.inf


def counted(dtype: torch.dtype) -> list[float]:
    """A thousand ones added one by one, and at once."""
    total, one = torch.tensor(0.0, dtype=dtype), torch.tensor(1.0, dtype=dtype)
    for _again in range(1_000):
        total = total + one
    return [float(total), float(torch.ones(1_000, dtype=dtype).sum())]


def gelu_minimum(approximate: str) -> list[float]:
    """The least value of GELU, and where it is."""
    x = torch.linspace(-1, -0.5, 500_001, dtype=torch.float64)
    y = functional.gelu(x, approximate=approximate)
    return [float(y.min()), float(x[y.argmin()])]


def seeded() -> list[bool]:
    """Is randn(15) the beginning of randn(16), and of randn(10) and randn(5); the same of rand."""
    found = []
    for draw in (torch.randn, torch.rand):
        torch.manual_seed(0)
        whole = draw(15)
        torch.manual_seed(0)
        longer = draw(16)
        torch.manual_seed(0)
        parts = torch.cat([draw(10), draw(5)])
        found += [torch.equal(whole, longer[:15]), torch.equal(whole, parts)]
    return found


def halves() -> bool:
    """Is randn(16) what randn(8) gives twice."""
    torch.manual_seed(0)
    whole = torch.randn(16)
    torch.manual_seed(0)
    return bool(torch.equal(whole, torch.cat([torch.randn(8), torch.randn(8)])))


ROWS: tuple[Row, ...] = (
    Row("torch", "activations: gelu, leaky, rrelu, elu, hard sigmoid, hard swish",
        lambda: [float(functional.gelu(t(1))), float(nn.LeakyReLU()(t(-1))),
                 float(nn.RReLU().eval()(t(-1))), float(nn.ELU()(t(-1))),
                 float(functional.hardsigmoid(t(1))), float(functional.hardswish(t(1)))],
        [0.841345, -0.01, -0.229167, -0.632121, 0.666667, 0.666667]),
    Row("torch", "softmax of -inf, logsumexp, median of four, deviation, round(2.5)",
        lambda: [t(-INF, -INF).softmax(0).tolist(), float(t(-INF, -INF).logsumexp(0)),
                 float(t(1, 2, 3, 4).median()), float(t(1, 2, 3, 4).std()), float(t(2.5).round())],
        [[NAN, NAN], -INF, 2.0, 1.29099, 2.0]),
    Row("torch", "bfloat16 256 + 1, float16 2048 + 1, exp(12), bfloat16 .1",
        lambda: [float(torch.tensor(256.0, dtype=torch.bfloat16) + 1),
                 float(torch.tensor(2048.0, dtype=torch.float16) + 1),
                 float(torch.tensor(12.0, dtype=torch.float16).exp()),
                 float(torch.tensor(0.1, dtype=torch.bfloat16))],
        [256.0, 2048.0, INF, 0.100098]),
    Row("torch", "a thousand ones in bfloat16", lambda: counted(torch.bfloat16), [256.0, 1000.0]),
    Row("torch", "slopes at 0: relu, abs, clamp, maximum",
        lambda: [slope(torch.relu), slope(torch.abs), slope(lambda x: x.clamp(min=0)),
                 slope(lambda x: torch.maximum(x, torch.zeros(1)))], [0.0, 0.0, 1.0, 0.5]),
    Row("torch", "slopes at 0: leaky, elu with alpha 2",
        lambda: [slope(functional.leaky_relu), slope(lambda x: functional.elu(x, alpha=2.0))],
        [0.01, 2.0]),
    Row("torch", "slopes at 0: where(x > 0, √x, 0), length",
        lambda: [slope(lambda x: torch.where(x > 0, x.sqrt(), 0.0)), slope(lambda x: x.norm())],
        [NAN, 0.0]),
    Row("torch", "least of GELU: exact, tanh", lambda: [gelu_minimum("none"), gelu_minimum("tanh")],
        [[-0.169971, -0.75179], [-0.170041, -0.75246]]),
    Row("torch", "mean of integers",
        lambda: error_of(lambda: torch.tensor([1, 2]).mean()), "RuntimeError"),
    Row("torch", "0 ** 0, -7 % 3, fmod", lambda: [float(t(0) ** 0), int(torch.tensor(-7) % 3),
                                                 int(torch.fmod(torch.tensor(-7), 3))],
        [1.0, 2, -1]),
    Row("torch", "batches of ten rows, four each",
        lambda: [len(b) for b in torch.utils.data.DataLoader(range(10), batch_size=4)], [4, 4, 2]),
    Row("torch", "random_split of ten: .25 and .75, .33 and .67",
        lambda: [[len(part) for part in torch.utils.data.random_split(range(10), shares)]
                 for shares in ([0.25, 0.75], [0.33, 0.67])], [[3, 7], [4, 6]]),
    Row("torch", "randn(15) begins randn(16), is randn(10) and randn(5); rand",
        seeded, [False, True, True, True]),
    Row("torch", "randn(16) is randn(8) twice", halves, False),
)  # fmt: skip
