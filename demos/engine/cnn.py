"""A convolutional network: stages of convolution, activation and pooling, then one dense layer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from demos.engine import activations, convolution, init, losses, stages
from demos.engine.arrays import LINE, Aligned, Floats, Ints, padded
from demos.engine.batches import Batches
from demos.engine.network import Network
from demos.engine.optimizers import Optimizer

# Images worked on at once when nothing is learnt, so that patches of a large set fit in memory.
_CHUNK = 250


def output_size(size: int, kernel_size: int, padding: int = 0, stride: int = 1) -> int:
    """⌊(n + 2p − k) / s⌋ + 1: how many places a kernel k takes along n pixels padded by p."""
    return (size + 2 * padding - kernel_size) // stride + 1


class Stage:
    """The geometry of one convolution with activation and pooling.

    image: (height, width, channels) that come in; result: those that go out. The kernels are a
    matrix (channels out, kernel_size² · channels in) and one bias each.
    """

    def __init__(
        self, image: tuple[int, int, int], channels: int, kernel_size: int, padding: int, pool: int
    ) -> None:
        height, width, depth = image
        self.image, self.channels, self.kernel_size = image, channels, kernel_size
        self.padding, self.pool = padding, pool
        down = output_size(height, kernel_size, padding)
        across = output_size(width, kernel_size, padding)
        self.map = (down, across, channels)
        self.result = (down // pool, across // pool, channels)
        if min(down, across) < 1 or min(self.result) < 1:
            raise ValueError(f"nothing is left of {height} x {width}: a kernel of {kernel_size} "
                             f"with padding {padding} makes {down} x {across}, pooled by {pool} "
                             f"{self.result[0]} x {self.result[1]}")  # fmt: skip
        if padding > kernel_size - 1:
            raise ValueError(f"with a padding of {padding} a kernel of {kernel_size} would see "
                             f"nothing else: take {kernel_size - 1} or less")  # fmt: skip
        self.shape = (channels, kernel_size * kernel_size * depth)
        self.size = channels * (self.shape[1] + 1)

    def parameters(self, block: Floats) -> tuple[Floats, Floats]:
        """Split a block of theta (size,) into kernels (channels, patch) and biases (channels,)."""
        return block[: -self.channels].reshape(self.shape), block[-self.channels :]


class Room:
    """Where the numbers of a batch of `rows` images lie, and the arrays that hold them.

    stages, sizes, tables, arrays: as `convolution` has them.
    """

    def __init__(
        self, stages: Sequence[Stage], rows: int, outputs: int, activation: int, average: bool,
        dtype: Any,
    ) -> None:  # fmt: skip
        self._tables: list[Ints] = []
        self.counts = dict.fromkeys(("theta", "P", "Q", "X", "Z", "D", "O"), 0)
        deep = [stages[0].image[2], *(padded(stage.channels, dtype) for stage in stages)]
        self.counts["Q"] = max(
            [*deep, padded(deep[-1] * stages[-1].result[0] * stages[-1].result[1], dtype)]
        )  # zeros
        frames = [self._frame(stage, deep[i], rows) for i, stage in enumerate(stages)]
        height, width, channels = stages[-1].result
        features = height * width * deep[-1]
        frames.append((self._take("X", rows * features), width * deep[-1], 0, features))
        numbers = [
            self._stage(stage, deep[i : i + 2], rows, frames[i : i + 2])
            for i, stage in enumerate(stages)
        ]
        self.stages: Ints = np.array(numbers)
        read, places = padded(outputs, dtype), np.arange(rows)
        in_theta = self.counts["theta"]
        weights = self._take("P", (features + 1) * read)
        turned = self._take("Q", outputs * features)
        of = [self._table(places * step) for step in (features, read, outputs, features)]
        self.sizes: Ints = np.array(
            [rows, features, deep[-1], channels, outputs, read, frames[-1][0], in_theta, weights,
             turned, *of, activation, average]
        )  # fmt: skip
        self.tables: Ints = np.concatenate(self._tables)
        counts, out = self.counts, rows * read
        self.room = Aligned(
            [counts["P"], counts["P"], counts["Q"], counts["X"], *[counts["Z"]] * 3, counts["D"],
             counts["O"], out, out],
            dtype,
        )  # fmt: skip

    def _take(self, name: str, count: int) -> int:
        """Take room for so many numbers of an array, at a cache line; return where it begins."""
        start = self.counts[name]
        self.counts[name] += -(-count // LINE) * LINE
        return start

    def _table(self, places: Ints) -> int:
        start = sum(map(len, self._tables))
        self._tables.append(np.ascontiguousarray(places.ravel(), np.int64))
        return start

    def _frame(self, stage: Stage, deep: int, rows: int) -> tuple[int, int, int, int]:
        """A frame of zeros: where it begins, numbers a row, the picture's place, numbers in all."""
        height, width, _ = stage.image
        row = (width + 2 * stage.padding) * deep
        size = (height + 2 * stage.padding) * row
        return self._take("X", rows * size), row, stage.padding * (row + deep), size

    def _stage(
        self, stage: Stage, deep: Sequence[int], rows: int, frames: Sequence[tuple[int, ...]]
    ) -> list[int]:
        """The row of the table of stages."""
        (x, row, in_at, size), (out_x, out_row, out_at, out_size) = frames
        (height, width, depth), (down, across, channels) = stage.image, stage.map
        side, wide, edge = stage.kernel_size, deep[1], stage.kernel_size - 1 - stage.padding
        d_row = (across + 2 * edge) * wide
        d_size = (down + 2 * edge) * d_row
        in_theta, self.counts["theta"] = self.counts["theta"], self.counts["theta"] + stage.size
        places, pixels = down * across, height * width
        return [
            side, depth, channels, deep[0], wide, row, d_row, places, in_theta,
            self._take("P", (side * side * deep[0] + 1) * wide),
            self._take("Q", side * side * wide * deep[0]),
            x, self._take("Z", rows * places * wide), self._take("D", rows * d_size),
            self._take("O", rows * stage.result[0] * stage.result[1] * wide),
            stage.pool, *stage.result[:2], across,
            self._table(_grid(rows, size, down, row, across, deep[0])),
            self._table(np.arange(rows * places) * wide),
            self._table(_grid(rows, d_size, down, d_row, across, wide) + edge * (d_row + wide)),
            self._table(_grid(rows, d_size, height, d_row, width, wide)),
            self._table(np.arange(rows * pixels) * deep[0]),
            pixels, out_row, out_x + out_at, out_size, size, in_at,
        ]  # fmt: skip


