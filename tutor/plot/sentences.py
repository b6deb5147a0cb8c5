"""What a demo's panel shows, in sentences: for ears, for fingers and for a log.

A curve is told by its turns, a picture of values by where the border in it lies, rows and bars as
they are. Numbers are rounded as the painters round them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from demos.views import (
    Bars,
    Calendar,
    Curves,
    Floats,
    Frame,
    Graph,
    Grid,
    Network,
    Panel,
    Points,
    Raster,
    Series,
    Table,
    Text,
)
from tutor.text.math import spoken
from tutor.text.spoken import row_sentences

BIGGEST = 10_000_000
MOST_BARS, MOST_ROWS, MOST_CROSSINGS, CUTS = 24, 24, 4, 5


def frame_sentences(frame: Frame) -> list[str]:
    """The whole picture of a moment, the main panel first."""
    said = [f"Status: {' '.join(frame.status.split())}."] if frame.status else []
    if frame.formula:
        said.append(f"Formula: {spoken(frame.formula)}.")
    for panel in (frame.picture, *frame.side, *frame.extra):
        said += sentences(panel)
    return said


def number(value: float) -> str:
    """Three digits, and a whole number as it is: `4000`, `0.363`, `6.2e-05`."""
    if value == round(value) and abs(value) < BIGGEST:
        return f"{value:.0f}"
    return f"{value:.3g}"


def sentences(panel: Panel) -> list[str]:
    """One panel: its title and what is in it."""
    match panel:
        case Curves():
            said = list(_curves(panel))
        case Raster():
            said = list(_raster(panel))
        case Bars():
            said = [f"{bar.label}: {bar.text or number(bar.value)}." for bar in panel.bars]
            said = _at_most(said, MOST_BARS, "bars")
        case Table():
            said = _at_most(row_sentences(panel.columns, panel.rows), MOST_ROWS, "rows")
        case Grid():
            said = list(_grid(panel))
        case Text():
            said = [line for line, _ in panel.lines if line]
        case Network():
            said = [_network(panel)]
        case Graph():
            said = list(_graph(panel))
        case Calendar():
            said = list(_calendar(panel))
    return [f"{_KINDS[type(panel)]} {panel.title}:", *said] if panel.title else said


_KINDS = {
    Curves: "Curves,", Raster: "Picture,", Bars: "Bars,", Table: "Table,", Grid: "Matrix,",
    Text: "Text,", Network: "Network,", Graph: "Graph,",
    Calendar: "Calendar,",
}  # fmt: skip


def _at_most(lines: list[str], most: int, what: str) -> list[str]:
    """The first lines, and how many more there are."""
    left = len(lines) - most
    return lines if left <= 0 else [*lines[:most], f"And {left} more {what}."]


def _calendar(panel: Calendar) -> Iterator[str]:
    """The sum, the fullest day, and each month's sum."""
    values = np.asarray(panel.values, dtype=float)
    seen = values[np.isfinite(values)]
    if not seen.any():
        yield f"No {panel.unit} yet."
        return
    yield f"{number(seen.sum())} {panel.unit} on {int((seen > 0).sum())} of {len(seen)} days."
    yield f"At most {number(seen.max())} a day."
    starts = [at for at, _ in panel.months]
    for (at, name), end in zip(panel.months, [*starts[1:], len(values)], strict=True):
        yield f"{name}: {number(np.nansum(values[at:end]))}."


# -- curves -------------------------------------------------------------------------------------


def _curves(panel: Curves) -> Iterator[str]:
    for series in panel.series:
        yield _series(series, panel.x_label)
    for at, word in panel.marks:
        yield f"Mark{f' {word}' if word else ''} at {panel.x_label or 'x'} {number(at)}."
    for at, word in panel.levels:
        if word:
            yield f"Level {word} at {number(at)}."


def _series(series: Series, x_label: str) -> str:
    """`loss starts at 0.7 at step 0, falls to 0.1 at step 40 and ends at 0.3 at step 100.`"""
    y = np.asarray(series.y, dtype=float)
    x = np.arange(len(y)) if series.x is None else np.asarray(series.x, dtype=float)
    kept = np.isfinite(y) & np.isfinite(x)
    x, y = x[kept], y[kept]
    name = series.name or "the curve"
    if not len(y):
        return f"{name} has no points yet."

    def point(at: int) -> str:
        return f"{number(y[at])} at {x_label or 'x'} {number(x[at])}"

    if series.dots:
        lowest, highest = point(int(y.argmin())), point(int(y.argmax()))
        return f"{name}: {len(y)} points, from {lowest} to {highest}."
    turns = _turns(y)
    said = [f"starts at {point(0)}"]
    said += [f"{_way(y[a], y[b])} {point(b)}" for a, b in pairwise(turns)]
    told = [", ".join(said[:-1]), said[-1]] if len(said) > 1 else said
    return f"{name} {' and '.join(told)}."


