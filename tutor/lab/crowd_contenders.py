"""Who takes part where many networks train at once: the crowd, and batched products elsewhere.

All start from the same weights and take the same batches in one order for all networks, which is
the peers' best case: then the examples need no gathering.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from demos.engine.batches import Batches
from demos.engine.crowd.crowd import Crowd
from demos.engine.mlp import Mlp
from tutor.lab import peer_torch

Array = Any


class Contender(Protocol):
    """Networks that train together, somewhere."""

    def train(self, steps: int) -> None:
        """Take so many steps with every network."""

    def loss(self) -> float:
        """The mean of all networks' losses on all examples."""


class Engine:
    """Copies of a network as a crowd of this engine."""

    def __init__(self, net: Mlp, count: int) -> None:
        self.crowd = Crowd(started(net, count), threads=1)
        source = _source(net)
        self._shown = self.crowd.show([(source.X, source.T)])

    def train(self, steps: int) -> None:
        """As `Contender` says."""
        self.crowd.step(steps)

    def loss(self) -> float:
        """As `Contender` says."""
        return float(self.crowd.look(self._shown)[0].mean())


def started(net: Mlp, count: int) -> list[Mlp]:
    """Networks that differ in their first weights alone, a little."""
    nets = []
    for i in range(count):
        other = copy.copy(net)
        other.theta = net.theta * (1.0 + 0.1 * i / count)
        nets.append(other)
    return nets


def _source(net: Mlp) -> Batches:
    assert isinstance(net.source, Batches)
    return net.source


class Peer:
    """What every peer begins with: W (networks, inputs, outputs) and b (networks, 1, outputs)."""

    def __init__(self, net: Mlp, count: int) -> None:
        self.source = copy.deepcopy(_source(net))
        self.X = self.source.X.astype(np.float32)
        self.T = self.source.T.astype(np.float32)
        self.rate = np.float32(net.optimizer.learning_rate)
        self.tanh, self.wide = net.functions[0] == "tanh", net.sizes[-1] > 1
        scale = (1.0 + 0.1 * np.arange(count) / count).astype(np.float32)[:, None, None]
        self.layers: list[tuple[Array, Array]] = [
            (scale * net.weights(i).T[None].astype(np.float32),
             scale * net.biases(i)[None, None].astype(np.float32))
            for i in range(net.depth)
        ]  # fmt: skip

    def rows(self) -> Array:
        """The rows of the next batch."""
        start = self.source.start()
        return self.source.order[start : start + self.source.size].copy()


class NumPy(Peer):
    """Batched products with the backward pass written out."""

    def train(self, steps: int) -> None:
        """As `Contender` says."""
        for _ in range(steps):
            rows = self.rows()
            self._step(self.X[rows], self.T[rows])

    def _step(self, X: Array, T: Array) -> None:
        outputs = self._forward(X)
        delta = (_softmax(outputs[-1]) if self.wide else _sigmoid(outputs[-1])) - T
        delta /= len(T)
        for i in range(len(self.layers) - 1, -1, -1):
            W, b = self.layers[i]
            given = outputs[i]
            back = np.matmul(delta, W.swapaxes(1, 2)) if i else None
            W -= self.rate * np.matmul(given.swapaxes(-1, -2), delta)
            b -= self.rate * delta.sum(axis=1, keepdims=True)
            if back is not None:
                delta = back * (1.0 - given * given if self.tanh else given > 0.0)

    def _forward(self, X: Array) -> list[Array]:
        """The inputs and what every layer gives."""
        found = [X]
        for i, (W, b) in enumerate(self.layers):
            z = np.matmul(found[-1], W) + b
            last = i == len(self.layers) - 1
            found.append(z if last else np.tanh(z) if self.tanh else np.maximum(z, 0.0))
        return found

    def loss(self) -> float:
        """As `Contender` says."""
        z = self._forward(self.X)[-1]
        if self.wide:
            top = z.max(axis=-1, keepdims=True)
            log_sum = top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
            return float((self.T * (log_sum - z)).sum(axis=-1).mean())
        return float((np.logaddexp(0.0, z) - self.T * z).mean())


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


