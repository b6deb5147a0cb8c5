"""Synthetic handwriting: digits drawn from strokes, as many as wanted, from a seed alone.

Control points jitter, lines wobble, letters lean, pens differ; then each digit is fitted into a
20 by 20 box and its centre of mass put in the middle of 28 by 28, as MNIST's were.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from demos.engine.arrays import Floats, Ints
from demos.engine.emitting import Array, each, when
from demos.engine.kernel import kernel_of
from demos.engine.strokes import DIGITS, Stroke
from demos.engine.values import (
    Value,
    as_double,
    choose,
    in_order,
    larger,
    smaller,
    sqrt,
    whole,
)

SIDE = 28
_BOX = 20.0
_TOGETHER = 4  # pixels of a row that are drawn at once; they divide SIDE
_AT_ONCE = 500  # images that get their noise at once; all of them would need 60 MB more for it
_CURVE_STEPS = 6  # straight pieces between two control points of a curve


@dataclass(frozen=True, slots=True)
class Hand:
    """How much handwriting varies, each a standard deviation.

    jitter: of control points, in boxes. shear: of the slant around a lean of 0.1 to the right.
    wobble: of the waves along a line, in boxes. turn: of the rotation, in radians.
    aspect: of the logarithm of width to height. noise: of the ink, 1 being black.
    """

    jitter: float
    shear: float
    wobble: float
    turn: float = 0.1
    aspect: float = 0.22
    noise: float = 0.02


EASY = Hand(jitter=0.06, shear=0.20, wobble=0.04)
WIDE = Hand(jitter=0.08, shear=0.28, wobble=0.06)
HANDS = {"easy": EASY, "wide": WIDE}


def make(
    n: int, side: int = 14, hand: Hand | str = EASY, seed: int = 0, classes: tuple[int, ...] = ()
) -> tuple[Floats, Ints]:
    """Write n digits: images (n, side·side) float32, 0 paper to 1 ink, and labels (n,).

    side: 28, or 14 by taking the mean of every 2 by 2 pixels. classes: which digits (all).
    """
    if side not in (14, SIDE):
        raise ValueError(f"digits are 14 or {SIDE} pixels wide, not {side}")
    style = HANDS[hand] if isinstance(hand, str) else hand
    generator = np.random.default_rng((seed, 3))
    labels = generator.permutation(np.resize(classes or range(10), n)).astype(np.int64)
    ways = generator.integers(0, 1 << 30, n)
    images: Floats = np.zeros((n, SIDE, SIDE), np.float32)
    for digit, variants in enumerate(DIGITS):
        for way, strokes in enumerate(variants):
            rows = np.flatnonzero((labels == digit) & (ways % len(variants) == way))
            if rows.size:
                images[rows] = _write(strokes, len(rows), style, generator)
    for start in range(0, n, _AT_ONCE):
        part = images[start : start + _AT_ONCE]
        part += style.noise * generator.standard_normal(part.shape, np.float32) * (part > 0)
    np.clip(images, 0.0, 1.0, out=images)
    return shrink(images, side).reshape(n, side * side), labels


def shrink(images: Floats, side: int) -> Floats:
    """Take the mean over blocks of pixels: (n, 28, 28) to (n, side, side); 28 is itself."""
    by = SIDE // side
    if by == 1:
        return images.astype(np.float32, copy=False)
    small: Floats = images.reshape(-1, side, by, side, by).mean(axis=(2, 4), dtype=np.float32)
    return small


def _write(
    strokes: tuple[Stroke, ...], n: int, hand: Hand, generator: np.random.Generator
) -> Floats:
    """Write n samples of one way to draw a digit: images (n, 28, 28)."""
    control = np.concatenate([stroke.points for stroke in strokes])
    path, joined = _path(strokes)
    points = control + hand.jitter * generator.normal(size=(n, *control.shape))
    lines = np.einsum("pk,nkd->npd", path, points)
    lines = _bend(lines, hand, generator)
    # The pen's radius in pixels: mostly fine, sometimes broad.
    pen = generator.uniform(0.55, 1.3, n) + 0.25 * np.abs(generator.normal(size=n))
    lines = _place(lines, joined, pen)
    images: Floats = np.zeros((n, SIDE, SIDE), np.float32)
    _ink(lines, joined, pen, images)
    return images


@cache
def _path(strokes: tuple[Stroke, ...]) -> tuple[Floats, Ints]:
    """The matrix (points of the line, control points) of a digit, and which points are joined.

    A spline is linear in its control points, so one matrix serves every sample. joined[i] is 1
    where point i continues the line from point i−1, and 0 where a stroke begins.
    """
    total = sum(len(stroke.points) for stroke in strokes)
    rows: list[Floats] = []
    joined: list[int] = []
    first = 0
    for stroke in strokes:
        block = _spline(len(stroke.points), 1 if stroke.straight else _CURVE_STEPS)
        wide = np.zeros((len(block), total))
        wide[:, first : first + len(stroke.points)] = block
        rows.append(wide)
        joined += [0] + [1] * (len(block) - 1)
        first += len(stroke.points)
    return np.concatenate(rows), np.array(joined)


def _spline(points: int, steps: int) -> Floats:
    """Weights (line points, control points) of Catmull and Rom's spline through control points.

    Between p₁ and p₂, with neighbours p₀ and p₃ and u from 0 to 1:
    ½ (2p₁ + (p₂−p₀)u + (2p₀−5p₁+4p₂−p₃)u² + (3p₁−p₀−3p₂+p₃)u³). One step is a straight line.
    """
    rows = []
    for piece in range(points - 1):
        around = [min(max(piece + k, 0), points - 1) for k in (-1, 0, 1, 2)]
        for step in range(steps):
            u = step / steps
            weights = np.array([
                -u + 2 * u**2 - u**3,
                2 - 5 * u**2 + 3 * u**3,
                u + 4 * u**2 - 3 * u**3,
                -(u**2) + u**3,
            ])  # fmt: skip
            row = np.zeros(points)
            np.add.at(row, around, weights / 2)
            rows.append(row)
    return np.array([*rows, np.eye(points)[-1]])


def _bend(lines: Floats, hand: Hand, generator: np.random.Generator) -> Floats:
    """Wobble, stretch, slant and turn the lines (n, points, 2) of n samples."""
    n = len(lines)
    wave, phase = generator.uniform(2.0, 7.0, (n, 1, 2)), generator.uniform(0.0, 6.3, (n, 1, 2))
    size = hand.wobble * generator.normal(size=(n, 1, 2))
    lines = lines + size * np.sin(wave * lines[:, :, ::-1] + phase)
    lines = lines - 0.5
    x, y = lines[..., 0], lines[..., 1]
    x = x * 0.82 * np.exp(hand.aspect * generator.normal(size=(n, 1)))
    x = x + y * (-0.1 + hand.shear * generator.normal(size=(n, 1)))
    angle = hand.turn * generator.normal(size=(n, 1))
    turned_x = x * np.cos(angle) - y * np.sin(angle)
    turned_y = x * np.sin(angle) + y * np.cos(angle)
    return np.stack([turned_x, turned_y], axis=2)


def _place(lines: Floats, joined: Ints, pen: Floats) -> Floats:
    """Scale the longer side, pen included, to 20 pixels; put the centre of mass in the middle."""
    low, high = lines.min(axis=1), lines.max(axis=1)
    room = _BOX - 2.0 * pen
    scale = room / np.maximum((high - low).max(axis=1), 0.1)
    lines = lines * scale[:, None, None]
    pieces = lines[:, 1:] - lines[:, :-1]
    length = np.hypot(pieces[..., 0], pieces[..., 1]) * joined[1:] + 1e-9
    middle = (lines[:, 1:] + lines[:, :-1]) / 2
    centre = (middle * length[..., None]).sum(axis=1) / length.sum(axis=1)[:, None]
    placed: Floats = lines - centre[:, None, :] + SIDE / 2
    return placed


def _ink_of(lines: Array, joined: Array, pen: Array, images: Array) -> None:
    """As `_ink`, four pixels of a row at a time."""
    points, n = lines.shape[1], lines.length
    with each(0, n) as sample, each(1, points) as i, when(joined.load(i) > 0):
        at = (sample * points + i) * 2
        a, b = ((lines.load(at + k), lines.load(at + (k + 1))) for k in (-2, 0))
        reach = pen.load(sample) + 0.5
        left, right = _touched(a[0], b[0], reach)
        top, bottom = _touched(a[1], b[1], reach)
        with each(top, bottom) as row, each(left & -_TOGETHER, right, _TOGETHER) as column:
            place = (sample * SIDE + row) * SIDE + column
            x = as_double(in_order(column, _TOGETHER)) + 0.5
            ink = smaller(reach - _distance(x, as_double(row) + 0.5, a, b), 1.0)
            images.store(larger(ink, x.like(images.load(place, _TOGETHER))), place)


def _touched(a: Value, b: Value, reach: Value) -> tuple[Value, Value]:
    """From which pixel on, and up to which, ink may lie that reaches so far around a … b."""
    first, last = whole(smaller(a, b) - reach), whole(larger(a, b) + reach)
    return choose(first < 0, 0, first), choose(last < SIDE - 1, last, SIDE - 1) + 1


def _distance(x: Value, y: Value, a: tuple[Value, Value], b: tuple[Value, Value]) -> Value:
    """How far (x, y) is from the straight piece from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    along = ((x - a[0]) * dx + (y - a[1]) * dy) / choose(square <= 0.0, 1.0, square)
    along = smaller(larger(along, 0.0), 1.0)
    off_x, off_y = a[0] + along * dx - x, a[1] + along * dy - y
    return sqrt(off_x * off_x + off_y * off_y)


