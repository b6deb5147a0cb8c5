"""Makes the reference values of this folder with PyTorch; run it where PyTorch is installed.

    python tests/engine/golden/make_golden.py

The values are float64 and small; the tests that read them need no PyTorch. Made with 2.13.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from demos.engine.arrays import Floats

HERE = Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

ACTIVATIONS = {
    "linear": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "swish": nn.SiLU,
}


def numbers(tensor: torch.Tensor) -> Floats:
    return np.array(tensor.detach().numpy())


def flat(tensors: Iterable[torch.Tensor]) -> Floats:
    return np.concatenate([numbers(t).ravel() for t in tensors])


def gradients(module: nn.Module) -> Floats:
    return flat(p.grad for p in module.parameters())


def save(name: str, values: dict[str, Floats]) -> None:
    np.savez_compressed(HERE / f"{name}.npz", allow_pickle=False, **values)
    print(name, len(values), "arrays")


def perceptron(activation: Callable[[], nn.Module], batch_norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in ((3, 5), (5, 4)):
        layers.append(nn.Linear(inputs, outputs))
        if batch_norm:
            layers.append(nn.BatchNorm1d(outputs))
        layers.append(activation())
    return nn.Sequential(*layers, nn.Linear(4, 3))


def mlp() -> None:
    torch.manual_seed(0)
    X, y = torch.randn(7, 3), torch.tensor([0, 1, 2, 2, 1, 0, 1])
    values = {"X": numbers(X), "y": numbers(y)}
    for name, activation in ACTIVATIONS.items():
        for normed in (False, True):
            net = perceptron(activation, normed)
            key = f"{name}_{'bn' if normed else 'plain'}"
            values[f"{key}_theta"] = flat(net.parameters())
            logits = net(X)
            loss = functional.cross_entropy(logits, y)
            loss.backward()
            values[f"{key}_logits"], values[f"{key}_loss"] = numbers(logits), numbers(loss)
            values[f"{key}_gradient"] = gradients(net)
            if normed:
                norms = [m for m in net if isinstance(m, nn.BatchNorm1d)]
                values[f"{key}_mean"] = flat(m.running_mean for m in norms)
                values[f"{key}_variance"] = flat(m.running_var for m in norms)
                values[f"{key}_eval"] = numbers(net.eval()(X))
    save("mlp", values)


def training() -> None:
    """Ten steps of Adam on the whole batch: forward, loss, backward and update together."""
    torch.manual_seed(1)
    X, y = torch.randn(12, 3), torch.randint(0, 3, (12,))
    net = perceptron(nn.Tanh, False)
    values = {"X": numbers(X), "y": numbers(y), "theta": flat(net.parameters())}
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    losses, thetas = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = functional.cross_entropy(net(X), y)
        loss.backward()
        optimizer.step()
        losses.append(numbers(loss))
        thetas.append(flat(net.parameters()))
    save("training", values | {"losses": np.array(losses), "thetas": np.array(thetas)})


def losses() -> None:
    torch.manual_seed(2)
    Z, y = 3.0 * torch.randn(6, 4), torch.tensor([3, 0, 1, 1, 2, 3])
    soft, T = torch.softmax(torch.randn(6, 4), 1), torch.rand(6, 4)
    cases: dict[str, tuple[torch.Tensor, Callable[[torch.Tensor], torch.Tensor]]] = {
        "cross_entropy": (
            functional.one_hot(y, 4).double(),
            lambda z: functional.cross_entropy(z, y),
        ),
        "soft_cross_entropy": (soft, lambda z: functional.cross_entropy(z, soft)),
        "mse": (T, lambda z: functional.mse_loss(z, T)),
        "logistic": (T, lambda z: functional.binary_cross_entropy_with_logits(z, T)),
        # PyTorch divides the sum over classes by their number.
        "hinge": (
            functional.one_hot(y, 4).double(),
            lambda z: 4 * functional.multi_margin_loss(z, y),
        ),
    }
    values = {"Z": numbers(Z)}
    for name, (target, loss) in cases.items():
        z = Z.clone().requires_grad_()
        value = loss(z)
        value.backward()
        values[f"{name}_T"], values[f"{name}_loss"] = numbers(target), numbers(value)
        values[f"{name}_gradient"] = numbers(z.grad)
    save("losses", values)


def optimizers() -> None:
    """200 steps on Rosenbrock's valley, every position kept."""
    rules: dict[str, Callable[[list[torch.Tensor]], torch.optim.Optimizer]] = {
        "sgd": lambda w: torch.optim.SGD(w, 1e-3),
        "sgd_decay": lambda w: torch.optim.SGD(w, 1e-3, weight_decay=0.1),
        "momentum": lambda w: torch.optim.SGD(w, 1e-3, momentum=0.9),
        "nag": lambda w: torch.optim.SGD(w, 1e-3, momentum=0.9, nesterov=True),
        "adagrad": lambda w: torch.optim.Adagrad(w, 0.5),
        "rmsprop": lambda w: torch.optim.RMSprop(w, 1e-3),
        "adam": lambda w: torch.optim.Adam(w, 0.05),
        "adam_decay": lambda w: torch.optim.Adam(w, 0.05, weight_decay=0.1),
        "adamw": lambda w: torch.optim.AdamW(w, 0.05, weight_decay=0.1),
    }
    values = {}
    for name, rule in rules.items():
        w = torch.tensor([-1.2, 1.0], requires_grad=True)
        optimizer, path = rule([w]), []
        for _ in range(200):
            optimizer.zero_grad()
            ((1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2).backward()
            if name == "adagrad":
                nn.utils.clip_grad_norm_([w], 5.0)
            optimizer.step()
            path.append(numbers(w))
        values[name] = np.array(path)
    save("optimizers", values)


def recurrent() -> None:
    """Cells with one bias: PyTorch's second one is zero, and its gradient is left out."""
    torch.manual_seed(3)
    X, T = torch.randn(6, 4, 3), torch.randn(6, 4, 2)
    values = {"X": numbers(X), "T": numbers(T)}
    for name, kind in (("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)):
        cell, out = kind(3, 5), nn.Linear(5, 2)
        nn.init.zeros_(cell.bias_hh_l0)
        weights = [cell.weight_ih_l0, cell.weight_hh_l0, cell.bias_ih_l0, *out.parameters()]
        values[f"{name}_theta"] = flat(weights)
        for readout in ("every", "last"):
            inputs = X.clone().requires_grad_()
            for w in weights:
                w.grad = None
            states, _ = cell(inputs)
            outputs, target = (out(states), T) if readout == "every" else (out(states[-1]), T[-1])
            loss = functional.mse_loss(outputs, target)
            loss.backward()
            key = f"{name}_{readout}"
            values[f"{key}_outputs"], values[f"{key}_loss"] = numbers(outputs), numbers(loss)
            values[f"{key}_gradient"] = flat(w.grad for w in weights)
            values[f"{key}_dX"] = numbers(inputs.grad)
    save("recurrent", values)


def last(images: torch.Tensor) -> Floats:
    """Images with the channels last."""
    return numbers(images.permute(0, 2, 3, 1))


def convolution() -> None:
    """Images and kernels in the engine's order: channels last."""
    torch.manual_seed(4)
    values: dict[str, Floats] = {}
    for i, (size, side, padding, stride) in enumerate(
        [(7, 3, 0, 1), (7, 3, 1, 1), (8, 5, 2, 2), (6, 2, 0, 2), (9, 3, 1, 3)]
    ):
        x = torch.randn(2, 3, size, size + 1, requires_grad=True)
        w, b = torch.randn(4, 3, side, side, requires_grad=True), torch.randn(4)
        out = functional.conv2d(x, w, b, stride=stride, padding=padding)
        up = torch.randn_like(out)
        out.backward(up)
        values |= {
            f"{i}_geometry": np.array([side, padding, stride]), f"{i}_b": numbers(b),
            f"{i}_x": last(x), f"{i}_w": last(w), f"{i}_out": last(out), f"{i}_up": last(up),
            f"{i}_dx": last(x.grad), f"{i}_dw": last(w.grad),
        }  # fmt: skip
    for name, pool in (("max", functional.max_pool2d), ("average", functional.avg_pool2d)):
        x = torch.randn(2, 3, 7, 6, requires_grad=True)
        out = pool(x, 2)
        up = torch.randn_like(out)
        out.backward(up)
        values |= {f"{name}_x": last(x), f"{name}_out": last(out), f"{name}_up": last(up),
                   f"{name}_dx": last(x.grad)}  # fmt: skip
    save("convolution", values)


def cnn() -> None:
    """Five SGD steps of the digit reader's shape, smaller: 8 by 8, 2c3-p-3c3-p-4."""
    torch.manual_seed(5)
    X, y = torch.randn(5, 1, 8, 8), torch.tensor([0, 3, 1, 2, 3])
    c1, c2 = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 3, 3, padding=1)
    dense = nn.Linear(3 * 2 * 2, 4)
    weights = [*c1.parameters(), *c2.parameters(), *dense.parameters()]

    def ordered() -> np.ndarray:
        """Kernels by row, column, channel, and the dense layer fed in that order too."""
        kernels = [c.weight.permute(0, 2, 3, 1) for c in (c1, c2)]
        wide = dense.weight.reshape(4, 3, 2, 2).permute(0, 2, 3, 1)
        return flat([kernels[0], c1.bias, kernels[1], c2.bias, wide, dense.bias])

    values = {"X": numbers(X.permute(0, 2, 3, 1)), "y": numbers(y), "theta": ordered()}
    optimizer = torch.optim.SGD(weights, 0.1)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        h = functional.max_pool2d(functional.relu(c1(X)), 2)
        h = functional.max_pool2d(functional.relu(c2(h)), 2)
        loss = functional.cross_entropy(dense(h.flatten(1)), y)
        loss.backward()
        optimizer.step()
        losses.append(numbers(loss))
    save("cnn", values | {"losses": np.array(losses), "end": ordered()})


def attention() -> None:
    torch.manual_seed(6)
    values = {}
    for name, causal in (("open", False), ("causal", True)):
        q, k, v = (torch.randn(3, 5, 4, requires_grad=True) for _ in range(3))
        out = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        up = torch.randn_like(out)
        out.backward(up)
        for key, tensor in (("q", q), ("k", k), ("v", v), ("out", out), ("up", up),
                            ("dq", q.grad), ("dk", k.grad), ("dv", v.grad)):  # fmt: skip
            values[f"{name}_{key}"] = numbers(tensor)
    save("attention", values)


if __name__ == "__main__":
    for make in (mlp, training, losses, optimizers, recurrent, convolution, cnn, attention):
        make()
