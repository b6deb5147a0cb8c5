"""The three matrix products in which every network here spends its time.

A layer needs X Wᵀ forward, and D W and Dᵀ X backward. They take four rows at a time, and
where it pays four columns: eight numbers are then read for sixteen multiplications, so
arithmetic, not memory, is the limit.
"""

from __future__ import annotations

from demos.engine.arrays import Floats
from demos.engine.kernel import fast_kernel, fast_part

# Rows so long that reading them twice costs more than setting up a block.
_WIDE = 256


@fast_kernel
def times_transposed(X: Floats, W: Floats, Z: Floats) -> None:
    """Z = X Wᵀ: X (n, k), W (m, k), Z (n, m), so Z[i, j] = Σ_p X[i, p] · W[j, p]."""
    n, m = Z.shape
    rows, columns = n - n % 4, m - m % 4
    for i in range(0, rows, 4):
        for j in range(0, columns, 4):
            _dot_block(X, W, Z, i, j)
    for i in range(n):
        for j in range(columns if i < rows else 0, m):
            total = X.dtype.type(0)
            for p in range(X.shape[1]):
                total += X[i, p] * W[j, p]
            Z[i, j] = total


@fast_part
def _dot_block(X: Floats, W: Floats, Z: Floats, i: int, j: int) -> None:
    """Sixteen sums in sixteen registers: rows i … i+3 of X against rows j … j+3 of W (a … d)."""
    zero = X.dtype.type(0)
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = zero
    c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = zero
    for p in range(X.shape[1]):
        x0, x1, x2, x3 = X[i, p], X[i + 1, p], X[i + 2, p], X[i + 3, p]
        w = W[j, p]
        a0, a1, a2, a3 = a0 + x0 * w, a1 + x1 * w, a2 + x2 * w, a3 + x3 * w
        w = W[j + 1, p]
        b0, b1, b2, b3 = b0 + x0 * w, b1 + x1 * w, b2 + x2 * w, b3 + x3 * w
        w = W[j + 2, p]
        c0, c1, c2, c3 = c0 + x0 * w, c1 + x1 * w, c2 + x2 * w, c3 + x3 * w
        w = W[j + 3, p]
        d0, d1, d2, d3 = d0 + x0 * w, d1 + x1 * w, d2 + x2 * w, d3 + x3 * w
    Z[i, j], Z[i, j + 1], Z[i, j + 2], Z[i, j + 3] = a0, b0, c0, d0
    Z[i + 1, j], Z[i + 1, j + 1], Z[i + 1, j + 2], Z[i + 1, j + 3] = a1, b1, c1, d1
    Z[i + 2, j], Z[i + 2, j + 1], Z[i + 2, j + 2], Z[i + 2, j + 3] = a2, b2, c2, d2
    Z[i + 3, j], Z[i + 3, j + 1], Z[i + 3, j + 2], Z[i + 3, j + 3] = a3, b3, c3, d3


@fast_kernel
def add_transposed_times(D: Floats, X: Floats, G: Floats) -> None:
    """G += Dᵀ X: D (n, m), X (n, k), G (m, k), so G[j, p] += Σ_i D[i, j] · X[i, p]."""
    n, m = D.shape
    rows = n - n % 4
    columns = m - m % 4 if X.shape[1] >= _WIDE else 0
    for i in range(0, rows, 4):
        for j in range(0, columns, 4):
            _outer_block(D, X, G, i, j)
        for j in range(columns, m):
            d0, d1, d2, d3 = D[i, j], D[i + 1, j], D[i + 2, j], D[i + 3, j]
            for p in range(X.shape[1]):
                G[j, p] += d0 * X[i, p] + d1 * X[i + 1, p] + d2 * X[i + 2, p] + d3 * X[i + 3, p]
    for i in range(rows, n):
        for j in range(m):
            for p in range(X.shape[1]):
                G[j, p] += D[i, j] * X[i, p]


@fast_kernel
def add_times(D: Floats, W: Floats, X: Floats) -> None:
    """X += D W: D (n, m), W (m, k), X (n, k), so X[i, p] += Σ_j D[i, j] · W[j, p]."""
    n, m = D.shape
    columns = m - m % 4
    for i in range(n):
        for j in range(0, columns, 4):
            d0, d1, d2, d3 = D[i, j], D[i, j + 1], D[i, j + 2], D[i, j + 3]
            for p in range(W.shape[1]):
                X[i, p] += d0 * W[j, p] + d1 * W[j + 1, p] + d2 * W[j + 2, p] + d3 * W[j + 3, p]
        for j in range(columns, m):
            d = D[i, j]
            for p in range(W.shape[1]):
                X[i, p] += d * W[j, p]


@fast_part
def _outer_block(D: Floats, X: Floats, G: Floats, i: int, j: int) -> None:
    """Rows i … i+3 of X into rows j … j+3 of G (a … d): each number of X is read once."""
    a0, a1, a2, a3 = D[i, j], D[i + 1, j], D[i + 2, j], D[i + 3, j]
    b0, b1, b2, b3 = D[i, j + 1], D[i + 1, j + 1], D[i + 2, j + 1], D[i + 3, j + 1]
    c0, c1, c2, c3 = D[i, j + 2], D[i + 1, j + 2], D[i + 2, j + 2], D[i + 3, j + 2]
    d0, d1, d2, d3 = D[i, j + 3], D[i + 1, j + 3], D[i + 2, j + 3], D[i + 3, j + 3]
    for p in range(X.shape[1]):
        x0, x1, x2, x3 = X[i, p], X[i + 1, p], X[i + 2, p], X[i + 3, p]
        G[j, p] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
        G[j + 1, p] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3
        G[j + 2, p] += c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3
        G[j + 3, p] += d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3
