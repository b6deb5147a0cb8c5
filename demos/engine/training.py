"""The kernel of dense networks: it trains, learns from one batch, or only looks.

It is one kernel for all of these and for every size, so that it is compiled once a dtype.
"""

from __future__ import annotations

from demos.engine.arrays import Floats, Ints, State
from demos.engine.batches import dealt
from demos.engine.dense import Network, Norm, Tape
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.kernel import kernel_of
from demos.engine.optimizers import LEARNING_RATE, SGD, move
from demos.engine.padded import copy, inputs_back
from demos.engine.subnormals import flushed
from demos.engine.values import Value, as_double, choose, is_finite

# What `run` is to do: train batches of the deck; learn from one batch; run one forward, or
# backward; or look at any number of inputs without learning.
TRAIN, LEARN, FORWARD, BACKWARD, LOOK = range(5)

Room = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]


def _run(
    what: Value, steps: Value, layers: Array, rates: Array, running: Array, state: Array,
    flat: tuple[Array, ...], tape: tuple[Array, ...], norm: tuple[Array, ...], loss_kind: Value,
    X: Array, T: Array, deck: tuple[Array, ...], deck_state: Array, tables: Array, places: Array,
    room: tuple[Array, ...], optimizer: Value, settings: Array, t: Value, trained: Value,
    batch: tuple[Array, ...], out: Array, result: Array,
) -> None:  # fmt: skip
    net = Network(layers, rates, running, state, places, room)
    starts, of_t, upcoming = (tables.at(tables.shape[1] * i) for i in range(3))
    trains, looks, goes_back = what.equals(TRAIN), what.equals(LOOK), what.equals(BACKWARD)
    goes_forward, learns = goes_back.equals(0), trains | what.equals(LEARN)
    fused = trains & net.fuses(optimizer, settings)
    with flushed(what.builder):
        net.fill(flat, trains & (optimizer > SGD))
        with when(goes_back):
            net.keep_tape(tape, norm, X.length, back=True)
        n, going, first = Slot(batch[0].length), Slot(what * 0 + 1), Slot(what * 0)
        with each(0, steps) as step, when(going.get() > 0):
            with when(trains):
                first.set(dealt(deck[0], deck[1], deck_state, n.get()))
                ahead = choose(deck[1].first() + n.get() > X.length, 0, deck[1].first())
                _find(deck[0], ahead, n.get(), X.shape[1], upcoming, trains)
            with when(looks):
                first.set(step * places.shape[1])
                left = X.length - first.get()
                n.set(choose(left < places.shape[1], left, places.shape[1]))
            _find(deck[0], first.get(), n.get(), X.shape[1], starts, trains)
            with when(goes_forward):
                net.forward(n.get(), looks.equals(0), X, starts)
            with when(looks):
                since = net.last_if(out, X.length)
                net.keep(net.A, out, X.length, first.get(), n.get(), since)
            with when(learns):
                _find(deck[0], first.get(), n.get(), T.shape[1], of_t, trains)
                loss = net.loss(loss_kind, n.get(), T, of_t)
                going.set(choose(is_finite(loss) | trains.equals(0), what * 0 + 1, 0))
                _count(result, loss, going.get())
            with when((learns | goes_back) & (going.get() > 0)):
                keep = choose(fused, (step + 1).equals(steps), steps > 0)
                rate = choose(fused, settings.load(what * 0 + LEARNING_RATE), 0.0)
                net.backward(n.get(), X, starts, upcoming, rate, trained, keep)
                with when(trains & fused.equals(0) & (trained < net.depth)):
                    begin, end = net.span(trained)
                    now = t + as_double(step + 1)
                    move(optimizer, net.P, net.G, net.M, net.V, begin, end, settings, now)
        net.take_back(flat, trains, trains & (optimizer > SGD), learns | goes_back)
        with when(trains):
            for numbers, places_of, kept in ((X, starts, batch[0]), (T, of_t, batch[1])):
                _keep_rows(n.get(), numbers, places_of, kept)
        with when(goes_back & (out.length > 0)):
            layer, rows = net.layer(what * 0), net.rows(what * 0)
            inputs_back(n.get(), layer.inputs, layer.width, net.D, rows, net.P, out)
        with when(looks.equals(0)):
            net.keep_tape(tape, norm, n.get())


def _find(
    order: Array, first: Value, n: Value, length: Value, starts: Array, shuffled: Value
) -> None:
    """Where the rows first … of a matrix begin whose rows have `length` numbers.

    Rows are counted in the order of the deck if `shuffled`.
    """
    with each(0, n) as i:
        row = Slot(first + i)
        with when(shuffled):
            row.set(order.load(first + i))
        starts.store(row.get() * length, i)


def _count(result: Array, loss: Value, taken: Value) -> None:
    """Note the loss, and one more step if it is taken: result holds steps, last loss, and sum."""
    done, last, total = (result.at(taken * 0 + i) for i in range(3))
    last.set_first(loss)
    with when(taken > 0):
        done.set_first(done.first() + 1.0)
        total.set_first(total.first() + loss)


def _keep_rows(n: Value, X: Array, starts: Array, kept: Array) -> None:
    """Copy the rows of a batch from where they lie."""
    one, width = n.like(1), kept.shape[1]
    with each(0, n) as i:
        copy(one, width, X, starts.load(i), width, one, kept, i * width, width, one)


@kernel_of(_run)
def run(
    what: int, steps: int, layers: Ints, rates: Floats, running: Floats, state: State,
    flat: tuple[Floats, Floats, Floats, Floats], tape: Tape, norm: Norm, loss_kind: int,
    X: Floats, T: Floats, deck: tuple[Ints, Ints], deck_state: State, tables: Ints, places: Ints,
    room: Room, optimizer: int, settings: Floats, t: float, trained: int,
    batch: tuple[Floats, Floats], out: Floats, result: Floats,
) -> None:  # fmt: skip
    """Do what is asked for; `result` gets the steps taken, the last loss, and the sum of all.

    X, T are the data to train on, `batch` again, or what is looked at.
    TRAIN: `steps` mini-batches of X and T, in the order of the deck (with its cursor and
    generator), each with an update; `batch`, inputs and targets, is the last one then. Stops before
    the update when a loss is not finite. trained: the first layer that learns.
    LEARN: forward, loss and backward of `batch`. FORWARD: its first part. BACKWARD: from
    ∂loss/∂outputs in the tape's D to the gradient; ∂loss/∂inputs into `out`, if that has room.
    LOOK: what every layer gives for X without learning, into `out`, as a tape has it, or the last
    layer alone where `out` has no room for more; in as many steps as it takes.
    flat: theta, gradient, m, v. state: the generator of dropout's masks. tables (3, rows), places
    (layers, rows), room: to work in.
    """
