"""A crowd: networks of one shape, each with its own start, numeric settings and seed.

A block of sixteen of them trains in the time of one or two. Networks of a block that share their
data and the order of their batches (one seed, sixteen settings) train fastest, and are compared
fairest: only the setting differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from demos.base import Stop, StoppedError
from demos.engine import dense, losses
from demos.engine.arrays import Aligned, Floats, Ints
from demos.engine.batches import Batches
from demos.engine.crowd import training
from demos.engine.crowd.lines import LANES
from demos.engine.mlp import Mlp

R = TypeVar("R")
# Without learning so many samples are worked on at once.
_LEAST = 32
# A crowd that may be stopped trains so many batches at once, or as many as take so many seconds.
_STRIDE, _SOON = 16, 0.1


class Crowd:
    """Networks that train together: copies of `nets`, which stay as they are.

    nets: fed networks that are alike in sizes, functions, loss, optimizer, batch and number of
    examples; one may stand in several places, to be given other settings in each. They differ in
    parameters, numeric settings, rates of dropout, data and order. dtype: float32 is fast; float64
    repeats what the network alone would do to about the last digit.
    threads: how many may work at once. stop: asked a few times a second; where it says so, a step
    ends with StoppedError. Raises ValueError where the networks are not alike.

    theta (n, parameters) and settings (n, 7), as in `Optimizer`, are read and set as a whole.
    """

    def __init__(
        self, nets: Sequence[Mlp], dtype: Any = np.float32, threads: int = 1,
        stop: Stop | None = None,
    ) -> None:  # fmt: skip
        _check(nets)
        self._stop, self._stride = stop, _STRIDE
        self.size, self.dtype, self.threads = len(nets), np.dtype(dtype), threads
        self.blocks = -(-self.size // LANES)
        self.nets = [*nets, *[nets[-1]] * (self.blocks * LANES - self.size)]
        self.model = nets[0]
        self.finite = np.ones(self.size, np.bool_)
        distinct = {id(net): net for net in self.nets}
        self._which = dict(zip(distinct, range(len(distinct)), strict=True))
        self._distinct = list(distinct.values())
        self._take_parameters()
        self._take_decks()
        self._rooms = [Room(self.model, self.batch, self.dtype) for _ in range(threads)]

    def _lanes(self, values: ArrayLike, dtype: Any) -> Floats:
        """Values (distinct networks, …) as (blocks, …, 16), at a cache line."""
        picked = np.asarray(values)[[self._which[id(net)] for net in self.nets]]
        shaped = np.moveaxis(picked.reshape(self.blocks, LANES, *picked.shape[1:]), 1, -1)
        room = Aligned([shaped.size], dtype).arrays[0][: shaped.size].reshape(shaped.shape)
        room[:] = shaped
        return room  # type: ignore[no-any-return]

    def _take_parameters(self) -> None:
        nets, dtype = self._distinct, self.dtype
        self._flat = tuple(
            self._lanes([numbers(net) for net in nets], dtype)
            for numbers in (_theta, _gradient, _m, _v)
        )
        betas = np.array([net.optimizer.settings[1:3] for net in nets])
        taken = np.array([net.optimizer.t for net in nets])[:, None]
        self._knobs = (
            self._lanes([net.optimizer.settings for net in nets], np.float64),
            self._lanes([net.rates[:, dense.DROPOUT] for net in nets], np.float64),
            self._lanes(betas**taken, np.float64),
        )
        self._running = self._lanes([net.running for net in nets], dtype)

    def _take_decks(self) -> None:
        sources = [_deck(net) for net in self._distinct]
        self.batch = sources[0].size
        distinct = {(id(s.X), id(s.T)): s for s in sources}
        number = dict(zip(distinct, range(len(distinct)), strict=True))
        which = np.array([self._which[id(net)] for net in self.nets]).reshape(-1, LANES)
        of: Ints = np.array([number[id(s.X), id(s.T)] for s in sources])[which]
        seeds = np.array([net.seed for net in self._distinct])[which]
        alike = (np.ptp(of, axis=1) == 0).all() and (np.ptp(seeds, axis=1) == 0).all()
        self._own = Shown(
            np.stack([s.X for s in distinct.values()]).astype(self.dtype),
            np.stack([s.T for s in distinct.values()]).astype(self.dtype), of, bool(alike),
        )  # fmt: skip
        taken = which[:, :1] if self._own.shared else which
        self._deck = (
            np.stack([s.order for s in sources])[taken],
            np.array([s.cursor[0] for s in sources])[taken],
            np.array([s.state[0] for s in sources], np.uint64)[taken],
        )
        self._chance = np.array([net.state[0] for net in self._distinct], np.uint64)[taken]

    @property
    def theta(self) -> Floats:
        """The parameters (n, parameters), as in each network's theta."""
        return self._out_of(self._flat[0])

    @theta.setter
    def theta(self, values: Floats) -> None:
        self._into(self._flat[0], values)

    @property
    def gradient(self) -> Floats:
        """What `learn` found, (n, parameters)."""
        return self._out_of(self._flat[1])

    @property
    def settings(self) -> Floats:
        """The optimizer's settings (n, 7)."""
        return self._out_of(self._knobs[0])

    @settings.setter
    def settings(self, values: Floats) -> None:
        self._into(self._knobs[0], values)

    def _out_of(self, lanes: Floats) -> Floats:
        rows = np.moveaxis(lanes, -1, 1).reshape(self.blocks * LANES, *lanes.shape[1:-1])
        return rows[: self.size].copy()

    def _into(self, lanes: Floats, values: Floats) -> None:
        rows = np.moveaxis(lanes, -1, 1).reshape(self.blocks * LANES, *lanes.shape[1:-1])
        rows[: self.size] = values
        lanes[:] = np.moveaxis(rows.reshape(self.blocks, LANES, *rows.shape[1:]), 1, -1)

    def step(self, n: int = 1) -> None:
        """Train `n` batches. A network that leaves the finite range stays where it was before.

        `finite` (n,) tells which have never left it; the others no longer change.
        """
        self.heed()
        before = self.parameters()
        while n > self._stride and self._stop is not None:
            began = time.perf_counter()
            self._train(self._stride)
            self.heed()
            n -= self._stride
            if time.perf_counter() - began < _SOON:
                self._stride *= 2
        self.settle(before, self._train(n))

    def heed(self) -> None:
        """Raise StoppedError where nobody waits any more."""
        if self._stop is not None and self._stop():
            raise StoppedError

    def parameters(self) -> Floats:
        """A copy of all parameters as they lie in blocks, for `settle`."""
        return self._flat[0].copy()

    def settle(self, before: Floats, healthy: Any) -> None:
        """Put networks back to where they were `before` that are not healthy (blocks, 16)."""
        if healthy.all() and self.finite.all():
            return
        alive = np.ones(self.blocks * LANES, np.bool_)
        alive[: self.size] = self.finite
        keep = healthy & alive.reshape(self.blocks, LANES)
        np.copyto(self._flat[0], before, where=~keep[:, None, :])
        self.finite = keep.reshape(-1)[: self.size]

    def _train(self, n: int) -> Any:
        """Train `n` batches; which are finite still (blocks, 16)."""
        self._run(training.TRAIN, n, self._own)
        return self._result[:, 2] > 0.0

    def learn(self) -> Floats:
        """Loss (n,) and `gradient` of all examples as one batch, without a step.

        Raises ValueError where they are more than a batch.
        """
        if self._own.X.shape[1] > self._rooms[0].width:
            count = self._own.X.shape[1]
            raise ValueError(f"{count} examples are more than a batch of {self.batch}")
        self._run(training.LEARN, 1, self._own)
        return self._column(0)

    def show(
        self, sets: Sequence[tuple[ArrayLike, ArrayLike]], of: Sequence[int] | None = None
    ) -> Shown:
        """Make inputs and labels (or targets) ready to be looked at, as often as one likes.

        sets: alike in size; of (n,): which of them each network is shown, by default the first.
        """
        inputs, outputs = self.model.sizes[0], self.model.sizes[-1]
        X = np.stack([np.asarray(x, self.dtype).reshape(-1, inputs) for x, _ in sets])
        T = np.stack([losses.targets(t, outputs, self.dtype) for _, t in sets])
        table: Ints = np.zeros(self.blocks * LANES, np.int64)
        table[: self.size] = 0 if of is None else of
        table[self.size :] = table[self.size - 1]
        rows = table.reshape(self.blocks, LANES)
        return Shown(X, T, rows, bool((np.ptp(rows, axis=1) == 0).all()))

    def look(self, shown: Shown) -> tuple[Floats, Floats]:
        """Loss (n,) and share of right answers (n,) on what is shown."""
        self._run(training.LOOK, self._portions(shown.X), shown)
        return self._column(0), self._column(1)

    def outputs(self, X: ArrayLike) -> Floats:
        """The outputs (n, samples, outputs) of all networks for X (samples, inputs)."""
        zeros = np.zeros((len(np.asarray(X)), self.model.sizes[-1]))
        return self.answers(self.show([(X, zeros)]))

    def answers(self, shown: Shown) -> Floats:
        """The outputs (n, samples, outputs) of each network for what it is shown."""
        shape = (self.blocks, self.model.sizes[-1], shown.X.shape[1], LANES)
        found = np.zeros(shape, self.dtype)
        self._run(training.LOOK, self._portions(shown.X), shown, found)
        return np.swapaxes(self._out_of(found), 1, 2)

    def rows(self, which: int) -> Ints:
        """The rows of its examples that network number `which` was given last."""
        order, cursor, _ = self._deck
        block, deck = which // LANES, 0 if self._own.shared else which % LANES
        end = int(cursor[block, deck])
        last: Ints = order[block, deck, end - self.batch : end]
        return last

    def arrays(self) -> tuple[Any, ...]:
        """What a kernel needs to know of the networks besides a room, as `duel` takes it."""
        model = self.model
        return (model.layers, model.rates, *self._flat, *self._knobs, self._running, self._chance)

    def _portions(self, X: Floats) -> int:
        return -(-int(X.shape[1]) // self._rooms[0].width)

    def _column(self, which: int) -> Floats:
        column: Floats = self._result[:, which].reshape(-1)[: self.size].copy()
        return column

    def _run(self, what: int, steps: int, on: Shown, out: Floats | None = None) -> None:
        self._result = np.zeros((self.blocks, 3, LANES))
        model = self.model
        found = np.zeros((0, 1, 1, LANES), self.dtype) if out is None else out
        width = _apart(self.batch) if what == training.TRAIN else self._rooms[0].width

        def work(room: Room, begin: int, end: int) -> None:
            training.run(
                what, steps, begin, end, on.shared, model.layers, model.rates, width,
                self._flat, self._knobs, self._running, self._deck, self._chance, on.X, on.T,
                on.of, room.arrays, room.draws, room.pace, room.rows, model.optimizer.code,
                model.loss_code, model.trained, model.frozen, self.batch, found, self._result,
            )  # fmt: skip

        in_threads(work, self._rooms, self.blocks)


class Shown:
    """Examples ready to be worked on: X (sets, n, inputs), T (sets, n, outputs).

    of (blocks, 16): the set of each network. shared: all networks of a block have the same.
    """

    def __init__(self, X: Floats, T: Floats, of: Ints, shared: bool) -> None:
        self.X, self.T, self.of, self.shared = X, T, of, shared


class Room:
    """Arrays for one thread to work in; `width` samples at once."""

    def __init__(self, net: Mlp, batch: int, dtype: Any) -> None:
        self.width = max(batch, _LEAST)
        row = _apart(self.width)
        layer = row * LANES
        sizes = [net.sizes[0] * layer, net.sizes[-1] * layer, *[net.units * layer] * 2,
                 net.units * layer if net.has_batch_norm else 0, net.units * LANES]  # fmt: skip
        self.arrays: Any = Aligned(sizes, dtype).arrays
        self.draws: Any = Aligned([LANES], np.float64).arrays[0]
        self.pace: Any = Aligned([2 * LANES], dtype).arrays[0]
        self.rows: Ints = np.zeros(LANES * row, np.int64)


def _apart(batch: int) -> int:
    """How far apart two units' numbers lie for a batch, in samples: never a multiple of eight.

    Rows that lie so far apart share a few places of the nearest cache, and push each other out.
    """
    return batch + (batch % 8 == 0)


def in_threads(work: Callable[[R, int, int], None], rooms: Sequence[R], blocks: int) -> None:
    """Have each thread's room work on its share of the blocks."""
    if len(rooms) == 1:
        work(rooms[0], 0, blocks)
        return
    cuts = np.linspace(0, blocks, len(rooms) + 1).round().astype(int).tolist()
    shares = list(zip(rooms, cuts, cuts[1:], strict=False))
    with ThreadPoolExecutor(len(shares)) as pool:
        for done in [pool.submit(work, *share) for share in shares]:
            done.result()


def _deck(net: Mlp) -> Batches:
    assert isinstance(net.source, Batches), "a network of a crowd is fed first"
    return net.source


def _theta(net: Mlp) -> Floats:
    return net.theta


def _gradient(net: Mlp) -> Floats:
    return net.gradient


def _m(net: Mlp) -> Floats:
    return net.optimizer.m


def _v(net: Mlp) -> Floats:
    return net.optimizer.v


def _check(nets: Iterable[Mlp]) -> None:
    """Raise ValueError for networks that cannot share a kernel's loops."""
    shapes = {
        (net.sizes, net.functions, net.loss_code, net.optimizer.name, net.has_batch_norm,
         net.trained, _deck(net).X.shape, _deck(net).size)
        for net in {id(net): net for net in nets}.values()
    }  # fmt: skip
    if any(shape[1][-1] != "linear" for shape in shapes):
        raise ValueError("the last layer of a crowd's networks is linear")
    if len(shapes) != 1:
        raise ValueError("a crowd's networks are alike but for their numbers")
