"""Rows of sixteen numbers, one of each network of a block, and the products made of them.

A formula over these rows reads as for a single network: `z += w * a` is sixteen networks' z, w and
a. Nothing is ever summed across lanes, so that no network can touch its neighbours' numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from demos.engine import ir
from demos.engine.emitting import Array, Slot, each, outlined, when
from demos.engine.values import Value

# Networks in a block. One number for every processor, so that results do not depend on it: with
# AVX-512 a row is one register, with AVX2 two, with SSE2 or NEON four.
LANES = 16


class Lines:
    """An array seen as rows of LANES numbers, counted from where it begins."""

    def __init__(self, numbers: Array) -> None:
        self.numbers = numbers

    def load(self, i: Value) -> Value:
        """Row i."""
        return self.numbers.load(i * LANES, LANES)

    def store(self, value: Value, i: Value) -> None:
        """Change row i; a plain number goes to all lanes."""
        zero = self.numbers.zero(LANES)
        self.numbers.store(value if value.lanes == LANES else zero.like(value), i * LANES)

    def at(self, i: Value) -> Lines:
        """What lies from row i on."""
        return Lines(self.numbers.at(i * LANES))

    def zero(self) -> Value:
        """A row of zeros."""
        return self.numbers.zero(LANES)


def forward(
    outputs: Value, samples: Value, inputs: Value, W: Lines, A: Lines, width: Value, b: Lines,
    Z: Lines,
) -> None:  # fmt: skip
    """Z[j, s] = b[j] + Σ_k W[j, k] A[k, s]; W (outputs, inputs), A and Z in rows of `width`."""
    _forward(outputs, samples, inputs, W.numbers, A.numbers, width, b.numbers, Z.numbers)


def backward(
    outputs: Value, samples: Value, inputs: Value, W: Lines, D: Lines, width: Value, B: Lines
) -> None:
    """B[k, s] ← B[k, s] · Σ_j W[j, k] D[j, s]: a layer's slopes become its deltas."""
    _backward(outputs, samples, inputs, W.numbers, D.numbers, width, B.numbers)


def gradient(
    outputs: Value, samples: Value, inputs: Value, D: Lines, A: Lines, width: Value,
    found: tuple[Lines, Lines], weights: tuple[Lines, Lines], pace: Lines, moves: Value,
) -> None:  # fmt: skip
    """∂W[j, k] = Σ_s D[j, s] A[k, s] and ∂b[j] = Σ_s D[j, s], put into `found`.

    If it `moves`, `weights` take plain SGD's step with them at once instead: w − η(g + λw), with
    the rates η in row 0 of `pace` and the L2 coefficients λ in row 1.
    """
    _gradient(outputs, samples, inputs, D.numbers, A.numbers, width,
              *(x.numbers for x in (*found, *weights)), pace.numbers, moves)  # fmt: skip


# A tile of a product is as many rows by as many columns as there are sums in registers at once:
# each number that is loaded then serves a whole row or column of it.
_HEIGHTS, _WIDTHS = (4, 2, 1), (2, 1)
# Row and column of the product, and the sum that belongs there.
_Sum = tuple[Value, Value, Value]


class _Factor:
    """One side of a product, and how many rows of LANES numbers it moves on.

    `following`: from one row (or column) of the product to the next; `term`: from one term of a
    sum to the next.
    """

    def __init__(self, numbers: Array, following: Value, term: Value) -> None:
        self.numbers, self.following, self.term = numbers, following, term

    def begin(self, which: Value, lane: Value) -> Array:
        """Where the terms of row (or column) `which` begin, in the register that holds `lane`."""
        return self.numbers.at(which * self.following * LANES + lane)

    def load(self, begun: Array, t: Value) -> Value:
        """Term t."""
        return begun.load(t * self.term * LANES, begun.lanes)


def _portions(count: Value, sizes: Sequence[int]) -> Iterator[tuple[Value, int]]:
    """The numbers below `count`, as many at a time as fit, from the largest size to 1."""
    done = count * 0
    for size in sizes:
        end = done + (count - done) / size * size
        with each(done, end, size) as x:
            yield x, size
        done = end


