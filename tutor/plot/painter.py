"""One door for all painters: a panel, a size and a palette in, cells or rows of segments out.

The painter is chosen by the panel's type; the title is the first row of every panel.
"""

from __future__ import annotations

import numpy as np

from demos.views import Bars, Calendar, Curves, Graph, Grid, Network, Panel, Raster, Table, Text
from tutor.plot.bars import paint_bars
from tutor.plot.calendar import paint_calendar
from tutor.plot.canvas import Canvas, Rows, crop
from tutor.plot.curves import paint_curves
from tutor.plot.graph import paint_graph
from tutor.plot.network import paint_network
from tutor.plot.palette import Palette, inks
from tutor.plot.raster import paint_raster
from tutor.plot.tables import paint_grid, paint_table, paint_text


def paint(panel: Panel, width: int, height: int, palette: Palette) -> Rows:
    """`painted` as rows of segments."""
    return painted(panel, width, height, palette).rows()


def painted(panel: Panel, width: int, height: int, palette: Palette) -> Canvas:
    """`panel` as exactly `height` rows of exactly `width` cells, for any size.

    What does not fit is left out, and said so where rows are counted. A value that is not
    finite is a gap. Words of a panel are plain text, never markup.
    """
    styles = inks(palette)
    canvas = Canvas(max(0, width), max(0, height), styles.blank)
    if canvas.width and canvas.height:
        with np.errstate(all="ignore"):
            _paint_below(panel, canvas, palette)
        canvas.put(0, 0, crop(panel.title, canvas.width), styles.role("text", bold=True))
    return canvas


def _paint_below(panel: Panel, canvas: Canvas, palette: Palette) -> None:
    styles = inks(palette)
    match panel:
        case Raster():
            paint_raster(panel, canvas, styles)
        case Curves():
            paint_curves(panel, canvas, styles)
        case Bars():
            paint_bars(panel, canvas, styles)
        case Table():
            paint_table(panel, canvas, styles)
        case Grid():
            paint_grid(panel, canvas, styles)
        case Text():
            paint_text(panel, canvas, styles)
        case Network():
            paint_network(panel, canvas, styles)
        case Graph():
            paint_graph(panel, canvas, styles)
        case Calendar():
            paint_calendar(panel, canvas, styles)
