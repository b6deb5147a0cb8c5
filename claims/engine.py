"""Our kernels against PyTorch in float64: losses, gradients, outputs, and optimisers' paths."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from demos.engine import attention, losses
from demos.engine.activations import NAMES as ACTIVATIONS
from demos.engine.arrays import Floats
from demos.engine.cells import NAMES as CELLS
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent

# The largest difference that counts as rounding, relative and absolute.
TOLERANCE = 1e-9
Compared = tuple[str, Any, Any]
Loss = Callable[[torch.Tensor], torch.Tensor]
MODULES: dict[str, Callable[[], nn.Module]] = {
    "linear": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "swish": nn.SiLU,
}


def compare() -> tuple[int, list[str]]:
    """Comparisons made, and a line for each that differs."""
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    parts = (perceptrons, loss_functions, optimizers, recurrent, convolutional, attentions)
    made, found = 0, []
    for name, ours, theirs in itertools.chain.from_iterable(part() for part in parts):
        made += 1
        if not np.allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
            gap = float(np.max(np.abs(np.asarray(ours) - np.asarray(theirs))))
            found.append(f"{name}: differs by {gap:.2g}")
    return made, found


def numbers(tensor: torch.Tensor) -> Floats:
    """A tensor's numbers as an array."""
    return np.array(tensor.detach().numpy())


def flat(tensors: Any) -> Floats:
    """All numbers of the tensors, one after another."""
    return np.concatenate([numbers(tensor).ravel() for tensor in tensors])


def perceptrons() -> Iterator[Compared]:
    """Multilayer perceptrons: every activation, with and without batch norm, several shapes."""
    shapes = [(3, 5, 4, 3), (1, 2, 2), (7, 16, 3), (4, 8, 8, 8, 2), (2, 33, 5)]
    for name, normed, sizes, rows in itertools.product(ACTIVATIONS, (False, True), shapes, (2, 7)):
        layers: list[nn.Module] = []
        for inputs, outputs in itertools.pairwise(sizes[:-1]):
            layers.append(nn.Linear(inputs, outputs))
            layers += [nn.BatchNorm1d(outputs)] if normed else []
            layers.append(MODULES[name]())
        theirs = nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))
        X, y = torch.randn(rows, sizes[0]), torch.randint(0, sizes[-1], (rows,))
        ours = Mlp(sizes, name, batch_norm=normed)
        ours.theta[:] = flat(theirs.parameters())
        loss = functional.cross_entropy(theirs(X), y)
        loss.backward()
        mine = ours.learn(numbers(X), numbers(y))
        case = f"mlp {name} {sizes} rows {rows} batch norm {normed}"
        yield f"{case} loss", mine, numbers(loss)
        yield f"{case} gradient", ours.gradient, flat(p.grad for p in theirs.parameters())
        yield f"{case} in use", ours.logits(numbers(X)), numbers(theirs.eval()(X))


def loss_functions() -> Iterator[Compared]:
    """Every loss with its gradient, over small and large logits."""
    for rows, classes, scale in itertools.product((1, 6), (2, 4, 10), (0.1, 3.0, 200.0)):
        Z, y = scale * torch.randn(rows, classes), torch.randint(0, classes, (rows,))
        T = torch.rand(rows, classes)
        hot = functional.one_hot(y, classes).double()
        soft = torch.softmax(torch.randn(rows, classes), 1)
        asked: list[tuple[str, torch.Tensor, Loss]] = [
            ("cross_entropy", hot, partial(functional.cross_entropy, target=y)),
            ("cross_entropy", soft, partial(functional.cross_entropy, target=soft)),
            ("mse", T, partial(functional.mse_loss, target=T)),
            ("logistic", T, partial(functional.binary_cross_entropy_with_logits, target=T)),
            ("hinge", hot, partial(_hinge, target=y)),
        ]
        for name, target, theirs in asked:
            z = Z.clone().requires_grad_()
            value = theirs(z)
            value.backward()
            ours, gradient = losses.loss(name, numbers(Z), numbers(target))
            case = f"loss {name} {rows}x{classes} scale {scale}"
            yield case, ours, numbers(value)
            assert z.grad is not None
            yield f"{case} gradient", gradient, numbers(z.grad)


def _hinge(z: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """PyTorch divides the sum over classes by their number; ours does not."""
    return z.shape[1] * functional.multi_margin_loss(z, target)


RULES: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": lambda w, rate, decay: torch.optim.SGD(w, rate, weight_decay=decay),
    "momentum": lambda w, rate, decay: torch.optim.SGD(w, rate, 0.9, weight_decay=decay),
    "nag": lambda w, rate, decay: torch.optim.SGD(w, rate, 0.9, weight_decay=decay, nesterov=True),
    "adagrad": lambda w, rate, decay: torch.optim.Adagrad(w, rate, weight_decay=decay),
    "rmsprop": lambda w, rate, decay: torch.optim.RMSprop(w, rate, weight_decay=decay),
    "adam": lambda w, rate, decay: torch.optim.Adam(w, rate, weight_decay=decay),
    "adamw": lambda w, rate, decay: torch.optim.AdamW(w, rate, weight_decay=decay),
}


