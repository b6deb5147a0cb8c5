"""Same size, other pixels: two programs slide one kernel over one picture with stride 2.

Keras's "same" needs p = max((o - 1) s + k - n, 0) cells of padding in all for o = ceil(n / s)
outputs, the smaller half of them in front; PyTorch's padding=(k - 1)/2 puts as many on each side.
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Dare, Explorer, Flag, Int, Knobs, Spec, Verdict
from demos.convolution import convolve, kernel, padding_of, picture
from demos.views import Floats, Frame, Panel, Raster, Table, Text

SPEC = Spec(
    name="edge",
    title="Windows at the edge",
    kind="explorer",
    about="Keras and PyTorch give outputs of one size: do they read the same pixels?",
    topics=("framework-windows", "padding", "stride"),
    knobs=(
        Int("input_size", 12, 5, 16, about="rows and columns of the picture"),
        Int("kernel_size", 3, 3, 7, 2, about="rows and columns of the kernel"),
        Int("stride", 2, 1, 3, about="how far the window moves"),
        Flag("pad_by_hand", False, about="PyTorch gets the zeros where Keras puts them"),
    ),
    predict=Ask(
        "Outputs of one size. Which cells do the windows read?",
        ("The same ones", "Keras's stand further on", "PyTorch's stand further on"),
        judged=("keras_in_front", "pytorch_in_front"),
    ),
    observe=Ask(
        "Whose last window hung over the far edge?",
        ("Keras's", "PyTorch's", "Both", "Neither"),
    ),
    why=(
        "For n = 12, k = 3, s = 2 there are 6 outputs, and they need (6 − 1)·2 + 3 − 12 = 1 cell "
        "of padding. Keras puts it behind; PyTorch's padding=1 puts one on each side.",
        "So PyTorch's windows begin one cell earlier. The sizes agree and nothing complains, but "
        "weights that are carried over see the picture shifted by one cell.",
        "With an odd n two cells are needed, one on each side: then both read alike. Stride 1 is "
        "always alike for an odd kernel.",
        "The cure is to pad by hand, F.pad(x, (0, 1, 0, 1)), and to convolve without padding.",
    ),
    dare=Dare("input_size", 13, "are the windows still apart?"),
    pace=0.4,
    steps=36,
)  # fmt: skip

NAMES = ("Keras same", "PyTorch")


class Program:
    """One program's way to pad: its zeros in front and behind, its padded picture, its output."""

    def __init__(self, name: str, pads: tuple[int, int], image: Floats, k: int, s: int) -> None:
        self.name, self.pads, self.k, self.s, self.n = name, pads, k, s, len(image)
        self.padded: Floats = np.pad(image, pads)
        self.output = convolve(self.padded, kernel("vertical", k), s)

    def reads(self, window: int) -> str:
        """The cells of a row that a window covers, a dot for one of padding."""
        first = window * self.s - self.pads[0]
        cells = range(first, first + self.k)
        return " ".join(str(cell) if 0 <= cell < self.n else "·" for cell in cells)

    @property
    def overhangs(self) -> bool:
        """Whether the last window reads padding behind the picture."""
        last = (len(self.output) - 1) * self.s - self.pads[0]
        return last + self.k > self.n


def _gaps(a: Program, b: Program) -> Floats:
    """How far the outputs lie apart where both have one: an even kernel gives PyTorch one more."""
    size = min(len(a.output), len(b.output))
    gaps: Floats = np.abs(a.output[:size, :size] - b.output[:size, :size])
    return gaps


