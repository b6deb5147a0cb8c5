"""Rows of sixteen numbers, one of each network of a block, and the products made of them.

A formula over these rows reads as for a single network: `z += w * a` is sixteen networks' z, w and
a. Nothing is ever summed across lanes, so that no network can touch its neighbours' numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

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


def _portions(count: Value) -> Iterator[tuple[Value, int]]:
    """Four at a time, then two, then one: each number is then loaded once for four products."""
    fours, twos = count & -4, count & -2
    for left, right, portion in ((count * 0, fours, 4), (fours, twos, 2), (twos, count, 1)):
        with each(left, right, portion) as x:
            yield x, portion


@outlined
def _forward(
    outputs: Value, samples: Value, inputs: Value, W: Array, A: Array, width: Value, b: Array,
    Z: Array,
) -> None:  # fmt: skip
    with each(0, outputs) as j:
        start, row = Lines(b).load(j), Lines(W).at(j * inputs)
        for s, portion in _portions(samples):
            sums = [Slot(start) for _ in range(portion)]
            given = Lines(A).at(s)
            with each(0, inputs) as k:
                w, a = row.load(k), given.at(k * width)
                for q, total in enumerate(sums):
                    total.set(total.get() + w * a.load(k.like(q)))
            _put(sums, Lines(Z), j * width + s)


@outlined
def _backward(
    outputs: Value, samples: Value, inputs: Value, W: Array, D: Array, width: Value, B: Array
) -> None:
    with each(0, inputs) as k:
        column = Lines(W).at(k)
        for s, portion in _portions(samples):
            sums = [Slot(column.zero()) for _ in range(portion)]
            given = Lines(D).at(s)
            with each(0, outputs) as j:
                w, d = column.load(j * inputs), given.at(j * width)
                for q, total in enumerate(sums):
                    total.set(total.get() + w * d.load(j.like(q)))
            for q, total in enumerate(sums):
                at = k * width + s + q
                Lines(B).store(total.get() * Lines(B).load(at), at)


@outlined
def _gradient(
    outputs: Value, samples: Value, inputs: Value, D: Array, A: Array, width: Value,
    GW: Array, Gb: Array, W: Array, b: Array, pace: Array, moves: Value,
) -> None:  # fmt: skip
    with each(0, outputs) as j:
        row = Lines(D).at(j * width)
        for k, portion in _portions(inputs):
            sums = [Slot(row.zero()) for _ in range(portion)]
            given = [Lines(A).at((k + q) * width) for q in range(portion)]
            with each(0, samples) as s:
                d = row.load(s)
                for a, total in zip(given, sums, strict=True):
                    total.set(total.get() + d * a.load(s))
            _settle(sums, Lines(GW), Lines(W), j * inputs + k, Lines(pace), moves)
        total = Slot(row.zero())
        with each(0, samples) as s:
            total.set(total.get() + row.load(s))
        _settle([total], Lines(Gb), Lines(b), j, Lines(pace), moves)


def _put(sums: list[Slot], numbers: Lines, at: Value) -> None:
    for q, total in enumerate(sums):
        numbers.store(total.get(), at + q)


def _settle(
    sums: list[Slot], gradient: Lines, weights: Lines, at: Value, pace: Lines, moves: Value
) -> None:
    with when(moves.equals(0)):
        _put(sums, gradient, at)
    with when(moves > 0):
        rate, decay = pace.load(at * 0), pace.load(at * 0 + 1)
        for q, total in enumerate(sums):
            w = weights.load(at + q)
            weights.store(w - rate * (total.get() + decay * w), at + q)


def any_lane(mask: Value) -> Value:
    """Whether a mask of LANES lanes holds in any of them."""
    bits = mask.builder.bitcast(mask.llvm, ir.IntType(LANES))
    return mask.of(mask.builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(LANES), 0)))
