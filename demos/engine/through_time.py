"""The kernel of recurrent networks: forward along sequences, back through time, or reciting."""

from __future__ import annotations

from demos.engine import cells
from demos.engine.arrays import Floats, Ints
from demos.engine.cells import Blocks, over_units
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.exponentials import exp
from demos.engine.kernel import kernel_of
from demos.engine.losses import loss_of_rows
from demos.engine.optimizers import move
from demos.engine.padded import carrier, copy, sum_rows
from demos.engine.products import times, transposed_times
from demos.engine.subnormals import flushed
from demos.engine.values import Value, as_double, choose, is_finite, larger

# What `run` is to do: run forward; learn from a batch; that, and take an optimizer's step; carry
# dH, which was set from outside, back through time; or recite: each output is drawn from to make
# the next input.
FORWARD, LEARN, STEP, BACK, RECITE = range(5)
# The numbers that say how large everything is. WIDTH is a gate's units, READ the outputs, SOURCE
# the inputs, all padded; SEEN: the first step that is read out.
CELL, GATES, STEPS, ROWS, INPUTS, HIDDEN, OUTPUTS, WIDTH, READ, SOURCE, SEEN = range(11)
# The rows of the table that says where rows begin: of X, blocks of gates, units, what is read out,
# targets, gradients of X.
OF_X, OF_GATES, OF_UNITS, OF_READ, OF_TARGETS, OF_DX = range(6)

# P, G parameters and gradient, padded: zeros, W_x, W_h, b, W_o, b_o; Q turned ones: zeros, W_h,
# W_o, W_x; inward, onward, gates, dinward, donward (T, n, gates · units); H, C, dH (T+1, n, units);
# dC (n, units); Y and ∂loss/∂Y; dX.
Room = tuple[
    Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats,
    Floats, Floats, Floats,
]  # fmt: skip