def optimizers() -> Iterator[Compared]:
    """Eight steps of every rule, with and without decay, for large, tiny and zero gradients."""
    generator = np.random.default_rng(0)
    for name, decay, size in itertools.product(RULES, (0.0, 0.1), (1.0, 1e-7, 0.0)):
        start = generator.normal(size=3)
        w, theirs = start.copy(), torch.tensor(start, requires_grad=True)
        rule, ours = RULES[name]([theirs], 0.01, decay), Optimizer(name, 0.01, weight_decay=decay)
        ours.start(3)
        for step in range(8):
            gradient = size * generator.normal(size=3)
            theirs.grad = torch.tensor(gradient)
            rule.step()
            ours.step(w, gradient.copy())
            yield f"{name} decay {decay} gradients of {size} step {step}", w.copy(), numbers(theirs)


def recurrent() -> Iterator[Compared]:
    """Cells over several lengths and batches, read at the end or at every step."""
    kinds = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    for name, steps, rows, every in itertools.product(CELLS, (1, 2, 6), (1, 4), (False, True)):
        cell, out = kinds[name](3, 5), nn.Linear(5, 2)
        nn.init.zeros_(cell.bias_hh_l0)
        weights = [cell.weight_ih_l0, cell.weight_hh_l0, cell.bias_ih_l0, *out.parameters()]
        X = torch.randn(steps, rows, 3, requires_grad=True)
        T = torch.randn(steps, rows, 2) if every else torch.randn(rows, 2)
        states, _ = cell(X)
        outputs = out(states) if every else out(states[-1])
        loss = functional.mse_loss(outputs, T)
        loss.backward()
        net = Recurrent(name, 3, 5, 2, every_step=every)
        net.theta[:] = flat(weights)
        mine = net.learn(numbers(X), numbers(T))
        case = f"{name} steps {steps} rows {rows} every {every}"
        yield f"{case} loss", mine, numbers(loss)
        yield f"{case} outputs", np.asarray(net.Y).ravel(), numbers(outputs).ravel()
        yield f"{case} gradient", net.gradient, flat(w.grad for w in weights)


def convolutional() -> Iterator[Compared]:
    """Networks of two convolutions: kernels, padding, pooling with remainders, both kinds."""
    for size, side, padding, pool, average in itertools.product(
        (6, 7), (1, 2, 3), (0, 1), (1, 2, 3), (False, True)
    ):
        if not _fits(size, side, padding, pool):
            continue
        ours = Cnn(
            (size, size + 1, 1), (2, 3), 4, kernel_size=side, padding=padding, pool=pool,
            average=average, dtype=np.float64,
        )  # fmt: skip
        c1, c2 = nn.Conv2d(1, 2, side, padding=padding), nn.Conv2d(2, 3, side, padding=padding)
        down, across = ours.stages[-1].result[:2]
        dense = nn.Linear(3 * down * across, 4)
        X, y = torch.randn(3, 1, size, size + 1), torch.randint(0, 4, (3,))
        shrink = functional.avg_pool2d if average else functional.max_pool2d
        h = shrink(functional.relu(c1(X)), pool)
        h = shrink(functional.relu(c2(h)), pool)
        loss = functional.cross_entropy(dense(h.flatten(1)), y)
        loss.backward()

        def ordered(of: Callable[[nn.Parameter], torch.Tensor]) -> Floats:
            kernels = [of(c.weight).permute(0, 2, 3, 1) for c in (c1, c2)]  # noqa: B023
            wide = of(dense.weight).reshape(4, 3, down, across).permute(0, 2, 3, 1)  # noqa: B023
            biases = [of(c.bias) for c in (c1, c2, dense)]  # noqa: B023
            return flat([kernels[0], biases[0], kernels[1], biases[1], wide, biases[2]])

        ours.theta[:] = ordered(lambda parameter: parameter)
        case = (
            f"cnn {size}x{size + 1} kernel {side} padding {padding} pool {pool} average {average}"
        )
        yield f"{case} loss", ours.learn(numbers(X.permute(0, 2, 3, 1)), numbers(y)), numbers(loss)
        yield f"{case} gradient", ours.gradient, ordered(_slope)


def _slope(parameter: nn.Parameter) -> torch.Tensor:
    assert parameter.grad is not None
    return parameter.grad


def _fits(size: int, side: int, padding: int, pool: int) -> bool:
    """Whether two stages leave at least one cell."""
    for _ in range(2):
        size = (size + 2 * padding - side + 1) // pool
    return size > 0


def attentions() -> Iterator[Compared]:
    """Attention with and without a causal mask: result and three gradients."""
    for batch, places, width, causal in itertools.product((1, 3), (1, 5, 8), (2, 4), (False, True)):
        q, k, v = (torch.randn(batch, places, width, requires_grad=True) for _ in range(3))
        out = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        up = torch.randn_like(out)
        out.backward(up)
        a, b, c = numbers(q), numbers(k), numbers(v)
        A, C = np.empty((batch, places, places)), np.empty((batch, places, width))
        attention.attend(a, b, c, width**-0.5, causal, A, C)
        dq, dk, dv = np.zeros((3, batch, places, width))
        attention.attend_back(a, b, c, width**-0.5, A, numbers(up), dq, dk, dv)
        case = f"attention {batch}x{places}x{width} causal {causal}"
        yield f"{case} result", C, numbers(out)
        for name, mine, theirs in (("q", dq, q.grad), ("k", dk, k.grad), ("v", dv, v.grad)):
            assert theirs is not None
            yield f"{case} gradient of {name}", mine, numbers(theirs)
