"""How PyTorch's modules count, and how they start."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import init

from claims.table.rows import Row


def count(module: nn.Module) -> int:
    """How many numbers the module trains."""
    return sum(parameter.numel() for parameter in module.parameters())


def in_state(module: nn.Module) -> int:
    """How many numbers its state holds."""
    return sum(value.numel() for value in module.state_dict().values())


def filled(how: Callable[[torch.Tensor], Any], *shape: int) -> torch.Tensor:
    """A tensor of this shape that an initialiser has filled."""
    torch.manual_seed(0)
    tensor = torch.empty(*shape)
    how(tensor)
    return tensor


def fresh(make: Callable[[], Any]) -> Any:
    """A module made after the same seed each time."""
    torch.manual_seed(0)
    return make()


def spread(*tensors: torch.Tensor) -> list[float]:
    """Standard deviation of each."""
    return [float(tensor.detach().std()) for tensor in tensors]


def tied() -> nn.Module:
    """An embedding of 100 tokens in 16 numbers whose matrix is the output layer's, too."""
    net = nn.Module()
    net.e = nn.Embedding(100, 16)
    net.o = nn.Linear(16, 100, bias=False)
    net.o.weight = net.e.weight
    return net


def encoder_layer() -> list[Any]:
    """Count, inner width, activation, norm first, dropout, batch first and epsilon."""
    layer = nn.TransformerEncoderLayer(64, 8)
    return [
        count(layer),
        layer.linear1.out_features,
        layer.activation.__name__,
        layer.norm_first,
        layer.dropout.p,
        layer.self_attn.batch_first,
        layer.norm1.eps,
    ]


def lstm_start() -> list[Any]:
    """Mean and deviation of the forget bias, deviation of a gate's matrix, is it orthogonal."""
    lstm = fresh(lambda: nn.LSTM(64, 64))
    block = lstm.weight_hh_l0.detach()[:64]
    return [
        abs(float(lstm.bias_ih_l0[64:128].mean())) < 0.03,
        float(lstm.bias_ih_l0[64:128].std()),
        float(lstm.weight_hh_l0.std()),
        torch.allclose(block @ block.T, torch.eye(64), atol=1e-3),
    ]


ROWS: tuple[Row, ...] = (
    Row("torch", "version", lambda: str(torch.__version__).split("+")[0], "2.13.0"),
    Row("torch", "parameters of LSTM(3, 5)", lambda: count(nn.LSTM(3, 5)), 200),
    Row("torch", "parameters of GRU(3, 5)", lambda: count(nn.GRU(3, 5)), 150),
    Row("torch", "parameters of RNN(3, 5)", lambda: count(nn.RNN(3, 5)), 50),
    Row("torch", "BatchNorm1d(8): trained, in the state",
        lambda: [count(nn.BatchNorm1d(8)), in_state(nn.BatchNorm1d(8))], [16, 33]),
    Row("torch", "MultiheadAttention(64, 8)", lambda: count(nn.MultiheadAttention(64, 8)), 16_640),
    Row("torch", "tied 100 × 16: trained, in the state, names",
        lambda: [count(tied()), in_state(tied()), [n for n, _ in tied().named_parameters()]],
        [1_600, 3_200, ["e.weight"]]),
    Row("torch", "Conv2d(8, 16, 3, groups=4)", lambda: count(nn.Conv2d(8, 16, 3, groups=4)), 304),
    Row("torch", "TransformerEncoderLayer(64, 8)", encoder_layer,
        [281_152, 2_048, "relu", False, 0.1, False, 1e-5]),
    Row("torch", "TransformerEncoderLayer(512, 8, 2048): inner part, attention, whole",
        lambda: [count(nn.Sequential(nn.Linear(512, 2_048), nn.Linear(2_048, 512))),
                 count(nn.MultiheadAttention(512, 8)),
                 count(nn.TransformerEncoderLayer(512, 8, 2_048))],
        [2_099_712, 1_050_624, 3_152_384]),
    Row("torch", "Linear(1000, 1000): deviations of weights and biases, largest weight",
        lambda: [*spread(*fresh(lambda: nn.Linear(1_000, 1_000)).parameters()),
                 float(fresh(lambda: nn.Linear(1_000, 1_000)).weight.abs().max())],
        [0.0182533, 0.0183733, 0.0316228], drawn=True),
    Row("torch", "Conv2d(16, 64, 3): deviation",
        lambda: spread(fresh(lambda: nn.Conv2d(16, 64, 3)).weight), [0.0475659], drawn=True),
    Row("torch", "Embedding(1000, 64): deviation, mean length of a row",
        lambda: [float(fresh(lambda: nn.Embedding(1_000, 64)).weight.std()),
                 float(fresh(lambda: nn.Embedding(1_000, 64)).weight.norm(dim=1).mean())],
        [0.999778, 7.96445], drawn=True),
    Row("torch", "trunc_normal_(std=.05) on 1000²: deviation",
        lambda: spread(filled(lambda t: init.trunc_normal_(t, std=0.05), 1_000, 1_000)),
        [0.0500383], drawn=True),
    Row("torch", "trunc_normal_(std=1) on 1000²: deviation, largest",
        lambda: [*spread(filled(init.trunc_normal_, 1_000, 1_000)),
                 float(filled(init.trunc_normal_, 1_000, 1_000).max())],
        [0.879334, 1.99999], drawn=True),
    Row("torch", "kaiming_normal_ on (64, 16, 3, 3): deviation",
        lambda: spread(filled(init.kaiming_normal_, 64, 16, 3, 3)), [0.118393], drawn=True),
    Row("torch", "gain of the linear layer's start",
        lambda: init.calculate_gain("leaky_relu", math.sqrt(5)), 0.57735),
    Row("torch", "xavier_uniform_ on a convolution of 4 groups: deviation",
        lambda: spread(filled(init.xavier_uniform_, 64, 4, 3, 3)), [0.0570211], drawn=True),
    Row("torch", "LSTM(64, 64): forget bias is centred, its deviation, recurrent one, orthogonal",
        lstm_start, [True, 0.0685168, 0.0726483, False], drawn=True),
    Row("torch", "MultiheadAttention(64, 8): deviations of in_proj, out_proj; biases",
        lambda: [*spread(fresh(lambda: nn.MultiheadAttention(64, 8)).in_proj_weight,
                         fresh(lambda: nn.MultiheadAttention(64, 8)).out_proj.weight),
                 float(nn.MultiheadAttention(64, 8).in_proj_bias.abs().max()),
                 float(nn.MultiheadAttention(64, 8).out_proj.bias.abs().max())],
        [0.088577, 0.071662, 0.0, 0.0], drawn=True),
    Row("torch", "Embedding(padding_idx=0): row 0 at the start",
        lambda: float(nn.Embedding(5, 3, padding_idx=0).weight[0].abs().sum()), 0.0),
    Row("torch", "PReLU(16): parameters, start; PReLU()",
        lambda: [count(nn.PReLU(16)), count(nn.PReLU()), float(nn.PReLU().weight)], [16, 1, 0.25]),
)  # fmt: skip