class Sequence:
    """The arguments of `run`, by name, and the passes that it consists of."""

    def __init__(self, sizes: Array, room: tuple[Array, ...], tables: Array) -> None:
        numbers = [sizes.load(sizes.length * 0 + i) for i in range(11)]
        self.cell, self.gates, self.steps, self.rows, self.inputs, self.hidden = numbers[:6]
        self.outputs, self.width, self.read, self.source, self.seen = numbers[6:]
        self.P, self.G, self.Q = room[:3]
        self.inward, self.onward, self.gate, self.dinward, self.donward = room[3:8]
        self.H, self.C, self.dH, self.dC, self.Y, self.dY, self.dX = room[8:]
        self.tables = [tables.at(tables.shape[1] * i) for i in range(6)]
        self.wide = self.gates * self.width
        self.at_wx = self.wide  # after zeros
        self.at_wh = self.at_wx + self.inputs * self.wide
        self.at_b = self.at_wh + self.hidden * self.wide
        self.at_wo = self.at_b + self.wide
        self.at_bo = self.at_wo + self.hidden * self.read
        self.all = self.steps * self.rows
        self.turned_h = self.width + self.source  # after zeros
        self.turned_o = self.turned_h + self.wide * self.width
        self.turned_x = self.turned_o + self.outputs * self.width
        self.first_seen = self.seen * self.rows
        self.count_seen = self.all + self.rows - self.first_seen

    def fill(self, theta: Array, P: Array, back: bool = False) -> None:
        """Copy parameters from theta's order to the padded one, or back."""
        one, wx, wh = self.all * 0 + 1, self.hidden * self.inputs, self.hidden * self.hidden
        after = self.gates * (wx + wh)
        put = carrier(theta, P, one, back)
        with each(0, self.gates) as g:
            j = g * self.width
            put(self.inputs, self.hidden, g * wx, one, self.inputs, self.at_wx + j, self.wide)
            put(self.hidden, self.hidden, self.gates * wx + g * wh, one, self.hidden,
                self.at_wh + j, self.wide)  # fmt: skip
            put(one, self.hidden, after + g * self.hidden, one, one, self.at_b + j, self.wide)
        after = after + self.gates * self.hidden
        put(self.hidden, self.outputs, after, one, self.hidden, self.at_wo, self.read)
        put(one, self.outputs, after + self.hidden * self.outputs, one, one, self.at_bo, self.read)

    def forward(self, X: Array) -> None:
        """All steps from h₀ = 0, and what is read out."""
        self.take_in(self.all, X, self.all * 0)
        with each(0, self.steps) as t:
            self.step(t)
        self.read_out(self.count_seen, self.first_seen, self.all * 0)

    def take_in(self, n: Value, X: Array, first: Value) -> None:
        """x = W_x x_t + b for n rows of X from row `first` on."""
        inward = self.inward.at(first * self.wide)
        times(n, self.inputs, self.wide, X.at(first * self.inputs), self.tables[OF_X], self.P,
              self.at_wx, self.at_b, inward, self.tables[OF_GATES])  # fmt: skip

    def step(self, t: Value) -> None:
        """u = W_h h_{t−1}, then what the cell makes of it."""
        at, units = t * self.rows * self.wide, t * self.rows * self.width
        after = units + self.rows * self.width
        times(self.rows, self.hidden, self.wide, self.H.at(units), self.tables[OF_UNITS], self.P,
              self.at_wh, t * 0, self.onward.at(at), self.tables[OF_GATES])  # fmt: skip

        def body(cell: int, block: Value, unit: Value, lanes: int) -> None:
            x, u, gate = (
                Blocks(numbers, at + block, self.width, lanes)
                for numbers in (self.inward, self.onward, self.gate)
            )
            h, c = (numbers.load(units + unit, lanes) for numbers in (self.H, self.C))
            h, c = cells.forward(cell, x, u, gate, h, c)
            self.H.store(h, after + unit)
            self.C.store(c, after + unit)

        over_units(self.cell, self.rows, self.width, self.P.size, body)

    def read_out(self, n: Value, first: Value, to: Value) -> None:
        """y = W_o h + b_o for n rows of H from row `first` on."""
        times(n, self.hidden, self.read, self.H.at(first * self.width), self.tables[OF_UNITS],
              self.P, self.at_wo, self.at_bo, self.Y.at(to * self.read),
              self.tables[OF_READ])  # fmt: skip

    def recite(self, X: Array, draws: Array, heat: Value) -> None:
        """From X's first row on draw each step's output to be the next input, one-hot.

        Output k is drawn if draws[t] lies in its part of 0 … 1, as wide as p_k = softmax(y/heat).
        """
        with each(0, self.steps) as t:
            self.take_in(t * 0 + 1, X, t)
            self.step(t)
            self.read_out(t * 0 + 1, t + 1, t)
            y, x = self.Y.at(t * self.read), X.at((t + 1) * self.inputs)
            top, powers = Slot(y.first()), Slot(heat * 0.0)
            with each(1, self.outputs) as k:
                top.set(larger(y.load(k), top.get()))
            with each(0, self.outputs) as k:
                powers.set(powers.get() + exp((heat.like(y.load(k)) - top.get()) / heat))
            mark, past, drawn = draws.load(t) * powers.get(), Slot(heat * 0.0), Slot(t * 0)
            with each(0, self.outputs) as k:
                past.set(past.get() + exp((heat.like(y.load(k)) - top.get()) / heat))
                drawn.set(drawn.get() + choose(past.get() < mark, t * 0 + 1, 0))
            last = self.outputs - 1
            drawn.set(choose(drawn.get() < last, drawn.get(), last))
            with each(0, self.inputs) as k:
                x.store(choose(k.equals(drawn.get()), heat * 0.0 + 1.0, 0.0), k)

    def backward(self, X: Array, wants_dx: Value) -> None:
        """From dY, or from dH if it was set, to the gradients of all steps and parameters."""
        one, zero = self.all * 0 + 1, self.all * 0
        with each(0, self.gates) as g:
            j = g * self.width
            copy(self.hidden, self.hidden, self.P, self.at_wh + j, one, self.wide,
                 self.Q, self.turned_h + j * self.width, self.width, one)  # fmt: skip
        self._through_time()
        n, wide = self.all, self.wide
        self._gradient(n, self.inputs, wide, X, OF_X, self.dinward, OF_GATES, self.at_wx)
        self._gradient(n, self.hidden, wide, self.H, OF_UNITS, self.donward, OF_GATES, self.at_wh)
        sum_rows(self.all, self.wide, self.dinward, self.tables[OF_GATES], self.G, self.G,
                 self.at_b, as_double(zero), one > 0)  # fmt: skip
        with when(wants_dx):
            copy(self.wide, self.inputs, self.P, self.at_wx, one, self.wide,
                 self.Q, self.turned_x, self.source, one)  # fmt: skip
            times(self.all, self.wide, self.source, self.dinward, self.tables[OF_GATES], self.Q,
                  self.turned_x, zero, self.dX, self.tables[OF_DX])  # fmt: skip

    def read_back(self) -> None:
        """From dY to the read-out's gradient, and to dH of the steps that were seen."""
        one, zero = self.all * 0 + 1, self.all * 0
        with each(0, self.dH.length) as i:
            self.dH.store(self.dH.zero(1), i)
        copy(self.outputs, self.hidden, self.P, self.at_wo, one, self.read,
             self.Q, self.turned_o, self.width, one)  # fmt: skip
        at = self.first_seen * self.width
        times(self.count_seen, self.outputs, self.width, self.dY, self.tables[OF_READ], self.Q,
              self.turned_o, zero, self.dH.at(at), self.tables[OF_UNITS])  # fmt: skip
        self._gradient(self.count_seen, self.hidden, self.read, self.H.at(at), OF_UNITS, self.dY,
                       OF_READ, self.at_wo)  # fmt: skip
        sum_rows(self.count_seen, self.read, self.dY, self.tables[OF_READ], self.G, self.G,
                 self.at_bo, as_double(zero), one > 0)  # fmt: skip

    def _gradient(
        self, n: Value, inputs: Value, outputs: Value, X: Array, starts: int, D: Array, places: int,
        at: Value,
    ) -> None:  # fmt: skip
        rows = self.tables[starts]
        transposed_times(n, inputs, outputs, X, rows, rows, D, self.tables[places], self.G, self.G,
                         at, as_double(n * 0), n >= 0)  # fmt: skip

    def _through_time(self) -> None:
        """Carry dH back from the last step to the first."""
        with each(0, self.rows * self.width) as i:
            self.dC.store(self.dC.zero(1), i)
        with each(0, self.steps) as step:
            t = self.steps - 1 - step
            at, units = t * self.rows * self.wide, t * self.rows * self.width
            after = units + self.rows * self.width

            def body(cell: int, block: Value, unit: Value, lanes: int) -> None:
                gate, u, dx, du = (
                    Blocks(numbers, at + block, self.width, lanes)
                    for numbers in (self.gate, self.onward, self.dinward, self.donward)
                )
                h, before, dh = (
                    numbers.load(units + unit, lanes) for numbers in (self.H, self.C, self.dH)
                )
                dnew = self.dH.load(after + unit, lanes)
                c, dc = (before, self.C.load(after + unit, lanes)), self.dC.load(unit, lanes)
                straight, dc = cells.backward(cell, gate, u, dx, du, h, c, dnew, dc)
                self.dH.store(dh + straight, units + unit)
                self.dC.store(dc, unit)

            over_units(self.cell, self.rows, self.width, self.P.size, body)
            times(self.rows, self.wide, self.width, self.donward.at(at), self.tables[OF_GATES],
                  self.Q, self.turned_h, t * 0 - 1, self.dH.at(units),
                  self.tables[OF_UNITS])  # fmt: skip


