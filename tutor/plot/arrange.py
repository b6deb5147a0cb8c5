"""Where a demo's panels stand: the picture at the left, as many others beside it as fit.

Pure arithmetic on cells; the widget paints what comes out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from demos.views import Frame, Panel
from tutor.plot.columns import GAP, columns
from tutor.plot.size_hints import rows, size_hint

NARROW = 64
WIDE = 108
PICTURE = 42
# The columns that the side panels keep when a picture needs more than that for its words.
BESIDE = 27


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

    Below 64 columns all stand in one column; from 108 on they stand in the columns that show
    most of them best. Panels that do not fit are left out.
    """
    if width < 1 or height < 1:
        return []
    if width < NARROW:
        return _column((frame.picture, *frame.side), 0, width, height)
    if width < WIDE:
        least = min(size_hint(frame.picture).width, width - GAP - BESIDE)
        left = max(min(PICTURE, width // 2 + 2), least)
        beside = _column(frame.side, left + GAP, width - left - GAP, height)
        return [Placed(frame.picture, 0, 0, left, height), *beside]
    panels = (frame.picture, *frame.side, *frame.extra)
    boxes = columns(tuple(map(size_hint, panels)), 1 + len(frame.side), width, height)
    return [Placed(panels[box.place], box.x, box.y, box.width, box.height) for box in boxes]


def _column(panels: tuple[Panel, ...], x: int, width: int, height: int) -> list[Placed]:
    """Stack the first panels that fit; what room is left goes to those that can use it."""
    chosen = _that_fit(panels, height)
    spare = height - sum(rows(panel) for panel in chosen) - (len(chosen) - 1)
    elastic = [panel for panel in chosen if size_hint(panel).grows]
    placed, y = [], 0
    for panel in chosen:
        own = rows(panel)
        if size_hint(panel).grows:
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