@kernel_of(_ink_of)
def _ink(lines: Floats, joined: Ints, pen: Floats, images: Floats) -> None:
    """Draw lines (n, points, 2) with pens of radius (n,) into images (n, 28, 28).

    A pixel's ink is pen + ½ − its distance to the nearest piece of line, cut to 0 … 1.
    """


def centred(drawing: Floats) -> Floats:
    """Prepare a drawing (any height, any width), 0 … 1, as MNIST was: 20 by 20, centred, (28, 28).

    An empty drawing stays empty.
    """
    rows, columns = np.nonzero(drawing > 0.1)
    image: Floats = np.zeros((SIDE, SIDE), np.float32)
    if rows.size == 0:
        return image
    cut = drawing[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = _BOX / max(cut.shape)
    ys, xs = np.mgrid[0 : cut.shape[0], 0 : cut.shape[1]] + 0.5
    centre_y, centre_x = (float((c * cut).sum() / cut.sum()) for c in (ys, xs))
    # Look up, for each pixel of the result, where it came from (bilinear).
    out = np.arange(SIDE) + 0.5 - SIDE / 2
    return _sample(cut, out / scale + centre_y, out / scale + centre_x)


def _sample(image: Floats, ys: Floats, xs: Floats) -> Floats:
    """Read an image at rows `ys` and columns `xs` between pixel centres; outside is paper."""
    padded = np.pad(image, 1)

    def weights(at: Floats, size: int) -> Floats:
        place = np.clip(at + 0.5, 0.0, size - 1.0)
        near: Floats = np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(size)))
        return near

    read = weights(ys, padded.shape[0]) @ padded @ weights(xs, padded.shape[1]).T
    return read.astype(np.float32)