def _product(
    rows: Value, columns: Value, terms: Value, left: _Factor, right: _Factor,
    begin: Callable[[Value, Value], Value], finish: Callable[[Value, list[_Sum]], None],
) -> None:  # fmt: skip
    """Σ_t left[i, t] · right[j, t] for each row i and column j, the terms in their order.

    In tiles, and in each by registers, which begin at a `lane`. The sums of row i start with
    begin(i, lane); finish(lane, sums) puts those of a tile to their places.
    """
    for i, height in _portions(rows, _HEIGHTS):
        for j, width in _portions(columns, _WIDTHS):
            with each(rows * 0, rows * 0 + LANES, left.numbers.lanes) as lane:
                tile = [(p, q) for p in range(height) for q in range(width)]
                sums = {(p, q): Slot(begin(i + p, lane)) for p, q in tile}
                lefts = [left.begin(i + p, lane) for p in range(height)]
                rights = [right.begin(j + q, lane) for q in range(width)]
                with each(0, terms) as t:
                    a = [left.load(begun, t) for begun in lefts]
                    b = [right.load(begun, t) for begun in rights]
                    for p, q in tile:
                        sums[p, q].set(sums[p, q].get() + a[p] * b[q])
                finish(lane, [(i + p, j + q, total.get()) for (p, q), total in sums.items()])


@outlined
def _forward(
    outputs: Value, samples: Value, inputs: Value, W: Array, A: Array, width: Value, b: Array,
    Z: Array,
) -> None:  # fmt: skip
    one = inputs * 0 + 1

    def begin(j: Value, lane: Value) -> Value:
        return b.load(j * LANES + lane, b.lanes)

    def finish(lane: Value, sums: list[_Sum]) -> None:
        for j, s, total in sums:
            Z.store(total, (j * width + s) * LANES + lane)

    _product(outputs, samples, inputs, _Factor(W, inputs, one), _Factor(A, one, width),
             begin, finish)  # fmt: skip


@outlined
def _backward(
    outputs: Value, samples: Value, inputs: Value, W: Array, D: Array, width: Value, B: Array
) -> None:
    one = inputs * 0 + 1

    def begin(k: Value, lane: Value) -> Value:
        return B.zero(B.lanes)

    def finish(lane: Value, sums: list[_Sum]) -> None:
        for k, s, total in sums:
            at = (k * width + s) * LANES + lane
            B.store(total * B.load(at, B.lanes), at)

    _product(inputs, samples, outputs, _Factor(W, one, inputs), _Factor(D, one, width),
             begin, finish)  # fmt: skip


@outlined
def _gradient(
    outputs: Value, samples: Value, inputs: Value, D: Array, A: Array, width: Value,
    GW: Array, Gb: Array, W: Array, b: Array, pace: Array, moves: Value,
) -> None:  # fmt: skip
    one = inputs * 0 + 1

    def begin(j: Value, lane: Value) -> Value:
        return D.zero(D.lanes)

    def settle(G: Array, w: Array, lane: Value, sums: list[tuple[Value, Value]]) -> None:
        with when(moves.equals(0)):
            for at, total in sums:
                G.store(total, at * LANES + lane)
        with when(moves > 0):
            rate, decay = pace.load(lane, w.lanes), pace.load(lane + LANES, w.lanes)
            for at, total in sums:
                before = w.load(at * LANES + lane, w.lanes)
                w.store(before - rate * (total + decay * before), at * LANES + lane)

    def finish(lane: Value, sums: list[_Sum]) -> None:
        settle(GW, W, lane, [(j * inputs + k, total) for j, k, total in sums])

    _product(outputs, inputs, samples, _Factor(D, width, one), _Factor(A, width, one),
             begin, finish)  # fmt: skip
    for j, height in _portions(outputs, _HEIGHTS):
        with each(j * 0, j * 0 + LANES, D.lanes) as lane:
            sums = [Slot(D.zero(D.lanes)) for _ in range(height)]
            rows = [D.at((j + p) * width * LANES + lane) for p in range(height)]
            with each(0, samples) as s:
                for row, total in zip(rows, sums, strict=True):
                    total.set(total.get() + row.load(s * LANES, row.lanes))
            settle(Gb, b, lane, [(j + p, total.get()) for p, total in enumerate(sums)])


def any_lane(mask: Value) -> Value:
    """Whether a mask of LANES lanes holds in any of them."""
    bits = mask.builder.bitcast(mask.llvm, ir.IntType(LANES))
    return mask.of(mask.builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(LANES), 0)))
