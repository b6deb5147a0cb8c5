"""The convolution microscope: a kernel slides over a digit, one window a step.

out = floor((n + 2p - k) / s) + 1, and each output cell is the sum of k x k products
(cross-correlation, as every framework computes it).
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import (
    Answers,
    Ask,
    Cells,
    Choice,
    Dare,
    Explorer,
    Int,
    Knobs,
    Spec,
    Verdict,
    square,
)
from demos.views import Floats, Frame, Grid, Raster, Table, Text

SPEC = Spec(
    name="convolution",
    title="Convolution microscope",
    kind="explorer",
    about="Slide a kernel over a picture: what does it answer to, and how large is the output?",
    topics=("convolution", "padding", "stride", "pooling", "cnn", "receptive-field"),
    knobs=(
        Int("input_size", 12, 5, 28, about="rows and columns of the picture"),
        Int("kernel_size", 3, 1, 5, about="rows and columns of the kernel"),
        Choice("padding", "0", ("0", "1", "2", "same"), about="rings of zeros around the picture"),
        Int("stride", 1, 1, 3, about="how far the window moves"),
        Choice("kernel", "vertical", ("vertical", "horizontal", "blur", "sharpen")),
        Choice("pooling", "none", ("none", "max", "average"), about="2 × 2, stride 2, afterwards"),
        Cells(
            "weights", 5, -9.0, 9.0, 0.5, of=("kernel", "kernel_size"),
            about="your own kernel; up and down choose the cell",
        ),
    ),
    predict=Ask(
        "How large will the output be?",
        ("Smaller than the input", "Exactly as large", "Larger than the input"),
        judged=("output_size",),
    ),
    observe=Ask(
        "Where did this kernel answer most strongly?",
        ("At upright edges", "At level edges", "At both alike"),
    ),
    why=(
        "The window needs k cells, so a row of n + 2p cells has room for (n + 2p − k)/s + 1 of "
        "them, rounded down.",
        "The same k x k weights are used at every place: that is what is meant by parameter "
        "sharing, and it is why a stroke is found wherever it stands.",
        "A stride above the kernel size skips cells: they influence nothing.",
        "With weights in hand you set the kernel cell by cell. What adds up to 0 is blind to plain "
        "areas; one 1 in the middle of zeros copies the picture, and elsewhere it shifts it.",
    ),
    dare=Dare("padding", "same", "how large is the output now?"),
    steps=100,
)  # fmt: skip

# A 7 as strokes from (x, y) to (x, y) in the unit square, y downwards.
STROKES = (((0.2, 0.2), (0.8, 0.2)), ((0.8, 0.2), (0.45, 0.85)), ((0.38, 0.52), (0.72, 0.52)))


def picture(n: int) -> Floats:
    """A drawn 7 as n x n cells from 0 (paper) to 1 (ink)."""
    y, x = (np.indices((n, n)) + 0.5) / n
    nearest = np.full((n, n), np.inf)
    for (x0, y0), (x1, y1) in STROKES:
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
        nearest = np.minimum(nearest, np.hypot(x - x0 - along * dx, y - y0 - along * dy))
    ink: Floats = np.clip(1.5 - nearest * max(n, 9) / 0.9, 0.0, 1.0)
    return ink


def kernel(name: str, k: int) -> Floats:
    """A k x k kernel: dark-to-light edges in one direction, an average, or a sharpener."""
    ramp = np.linspace(1.0, -1.0, k) if k > 1 else np.ones(1)
    blur = np.full((k, k), 1.0 / k**2)
    centre = np.zeros((k, k))
    centre[k // 2, k // 2] = 1.0
    kernels: dict[str, Floats] = {
        "vertical": np.tile(ramp, (k, 1)),
        "horizontal": np.tile(ramp[:, None], (1, k)),
        "blur": blur,
        "sharpen": 2.0 * centre - blur,
    }
    return kernels[name]


def padding_of(word: str, n: int, k: int, s: int) -> tuple[int, int]:
    """Zeros before and after. 'same' keeps ceil(n / s) cells; an odd one goes behind."""
    if word != "same":
        return int(word), int(word)
    total = max(0, (math.ceil(n / s) - 1) * s + k - n)
    return total // 2, total - total // 2


def convolve(padded: Floats, weights: Floats, s: int) -> Floats:
    """The output map: every s-th window of `padded` times `weights`, summed."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, weights.shape)[::s, ::s]
    out: Floats = np.einsum("ijkl,kl->ij", windows, weights)
    return out


