"""Paints the `plot` blocks of decks as the lab paints its curves, and says them in words."""

from __future__ import annotations

import math

import numpy as np
from rich.segment import Segment

from demos.views import Curves, Role, Series
from tutor.deck.plots import Line, Plot, PlotError, plot
from tutor.plot.painter import paint
from tutor.plot.palette import DARK
from tutor.plot.scale import number
from tutor.plot.sentences import sentences

HEIGHT = 12
WIDEST = 64
ROLES: tuple[Role, ...] = ("accent", "bad", "good", "text")


def rows(source: str, width: int) -> list[list[Segment]] | None:
    """The picture of a block in the dark palette's colours; None when it cannot be drawn."""
    try:
        read = plot(source)
    except PlotError:
        return None
    painted = paint(_curves(read), min(width, WIDEST), HEIGHT, DARK)
    return painted if read.title else painted[1:]  # the first row holds the title alone


def plain_rows(source: str, width: int | None) -> list[str] | None:
    """The picture as text, with each curve in words below it, for ears and for poor fonts."""
    painted = rows(source, width or WIDEST)
    if painted is None:
        return None
    picture = ["".join(segment.text for segment in row).rstrip() for row in painted]
    return [*picture, *(_in_words(line) for line in plot(source).lines)]


def said_rows(source: str) -> list[str] | None:
    """The same in sentences alone; None when it cannot be drawn."""
    try:
        read = plot(source)
    except PlotError:
        return None
    return sentences(_curves(read))


def _curves(read: Plot) -> Curves:
    series = tuple(
        Series(line.name, np.array(line.y), np.array(line.x), role, line.dots)
        for line, role in zip(read.lines, ROLES, strict=False)
    )
    return Curves(
        read.title,
        series,
        x_label=read.x.label,
        y_label=read.y.label,
        log_x=read.x.log,
        log_y=read.y.log,
        y_range=(read.y.low, read.y.high) if read.y.given else None,
        marks=read.marks,
        levels=read.levels,
    )


def _in_words(line: Line) -> str:
    """Where a curve starts and ends, and its lowest and highest points between."""
    points = [(x, y) for x, y in zip(line.x, line.y, strict=True) if math.isfinite(y)]
    low, high = min(points, key=lambda p: p[1]), max(points, key=lambda p: p[1])
    told = dict.fromkeys((points[0], *sorted((low, high)), points[-1]))
    return f"{line.name}: " + ", ".join(f"{number(y)} at {number(x)}" for x, y in told)
