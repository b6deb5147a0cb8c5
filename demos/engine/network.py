"""What every trainable network here has in common: parameters, an optimizer, steps, and a guard.

A network trains on a source of batches; a deep copy of it is a snapshot that continues alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from demos.base import DivergedError
from demos.engine.arrays import Floats
from demos.engine.batches import Source
from demos.engine.optimizers import Optimizer


class Network:
    """Parameters `theta` (size,) with gradient `gradient` (size,), trained by `step`.

    loss: the loss of the last batch. mean_loss: over the batches of the last call of `step`.
    step_count: steps taken.
    A kind of network says how to get the gradient of a batch (`learn`) and names its parts.
    """

    def __init__(self, size: int, dtype: Any, optimizer: Optimizer | None) -> None:
        self.theta: Floats = np.zeros(size, dtype)
        self.gradient: Floats = np.zeros(size, dtype)
        self.optimizer = optimizer or Optimizer("sgd", 0.1)
        self.optimizer.start(size, self.dtype)
        self.source: Source | None = None
        self.loss = math.nan
        self.mean_loss = math.nan
        self.step_count = 0

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of all its numbers.

        It is asked of theta: an attribute would be copied with the network, and for arrays made
        with a copy, equal to NumPy's own dtype but another object, kernels take ten times as long
        to see that they fit.
        """
        return self.theta.dtype

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run one batch forward and backward: fill `gradient`, return the loss."""
        raise NotImplementedError

    def parts(self) -> Iterator[tuple[str, Floats]]:
        """Yield the name and the numbers of each part, from the input on."""
        raise NotImplementedError

    def update(self) -> None:
        """Take one optimizer step along `gradient`."""
        self.optimizer.step(self.theta, self.gradient)
        self.step_count += 1

    def step(self, n: int = 1) -> None:
        """Train `n` batches of `source`.

        Raises DivergedError when a number leaves the finite range; the parameters are then those
        from before this call, the last finite ones.
        """
        before = self.theta.copy()
        self._train(n)
        if not (math.isfinite(self.loss) and np.isfinite(self.theta).all()):
            where = self.broken() or "the loss"
            self.theta[:] = before
            raise DivergedError(
                self.step_count,
                where,
                "learning_rate",
                "The steps are longer than the loss surface is curved; divide it by 3.",
            )

    def _train(self, n: int) -> None:
        if self.source is None:
            raise ValueError("the network has nothing to train on: call feed first")
        total = 0.0
        for done in range(1, n + 1):
            self.loss = self._advance(*self.source.next())
            if not math.isfinite(self.loss):
                return
            total += self.loss
            self.mean_loss = total / done

    def _advance(self, X: Any, T: Any) -> float:
        """Learn from one batch and take a step, unless its loss is not finite; return the loss."""
        loss = self.learn(X, T)
        if math.isfinite(loss):
            self.update()
        return loss

    def _count(self, steps: int) -> None:
        """Count steps that a kernel has taken by itself."""
        self.optimizer.t += steps
        self.step_count += steps

    def finite(self) -> bool:
        """Whether every number of every part is finite."""
        return self.broken() is None

    def broken(self) -> str | None:
        """Name the first part, from the input on, that holds a number that is not finite."""
        return next((name for name, part in self.parts() if not np.isfinite(part).all()), None)
