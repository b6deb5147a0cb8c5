"""A crowd as rows of characters: a map over two knobs, and how often each number came.

Nothing here needs a colour: the ramp says it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

RAMP = " .:-=+*%@#"
BAR, MARK = "█", "▲"


def shade(share: float) -> str:
    """A character for a share from 0 to 1; only 0 is blank, and only 1 is full."""
    if not math.isfinite(share):
        return "?"
    if share <= 0.0 or share >= 1.0:
        return RAMP[0] if share <= 0.0 else RAMP[-1]
    return RAMP[1 + min(len(RAMP) - 3, int(share * (len(RAMP) - 2)))]


def map_rows(
    shares: Sequence[Sequence[float | None]], labels: Sequence[str], columns: Sequence[str],
    cursor: tuple[int, int], wide: int = 2, high: int = 1,
) -> list[str]:  # fmt: skip
    """The map, the last row of `shares` on top; None: not known yet. The cell in hand has brackets.

    labels: of the rows; columns: of the columns, of which as many are written as there is room for.
    """
    margin = max(map(len, labels), default=0)
    rows = []
    for r in reversed(range(len(shares))):
        cells = "".join(_cell(share, (r, c) == cursor, wide) for c, share in enumerate(shares[r]))
        rows.append(f"{labels[r]:>{margin}} │{cells}│")
        plain = "".join(_cell(share, False, wide) for share in shares[r])
        rows += [f"{'':>{margin}} │{plain}│"] * (high - 1)
    return [*rows, f"{'':>{margin}}  {_under(columns, wide)}"]


def _cell(share: float | None, held: bool, wide: int) -> str:
    character = "·" if share is None else shade(share)
    return f"[{character * (wide - 2)}]".ljust(wide) if held and wide > 2 else (
        "[]" if held else character * wide
    )  # fmt: skip


def _under(columns: Sequence[str], wide: int) -> str:
    """The labels of columns, each below the first character of its own, where there is room."""
    line, free = "", 0
    for c, label in enumerate(columns):
        at = c * wide
        if at >= free:
            line = line.ljust(at) + label
            free = len(line) + 1
    return line


def distribution_rows(
    values: Sequence[float], mark: float | None, width: int, height: int
) -> list[str]:
    """How often each number came, as bars; below them the ends of the scale and a mark.

    The farthest twentieth at either end is gathered in the last column there.
    """
    finite = sorted(value for value in values if math.isfinite(value))
    if not finite:
        return ["no run stayed finite"]
    low, high = _ends(finite, mark)
    counts = [0] * width
    for value in finite:
        counts[_column(value, low, high, width)] += 1
    top = max(counts)
    rows = [
        "".join(BAR if count * height > level * top else " " for count in counts)
        for level in reversed(range(height))
    ]
    under = [" "] * width
    if mark is not None and math.isfinite(mark):
        under[_column(mark, low, high, width)] = MARK
    left, right = f"{low:.4g}", f"{high:.4g}"
    ends = left + right.rjust(max(0, width - len(left)))
    return [*rows, "─" * width, "".join(under), ends]


def _ends(finite: Sequence[float], mark: float | None) -> tuple[float, float]:
    cut = len(finite) // 40
    low, high = finite[cut], finite[-1 - cut]
    if mark is not None and math.isfinite(mark):
        low, high = min(low, mark), max(high, mark)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _column(value: float, low: float, high: float, width: int) -> int:
    return min(width - 1, max(0, int((value - low) / (high - low) * width)))
