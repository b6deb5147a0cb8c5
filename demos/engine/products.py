"""The two matrix products of a layer, tile by tile: where every network here spends its time.

A tile is a few rows of sums, as wide as a cache line, which stay in the processor's registers
while they grow. A step of it reads one number of each row and one line, and multiplies each with
each: eight multiply-adds of whole registers for some nine loads, so that arithmetic, not memory,
is the limit.

    for j in lines of the outputs:                for j in lines of the outputs:
        for i in groups of 8 samples:                 for p in groups of 8 inputs:
            tile = b[j…]                                  tile = 0
            for p in inputs:                              for i in samples:
                tile += X[i…, p] · W[p, j…]                   tile += X[i, p…] · D[i, j…]
            Z[i…, j…] = tile                              G[p…, j…] = tile

Both are emitted in four shapes: 8 rows (4 where registers are smaller) or one, of a line or half of
one.

The rows of a matrix lie where a table says, so that the rows of a mini-batch are read where they
are, wherever the shuffled order sends it. The rows of W, Z, D and G are padded to a multiple of
half a line; the padding of W and D is zero and adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from demos.engine.arrays import HALF, LINE
from demos.engine.emitting import Array, Slot, each, outlined, prefetch, when
from demos.engine.processor import register_bytes
from demos.engine.values import Value, choose

# So many rows of W are used for all samples before the next ones, so that they stay near.
CHUNK = 256
# Rows of so many numbers are worth to be asked for before they are wanted.
_LONG = 64


def _over_tiles(
    height: Value, width: Value, size: int, body: Callable[[Value, int, Value, int], None]
) -> None:
    """Emit body(i, rows, j, lanes) in loops that cover `height` rows of `width` numbers.

    A tile fills eight registers, which is as many sums as a processor needs to be always busy: each
    must wait four moments for its last addition, and two are begun in a moment.
    """
    line, half = LINE // size, HALF // size
    tile = register_bytes() // 8
    lines, groups = width & -line, height & -tile
    for left, right, lanes in ((0, lines, line), (lines, width, half)):
        with each(left, right, lanes) as j:
            for top, bottom, rows in ((0, groups, tile), (groups, height, 1)):
                with each(top, bottom, rows) as i:
                    body(i, rows, j, lanes)


def _grow(tile: list[Slot], scalars: list[Value], line: Value) -> None:
    """tile[r] += scalars[r] · line"""
    for slot, scalar in zip(tile, scalars, strict=True):
        slot.set(slot.get() + scalar * line)


def times(
    n: Value, inputs: Value, outputs: Value, X: Array, starts: Array,
    W: Array, at: Value, b: Value, Z: Array, places: Array,
) -> None:  # fmt: skip
    """Z = X W + b: Z[i, j] = b[j] + Σ_p X[i, p] W[p, j]; or Z + X W, if b is negative.

    Row i of X (n, inputs) begins at X[starts[i]], that of Z at Z[places[i]]; W (inputs, outputs)
    begins at W[at], b at W[b]; outputs: padded.
    """
    banded_times(n, n * 0 + 1, n * 0, inputs, outputs, X, starts, W, at, b, Z, places)


@outlined
def banded_times(
    n: Value, bands: Value, hop: Value, inputs: Value, outputs: Value, X: Array, starts: Array,
    W: Array, at: Value, b: Value, Z: Array, places: Array,
) -> None:  # fmt: skip
    """`times` where a row of X is several bands of `inputs` numbers that begin `hop` apart."""
    with each(0, inputs, CHUNK) as first:
        end = choose(first + CHUNK < inputs, first + CHUNK, inputs)
        begins = first.equals(0) & (b >= 0)

        def body(i: Value, rows: int, j: Value, lanes: int) -> None:
            of_x = [starts.load(i + r) for r in range(rows)]
            of_z = [places.load(i + r) + j for r in range(rows)]
            # The first chunk begins with the bias, the others with what there is.
            tile = [
                Slot(W.at(b + j).either(begins, Z.at(at_z)).load(j * 0, lanes)) for at_z in of_z
            ]
            with each(0, bands) as band, each(first, end) as p:
                scalars = [X.load(row + band * hop + p) for row in of_x]
                line = W.load(at + (band * inputs + p) * outputs + j, lanes)
                _grow(tile, scalars, line)
            for slot, at_z in zip(tile, of_z, strict=True):
                Z.store(slot.get(), at_z)

        _over_tiles(n, outputs, X.size, body)


@outlined
def transposed_times(
    n: Value, inputs: Value, outputs: Value, X: Array, starts: Array, upcoming: Array,
    D: Array, places: Array, W: Array, G: Array, at: Value, rate: Value, keep: Value,
) -> None:  # fmt: skip
    """G = Xᵀ D: G[p, j] = Σ_i X[i, p] D[i, j], if `keep`; and W ← W − rate · G, if rate > 0.

    Rows of X (n, inputs) and of D (n, outputs) lie as in `times`; G and W (inputs, outputs) begin
    at number `at`. The rows at `upcoming` are those of the next batch: where rows are long, the
    processor is told to bring them meanwhile, line by line.
    """
    line = LINE // X.size

    def body(p: Value, rows: int, j: Value, lanes: int) -> None:
        tile = [Slot(D.zero(lanes)) for _ in range(rows)]
        with when((inputs >= _LONG) & (p & (line - 1)).equals(0)), each(0, n) as i:
            prefetch(X, upcoming.load(i) + p)
        with each(0, n) as i:
            row = starts.load(i) + p
            _grow(tile, [X.load(row + r) for r in range(rows)], D.load(places.load(i) + j, lanes))
        found = [(slot.get(), at + (p + r) * outputs + j) for r, slot in enumerate(tile)]
        with when(keep):
            for total, place in found:
                G.store(total, place)
        with when(rate > 0.0):
            for total, place in found:
                W.store(W.load(place, lanes) - rate * total, place)

    _over_tiles(inputs, outputs, X.size, body)
