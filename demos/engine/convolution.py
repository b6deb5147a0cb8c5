"""The kernel of convolutional networks: direct convolution, activation and pooling, a dense layer.

A convolution is a product: row i of X is the patch under the kernel at place i, and row p of W what
each kernel makes of number p of a patch. No patch is copied. A patch of k · k pixels is k bands of
k pixels that lie side by side in the image, so its numbers are read where they lie. The images lie
in a frame of zeros, as wide as the padding.

    Z[y, x, o] = b[o] + Σ_i Σ_(j, c) X[y + i, x + j, c] · W[(i, j, c), o]

The way back is a convolution too: of ∂loss/∂Z in a frame of zeros, with the kernels turned round.
"""

from __future__ import annotations

from demos.engine.activations import activate_lines
from demos.engine.arrays import Floats, Ints
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.kernel import kernel_of
from demos.engine.losses import CROSS_ENTROPY, loss_of_rows
from demos.engine.optimizers import move
from demos.engine.padded import carrier, copy, sum_rows
from demos.engine.pooling import pool, pool_back
from demos.engine.products import banded_times, times, transposed_times
from demos.engine.stages import Stage
from demos.engine.subnormals import flushed
from demos.engine.values import Value, as_double, is_finite

# What `run` is to do: run a batch forward; learn from it; that, and take an optimizer's step.
FORWARD, LEARN, STEP = range(3)
# Numbers of the dense layer and the batch: FEATURES as they lie in the room; LAST_WIDE of a pixel;
# LAST_CHANNELS of it that count; READ: the outputs, padded; FINAL: where the features begin.
(
    ROWS, FEATURES, LAST_WIDE, LAST_CHANNELS, OUTPUTS, READ, FINAL, D_THETA, D_W, D_TURNED,
    OF_F, OF_Y, OF_T, OF_OUT, ACTIVATION, AVERAGE,
) = range(16)  # fmt: skip

# P, G parameters and gradient, padded; Q turned ones, after zeros; X framed inputs of all stages;
# Z, A, S; D framed; O gradients of what was pooled; Y, E outputs and their gradients.
Room = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]