class Run(Explorer):
    """Step t computes the output cell t in both programs, and begins again after the last."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.n, self.k = int(knobs["input_size"]), int(knobs["kernel_size"])
        self.s, self.image = int(knobs["stride"]), picture(self.n)
        same = padding_of("same", self.n, self.k, self.s)
        each = self.k // 2
        own = same if knobs["pad_by_hand"] else (each, each)
        self.keras, self.torch = (
            self._program(name, pads) for name, pads in zip(NAMES, (same, own), strict=True)
        )

    def _program(self, name: str, pads: tuple[int, int]) -> Program:
        return Program(name, pads, self.image, self.k, self.s)

    def window(self) -> tuple[int, int]:
        """The output cell (row, column) that is computed at this step."""
        size = len(self.keras.output)
        cell = max(0, self.step_count - 1) % size**2
        return cell // size, cell % size

    def frame(self) -> Frame:
        """Both padded pictures with the window; which cells it reads; both outputs so far."""
        begun = self.step_count > 0  # which cells are read, the prediction asks
        if not begun:
            sealed = Text("PyTorch", (("sealed until the window moves", "quiet"),))
            plain = Raster(f"picture {self.n}×{self.n}", self.image)
            return Frame(plain, (self._cells(), sealed), (), self._formula(), "nothing read yet")
        row, column = self.window()
        panels = [self._padded(program) for program in (self.keras, self.torch)]
        apart = self.torch.output[row, column] - self.keras.output[row, column]
        return Frame(
            picture=panels[0],
            side=(self._cells(), panels[1]),
            extra=tuple(self._output(program) for program in (self.keras, self.torch)),
            formula=self._formula(),
            status=f"cell ({row + 1}, {column + 1}): PyTorch less Keras {apart:+.3f}",
        )

    def _padded(self, program: Program) -> Panel:
        row, column = self.window()
        front, behind = program.pads
        return Raster(
            f"{program.name}: {front} before, {behind} behind", program.padded,
            cell=(row * self.s, column * self.s, self.k, self.k),
        )  # fmt: skip

    def _output(self, program: Program) -> Panel:
        size = len(program.output)
        done = np.arange(size**2).reshape(size, size) < self.step_count
        reach = max(1e-9, float(np.abs(self.keras.output).max()))
        shown = np.where(done, program.output, 0.0)
        cell = (*self.window(), 1, 1)
        return Raster(f"output of {program.name}", shown, -reach, reach, True, cell=cell)

    def _cells(self) -> Table:
        """What each window of a row reads."""
        begun = self.step_count > 0
        rows = tuple(
            (str(i), *(program.reads(i) if begun else "?" for program in (self.keras, self.torch)))
            for i in range(len(self.keras.output))
        )
        column = self.window()[1]
        marked = frozenset({(column, 1), (column, 2)}) if begun else frozenset[tuple[int, int]]()
        return Table("cells that each window reads", ("", *NAMES), rows, marked)

    def _formula(self) -> str:
        """Keras's rule: the outputs, the padding in all, and the half in front."""
        outputs = math.ceil(self.n / self.s)
        size = rf"o = \left\lceil\frac{{{self.n}}}{{{self.s}}}\right\rceil = {outputs}"
        if not self.step_count:
            return size
        p = sum(self.keras.pads)
        needed = rf"p = \max(({outputs} - 1)\cdot {self.s} + {self.k} - {self.n}, 0) = {p}"
        front = rf"\left\lfloor p/2\right\rfloor = {self.keras.pads[0]}"
        return rf"{size},\ {needed},\ {front}"

    def measured(self) -> dict[str, float]:
        """Zeros in front and behind, sizes, and how far the outputs lie apart."""
        keras, torch = self.keras, self.torch
        shift = torch.pads[0] - keras.pads[0]
        largest = float(np.abs(keras.output).max())
        gap = float(_gaps(keras, torch).max())
        return {
            "keras_in_front": float(keras.pads[0]),
            "pytorch_in_front": float(torch.pads[0]),
            "cells_apart": float(abs(shift)),
            "size_gap": float(abs(len(keras.output) - len(torch.output))),
            "output_gap": gap / largest,
            "gap_after_shift": self._after_shift(shift),
            "keras_overhangs": float(keras.overhangs),
            "pytorch_overhangs": float(torch.overhangs),
        }

    def _after_shift(self, shift: int) -> float:
        """The largest difference that is left once PyTorch gets the picture moved, edge aside."""
        moved = np.zeros_like(self.image)
        moved[: self.n - shift, : self.n - shift] = self.image[shift:, shift:]
        torch = Program("", self.torch.pads, moved, self.k, self.s)
        gaps = _gaps(self.keras, torch)
        edge = math.ceil(self.torch.pads[0] / self.s)
        return float(gaps[edge:, edge:].max())

    def verdicts(self) -> list[Verdict]:
        """The windows are apart, the sizes are not, and a shift of the picture explains it all."""
        m = self.measured()
        odd = "They agree: take an even picture, stride 2, and PyTorch's own padding."
        return [
            Verdict("Cells by which the windows are apart", m["cells_apart"], ">=", 0.5, odd),
            Verdict("Largest difference of outputs, of the largest", m["output_gap"], ">=", 0.5,
                    odd),
            Verdict("Sizes of the outputs differ by", m["size_gap"], "==", 0.0),
            Verdict("Picture moved by so much: outputs differ by", m["gap_after_shift"], "<=",
                    1e-12),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the zeros in front, and by who reads zeros behind."""
        keras, torch = self.keras.overhangs, self.torch.overhangs
        both = 2 if keras else 3
        apart = self.torch.pads[0] > self.keras.pads[0]
        return Answers(int(apart), both if keras == torch else int(torch))