def pool(cells: Floats, kind: str) -> Floats:
    """2 x 2 blocks to one cell each, by their maximum or average; a lonely last row is left out."""
    rows, columns = (size // 2 for size in cells.shape)
    if kind == "none" or not rows or not columns:
        return cells
    blocks = cells[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
    pooled: Floats = blocks.max(axis=(1, 3)) if kind == "max" else blocks.mean(axis=(1, 3))
    return pooled


class Run(Explorer):
    """Step t computes the output cell t, row by row, and begins again after the last."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.n, self.s = int(knobs["input_size"]), int(knobs["stride"])
        own = str(knobs["weights"])
        preset = kernel(str(knobs["kernel"]), int(knobs["kernel_size"]))
        self.weights = np.array(square(own)) if own else preset
        self.kernel = "your kernel" if own else f"{knobs['kernel']} kernel"
        self.k = len(self.weights)
        self.pads = padding_of(str(knobs["padding"]), self.n, self.k, self.s)
        self.padded: Floats = np.pad(picture(self.n), self.pads)
        self.output = convolve(self.padded, self.weights, self.s)
        self.pooling = str(knobs["pooling"])

    def window(self) -> tuple[int, int]:
        """The output cell (row, column) that is computed at this step."""
        cell = max(0, self.step_count - 1) % self.output.size
        return cell // self.output.shape[1], cell % self.output.shape[1]

    def frame(self) -> Frame:
        """The padded input with the window; its products; the output as far as it is computed."""
        row, column = self.window()
        top, left = row * self.s, column * self.s
        patch = self.padded[top : top + self.k, left : left + self.k]
        done = np.arange(self.output.size).reshape(self.output.shape) < self.step_count
        reach = max(1e-9, float(np.abs(self.output).max()))
        shown = np.where(done, self.output, 0.0)
        size, out = self.padded.shape[0], self.output.shape[0]
        weights = _grid(self.kernel, self.weights, edits="weights")
        extra: tuple[Grid | Raster | Table, ...] = (weights, _chain())
        begun = self.step_count > 0  # how large the output is, the prediction asks
        if begun and self.pooling != "none":
            pooled = pool(shown, self.pooling)
            extra = (Raster(f"{self.pooling} pooling", pooled, -reach, reach, True), *extra)
        return Frame(
            picture=Raster(
                f"input {self.n}×{self.n}, padded {size}×{size}", self.padded,
                cell=(top, left, self.k, self.k),
            ),
            side=(
                _grid("window times kernel", patch * self.weights),
                Raster(
                    f"output {out}×{out}", shown, -reach, reach, signed=True,
                    cell=(row, column, 1, 1),
                ) if begun else Text("output", (("sealed until the window moves", "quiet"),)),
            ),
            extra=extra,
            formula=rf"o = \left\lfloor\frac{{{self.n} + {sum(self.pads)} - {self.k}}}{{{self.s}}}"
            rf"\right\rfloor + 1 = {out if begun else '?'}",
            status=f"cell ({row + 1}, {column + 1}) = {self.output[row, column]:+.3f}"
            if begun else "nothing computed yet",
        )  # fmt: skip

    def measured(self) -> dict[str, float]:
        """Sizes, weights, the share of cells that are seen, and the error against plain loops."""
        seen = np.zeros(self.padded.shape, dtype=bool)
        starts = range(0, self.padded.shape[0] - self.k + 1, self.s)
        loops = np.empty((len(starts), len(starts)))
        for i, top in enumerate(starts):
            for j, left in enumerate(starts):
                patch = (slice(top, top + self.k), slice(left, left + self.k))
                seen[patch] = True
                loops[i, j] = sum((self.padded[patch] * self.weights).ravel())
        edge = np.tile(np.arange(2 * self.k) < self.k, (2 * self.k, 1)).astype(float)
        inside = slice(self.pads[0], self.pads[0] + self.n)
        return {
            "output_size": float(self.output.shape[0]),
            "windows_counted": float(len(starts)),
            "formula": float((self.n + sum(self.pads) - self.k) // self.s + 1),
            "pooled_size": float(pool(self.output, self.pooling).shape[0]),
            "weights": float(self.weights.size),
            "dense_weights": float(self.n**2 * self.output.size),
            "share_seen": float(seen[inside, inside].mean()),
            "upright_answer": float(np.abs(convolve(edge, self.weights, 1)).mean()),
            "level_answer": float(np.abs(convolve(edge.T, self.weights, 1)).mean()),
            "loop_error": float(np.abs(loops - self.output).max()),
        }

    def verdicts(self) -> list[Verdict]:
        """The size formula, the sum of products, parameter sharing, and no cell skipped."""
        m = self.measured()
        size = f"The formula gives {m['formula']:g} windows a row; counted"
        return [
            Verdict(size, m["windows_counted"], "==", m["formula"]),
            Verdict("Each cell is its sum of products (error)", m["loop_error"], "<=", 1e-12),
            Verdict("Weights, against a dense layer's", m["weights"], "<", m["dense_weights"]),
            Verdict(
                "Share of input cells that some window sees", m["share_seen"], ">=", 1.0,
                "Choose a stride no larger than the kernel, or add padding.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the output's own size and by the answers to an upright and a level edge."""
        m = self.measured()
        upright, level = m["upright_answer"], m["level_answer"]
        seen = 0 if upright > 2 * level else 1 if level > 2 * upright else 2
        return Answers(int(np.sign(m["output_size"] - self.n)) + 1, seen)


def _grid(title: str, values: Floats, edits: str = "") -> Grid:
    reach = max(1e-9, float(np.abs(values).max()))
    return Grid(title, values, lo=-reach, hi=reach, signed=True, edits=edits)


def _chain() -> Table:
    """Shapes and parameters of a small network for 14 x 14 pictures: 2,698 in all."""
    rows, size, channels, total = [("input", "14×14×1", "0")], 14, 1, 0
    for maps in (8, 16):
        count = maps * (3 * 3 * channels + 1)
        rows.append((f"conv 3×3, {maps} maps, same", f"{size}×{size}×{maps}", f"{count:,}"))
        size, channels, total = size // 2, maps, total + count
        rows.append(("max pooling 2×2", f"{size}×{size}×{maps}", "0"))
    count = size * size * channels * 10 + 10
    rows.append(("dense", "10", f"{count:,}"))
    rows.append(("together", "", f"{total + count:,}"))
    return Table("a whole network", ("layer", "shape", "parameters"), tuple(rows))
