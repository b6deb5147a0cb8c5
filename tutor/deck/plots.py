"""Reads a `plot` block: a few curves over one axis, as numbers or as a formula of x.

The painters make a picture of it; here it is plain data.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from tutor.deck.format import REFERENCE
from tutor.deck.rules import Findings
from tutor.deck.walker import DomainError, ExprError, Steps, evaluate, number

MAX_SERIES = 4
POINTS = 121
"""Places at which a formula is computed."""
MAX_STEPS = 40_000
"""The work that one block may take: some 80 operations at each place of four curves."""

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TITLE = re.compile(r"title\s+(\S.*)")
_AXIS = re.compile(
    rf"([xy])(?:\s+(?!(?:from|log)\b)(\S.*?))?(?:\s+from\s+({_NUMBER})\s+to\s+({_NUMBER}))?(\s+log)?"
)
_MARK = re.compile(rf'(mark|level)\s+({_NUMBER})\s+"([^"]+)"')
_SERIES = re.compile(r'"([^"]+)"\s*(=|:)\s*(.+)')


class PlotError(ExprError):
    """A line of a `plot` block that cannot be read; `row` counts from 0."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True)
class Span:
    """One axis: its word, its range where one is given, and whether it is logarithmic."""

    label: str = ""
    low: float = math.nan
    high: float = math.nan
    log: bool = False

    @property
    def given(self) -> bool:
        """Whether the block says from where to where."""
        return not math.isnan(self.low)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name, its points, and whether they stay apart. A gap has y = nan."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What a `plot` block says: marks are vertical and levels horizontal lines with a word."""

    title: str = ""
    x: Span = Span()
    y: Span = Span()
    lines: tuple[Line, ...] = ()
    marks: tuple[tuple[float, str], ...] = ()
    levels: tuple[tuple[float, str], ...] = ()


def plot(source: str, points: int = POINTS) -> Plot:
    """The plot that a block's text describes. Raises PlotError, which says what to write."""
    read = Plot()
    series: list[tuple[int, str, bool, str]] = []
    for row, text in enumerate(map(str.strip, source.split("\n"))):
        if not text or text.startswith("#"):
            continue
        if match := _SERIES.fullmatch(text):
            series.append((row, match[1], match[2] == ":", match[3]))
        else:
            read = _with_setting(read, text, row)
    if not 1 <= len(series) <= MAX_SERIES:
        raise PlotError(0, f"{len(series)} curves: a plot has 1 to {MAX_SERIES}")
    steps = Steps(MAX_STEPS)
    lines: list[Line] = []
    for row, name, dots, expr in series:
        try:
            x, y = _values(read.x, expr, points, steps)
        except ExprError as error:
            raise PlotError(row, str(error)) from None
        if not any(map(math.isfinite, y)):
            raise PlotError(row, f"`{name}` has no value anywhere")
        lines.append(Line(name, tuple(x), tuple(y), dots))
    return replace(read, lines=tuple(lines))


def lint(source: str, line: int, findings: Findings) -> None:
    """Report a block, whose first row stands at `line`, that cannot be drawn."""
    try:
        plot(REFERENCE.sub("1", source), points=5)
    except PlotError as error:
        findings.add(line + error.row, "plot", f"{error}.")


def _with_setting(read: Plot, text: str, row: int) -> Plot:
    if match := _TITLE.fullmatch(text):
        return replace(read, title=match[1])
    if match := _MARK.fullmatch(text):
        place = (float(match[2]), match[3])
        if match[1] == "mark":
            return replace(read, marks=(*read.marks, place))
        return replace(read, levels=(*read.levels, place))
    if match := _AXIS.fullmatch(text):
        span = _span(match, row)
        return replace(read, x=span) if match[1] == "x" else replace(read, y=span)
    wanted = 'title ..., x epoch from 0 to 30, y loss, "curve" = ..., or mark 5 "word"'
    raise PlotError(row, f"`{text[:60]}` is not {wanted}")


def _span(match: re.Match[str], row: int) -> Span:
    """An axis; a logarithm needs what is above 0, and a range two different ends."""
    log = bool(match[5])
    if match[3] is None:
        return Span(match[2] or "", log=log)
    low, high = float(match[3]), float(match[4])
    if not low < high or (log and low <= 0) or not math.isfinite(high - low):
        raise PlotError(row, f"from {match[3]} to {match[4]} is no range of this axis")
    return Span(match[2] or "", low, high, log)


def _values(span: Span, expr: str, points: int, steps: Steps) -> tuple[list[float], list[float]]:
    """The points of a curve: a list of numbers, evenly along x, or a formula of x."""
    if expr.startswith("["):
        found = evaluate(expr, {}, steps=steps)
        if not isinstance(found, list):
            raise ExprError("a curve is a formula of x or a list such as [2.3, 1.1]")
        y = [float(number(value)) for value in found]
        low, high = (span.low, span.high) if span.given else (0.0, len(y) - 1.0)
        return _spread(low, high, len(y), span.log), y
    if not span.given:
        raise ExprError("a formula of x needs `x from ... to ...` above it")
    x = _spread(span.low, span.high, points, span.log)
    return x, [_at(expr, place, steps) for place in x]


def _at(expr: str, x: float, steps: Steps) -> float:
    """The formula's value; a gap where it has none."""
    try:
        return float(number(evaluate(expr, {"x": x}, steps=steps)))
    except DomainError:
        return math.nan


def _spread(low: float, high: float, count: int, log: bool) -> list[float]:
    if count < 2:
        return [low] * count
    if log:
        ratio = math.log(high / low)
        return [low * math.exp(ratio * i / (count - 1)) for i in range(count)]
    return [low + (high - low) * i / (count - 1) for i in range(count)]
