"""Convolution as a dense layer that looks at one patch after another, and pooling.

Images are (n, height, width, channels). Cutting out every patch turns a convolution into the
matrix product of `matrix.py`: one row a patch, one row of weights a kernel.
"""

from __future__ import annotations

from demos.engine.arrays import Floats, Ints
from demos.engine.kernel import kernel


def output_size(size: int, kernel_size: int, padding: int = 0, stride: int = 1) -> int:
    """⌊(n + 2p − k) / s⌋ + 1: how many places a kernel k takes along n pixels padded by p."""
    return (size + 2 * padding - kernel_size) // stride + 1


@kernel
def cut_patches(images: Floats, padding: int, stride: int, patches: Floats) -> None:
    """Cut a patch at every place of a kernel; beyond the edge lie zeros.

    images (n, height, width, channels), patches (n · out_height · out_width, k, k, channels).
    """
    n, height, width, channels = images.shape
    side, place = patches.shape[1], 0
    for image in range(n):
        for top in range(-padding, height + padding - side + 1, stride):
            for left in range(-padding, width + padding - side + 1, stride):
                for i in range(side):
                    for j in range(side):
                        y, x = top + i, left + j
                        inside = 0 <= y < height and 0 <= x < width
                        for channel in range(channels):
                            number = images[image, y, x, channel] if inside else 0.0
                            patches[place, i, j, channel] = number
                place += 1


@kernel
def add_patches(patches: Floats, padding: int, stride: int, images: Floats) -> None:
    """Add each patch back where `cut_patches` took it from: the gradient of cutting."""
    n, height, width, channels = images.shape
    side, place = patches.shape[1], 0
    for image in range(n):
        for top in range(-padding, height + padding - side + 1, stride):
            for left in range(-padding, width + padding - side + 1, stride):
                for i in range(side):
                    for j in range(side):
                        y, x = top + i, left + j
                        if 0 <= y < height and 0 <= x < width:
                            for channel in range(channels):
                                images[image, y, x, channel] += patches[place, i, j, channel]
                place += 1


@kernel
def max_pool(images: Floats, size: int, out: Floats, winners: Ints) -> None:
    """Keep the largest number of each size · size block, a channel at a time, and its place.

    images (n, height, width, channels) · out, winners (n, height // size, width // size, channels);
    a winner is counted within its block, by rows. What is left at the edge is dropped.
    """
    n, down, across, channels = out.shape
    for image in range(n):
        for i in range(down):
            for j in range(across):
                for place in range(size * size):
                    y, x = i * size + place // size, j * size + place % size
                    for channel in range(channels):
                        number = images[image, y, x, channel]
                        # Written so that NaN wins: divergence must not hide.
                        if place == 0 or not number <= out[image, i, j, channel]:
                            out[image, i, j, channel] = number
                            winners[image, i, j, channel] = place


@kernel
def max_pool_back(dout: Floats, size: int, winners: Ints, dimages: Floats) -> None:
    """Hand each block's gradient to its winner; the others get zero."""
    dimages[:] = 0
    n, down, across, channels = dout.shape
    for image in range(n):
        for i in range(down):
            for j in range(across):
                for channel in range(channels):
                    winner = winners[image, i, j, channel]
                    y, x = i * size + winner // size, j * size + winner % size
                    dimages[image, y, x, channel] = dout[image, i, j, channel]


@kernel
def average_pool(images: Floats, size: int, out: Floats) -> None:
    """The mean of each size · size block, a channel at a time; shapes as in `max_pool`."""
    n, down, across, channels = out.shape
    out[:] = 0
    for image in range(n):
        for y in range(down * size):
            for x in range(across * size):
                for channel in range(channels):
                    share = images[image, y, x, channel] / (size * size)
                    out[image, y // size, x // size, channel] += share


@kernel
def average_pool_back(dout: Floats, size: int, dimages: Floats) -> None:
    """Share each block's gradient out evenly; the dropped edge gets zero."""
    dimages[:] = 0
    n, down, across, channels = dout.shape
    for image in range(n):
        for y in range(down * size):
            for x in range(across * size):
                for channel in range(channels):
                    share = dout[image, y // size, x // size, channel] / (size * size)
                    dimages[image, y, x, channel] = share
