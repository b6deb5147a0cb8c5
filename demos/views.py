"""What a demo shows, as plain data: arrays and words, no colours, no widths.

The lab's painters decide how a panel looks; a demo only says what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Role = Literal["text", "quiet", "accent", "good", "bad", "a", "b", "c", "d", "e", "f"]


@dataclass(frozen=True, slots=True)
class Points:
    """Points drawn over a raster: coordinates (n, 2), class labels (n,), one mark a class."""

    xy: Floats
    labels: NDArray[np.integer]
    marks: str = "ox+*svd^"


@dataclass(frozen=True, slots=True)
class Arrows:
    """Arrows over a raster: at xy (n, 2) in the direction `by` (n, 2), both in data units.

    All are one cell long, whatever the length of `by`; where it is zero there is none.
    """

    xy: Floats
    by: Floats


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture of values (rows, columns), row 0 on top; `signed` means 0 is the middle colour.

    extent: (x_min, x_max, y_min, y_max) in data units, for the points drawn over it.
    cell: a rectangle (row, column, height, width) to frame, such as a kernel's window.
    path: a polyline (n, 2) in data units, such as a descent's trail.
    """

    title: str
    values: Floats
    lo: float = 0.0
    hi: float = 1.0
    signed: bool = False
    extent: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    points: Points | None = None
    paths: tuple[tuple[str, Role, Floats], ...] = ()
    cell: tuple[int, int, int, int] | None = None
    arrows: Arrows | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One curve: y (n,), x (n,) or the index."""

    name: str
    y: Floats
    x: Floats | None = None
    role: Role = "accent"
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over a common x; `marks` are vertical, `levels` horizontal lines with a word each.

    extent: (x_min, x_max, y_min, y_max), for lines in a plane: it is shown whole and in its shape,
    without axes.
    """

    title: str
    series: tuple[Series, ...]
    x_label: str = ""
    y_label: str = ""
    log_y: bool = False
    log_x: bool = False
    y_range: tuple[float, float] | None = None
    marks: tuple[tuple[float, str], ...] = ()
    levels: tuple[tuple[float, str], ...] = ()
    extent: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length in data units, and the number as it should be read."""

    label: str
    value: float
    text: str = ""
    role: Role = "accent"


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars from `lo` (or from zero, when values may be negative) to `hi`."""

    title: str
    bars: tuple[Bar, ...]
    lo: float = 0.0
    hi: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words; `highlight` marks cells (row, column)."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    highlight: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Grid:
    """A small matrix with a number readable in each cell, such as a kernel or attention map.

    cell: a rectangle (row, column, height, width) of cells to mark.
    edits: the `Cells` knob that sets these numbers; the lab marks the cell in hand.
    """

    title: str
    values: Floats
    digits: int = 2
    lo: float = 0.0
    hi: float = 1.0
    signed: bool = False
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()
    cell: tuple[int, int, int, int] | None = None
    edits: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of plain text, each with a role."""

    title: str
    lines: tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Layers of units joined by weights.

    layers: units a layer; a wide one is drawn shortened with its count.
    weights: one (units_out, units_in) matrix a gap, or none.
    labels: a word a layer.
    """

    title: str
    layers: tuple[int, ...]
    weights: tuple[Floats, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A box in a graph: its name and lines of words, `column` from the left, `row` from the top.

    role: `accent` for a node that takes part in what happens now.
    marked: the lines that it takes part with.
    """

    name: str
    column: int
    row: int
    lines: tuple[str, ...] = ()
    role: Role = "text"
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from one node to another, given by their places in the graph, with its word.

    role: `accent` for an edge that takes part in what happens now.
    """

    start: int
    end: int
    label: str = ""
    role: Role = "quiet"


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes joined by edges, such as a computation whose numbers appear one after another."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days in weeks side by side, each as dark as its value: a year of answers.

    values: (days,), one a day; NaN is a day that is not to be seen. weekday: of the first day,
    0 for Monday. months: (place in `values`, name) of the first day of each month. unit: what
    is counted, in the plural.
    """

    title: str
    values: Floats
    weekday: int = 0
    months: tuple[tuple[int, str], ...] = ()
    unit: str = "answers"


def middles(reach: float, side: int) -> Floats:
    """The middles of side × side cells of the plane from -reach to reach, (side², 2).

    They are in the order of a `Raster`'s values: row by row, the first row on top.
    """
    axis = reach * ((np.arange(side) + 0.5) / side * 2.0 - 1.0)
    points: Floats = np.stack(np.meshgrid(axis, -axis), axis=-1).reshape(-1, 2)
    return points


Panel = Raster | Curves | Bars | Table | Grid | Text | Network | Graph | Calendar


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of a demo.

    picture: the main panel, on the left.
    side: the panels beside it, the most telling first; 80x24 shows as many as fit.
    extra: panels that only a wide terminal shows.
    formula: the formula of the moment in LaTeX with the current numbers plugged in.
    status: step, loss and the like in a few words.
    """

    picture: Panel
    side: tuple[Panel, ...] = ()
    extra: tuple[Panel, ...] = ()
    formula: str = ""
    status: str = ""
    curve: Series | None = field(default=None)
