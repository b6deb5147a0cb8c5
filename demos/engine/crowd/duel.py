"""Two crowds that play against each other, pair by pair: a generator and its discriminator.

A turn is some steps of the discriminator, each on real points and as many fakes, then one of the
generator, along the slope of the discriminator that its fakes see.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from demos.engine.arrays import Floats, Ints
from demos.engine.crowd.crowd import Crowd, Room, in_threads
from demos.engine.crowd.lines import LANES, Lines
from demos.engine.crowd.passes import Block
from demos.engine.crowd.training import judge
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.exponentials import sigmoid
from demos.engine.kernel import kernel_of
from demos.engine.losses import LOGISTIC
from demos.engine.subnormals import flushed
from demos.engine.values import Value, as_double

# Of the arrays of one side the first two have no blocks, the last ones are the room.
_ROOM = 11


class _Side:
    """One network of a pair in a block: its passes, its optimizer's settings and powers."""

    def __init__(self, given: tuple[Array, ...], block: Value, width: Value) -> None:
        layers, leaks = given[:2]
        flat, knobs, running, chance = given[2:6], given[6:9], given[9], given[10]
        *room, draws, pace = given[_ROOM:]
        self.parameters, units = flat[0].shape[1], running.shape[2]
        self.net = Block(
            layers, leaks, width, units,
            tuple(Lines(x).at(block * self.parameters) for x in flat),
            tuple(Lines(x) for x in room), Lines(knobs[1]).at(block * layers.length),
            Lines(running).at(block * units * 2), chance, Lines(draws), Lines(pace),
            block.equals(block),
        )  # fmt: skip
        self.own = Lines(knobs[0]).at(block * 7), Lines(knobs[2]).at(block * 2)
        self.last = self.net.layer(self.net.depth - 1).unit

    def learn(self, rule: Value, n: Value) -> None:
        """From the last layer's deltas to the optimizer's step."""
        zero = n * 0
        self.net.backward(n, zero, zero)
        self.net.move(rule, zero, self.parameters, *self.own)


def _duel(
    steps: Value, turns: Value, begin: Value, end: Value, batch: Value, minimax: Value,
    g_rule: Value, d_rule: Value, generator: tuple[Array, ...], discriminator: tuple[Array, ...],
    noise: Array, real: Array, of: Array, result: Array,
) -> None:  # fmt: skip
    width, yes = batch * 2, steps.equals(steps)
    with flushed(steps.builder), each(begin, end) as block:
        G, D = (_Side(given, block, width) for given in (generator, discriminator))
        game = _Game(G, D, batch, of.at(block * LANES))
        found = Lines(result).at(block * 3)
        loss = Slot(found.zero())
        with each(0, steps) as step:
            with each(0, turns) as turn:
                game.fake(noise, step * (turns + 1) + turn, batch, yes)
                game.draw(D.net.X, real, step * turns + turn)
                game.label()
                D.net.forward(width, yes)
                sums = D.net.loss(steps * 0 + LOGISTIC, width, losses_too=True)
                assert sums is not None
                loss.set(sums[0] / as_double(width))
                D.learn(d_rule, width)
            game.fake(noise, step * (turns + 1) + turns, steps * 0, yes)
            D.net.forward(batch, yes)
            game.slope(minimax)
            D.net.deltas(batch, G.net.D.at(G.last * width))
            G.learn(g_rule, batch)
        found.store(loss.get(), steps * 0)
        judge(G.net.P, G.parameters, found.at(steps * 0 + 1))
        judge(D.net.P, D.parameters, found.at(steps * 0 + 2))


