"""Pooling of feature maps, block by block: the largest number of each, or the mean.

Lanes are channels. What is left at the edge, less than a block, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable

from demos.engine.arrays import HALF
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.stages import Stage
from demos.engine.values import Value, as_double, choose


def _over_blocks(
    s: Stage, rows: Value, size: int, body: Callable[[Value, Value, Value, Value, Value], None]
) -> None:
    """Emit body(image, i, j, k, first place of the block) for each block and lane of channels."""
    lanes = HALF // size
    with each(0, rows) as image, each(0, s.down) as i, each(0, s.across) as j:
        place = image * s.places + i * s.pool * s.map + j * s.pool
        with each(0, s.wide, lanes) as k:
            body(image, i, j, k, place)


def pool(average: Value, s: Stage, rows: Value, A: Array, X: Array) -> None:
    """Pool A (places, channels) into the next frame in X. NaN wins: divergence must not hide."""
    lanes = HALF // A.size

    def body(image: Value, i: Value, j: Value, k: Value, place: Value) -> None:
        best, sum_ = Slot(A.load(s.z + place * s.wide + k, lanes)), Slot(A.zero(lanes))
        with each(0, s.pool) as down, each(0, s.pool) as across:
            number = A.load(s.z + (place + down * s.map + across) * s.wide + k, lanes)
            best.set(choose(number <= best.get(), best.get(), number))
            sum_.set(sum_.get() + number)
        with when(average > 0):
            best.set(sum_.get() / as_double(s.pool * s.pool))
        X.store(best.get(), s.out_at + image * s.out_image + i * s.out_row + j * s.wide + k)

    _over_blocks(s, rows, A.size, body)


def pool_back(
    average: Value,
    s: Stage,
    rows: Value,
    A: Array,
    S: Array,
    dout: Array,
    D: Array,
    of_d: Array,
) -> None:
    """Hand each block's gradient to its largest number, the first of equals, or to all evenly.

    Times the slope, it is ∂loss/∂Z, which goes to its frame, where `of_d` says.
    """
    lanes = HALF // A.size

    def body(image: Value, i: Value, j: Value, k: Value, place: Value) -> None:
        out = s.out + ((image * s.down + i) * s.across + j) * s.wide + k
        given, best = dout.load(out, lanes), Slot(A.load(s.z + place * s.wide + k, lanes))
        with each(0, s.pool) as down, each(0, s.pool) as across:
            number = A.load(s.z + (place + down * s.map + across) * s.wide + k, lanes)
            best.set(choose(number <= best.get(), best.get(), number))
        free = Slot(given)
        with when(average > 0):
            free.set(given / as_double(s.pool * s.pool))
        with each(0, s.pool) as down, each(0, s.pool) as across:
            pixel = place + down * s.map + across
            at = s.z + pixel * s.wide + k
            wins = choose(A.load(at, lanes) >= best.get(), free.get(), 0.0)
            share = Slot(free.get())
            with when(average.equals(0)):
                share.set(wins)
                free.set(free.get() - wins)
            D.store(share.get() * S.load(at, lanes), s.d + of_d.load(pixel) + k)

    _over_blocks(s, rows, A.size, body)
