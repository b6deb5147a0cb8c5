"""Paints horizontal bars, each with its label and its number.

Bars run from zero where values may be negative, so that their side tells the sign.
"""

from __future__ import annotations

import math

from rich.cells import cell_len

from demos.views import Bar, Bars
from tutor.plot.canvas import Canvas, crop
from tutor.plot.palette import Inks
from tutor.plot.scale import number

# Labels may be long as long as the bars keep so many cells.
_LEAST_BAR = 10
_EIGHTHS = " ▏▎▍▌▋▊▉"


def paint_bars(panel: Bars, canvas: Canvas, inks: Inks) -> None:
    """Paint one bar a row below the title; what does not fit is counted in the last row."""
    room = canvas.height - 1
    shown = panel.bars if len(panel.bars) <= room else panel.bars[: max(0, room - 1)]
    texts = max((cell_len(_words(bar)) for bar in panel.bars), default=0)
    texts = min(texts, canvas.width // 3)
    labels = max((cell_len(bar.label) for bar in panel.bars), default=0)
    labels = min(labels, max(canvas.width // 3, canvas.width - texts - 2 - _LEAST_BAR))
    width = canvas.width - labels - texts - 2
    for row, bar in enumerate(shown, start=1):
        canvas.put(0, row, crop(bar.label, labels), inks.role("text"))
        _bar(bar, panel, canvas, inks, (labels + 1, row, width))
        words = crop(_words(bar), texts)
        canvas.put(canvas.width - cell_len(words), row, words, inks.role("text"))
    if len(shown) < len(panel.bars) and room > 0:
        canvas.put(0, room, f"… {len(panel.bars) - len(shown)} more", inks.role("quiet"))


def _words(bar: Bar) -> str:
    return bar.text or number(bar.value)


def _bar(bar: Bar, panel: Bars, canvas: Canvas, inks: Inks, at: tuple[int, int, int]) -> None:
    """One bar in `width` cells from (x, y)."""
    x, y, width = at
    span = panel.hi - panel.lo
    if width < 1 or not math.isfinite(bar.value) or not 0 < span < math.inf:
        return
    style = inks.role(bar.role)
    origin = max(panel.lo, 0.0) if panel.lo < 0 else panel.lo
    zero = (origin - panel.lo) / span * width
    end = min(max((bar.value - panel.lo) / span, 0.0), 1.0) * width
    if end >= zero:
        canvas.put(x + round(zero), y, _rightward(end - round(zero)), style)
    else:
        half = round(2 * (round(zero) - end))
        text = "▐" * (half % 2) + "█" * (half // 2)
        canvas.put(x + round(zero) - len(text), y, text, style)
    if panel.lo < 0 < panel.hi and round(zero) == end == zero:
        canvas.put(x + round(zero), y, "▏", inks.role("quiet"))


def _rightward(cells: float) -> str:
    """A bar of `cells` cells to the nearest eighth."""
    eighths = max(0, round(cells * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
