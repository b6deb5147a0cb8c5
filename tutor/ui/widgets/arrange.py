"""Where a demo's panels stand: the picture at the left, as many others beside it as fit.

Pure arithmetic on cells; the widget paints what comes out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from demos.views import Bars, Curves, Frame, Grid, Panel, Raster, Table, Text

GAP = 2
NARROW = 64
WIDE = 108
SIDE_OF_WIDE = 40
PICTURE = 42
HALF = 28
ELASTIC = 6
# Lines in a plane keep their shape and so need the height to be told apart.
PLANE = 11
# A title row above each panel's own rows.
TITLE = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel with its rectangle in cells, inside the frame's room."""

    panel: Panel
    x: int
    y: int
    width: int
    height: int


def arrange(frame: Frame, width: int, height: int) -> list[Placed]:
    """Place the picture, then the side panels, then (where it is wide) the extra ones.

    Below 64 columns all stand in one column; panels that do not fit are left out.
    """
    if width < 1 or height < 1:
        return []
    if width < NARROW:
        return _column((frame.picture, *frame.side), 0, width, height)
    if width < WIDE:
        left = min(PICTURE, width // 2 + 2)
        beside = _column(frame.side, left + GAP, width - left - GAP, height)
    else:
        left = _picture_width(frame.picture, width, height)
        beside = _columns((*frame.side, *frame.extra), left + GAP, width - left - GAP, height)
    return [Placed(frame.picture, 0, 0, left, height), *beside]


def _columns(panels: tuple[Panel, ...], x: int, width: int, height: int) -> list[Placed]:
    """One column if it holds all panels, else two where there is room for two."""
    fitting = len(_that_fit(panels, height))
    half = (width - GAP) // 2
    if fitting == len(panels) or half < HALF:
        return _column(panels, x, width, height)
    second = _column(panels[fitting:], x + half + GAP, half, height)
    return [*_column(panels[:fitting], x, half, height), *second]


def _picture_width(picture: Panel, width: int, height: int) -> int:
    """All but the side's room; a raster takes no more than makes it square."""
    room = width - SIDE_OF_WIDE - GAP
    if isinstance(picture, Raster):
        return min(room, max(PICTURE, 2 * (height - TITLE)))
    return room


def _column(panels: tuple[Panel, ...], x: int, width: int, height: int) -> list[Placed]:
    """Stack the first panels that fit; what room is left goes to those that can use it."""
    chosen = _that_fit(panels, height)
    spare = height - sum(rows(panel) for panel in chosen) - (len(chosen) - 1)
    elastic = [panel for panel in chosen if _is_elastic(panel)]
    placed, y = [], 0
    for panel in chosen:
        own = rows(panel)
        if _is_elastic(panel):
            share = spare // len(elastic)
            own, spare = own + share, spare - share
            elastic.pop()
        own = min(own, height - y)
        placed.append(Placed(panel, x, y, width, own))
        y += own + 1
    return placed


def _that_fit(panels: tuple[Panel, ...], height: int) -> list[Panel]:
    """The first panel always, each further one while its least rows and a blank one fit."""
    chosen = list(panels[:1])
    used = rows(panels[0]) if panels else 0
    for panel in panels[1:]:
        if used + 1 + rows(panel) > height:
            break
        used += 1 + rows(panel)
        chosen.append(panel)
    return chosen


def rows(panel: Panel) -> int:
    """The rows that a panel needs: all of its lines, or the least for a picture or curves."""
    match panel:
        case Bars():
            return TITLE + len(panel.bars)
        case Table():
            return TITLE + 1 + len(panel.rows)
        case Text():
            return TITLE + len(panel.lines)
        case Grid():
            return TITLE + len(panel.values) + bool(panel.column_labels)
        case Curves(extent=tuple()):
            return TITLE + PLANE
    return TITLE + ELASTIC


def _is_elastic(panel: Panel) -> bool:
    return not isinstance(panel, Bars | Table | Text | Grid)