class Images:
    """The arguments of `run`, by name, and the passes that it consists of."""

    def __init__(self, stages: Array, sizes: Array, room: tuple[Array, ...], tables: Array) -> None:
        self.table, self.depth, self.tables = stages, stages.length, tables
        found = [sizes.load(sizes.length * 0 + i) for i in range(16)]
        self.rows, self.features, self.last_wide, self.last_channels, self.outputs = found[:5]
        self.read, self.final, self.d_theta, self.d_w, self.d_turned = found[5:10]
        self.of_f, self.of_y, self.of_t, self.of_out = (tables.at(at) for at in found[10:14])
        self.activation, self.average = found[14:]
        self.P, self.G, self.Q, self.X, self.Z, self.A, self.S, self.D = room[:8]
        self.O, self.Y, self.E = room[8:]
        self.d_bias = self.d_w + self.features * self.read

    def stage(self, row: Value) -> Stage:
        """A row of the table of stages."""
        return Stage(self.table, row, self.rows)

    def fill(self, theta: Array, P: Array, back: bool = False) -> None:
        """Copy parameters from theta's order to the room's, or back."""
        one = self.rows * 0 + 1
        put = carrier(theta, P, one, back)
        with each(0, self.depth) as row:
            s = self.stage(row)
            patch = s.side * s.side * s.depth
            with each(0, s.side * s.side) as pixel:
                put(s.depth, s.channels, s.w_theta + pixel * s.depth, one, patch,
                    s.w + pixel * s.deep * s.wide, s.wide)  # fmt: skip
            put(one, s.channels, s.w_theta + s.channels * patch, one, one, s.bias, s.wide)
        count = self.features / self.last_wide
        real = count * self.last_channels
        with each(0, count) as pixel:
            put(self.last_channels, self.outputs, self.d_theta + pixel * self.last_channels, one,
                real, self.d_w + pixel * self.last_wide * self.read, self.read)  # fmt: skip
        put(one, self.outputs, self.d_theta + self.outputs * real, one, one, self.d_bias, self.read)

    def take(self, images: Array) -> None:
        """Put the batch (n, height, width, channels) into the first frame."""
        s = self.stage(self.rows * 0)
        height, line = images.shape[1], images.shape[2] * images.shape[3]
        with each(0, self.rows) as image, each(0, height) as y:
            start, to = (image * height + y) * line, s.in_at + image * s.in_image + y * s.row
            with each(0, line) as x:
                self.X.store(images.load(start + x), s.x + to + x)

    def forward(self) -> None:
        """Z = patches W + b, A = f(Z), pooled into the next frame; at last the dense layer."""
        with each(0, self.depth) as row:
            s = self.stage(row)
            banded_times(s.all, s.side, s.row, s.band, s.wide, self.X.at(s.x),
                         self.tables.at(s.of_x), self.P, s.w, s.bias, self.Z.at(s.z),
                         self.tables.at(s.of_z))  # fmt: skip
            end = s.z + s.all * s.wide
            leak = as_double(self.rows * 0) + 0.01
            activate_lines(self.activation, self.Z, leak, self.A, self.S, s.z, end)
            pool(self.average, s, self.rows, self.A, self.X)
        times(self.rows, self.features, self.read, self.X.at(self.final), self.of_f, self.P,
              self.d_w, self.d_bias, self.Y, self.of_y)  # fmt: skip

    def backward(self) -> None:
        """From ∂loss/∂outputs in E to the gradients of all parameters."""
        one, still = self.rows * 0 + 1, as_double(self.rows * 0)
        X = self.X.at(self.final)
        transposed_times(self.rows, self.features, self.read, X, self.of_f, self.of_f, self.E,
                         self.of_y, self.G, self.G, self.d_w, still, one > 0)  # fmt: skip
        sum_rows(self.rows, self.read, self.E, self.of_y, self.G, self.G, self.d_bias, still,
                 one > 0)  # fmt: skip
        copy(self.outputs, self.features, self.P, self.d_w, one, self.read,
             self.Q, self.d_turned, self.features, one)  # fmt: skip
        last = self.stage(self.depth - 1)
        times(self.rows, self.outputs, self.features, self.E, self.of_y, self.Q, self.d_turned,
              one - 1, self.O.at(last.out), self.of_out)  # fmt: skip
        with each(0, self.depth) as step:
            row = self.depth - 1 - step
            s = self.stage(row)
            deltas, of_d = self.D.at(s.d), self.tables.at(s.of_d)
            pool_back(self.average, s, self.rows, self.A, self.S, self.O, self.D, of_d)
            with each(0, s.side) as band:
                windows = self.X.at(s.x + band * s.row)
                of_x = self.tables.at(s.of_x)
                transposed_times(s.all, s.band, s.wide, windows, of_x, of_x, deltas, of_d, self.G,
                                 self.G, s.w + band * s.band * s.wide, still, one > 0)  # fmt: skip
            sum_rows(s.all, s.wide, deltas, of_d, self.G, self.G, s.bias, still, one > 0)
            with when(row > 0):
                self._images_back(s, self.stage(row - 1), deltas)

    def _images_back(self, s: Stage, before: Stage, deltas: Array) -> None:
        """∂loss/∂X: the deltas convolved with the kernels turned round."""
        one = s.side * 0 + 1
        with each(0, s.side) as i, each(0, s.side) as j:
            pixel = i * s.side + j
            round_ = s.side * s.side - 1 - pixel
            copy(s.channels, s.deep, self.P, s.w + pixel * s.deep * s.wide, one, s.wide,
                 self.Q, s.turned + round_ * s.wide * s.deep, s.deep, one)  # fmt: skip
        banded_times(self.rows * s.pixels, s.side, s.d_row, s.side * s.wide, s.deep, deltas,
                     self.tables.at(s.back_d), self.Q, s.turned, one - 1, self.O.at(before.out),
                     self.tables.at(s.back_x))  # fmt: skip


def _run(
    what: Value, stages: Array, sizes: Array, flat: tuple[Array, ...], room: tuple[Array, ...],
    tables: Array, images: Array, T: Array, optimizer: Value, settings: Array, t: Value,
) -> Value:  # fmt: skip
    net, loss = Images(stages, sizes, room, tables), Slot(t * 0.0)
    theta, gradient, m, v = flat
    with flushed(what.builder):
        net.fill(theta, net.P)
        net.take(images)
        net.forward()
        with when(what > FORWARD):
            found = loss_of_rows(what * 0 + CROSS_ENTROPY, net.rows, net.outputs, net.Y, net.of_y,
                                 T, net.of_t, net.E, net.of_y)  # fmt: skip
            loss.set(found)
            net.backward()
            net.fill(gradient, net.G, back=True)
        with when(what.equals(STEP) & is_finite(loss.get())):
            move(optimizer, theta, gradient, m, v, what * 0, theta.length, settings, t + 1.0)
    return loss.get()


@kernel_of(_run)
def run(
    what: int, stages: Ints, sizes: Ints, flat: tuple[Floats, Floats, Floats, Floats], room: Room,
    tables: Ints, images: Floats, T: Floats, optimizer: int, settings: Floats, t: float,
) -> float:  # fmt: skip
    """Do what is asked for with images (n, height, width, channels) and targets T (n, outputs).

    flat: theta, gradient, m, v. STEP moves theta where the loss, which is returned, is finite.
    """