class _Game:
    """What passes between the two: fakes one way, slopes the other."""

    def __init__(self, G: _Side, D: _Side, batch: Value, of: Array) -> None:
        self.G, self.D, self.batch, self.of = G, D, batch, of
        self.width = batch * 2

    def draw(self, to: Lines, numbers: Array, which: Value) -> None:
        """Copy batch number `which` of each lane's own numbers (sets, batches, batch, columns)."""
        batches, columns = numbers.shape[1], numbers.shape[3]
        with each(0, which * 0 + LANES) as lane:
            start = (self.of.load(lane) * batches + which) * self.batch * columns
            with each(0, self.batch) as s, each(0, columns) as k:
                place = (k * self.width + s) * LANES + lane
                to.numbers.store(numbers.load(start + s * columns + k), place)

    def fake(self, noise: Array, which: Value, at: Value, training: Value) -> None:
        """Have the generator make a batch of fakes, for the discriminator from sample `at` on."""
        G, D = self.G.net, self.D.net
        self.draw(G.X, noise, which)
        G.forward(self.batch, training)
        with each(0, G.layer(G.depth - 1).outputs) as k, each(0, self.batch) as s:
            D.X.store(G.A.load((self.G.last + k) * self.width + s), k * self.width + at + s)

    def label(self) -> None:
        """The first half of the discriminator's batch is real, the other half is not."""
        T = self.D.net.T
        with each(0, self.width) as s:
            T.store(T.zero(), s)
            with when(s < self.batch):
                T.store(T.zero() + 1.0, s)

    def slope(self, minimax: Value) -> None:
        """∂L/∂s of the mean loss: with D = σ(s), D − 1 for −ln D, and −D for ln(1 − D)."""
        net, share = self.D.net, 1.0 / as_double(self.batch)
        with each(0, self.batch) as s:
            at = self.D.last * self.width + s
            D = sigmoid(net.A.load(at))
            net.D.store((D - 1.0) * share, at)
            with when(minimax):
                net.D.store(-D * share, at)


@kernel_of(_duel)
def duel(
    steps: int, turns: int, begin: int, end: int, batch: int, minimax: bool, g_rule: int,
    d_rule: int, generator: tuple[Any, ...], discriminator: tuple[Any, ...], noise: Floats,
    real: Floats, of: Ints, result: Floats,
) -> None:  # fmt: skip
    """Play `steps` turns with blocks begin … end − 1.

    generator, discriminator: `Crowd.arrays` of each, then a room for 2 · batch samples. noise
    (sets, steps · (turns + 1), batch, inputs), real (sets, steps · turns, batch, outputs). of
    (blocks, 16): whose numbers each pair has. result (blocks, 3, 16): the last loss of the
    discriminator, then 1 where all parameters of the generator, of the discriminator are finite.
    """


class Duel:
    """Generators and their discriminators, crowds of the same size and threads.

    batch: fakes of a step; the discriminator sees as many real points, too.
    """

    def __init__(self, generators: Crowd, discriminators: Crowd, batch: int, minimax: bool) -> None:
        self.sides, self.batch, self.minimax = (generators, discriminators), batch, minimax
        self._rooms = [
            (_Hall(generators, 2 * batch), _Hall(discriminators, 2 * batch))
            for _ in range(generators.threads)
        ]

    def step(self, noise: Floats, real: Floats, of: Ints) -> Floats:
        """Play as many turns as there are numbers for; return the discriminators' last losses.

        noise (sets, steps, turns + 1, batch, inputs), real (sets, steps, turns, batch, outputs);
        of (n,): the set of each pair. A pair in which a number is not finite stays as it was.
        Raises StoppedError where nobody waits for the generators any more.
        """
        G, D = self.sides
        G.heed()
        sets, steps, turns = real.shape[:3]
        before = [side.parameters() for side in self.sides]
        table: Ints = np.zeros(G.blocks * LANES, np.int64)
        table[: G.size], table[G.size :] = of, of[-1]
        result = np.zeros((G.blocks, 3, LANES))
        numbers = [
            np.ascontiguousarray(x, G.dtype).reshape(sets, -1, self.batch, x.shape[-1])
            for x in (noise, real)
        ]

        def work(halls: tuple[_Hall, _Hall], begin: int, end: int) -> None:
            generator, discriminator = (
                (*side.arrays(), *hall.arrays) for side, hall in zip(self.sides, halls, strict=True)
            )
            duel(
                steps, turns, begin, end, self.batch, self.minimax, G.model.optimizer.code,
                D.model.optimizer.code, generator, discriminator, numbers[0], numbers[1],
                table.reshape(-1, LANES), result,
            )  # fmt: skip

        in_threads(work, self._rooms, G.blocks)
        healthy = (result[:, 1] > 0.0) & (result[:, 2] > 0.0)
        for side, parameters in zip(self.sides, before, strict=True):
            side.settle(parameters, healthy)
        losses: Floats = result[:, 0].reshape(-1)[: G.size].copy()
        return losses


class _Hall:
    """A room's arrays in the kernel's order."""

    def __init__(self, crowd: Crowd, samples: int) -> None:
        room = Room(crowd.model, samples, crowd.dtype)
        self.arrays = (*room.arrays, room.draws, room.pace)