class Torch(Peer):
    """`baddbmm` and autograd. Raises ImportError without PyTorch."""

    def __init__(self, net: Mlp, count: int) -> None:
        import torch  # type: ignore[import-not-found, unused-ignore]

        super().__init__(net, count)
        self.torch: Any = torch
        torch.set_num_threads(peer_torch.threads())
        self.parameters = [
            (torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True))
            for W, b in self.layers
        ]
        self.count = count

    def _losses(self, X: Array, T: Array) -> Any:
        """The mean loss of each network, summed."""
        torch = self.torch
        h = torch.from_numpy(X).expand(self.count, *X.shape)
        for i, (W, b) in enumerate(self.parameters):
            h = torch.baddbmm(b, h, W)
            if i < len(self.parameters) - 1:
                h = torch.tanh(h) if self.tanh else torch.relu(h)
        t = torch.from_numpy(T).expand(self.count, *T.shape)
        if self.wide:
            return -(t * torch.log_softmax(h, dim=-1)).sum(dim=-1).mean(dim=1).sum()
        losses = torch.nn.functional.binary_cross_entropy_with_logits(h, t, reduction="none")
        return losses.mean(dim=(1, 2)).sum()

    def train(self, steps: int) -> None:
        """As `Contender` says."""
        flat = [p for pair in self.parameters for p in pair]
        for _ in range(steps):
            rows = self.rows()
            slopes = self.torch.autograd.grad(self._losses(self.X[rows], self.T[rows]), flat)
            with self.torch.no_grad():
                self.torch._foreach_add_(flat, slopes, alpha=-float(self.rate))

    def loss(self) -> float:
        """As `Contender` says."""
        with self.torch.no_grad():
            return float(self._losses(self.X, self.T)) / self.count


class Jax(Peer):
    """`vmap` of the gradient, many steps in one scan. Raises ImportError without JAX."""

    platform = "cpu"

    def __init__(self, net: Mlp, count: int) -> None:
        import jax  # type: ignore[import-not-found, unused-ignore]

        super().__init__(net, count)
        jax.config.update("jax_platforms", self.platform)
        self.jax: Any = jax
        jnp = jax.numpy

        def loss(parameters: Any, x: Any, t: Any) -> Any:
            for W, b in parameters[:-1]:
                x = jnp.tanh(x @ W + b) if self.tanh else jax.nn.relu(x @ W + b)
            W, b = parameters[-1]
            z = x @ W + b
            if self.wide:
                return -(t * jax.nn.log_softmax(z)).sum(axis=1).mean()
            return (jnp.logaddexp(0, z) - t * z).mean()

        slopes = jax.vmap(jax.grad(loss), in_axes=(0, None, None))
        rate = self.rate

        def many(parameters: Any, X: Any, T: Any, rows: Any) -> Any:
            def one(parameters: Any, batch: Any) -> Any:
                found = slopes(parameters, X[batch], T[batch])
                return jax.tree.map(lambda w, g: w - rate * g, parameters, found), None

            return jax.lax.scan(one, parameters, rows)[0]

        self._many: Callable[..., Any] = jax.jit(many)
        self._all: Callable[..., Any] = jax.jit(jax.vmap(loss, in_axes=(0, None, None)))
        self.parameters = [(jnp.asarray(W), jnp.asarray(b)) for W, b in self.layers]
        self.X, self.T = jnp.asarray(self.X), jnp.asarray(self.T)

    def train(self, steps: int) -> None:
        """As `Contender` says."""
        rows = np.stack([self.rows() for _ in range(steps)])
        self.parameters = self.jax.block_until_ready(
            self._many(self.parameters, self.X, self.T, rows)
        )

    def loss(self) -> float:
        """As `Contender` says."""
        return float(np.asarray(self._all(self.parameters, self.X, self.T)).mean())


class JaxOnCard(Jax):
    """The same on a graphics card. Raises RuntimeError where JAX finds none."""

    platform = "cuda"


_ALL: dict[str, Callable[[Mlp, int], Contender]] = {
    "engine": Engine, "numpy": NumPy, "torch": Torch, "jax": Jax,
}  # fmt: skip


def contenders(net: Mlp, count: int) -> dict[str, Contender]:
    """Those that are installed, each with `count` networks that begin near `net`."""
    found = {}
    for name, make in _ALL.items():
        try:
            found[name] = make(net, count)
        except ImportError:
            continue
    return found
