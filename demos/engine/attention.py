"""Self-attention: one head over a short row of symbols, which learns where to look.

Each place asks (query), each place offers (key), and the softmax of their products says how much
of each place's value is mixed in. A row is so short, and NumPy's products of many small matrices
so quick, that no kernel of its own would be felt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demos.engine import losses
from demos.engine.arrays import Floats
from demos.engine.batches import Source
from demos.engine.network import Network
from demos.engine.optimizers import Optimizer

# Scores that overflow are seen by `Network.finite`, and told by its own word.
_quiet = np.errstate(over="ignore", invalid="ignore")


@_quiet
def attend(
    Q: Floats, K: Floats, V: Floats, scale: float, causal: bool, A: Floats, C: Floats
) -> None:
    """A = softmax(scale · Q Kᵀ) row by row, C = A V, for each sample.

    Q, K, V, C (n, T, d), A (n, T, T); scale is usually 1/√d. `causal` lets place i see 0 … i only.
    """
    np.matmul(Q, _turned(K), out=A)
    A *= scale
    if causal:
        A[:, ~np.tri(A.shape[1], dtype=bool)] = -np.inf
    A -= A.max(axis=2, keepdims=True)
    np.exp(A, out=A)
    A /= A.sum(axis=2, keepdims=True)
    np.matmul(A, V, out=C)


@_quiet
def attend_back(
    Q: Floats, K: Floats, V: Floats, scale: float, A: Floats, dC: Floats, dQ: Floats, dK: Floats,
    dV: Floats,
) -> None:  # fmt: skip
    """Add to dQ, dK, dV (n, T, d): ∂V = Aᵀ ∂C, ∂A = ∂C Vᵀ, ∂S = A ⊙ (∂A − Σ A ∂A), ∂Q = scale ∂S K.

    ∂K = scale · ∂Sᵀ Q. What a causal mask hid has A = 0 and so gets nothing.
    """
    dA = dC @ _turned(V)
    dA -= (A * dA).sum(axis=2, keepdims=True)
    dS = scale * A * dA
    dV += _turned(A) @ dC
    dQ += dS @ K
    dK += _turned(dS) @ Q


def _turned(block: Floats) -> Floats:
    """Each sample's matrix transposed: (n, a, b) to (n, b, a)."""
    return block.transpose(0, 2, 1)


