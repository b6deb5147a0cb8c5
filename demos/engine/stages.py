"""A stage of a convolutional network as its kernel sees it: where its numbers lie."""

from __future__ import annotations

from demos.engine.emitting import Array
from demos.engine.values import Value

# Columns of the table of stages. SIDE of the kernel; DEPTH, CHANNELS: numbers a pixel that come in
# and go out, DEEP and WIDE what they take in the room; ROW: numbers in a row of the framed input;
# D_ROW: in one of framed ∂loss/∂Z; PLACES an image; W_THETA, W, TURNED: where the kernels begin in
# theta, in P and turned in Q; X, Z, D, OUT: where framed inputs, sums, framed deltas and pooled
# gradients begin; POOL; DOWN, ACROSS: blocks that are pooled; MAP: the width of the map;
# OF_X, OF_Z, OF_D: where the tables begin that say where windows, sums and deltas of a place lie;
# BACK_D, BACK_X: those of windows in the deltas and of pixels in the gradients of the input; PIXELS
# an image of it. IN_IMAGE, IN_AT: numbers of a framed image, and where the picture begins in it;
# OUT_ROW, OUT_AT, OUT_IMAGE: the same of the next frame, where pooled numbers go.
(
    SIDE, DEPTH, CHANNELS, DEEP, WIDE, ROW, D_ROW, PLACES, W_THETA, W, TURNED, X, Z, D, OUT, POOL,
    DOWN, ACROSS, MAP, OF_X, OF_Z, OF_D, BACK_D, BACK_X, PIXELS, OUT_ROW, OUT_AT, OUT_IMAGE,
    IN_IMAGE, IN_AT,
) = range(30)  # fmt: skip
COLUMNS = 30


class Stage:
    """A row of the table of stages, as the code that is emitted sees it."""

    def __init__(self, table: Array, row: Value, rows: Value) -> None:
        numbers = [table.load(row * COLUMNS + column) for column in range(COLUMNS)]
        self.side, self.depth, self.channels, self.deep, self.wide = numbers[:5]
        self.row, self.d_row, self.places, self.w_theta, self.w, self.turned = numbers[5:11]
        self.x, self.z, self.d, self.out, self.pool, self.down, self.across = numbers[11:18]
        self.map, self.of_x, self.of_z, self.of_d, self.back_d, self.back_x = numbers[18:24]
        self.pixels, self.out_row, self.out_at, self.out_image = numbers[24:28]
        self.in_image, self.in_at = numbers[28:]
        self.band = self.side * self.deep
        self.patch = self.side * self.band
        self.bias = self.w + self.patch * self.wide
        self.all = rows * self.places
