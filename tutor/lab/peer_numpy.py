"""The same networks in plain NumPy, written as one would by hand, to measure the engine against.

Each starts from the engine's own weights; with the same batches it must arrive at the same loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from demos.engine.arrays import Floats
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.network import Network
from demos.engine.recurrent import Recurrent

# One step: a batch of inputs and targets in, the loss out.
Step = Callable[[Floats, Floats], float]
Array = NDArray[Any]


def step_of(net: Mlp | Cnn | Recurrent) -> Step:
    """One SGD step of the same network, from its weights of now."""
    if isinstance(net, Mlp):
        return _mlp(net)
    return _cnn(net) if isinstance(net, Cnn) else _lstm(net)


def _mlp(net: Mlp) -> Step:
    """A perceptron of tanh or ReLU units; slopes are told by the units' values."""
    tanh = net.functions[0] == "tanh"
    descend = _descent(net)
    W = [net.weights(layer).copy() for layer in range(net.depth)]
    b = [net.biases(layer).copy() for layer in range(net.depth)]

    def step(X: Floats, T: Floats) -> float:
        A = [X]
        for layer in range(net.depth):
            Z = A[-1] @ W[layer].T + b[layer]
            hidden = layer < net.depth - 1
            A.append((np.tanh(Z) if tanh else np.maximum(Z, 0)) if hidden else Z)
        loss, D = _softmax_loss(A[-1], T) if T.shape[1] > 1 else _logistic_loss(A[-1], T)
        for layer in range(net.depth - 1, -1, -1):
            dW, db = D.T @ A[layer], D.sum(axis=0)
            if layer:
                D = (D @ W[layer]) * (1 - A[layer] ** 2 if tanh else A[layer] > 0)
            descend((W[layer], b[layer]), (dW, db))
        return loss

    return step


def _descent(net: Network) -> Callable[[Iterable[Array], Iterable[Array]], None]:
    """w ← w − ηg, in place."""
    rate = net.dtype.type(net.optimizer.learning_rate)

    def descend(parameters: Iterable[Array], gradients: Iterable[Array]) -> None:
        for parameter, gradient in zip(parameters, gradients, strict=True):
            np.subtract(parameter, rate * gradient, out=parameter)

    return descend


def _softmax_loss(Z: Array, T: Array) -> tuple[float, Array]:
    shifted = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(shifted)
    total = P.sum(axis=1, keepdims=True)
    loss = float(((np.log(total) - shifted) * T).sum() / len(Z))
    return loss, (P / total - T) / len(Z)


def _logistic_loss(Z: Array, T: Array) -> tuple[float, Array]:
    loss = float((np.logaddexp(0, Z) - T * Z).mean())
    return loss, (1 / (1 + np.exp(-Z)) - T) / len(Z)


def _cnn(net: Cnn) -> Step:
    """Stages of 3 by 3 convolution, ReLU and 2 by 2 max pooling, and a dense layer."""
    descend = _descent(net)
    stages = [(net.kernels(i).copy(), np.zeros(s.channels, net.dtype)) for i, s in
              enumerate(net.stages)]  # fmt: skip
    W, b = (part.copy() for part in net.dense())

    def step(X: Floats, T: Floats) -> float:
        images: Array = X.reshape(-1, *net.image)
        kept = []
        for K, c in stages:
            images, memory = _convolve(images, K, c)
            kept.append(memory)
        flat = images.reshape(len(X), -1)
        loss, D = _softmax_loss(flat @ W.T + b, T)
        dW, db, up = D.T @ flat, D.sum(axis=0), (D @ W).reshape(images.shape)
        for (K, c), memory in zip(stages[::-1], kept[::-1], strict=True):
            dK, dc, up = _convolve_back(up, K, memory)
            descend((K, c), (dK, dc))
        descend((W, b), (dW, db))
        return loss

    return step


def _convolve(images: Array, K: Array, c: Array) -> tuple[Array, tuple[Array, Array]]:
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = sliding_window_view(padded, (3, 3), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    n, height, width = windows.shape[:3]
    patches = windows.reshape(n * height * width, -1)
    A = np.maximum(patches @ K.T + c, 0).reshape(n, height, width, -1)
    blocks = A[:, : height // 2 * 2, : width // 2 * 2]
    blocks = blocks.reshape(n, height // 2, 2, width // 2, 2, -1)
    return blocks.max(axis=(2, 4)), (patches, A)


def _convolve_back(up: Array, K: Array, memory: tuple[Array, Array]) -> tuple[Array, Array, Array]:
    patches, A = memory
    n, height, width, depth = A.shape
    rows, columns = height // 2, width // 2
    blocks = A[:, : rows * 2, : columns * 2].reshape(n, rows, 2, columns, 2, depth)
    blocks = blocks.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows, columns, depth, 4)
    winners = np.eye(4, dtype=up.dtype)[blocks.argmax(axis=4)] * up[..., None]
    winners = winners.reshape(n, rows, columns, depth, 2, 2).transpose(0, 1, 4, 2, 5, 3)
    D = np.zeros_like(A)
    D[:, : rows * 2, : columns * 2] = winners.reshape(n, rows * 2, columns * 2, depth)
    D *= A > 0
    D = D.reshape(-1, depth)
    back = (D @ K).reshape(n, height, width, 3, 3, -1)
    images = np.zeros((n, height + 2, width + 2, back.shape[-1]), up.dtype)
    for i in range(3):
        for j in range(3):
            images[:, i : i + height, j : j + width] += back[:, :, :, i, j]
    return D.T @ patches, D.sum(axis=0), images[:, 1:-1, 1:-1]


def _lstm(net: Recurrent) -> Step:
    """An LSTM read out at its last step, for the squared error."""
    descend, units = _descent(net), net.hidden
    Wx, Wh, b, Wo, bo = (part.copy() for part in net.parameters(net.theta))

    def sigmoid(z: Array) -> Array:
        value: Array = 1 / (1 + np.exp(-z))
        return value

    def step(X: Floats, T: Floats) -> float:
        h, c, kept = np.zeros((X.shape[1], units)), np.zeros((X.shape[1], units)), []
        for x in X:
            i, f, g, o = np.split(x @ Wx.T + h @ Wh.T + b, 4, axis=1)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            before, c = (h, c), f * c + i * g
            squashed = np.tanh(c)
            h = o * squashed
            kept.append((x, *before, i, f, g, o, squashed))
        error = h @ Wo.T + bo - T
        D = 2 * error / error.size
        gradients = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b), D.T @ h, D.sum(axis=0)]
        dh, dc = D @ Wo, np.zeros_like(c)
        for x, h_before, c_before, i, f, g, o, squashed in reversed(kept):
            dc = dc + dh * o * (1 - squashed**2)
            dz = np.concatenate([
                dc * g * i * (1 - i), dc * c_before * f * (1 - f), dc * i * (1 - g**2),
                dh * squashed * o * (1 - o),
            ], axis=1)  # fmt: skip
            gradients[0] += dz.T @ x
            gradients[1] += dz.T @ h_before
            gradients[2] += dz.sum(axis=0)
            dh, dc = dz @ Wh, dc * f
        descend((Wx, Wh, b, Wo, bo), gradients)
        return float((error**2).mean())

    return step
