"""A convolutional network: stages of convolution, activation and pooling, then one dense layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from demos.engine import activations, conv, init, losses
from demos.engine.arrays import Floats, Ints
from demos.engine.batches import Batches
from demos.engine.matrix import add_times, add_transposed_times, times_transposed
from demos.engine.network import Network
from demos.engine.optimizers import Optimizer

# Images worked on at once when nothing is learnt, so that patches of a large set fit in memory.
_CHUNK = 250


class Stage:
    """One convolution with activation and pooling: its geometry and its numbers for one batch.

    image: (height, width, channels) that come in; result: those that go out. The kernels are a
    matrix (channels out, kernel_size² · channels in) and one bias each.
    """

    def __init__(
        self, image: tuple[int, int, int], channels: int, kernel_size: int, padding: int, pool: int
    ) -> None:
        height, width, depth = image
        self.image, self.channels, self.kernel_size = image, channels, kernel_size
        self.padding, self.pool = padding, pool
        down = conv.output_size(height, kernel_size, padding)
        across = conv.output_size(width, kernel_size, padding)
        self.map = (down, across, channels)
        self.result = (down // pool, across // pool, channels)
        if min(down, across) < 1 or min(self.result) < 1:
            raise ValueError(f"nothing is left of {height} x {width}: a kernel of {kernel_size} "
                             f"with padding {padding} makes {down} x {across}, pooled by {pool} "
                             f"{self.result[0]} x {self.result[1]}")  # fmt: skip
        self.shape = (channels, kernel_size * kernel_size * depth)
        self.size = channels * (self.shape[1] + 1)

    def room(self, rows: int, dtype: Any) -> None:
        """Make room for a batch of `rows` images."""
        places = rows * self.map[0] * self.map[1]
        self.patches: Floats = np.zeros((places, self.shape[1]), dtype)
        self.Z, self.A, self.S, self.D = np.zeros((4, places, self.channels), dtype)
        self.out: Floats = np.zeros((rows, *self.result), dtype)
        self.winners: Ints = np.zeros((rows, *self.result), np.int64)

    def _windows(self, patches: Floats) -> Floats:
        """View patches (places, numbers) as windows (places, k, k, channels)."""
        side = self.kernel_size
        return patches.reshape(-1, side, side, self.image[2])

    def parameters(self, block: Floats) -> tuple[Floats, Floats]:
        """Split a block of theta (size,) into kernels (channels, patch) and biases (channels,)."""
        return block[: -self.channels].reshape(self.shape), block[-self.channels :]

    def forward(self, block: Floats, images: Floats, activation: int, average: bool) -> Floats:
        """Z = patches Wᵀ + b, A = f(Z), pooled: images (n, h, w, c) to (n, h', w', c')."""
        W, b = self.parameters(block)
        conv.cut_patches(images, self.padding, 1, self._windows(self.patches))
        times_transposed(self.patches, W, self.Z)
        self.Z += b
        activations.activate_all(activation, self.Z.ravel(), 0.01, self.A.ravel(), self.S.ravel())
        maps = self.A.reshape(len(images), *self.map)
        if average:
            conv.average_pool(maps, self.pool, self.out)
        else:
            conv.max_pool(maps, self.pool, self.out, self.winners)
        return self.out

    def backward(self, block: Floats, gradient: Floats, dout: Floats, average: bool) -> None:
        """From ∂loss/∂out fill D = ∂loss/∂Z and this stage's `gradient`."""
        dmaps = self.D.reshape(len(dout), *self.map)
        if average:
            conv.average_pool_back(dout, self.pool, dmaps)
        else:
            conv.max_pool_back(dout, self.pool, self.winners, dmaps)
        self.D *= self.S
        dW, db = self.parameters(gradient)
        add_transposed_times(self.D, self.patches, dW)
        db += self.D.sum(axis=0)

    def images_back(self, block: Floats) -> Floats:
        """∂loss/∂images (n, h, w, c), after `backward`."""
        dpatches = np.zeros_like(self.patches)
        add_times(self.D, self.parameters(block)[0], dpatches)
        dimages = np.zeros((len(self.out), *self.image), self.D.dtype)
        conv.add_patches(self._windows(dpatches), self.padding, 1, dimages)
        return dimages


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
        for depth in channels:
            came = self.stages[-1].result if self.stages else image
            try:
                self.stages.append(Stage(came, depth, kernel_size, border, pool))
            except ValueError as error:
                raise ValueError(f"stage {len(self.stages) + 1}: {error}") from None
        self.features = int(np.prod(self.stages[-1].result)) if self.stages else int(np.prod(image))
        self.image, self.outputs, self.average = image, outputs, average
        self.activation = activations.code(activation)
        sizes = [stage.size for stage in self.stages]
        self.ends = np.cumsum([0, *sizes])
        super().__init__(int(self.ends[-1]) + outputs * (self.features + 1), dtype, optimizer)
        self.seed = seed
        self._start_weights(np.random.default_rng((seed, 2)))
        self.logits_of_batch: Floats = np.zeros((0, outputs), self.dtype)
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

    def learn(self, X: ArrayLike, T: ArrayLike) -> float:
        """Run a batch forward and backward with cross-entropy: fill `gradient`, return the loss."""
        self.forward(X)
        target = losses.targets(T, self.outputs, self.dtype)
        D = np.empty_like(self.logits_of_batch)
        self.loss = losses.loss_and_gradient(losses.CROSS_ENTROPY, self.logits_of_batch, target, D)
        self._backward(D)
        return self.loss

    def forward(self, X: ArrayLike) -> Floats:
        """Logits (n, outputs) of a batch; every stage keeps its numbers for looking at."""
        images = self._images(X)
        if self.rows != len(images):
            self.rows = len(images)
            for stage in self.stages:
                stage.room(self.rows, self.dtype)
        for i, stage in enumerate(self.stages):
            block = self._block(self.theta, i)
            images = stage.forward(block, images, self.activation, self.average)
        self.inputs = images.reshape(self.rows, -1)
        W, b = self.dense()
        self.logits_of_batch = np.empty((self.rows, self.outputs), self.dtype)
        times_transposed(self.inputs, W, self.logits_of_batch)
        self.logits_of_batch += b
        return self.logits_of_batch

    def _backward(self, D: Floats) -> None:
        self.gradient[:] = 0
        dW, db = self._dense(self.gradient)
        add_transposed_times(D, self.inputs, dW)
        db += D.sum(axis=0)
        dout: Floats = np.zeros_like(self.inputs)
        add_times(D, self.dense()[0], dout)
        for i in range(len(self.stages) - 1, -1, -1):
            stage, block = self.stages[i], self._block(self.theta, i)
            dpooled = dout.reshape(self.rows, *stage.result)
            stage.backward(block, self._block(self.gradient, i), dpooled, self.average)
            if i > 0:
                dout = stage.images_back(block)

    def maps(self, X: ArrayLike) -> list[Floats]:
        """Feature maps of each stage after activation: a list of (n, height, width, channels)."""
        images = self._images(X)
        self.forward(images)
        return [stage.A.reshape(len(images), *stage.map) for stage in self.stages]

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
        for i, stage in enumerate(self.stages):
            yield f"convolution {i + 1}, kernels", self._block(self.theta, i)
            if self.rows:
                yield f"convolution {i + 1}, feature maps", stage.Z
        yield "dense layer, weights", self.theta[self.ends[-1] :]
        yield "dense layer, logits", self.logits_of_batch

    def _images(self, X: ArrayLike) -> Floats:
        return np.ascontiguousarray(X, dtype=self.dtype).reshape(-1, *self.image)