def _grid(rows: int, size: int, down: int, row: int, across: int, step: int) -> Ints:
    """Where each pixel of each image begins: image · size + y · row + x · step."""
    image, y, x = np.arange(rows), np.arange(down), np.arange(across)
    return size * image[:, None, None] + row * y[:, None] + step * x


class Cnn(Network):
    """Stages of convolution, activation and pooling, then a dense layer to `outputs` classes.

    image: (height, width, channels). channels: kernels a stage. padding "same" keeps the size,
    and takes odd kernels only. Raises ValueError, which names the stage, for a geometry that
    leaves nothing.
    Cnn((14, 14, 1), (8, 16), 10) has 80 + 1,168 + 1,450 = 2,698 parameters.
    """

    def __init__(
        self,
        image: tuple[int, int, int] = (14, 14, 1),
        channels: tuple[int, ...] = (8, 16),
        outputs: int = 10,
        *,
        kernel_size: int = 3,
        padding: int | str = "same",
        pool: int = 2,
        average: bool = False,
        activation: str = "relu",
        optimizer: Optimizer | None = None,
        dtype: Any = np.float32,
        seed: int = 0,
    ) -> None:
        if padding == "same" and kernel_size % 2 == 0:
            raise ValueError(f'stage 1: a kernel of {kernel_size} cannot keep the size; "same"'
                             " needs an odd one")  # fmt: skip
        border = (kernel_size - 1) // 2 if padding == "same" else int(padding)
        self.stages: list[Stage] = []
        if not channels:
            raise ValueError("a convolutional network needs a stage at least")
        for depth in channels:
            came = self.stages[-1].result if self.stages else image
            try:
                self.stages.append(Stage(came, depth, kernel_size, border, pool))
            except ValueError as error:
                raise ValueError(f"stage {len(self.stages) + 1}: {error}") from None
        self.features = int(np.prod(self.stages[-1].result))
        self.image, self.outputs, self.average = image, outputs, average
        self.activation = activations.code(activation)
        sizes = [stage.size for stage in self.stages]
        self.ends = np.cumsum([0, *sizes])
        super().__init__(int(self.ends[-1]) + outputs * (self.features + 1), dtype, optimizer)
        self.seed = seed
        self._start_weights(np.random.default_rng((seed, 2)))
        self.rooms: dict[int, Room] = {}
        self.rows = 0

    def _start_weights(self, generator: np.random.Generator) -> None:
        for i, stage in enumerate(self.stages):
            outputs, inputs = stage.shape
            self.kernels(i)[:] = init.weights("he", inputs, outputs, generator)
        self.dense()[0][:] = init.weights("xavier", self.features, self.outputs, generator)

    def kernels(self, stage: int) -> Floats:
        """The kernels (channels out, kernel_size² · channels in) of a stage, the first being 0."""
        return self.stages[stage].parameters(self._block(self.theta, stage))[0]

    def dense(self) -> tuple[Floats, Floats]:
        """Weights (outputs, features) and biases (outputs,) of the last layer."""
        return self._dense(self.theta)

    def _block(self, flat: Floats, stage: int) -> Floats:
        return flat[self.ends[stage] : self.ends[stage + 1]]

    def _dense(self, flat: Floats) -> tuple[Floats, Floats]:
        block = flat[self.ends[-1] :]
        return block[: -self.outputs].reshape(self.outputs, -1), block[-self.outputs :]

    def feed(self, X: ArrayLike, y: ArrayLike, batch: int = 32) -> None:
        """Train on images X (n, pixels) or (n, h, w, c) and labels y (n,) from now on."""
        T = losses.targets(y, self.outputs, self.dtype)
        self.source = Batches(self._images(X), T, batch, self.seed)

    def _advance(self, X: Floats, T: Floats) -> float:
        loss = self._run(convolution.STEP, X, T)
        self._count(int(math.isfinite(loss)))
        return loss

    def _run(self, what: int, X: Floats, T: Floats) -> float:
        """Call the kernel with images X (n, h, w, c) and targets (n, outputs)."""
        self.rows = len(X)
        if self.rows not in self.rooms:
            self.rooms[self.rows] = Room(
                self.stages, self.rows, self.outputs, self.activation, self.average, self.dtype
            )
        room, optimizer = self.rooms[self.rows], self.optimizer
        flat = self.theta, self.gradient, optimizer.m, optimizer.v
        return float(convolution.run(
            what, room.stages, room.sizes, flat, room.room.arrays, room.tables, X, T,
            optimizer.code, optimizer.settings, float(optimizer.t),
        ))  # fmt: skip

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run a batch forward and backward with cross-entropy: fill `gradient`, return the loss."""
        target = losses.targets(T, self.outputs, self.dtype)
        self.loss = self._run(convolution.LEARN, self._images(X), target)
        return self.loss

    def forward(self, X: ArrayLike) -> Floats:
        """Logits (n, outputs) of a batch; every stage keeps its numbers for looking at."""
        self._run(convolution.FORWARD, self._images(X), np.zeros((0, self.outputs), self.dtype))
        return self._logits_of_batch().copy()

    def _logits_of_batch(self) -> Floats:
        read = int(self.rooms[self.rows].sizes[convolution.READ])
        numbers: Floats = self.rooms[self.rows].room.arrays[9][: self.rows * read]
        return numbers.reshape(self.rows, read)[:, : self.outputs]

    def _maps(self, which: int, i: int) -> Floats:
        """The sums (4) or the feature maps (5) of a stage (n, height, width, channels)."""
        room, stage = self.rooms[self.rows], self.stages[i]
        start, wide = (int(room.stages[i, column]) for column in (stages.Z, stages.WIDE))
        down, across, channels = stage.map
        numbers: Floats = room.room.arrays[which][start : start + self.rows * down * across * wide]
        return numbers.reshape(self.rows, down, across, wide)[..., :channels]

    def maps(self, X: ArrayLike) -> list[Floats]:
        """Feature maps of each stage after activation: a list of (n, height, width, channels)."""
        self.forward(X)
        return [self._maps(5, i).copy() for i in range(len(self.stages))]

    def logits(self, X: ArrayLike) -> Floats:
        """Logits (n, outputs) of any number of images, a chunk at a time."""
        images = self._images(X)
        chunks = [images[i : i + _CHUNK] for i in range(0, len(images), _CHUNK)]
        return np.concatenate([self.forward(chunk) for chunk in chunks])

    def probabilities(self, X: ArrayLike) -> Floats:
        """Softmax of the logits (n, outputs)."""
        return losses.probabilities(self.logits(X))

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> float:
        """The cross-entropy on images X with labels y (n,)."""
        return losses.loss("cross_entropy", self.logits(X), np.asarray(y))[0]

    def accuracy(self, X: ArrayLike, y: ArrayLike) -> float:
        """The share of images whose largest logit is the label y (n,)."""
        return float(np.mean(self.logits(X).argmax(axis=1) == np.asarray(y)))

    def parts(self) -> Iterator[tuple[str, Floats]]:
        """Each stage's parameters and feature maps, then the dense layer's."""
        for i in range(len(self.stages)):
            yield f"convolution {i + 1}, kernels", self._block(self.theta, i)
            if self.rows:
                yield f"convolution {i + 1}, feature maps", self._maps(4, i)
        yield "dense layer, weights", self.theta[self.ends[-1] :]
        if self.rows:
            yield "dense layer, logits", self._logits_of_batch()

    def _images(self, X: ArrayLike) -> Floats:
        return np.ascontiguousarray(X, dtype=self.dtype).reshape(-1, *self.image)
