"""The numbers in a frame's words as every screen writes them; a demo formats them as it likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from demos.views import (
    Bars,
    Calendar,
    Curves,
    Frame,
    Graph,
    Grid,
    Network,
    Panel,
    Raster,
    Series,
    Table,
    Text,
)
from tutor.text.numerals import in_formula, written


def readable(frame: Frame) -> Frame:
    """`frame` with its numbers in the one notation; its arrays are the same."""
    return replace(
        frame,
        picture=_panel(frame.picture),
        side=tuple(map(_panel, frame.side)),
        extra=tuple(map(_panel, frame.extra)),
        formula=in_formula(frame.formula),
        status=written(frame.status),
        curve=_series(frame.curve) if frame.curve else None,
    )


def _panel(panel: Panel) -> Panel:
    change = cast("Callable[[Panel], Panel]", _CHANGES[type(panel)])
    return change(panel)


def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(written, words))


def _places(places: tuple[tuple[float, str], ...]) -> tuple[tuple[float, str], ...]:
    return tuple((at, written(word)) for at, word in places)


def _series(series: Series) -> Series:
    return replace(series, name=written(series.name))


def _calendar(panel: Calendar) -> Calendar:
    return replace(panel, title=written(panel.title))


def _curves(panel: Curves) -> Curves:
    return replace(
        panel,
        title=written(panel.title),
        series=tuple(map(_series, panel.series)),
        marks=_places(panel.marks),
        levels=_places(panel.levels),
    )


def _raster(panel: Raster) -> Raster:
    paths = tuple((written(name), role, line) for name, role, line in panel.paths)
    return replace(panel, title=written(panel.title), paths=paths)


def _bars(panel: Bars) -> Bars:
    bars = tuple(
        replace(bar, label=written(bar.label), text=written(bar.text)) for bar in panel.bars
    )
    return replace(panel, title=written(panel.title), bars=bars)


def _table(panel: Table) -> Table:
    rows = tuple(map(_words, panel.rows))
    return replace(panel, title=written(panel.title), columns=_words(panel.columns), rows=rows)


def _grid(panel: Grid) -> Grid:
    return replace(
        panel,
        title=written(panel.title),
        row_labels=_words(panel.row_labels),
        column_labels=_words(panel.column_labels),
    )


def _text(panel: Text) -> Text:
    lines = tuple((written(line), role) for line, role in panel.lines)
    return replace(panel, title=written(panel.title), lines=lines)


def _network(panel: Network) -> Network:
    return replace(panel, title=written(panel.title), labels=_words(panel.labels))


def _graph(panel: Graph) -> Graph:
    nodes = tuple(
        replace(node, name=written(node.name), lines=_words(node.lines)) for node in panel.nodes
    )
    edges = tuple(replace(edge, label=written(edge.label)) for edge in panel.edges)
    return replace(panel, title=written(panel.title), nodes=nodes, edges=edges)


_CHANGES = {
    Bars: _bars,
    Calendar: _calendar,
    Curves: _curves,
    Graph: _graph,
    Grid: _grid,
    Network: _network,
    Raster: _raster,
    Table: _table,
    Text: _text,
}