class Attention(Network):
    """Symbols and places embedded in d numbers, one head of attention, and a read-out a place.

    x_t = E[symbol] + P[t], q = W_q x, k = W_k x, v = W_v x, logits = U · attention(q, k, v).
    symbols, places: how many there are; 8, 8 and d = 16 make 1,152 parameters. positions: with P
    or without. scaled: by 1/√d or not. causal: no looking ahead.
    After a batch, A (n, places, places) are the attention maps, Q, K, V (n, places, d) the rest.
    """

    def __init__(
        self,
        symbols: int = 8,
        places: int = 8,
        d: int = 16,
        *,
        positions: bool = True,
        scaled: bool = True,
        causal: bool = False,
        optimizer: Optimizer | None = None,
        dtype: Any = np.float64,
        seed: int = 0,
    ) -> None:
        self.symbols, self.places, self.d = symbols, places, d
        self.positions, self.causal = positions, causal
        self.scale = 1.0 / math.sqrt(d) if scaled else 1.0
        self.shapes = ((symbols, d), (places, d), (d, d), (d, d), (d, d), (symbols, d))
        self.ends = np.cumsum([0, *(rows * columns for rows, columns in self.shapes)])
        super().__init__(int(self.ends[-1]), dtype, optimizer)
        generator = np.random.default_rng((seed, 2))
        E, P, *weights = self.parameters(self.theta)
        E[:] = generator.normal(size=E.shape)
        P[:] = generator.normal(size=P.shape) if positions else 0.0
        for W in weights:
            W[:] = generator.normal(size=W.shape) / math.sqrt(d)
        self._room(0)

    def parameters(self, flat: Floats) -> list[Floats]:
        """View theta, or the gradient, as E, P, W_q, W_k, W_v and U."""
        spans = zip(self.ends, self.ends[1:], self.shapes, strict=False)
        return [flat[start:end].reshape(shape) for start, end, shape in spans]

    def _room(self, rows: int) -> None:
        self.X, self.Q, self.K, self.V, self.C = np.zeros(
            (5, rows, self.places, self.d), self.dtype
        )
        self.A: Floats = np.zeros((rows, self.places, self.places), self.dtype)
        self.Y: Floats = np.zeros((rows, self.places, self.symbols), self.dtype)

    def feed(self, source: Source) -> None:
        """Train on what `source` gives: symbols (n, places) and one-hot targets."""
        self.source = source

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run symbols X (n, places) forward and backward for the cross-entropy with T.

        T: symbols (n, places), or one-hot (n, places, symbols). Fills `gradient`.
        """
        symbols = np.asarray(X, np.int64)
        outputs = self.forward(symbols).reshape(-1, self.symbols)
        given = np.asarray(T)
        target = losses.targets(given.ravel(), self.symbols, self.dtype) if given.ndim == 2 else (
            np.ascontiguousarray(given, self.dtype).reshape(outputs.shape)
        )  # fmt: skip
        dY = np.empty_like(outputs)
        self.loss = losses.learn(losses.CROSS_ENTROPY, outputs, target, dY)
        self._backward(symbols, dY)
        return self.loss

    @_quiet
    def forward(self, X: NDArray[np.int64]) -> Floats:
        """Logits (n, places, symbols) of symbols X (n, places)."""
        if len(self.X) != len(X):
            self._room(len(X))
        E, P, Wq, Wk, Wv, U = self.parameters(self.theta)
        self.X[:] = E[X] + P if self.positions else E[X]
        for W, result in ((Wq, self.Q), (Wk, self.K), (Wv, self.V)):
            np.matmul(_rows(self.X), W.T, out=_rows(result))
        attend(self.Q, self.K, self.V, self.scale, self.causal, self.A, self.C)
        np.matmul(_rows(self.C), U.T, out=_rows(self.Y))
        return self.Y

    @_quiet
    def _backward(self, symbols: NDArray[np.int64], dY: Floats) -> None:
        self.gradient[:] = 0
        dE, dP, *dW, dU = self.parameters(self.gradient)
        _, _, Wq, Wk, Wv, U = self.parameters(self.theta)
        dX, dC, dQ, dK, dV = np.zeros((5, *self.X.shape), self.dtype)
        np.matmul(dY.T, _rows(self.C), out=dU)
        np.matmul(dY, U, out=_rows(dC))
        attend_back(self.Q, self.K, self.V, self.scale, self.A, dC, dQ, dK, dV)
        for W, d, dresult in zip((Wq, Wk, Wv), dW, (dQ, dK, dV), strict=True):
            np.matmul(_rows(dresult).T, _rows(self.X), out=d)
            _rows(dX)[:] += _rows(dresult) @ W
        np.add.at(dE, symbols, dX)
        if self.positions:
            dP += dX.sum(axis=0)

    def accuracy(self, X: NDArray[np.int64], T: NDArray[np.int64]) -> float:
        """The share of places whose largest logit is the right symbol; X, T (n, places)."""
        return float(np.mean(self.forward(X).argmax(axis=2) == T))

    def parts(self) -> Iterator[tuple[str, Floats]]:
        """The embeddings, the head and the read-out, each with what it gave."""
        yield "embeddings", self.theta[: self.ends[2]]
        yield "query, key and value weights", self.theta[self.ends[2] : self.ends[5]]
        yield "attention", self.A
        yield "read-out, weights", self.theta[self.ends[5] :]
        yield "logits", self.Y


def _rows(block: Floats) -> Floats:
    """View (n, places, d) as a matrix (n · places, d)."""
    return block.reshape(-1, block.shape[-1])