def _way(before: float, after: float) -> str:
    if number(before) == number(after):
        return "stays near"
    return "rises to" if after > before else "falls to"


def _turns(y: Floats) -> list[int]:
    """First, lowest, highest and last point, in order; those hardly apart from a neighbour not."""
    span = float(y.max() - y.min())
    inner = sorted({int(y.argmin()), int(y.argmax())})
    last = len(y) - 1
    kept = [0]
    for at in inner:
        if 0 < at < last and min(abs(y[at] - y[kept[-1]]), abs(y[at] - y[last])) > 0.03 * span:
            kept.append(at)
    return [*kept, last] if last else kept


# -- pictures of values -------------------------------------------------------------------------


def _raster(panel: Raster) -> Iterator[str]:
    values = np.asarray(panel.values, dtype=float)
    middle = 0.0 if panel.signed else (panel.lo + panel.hi) / 2
    finite = np.isfinite(values)
    if not finite.any():
        yield "Nothing in it is a number."
        return
    high = float((values[finite] > middle).mean())
    lowest, highest = float(values[finite].min()), float(values[finite].max())
    yield (
        f"Values from {number(lowest)} to {number(highest)};"
        f" {high:.0%} of the area is above {number(middle)}."
    )
    if 0 < high < 1 and min(values.shape) > CUTS:
        yield from _border(panel, values > middle)
    if panel.points is not None:
        yield _points(panel.points)
    for name, _, line in panel.paths:
        if len(line):
            yield f"Path {name}: from {_place(line[0])} to {_place(line[-1])}, {len(line)} points."


def _border(panel: Raster, high: np.ndarray) -> Iterator[str]:
    """Where the border between low and high lies, on a few lines from bottom to top."""
    left, right, low, top = panel.extent
    rows, columns = high.shape
    for part in np.linspace(0.1, 0.9, CUTS):
        column = high[:, round(part * (columns - 1))]
        at = np.flatnonzero(column[1:] != column[:-1])
        x = left + part * (right - left)
        places = [number(top - (row + 1) / rows * (top - low)) for row in at[::-1]]
        bottom = "high" if column[-1] else "low"
        if not places:
            yield f"At x {number(x)} all is {bottom}."
        elif len(places) > MOST_CROSSINGS:
            yield f"At x {number(x)} it changes {len(places)} times between low and high."
        else:
            at_y = ", ".join(places)
            yield f"At x {number(x)} it is {bottom} at the bottom and changes at y {at_y}."


def _points(points: Points) -> str:
    parts = []
    for label in np.unique(points.labels):
        of = points.xy[points.labels == label]
        mark = points.marks[int(label) % len(points.marks)]
        parts.append(f"{len(of)} of class {mark} around {_place(of.mean(axis=0))}")
    return f"Points: {'; '.join(parts)}."


def _place(xy: Floats) -> str:
    return f"x {number(float(xy[0]))}, y {number(float(xy[1]))}"


# -- the rest -----------------------------------------------------------------------------------


def _grid(panel: Grid) -> Iterator[str]:
    values = np.asarray(panel.values)
    if panel.column_labels:
        yield f"Columns: {', '.join(panel.column_labels)}."
    for at, row in enumerate(values[:MOST_ROWS]):
        name = panel.row_labels[at] if at < len(panel.row_labels) else f"row {at + 1}"
        yield f"{name}: {', '.join(f'{value:.{panel.digits}f}' for value in row)}."
    if len(values) > MOST_ROWS:
        yield f"And {len(values) - MOST_ROWS} more rows."


def _network(panel: Network) -> str:
    names = (*panel.labels, *[""] * len(panel.layers))
    layers = [
        f"{count} ({name})" if name else f"{count}"
        for count, name in zip(panel.layers, names, strict=False)
    ]
    return f"Layers with {', '.join(layers)} units."


def _graph(panel: Graph) -> Iterator[str]:
    for node in panel.nodes:
        yield f"{node.name}: {', '.join(node.lines)}." if node.lines else f"{node.name}."
    for edge in panel.edges:
        ends = f"{panel.nodes[edge.start].name} to {panel.nodes[edge.end].name}"
        yield f"From {ends}{f': {edge.label}' if edge.label else ''}."
