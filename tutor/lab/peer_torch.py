"""The same networks in eager PyTorch, where it is installed, to measure against.

Each starts from the engine's own weights; with the same batches it must arrive at the same loss.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from demos.engine.arrays import Floats
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.recurrent import Recurrent
from tutor.lab.peer_numpy import Array, Step


def threads() -> int:
    """How many threads the frameworks are allowed."""
    return int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)


def step_of(net: Mlp | Cnn | Recurrent) -> Step | None:
    """One SGD step of the same network, from its weights of now; None without PyTorch."""
    try:
        import torch  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    torch.set_num_threads(threads())
    build = {Mlp: _mlp, Cnn: _cnn, Recurrent: _lstm}[type(net)]
    model, loss, prepare = build(torch, net)
    optimizer = torch.optim.SGD(model.parameters(), lr=net.optimizer.learning_rate)

    def step(X: Floats, T: Floats) -> float:
        inputs, targets = prepare(torch.from_numpy(X)), torch.from_numpy(T)
        optimizer.zero_grad()
        value = loss(model(inputs), targets)
        value.backward()
        optimizer.step()
        return float(value.detach())

    return step


def _mlp(torch: Any, net: Any) -> tuple[Any, Any, Any]:
    act = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[net.functions[0]]
    layers: list[Any] = []
    for layer in range(net.depth):
        linear = torch.nn.Linear(net.sizes[layer], net.sizes[layer + 1])
        _set(torch, linear.weight, net.weights(layer))
        _set(torch, linear.bias, net.biases(layer))
        layers += [linear, act()]
    model = torch.nn.Sequential(*layers[:-1])
    wide = net.sizes[-1] > 1
    return model, torch.nn.CrossEntropyLoss() if wide else torch.nn.BCEWithLogitsLoss(), _same


def _cnn(torch: Any, net: Any) -> tuple[Any, Any, Any]:
    layers: list[Any] = []
    for i, stage in enumerate(net.stages):
        layer = torch.nn.Conv2d(stage.image[2], stage.channels, 3, padding=1)
        kernels = net.kernels(i).reshape(stage.channels, 3, 3, -1).transpose(0, 3, 1, 2)
        _set(torch, layer.weight, kernels)
        _set(torch, layer.bias, np.zeros(stage.channels, net.dtype))
        layers += [layer, torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
    rows, columns, depth = net.stages[-1].result
    dense = torch.nn.Linear(net.features, net.outputs)
    W = net.dense()[0].reshape(-1, rows, columns, depth).transpose(0, 3, 1, 2)
    _set(torch, dense.weight, W.reshape(net.outputs, -1))
    _set(torch, dense.bias, net.dense()[1])
    model = torch.nn.Sequential(*layers, torch.nn.Flatten(), dense)
    height, width, channels = net.image
    return model, torch.nn.CrossEntropyLoss(), lambda X: X.reshape(
        -1, height, width, channels
    ).permute(0, 3, 1, 2).contiguous()  # fmt: skip


def _lstm(torch: Any, net: Any) -> tuple[Any, Any, Any]:
    class Reader(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """An LSTM and a linear layer on its last state."""

        def __init__(self) -> None:
            super().__init__()
            self.cell = torch.nn.LSTM(net.inputs, net.hidden)
            self.out = torch.nn.Linear(net.hidden, net.outputs)

        def forward(self, X: Any) -> Any:
            """Read X (T, n, inputs)."""
            return self.out(self.cell(X)[0][-1])

    model = Reader()
    Wx, Wh, b, Wo, bo = net.parameters(net.theta)
    cell = model.cell
    parts = (
        cell.weight_ih_l0,
        cell.weight_hh_l0,
        cell.bias_ih_l0,
        model.out.weight,
        model.out.bias,
    )
    for parameter, values in zip(parts, (Wx, Wh, b, Wo, bo), strict=True):
        _set(torch, parameter, values)
    # PyTorch's LSTM has a second bias; held at zero, it is the engine's.
    _set(torch, cell.bias_hh_l0, np.zeros(4 * net.hidden))
    cell.bias_hh_l0.requires_grad_(False)
    return model, torch.nn.MSELoss(), _same


def _same(X: Any) -> Any:
    return X


def _set(torch: Any, parameter: Any, values: Array) -> None:
    parameter.data = torch.from_numpy(np.ascontiguousarray(values)).clone()