def _run(
    what: Value, sizes: Array, flat: tuple[Array, ...], room: tuple[Array, ...], tables: Array,
    loss_kind: Value, X: Array, T: Array, optimizer: Value, settings: Array, t: Value,
) -> Value:  # fmt: skip
    net, learns = Sequence(sizes, room, tables), what.equals(LEARN) | what.equals(STEP)
    theta, gradient, m, v = flat
    loss = Slot(t * 0.0)
    with flushed(what.builder):
        net.fill(theta, net.P)
        with when(what < BACK):
            net.forward(X)
        with when(what.equals(RECITE)):
            net.recite(X, T, t)
        with when(learns):
            found = loss_of_rows(loss_kind, net.count_seen, net.outputs, net.Y,
                                 net.tables[OF_READ], T, net.tables[OF_TARGETS], net.dY,
                                 net.tables[OF_READ])  # fmt: skip
            loss.set(found)
            net.read_back()
        with when(learns | what.equals(BACK)):
            net.backward(X, what.equals(STEP).equals(0))
        with when(learns):
            net.fill(gradient, net.G, back=True)
        with when(what.equals(STEP) & is_finite(loss.get())):
            move(optimizer, theta, gradient, m, v, what * 0, theta.length, settings, t + 1.0)
    return loss.get()


@kernel_of(_run)
def run(
    what: int, sizes: Ints, flat: tuple[Floats, Floats, Floats, Floats], room: Room, tables: Ints,
    loss_kind: int, X: Floats, T: Floats, optimizer: int, settings: Floats, t: float,
) -> float:  # fmt: skip
    """Do what is asked for with sequences X (T, n, inputs) and targets, a row an output.

    flat: theta, gradient, m, v. STEP moves theta where the loss, which is returned, is finite.
    RECITE: T has numbers from U(0, 1), t is the temperature; X (T+1, inputs) is filled.
    """
