"""The curve of the last run, laid under that of this one."""

from __future__ import annotations

from dataclasses import replace

from demos.views import Curves, Frame, Panel, Series


def with_ghost(frame: Frame, ghost: Series) -> Frame:
    """`frame` with the ghost in the first chart that holds the frame's own curve."""
    if frame.curve is None:
        return frame
    faded = replace(ghost, name="last run", role="quiet", dots=False)
    panels = [frame.picture, *frame.side, *frame.extra]
    for place, panel in enumerate(panels):
        if isinstance(panel, Curves) and any(s.name == frame.curve.name for s in panel.series):
            panels[place] = replace(panel, series=(faded, *panel.series))
            return _reassembled(frame, panels)
    return frame


def _reassembled(frame: Frame, panels: list[Panel]) -> Frame:
    cut = 1 + len(frame.side)
    return replace(frame, picture=panels[0], side=tuple(panels[1:cut]), extra=tuple(panels[cut:]))
