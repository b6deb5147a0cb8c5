"""The kernel of crowds: it trains blocks of sixteen networks, learns from one batch, or looks.

It is one kernel for all of these and for every size, activation, loss and optimizer.
"""

from __future__ import annotations

from demos.engine.arrays import Floats, Ints, State
from demos.engine.batches import dealt
from demos.engine.crowd.lines import LANES, Lines
from demos.engine.crowd.passes import Block
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.kernel import kernel_of
from demos.engine.subnormals import flushed
from demos.engine.values import Value, absolute, choose

# What `run` is to do: train batches of the deck; learn from one batch without a step; or look.
TRAIN, LEARN, LOOK = range(3)

Room = tuple[Floats, ...]


def _run(
    what: Value, steps: Value, begin: Value, end: Value, shared: Value, layers: Array,
    leaks: Array, width: Value, flat: tuple[Array, ...], knobs: tuple[Array, ...],
    running: Array, deck: tuple[Array, ...], chance: Array, X: Array, T: Array, of: Array,
    room: tuple[Array, ...], draws: Array, pace: Array, rows: Array, optimizer: Value, loss: Value,
    trained: Value, first: Value, batch: Value, out: Array, result: Array,
) -> None:  # fmt: skip
    settings, rates, powers = knobs
    order, cursor, deal = deck
    trains, looks = what.equals(TRAIN), what.equals(LOOK)
    parameters, units, decks = (
        flat[0].shape[1],
        running.shape[2],
        choose(shared, what * 0 + 1, LANES),
    )
    with flushed(what.builder), each(begin, end) as block:
        numbers = tuple(Lines(x).at(block * parameters) for x in flat)
        net = Block(
            layers, leaks, width, units, numbers, tuple(Lines(x) for x in room),
            Lines(rates).at(block * layers.length), Lines(running).at(block * units * 2),
            chance.at(block * decks), Lines(draws), Lines(pace), shared,
        )  # fmt: skip
        given = _Given(X, T, of.at(block * LANES), net, rows)
        own = Lines(settings).at(block * 7), Lines(powers).at(block * 2)
        with when(trains):
            fused = net.fuses(optimizer, own[0])
            with each(0, steps):
                with each(0, decks) as d:
                    which = block * decks + d
                    cards = order.at(which * order.shape[2])
                    start = _dealt(cards, order.shape[2], cursor.at(which), deal.at(which), batch)
                    with each(0, batch) as s:
                        rows.store(cards.load(start + s), d * width + s)
                given.fill(batch, shared)
                net.forward(batch, trains)
                net.loss(loss, batch, losses_too=False)
                net.backward(batch, trained, fused)
                with when(fused.equals(0)):
                    net.move(optimizer, first, parameters, *own)
        with when(trains.equals(0)):
            n, found = X.shape[1], Lines(result).at(block * 3)
            total, right = Slot(found.zero()), Slot(found.zero())
            with each(0, steps) as step:
                start = step * width
                count = choose(n - start < width, n - start, width)
                with each(0, decks) as d, each(0, count) as s:
                    rows.store(start + s, d * width + s)
                given.fill(count, shared)
                net.forward(count, looks.equals(0))
                sums = net.loss(loss, count, losses_too=True)
                assert sums is not None
                total.set(total.get() + sums[0])
                right.set(right.get() + sums[1])
                with when(looks & (out.length > 0)):
                    _keep(net, n, start, count, Lines(out).at(block * out.shape[1] * n))
            with when(looks.equals(0)):
                net.backward(n, trained, n * 0)
            for i, value in enumerate((total.get(), right.get())):
                found.store(value / n, n * 0 + i)
        judge(numbers[0], parameters, Lines(result).at(block * 3 + 2))


def _dealt(order: Array, n: Value, cursor: Array, state: Array, size: Value) -> Value:
    """`batches.dealt`, of an order that is a part of a larger array."""
    return dealt(Array(order.builder, order.data, order.size, [n]), cursor, state, size)


class _Given:
    """The examples X (sets, n, inputs) and T (sets, n, outputs) of a block, and its batch."""

    def __init__(self, X: Array, T: Array, of: Array, net: Block, rows: Array) -> None:
        self.X, self.T, self.of, self.net, self.rows = X, T, of, net, rows

    def fill(self, count: Value, shared: Value) -> None:
        """Copy `count` examples, whose rows the table names, to every lane of the batch."""
        width = self.net.width
        for numbers, batch in ((self.X, self.net.X), (self.T, self.net.T)):
            n, columns = numbers.shape[1], numbers.shape[2]
            with when(shared), each(0, count) as s:
                at = (self.of.first() * n + self.rows.load(s)) * columns
                with each(0, columns) as k:
                    batch.store(batch.zero().like(numbers.load(at + k)), k * width + s)
            with when(shared.equals(0)), each(0, count * 0 + LANES) as lane, each(0, count) as s:
                at = (self.of.load(lane) * n + self.rows.load(lane * width + s)) * columns
                with each(0, columns) as k:
                    place = (k * width + s) * LANES + lane
                    batch.numbers.store(numbers.load(at + k), place)


def _keep(net: Block, n: Value, start: Value, count: Value, out: Lines) -> None:
    """Copy the outputs of samples start … to rows j·n + sample."""
    last = net.layer(net.depth - 1)
    with each(0, last.outputs) as j, each(0, count) as s:
        out.store(net.A.load((last.unit + j) * net.width + s), j * n + start + s)


def judge(P: Lines, parameters: Value, finite: Lines) -> None:
    """1 for each network all of whose parameters are finite."""
    seen = Slot(P.zero())
    with each(0, parameters) as i:
        seen.set(seen.get() + 0.0 * absolute(P.load(i)))  # NaN from infinity on, and it stays
    yes = finite.zero() + 1.0
    finite.store(choose(seen.get().equals(0.0), yes, 0.0), parameters * 0)


@kernel_of(_run)
def run(
    what: int, steps: int, begin: int, end: int, shared: bool, layers: Ints, leaks: Floats,
    width: int, flat: tuple[Floats, ...],
    knobs: tuple[Floats, ...], running: Floats, deck: tuple[Ints, Ints, State],
    chance: State, X: Floats, T: Floats, of: Ints, room: Room, draws: Floats, pace: Floats,
    rows: Ints, optimizer: int, loss: int, trained: int, first: int, batch: int, out: Floats,
    result: Floats,
) -> None:  # fmt: skip
    """Do what is asked for with blocks begin … end − 1; `result` (blocks, 3, 16) tells of it.

    TRAIN: `steps` mini-batches of `batch` samples from X (sets, n, inputs) and T (sets, n,
    outputs), dealt by `deck`: order (blocks, decks, n), cursor and generator (blocks, decks).
    LEARN: forward, loss and backward of all n ≤ width samples; fills the gradient.
    LOOK: loss and share of right answers for all n samples, in `steps` portions of `width`; the
    outputs go to `out` (blocks, outputs, n, 16), if that has room.
    shared: one deck a block, whose networks all see the set of its first lane; else 16 decks.
    layers, leaks: of an `Mlp`. flat: theta, gradient, m, v (blocks, parameters, 16). knobs:
    settings (blocks, 7, 16), dropout (blocks, depth, 16), powers of the betas (blocks, 2, 16).
    running (blocks, 2, units, 16). chance (blocks, decks): generators of dropout. of (blocks, 16):
    which set a network sees. room: as `Block` says. result: mean loss, share right, 1 if finite.
    trained: the first layer that learns; first: its first parameter.
    """
