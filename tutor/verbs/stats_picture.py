"""`tutor stats --svg FILE`: the year as a picture to share. It names chapters, never a card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from demos.views import Bar, Bars, Panel, Role, Text
from tutor.exchange import output
from tutor.plot.canvas import Rows
from tutor.plot.painter import paint
from tutor.plot.palette import LIGHT
from tutor.plot.svg import beside, svg
from tutor.session import charts
from tutor.session.past import Past
from tutor.session.statistics import Stats

WIDTH, GAP = 112, 4
CHART, YEAR = 11, 9
MONTH, DAYS = 30, 365
PALETTE = replace(LIGHT, background="#ffffff")


def write(file: str, stats: Stats, past: Past, today: date, chapters: dict[int, str]) -> Path:
    """Write the picture. Raises UnwritableError; returns where it lies."""
    target = Path(file).expanduser()
    rows = picture(stats, past, today, chapters)
    text = svg(rows, PALETTE, f"A year of learning, {today:%d %b %Y}")
    output.write(target, [text.encode()], output.PUBLIC)
    return target


def picture(stats: Stats, past: Past, today: date, chapters: dict[int, str]) -> Rows:
    """The rows of the picture: numbers, the year of days, and the charts two by two."""
    heads = Text(f"Machine learning, a year up to {today:%d %b %Y}", _heads(stats, today))
    rows = _painted(heads, WIDTH, 2 + len(heads.lines))
    rows += _painted(charts.calendar(stats, today), WIDTH, YEAR + 1)
    panels = [panel for panel in _panels(stats, past, today, chapters) if panel is not None]
    half = (WIDTH - GAP) // 2
    for at in range(0, len(panels), 2):
        pair = panels[at : at + 2]
        height = max(map(_height, pair))
        painted = [_painted(panel, half, height) for panel in pair]
        rows += beside(painted[0], painted[1] if len(painted) > 1 else [], GAP)
    return rows


def _heads(stats: Stats, today: date) -> tuple[tuple[str, Role], ...]:
    year, kept = stats.over(DAYS, today), stats.true_retention
    begun = sum(stats.cards[phase] for phase in ("learning", "review", "suspended"))
    known = sum(topic.known for topic in stats.topics)
    told = [
        f"{year.reviews:,} answers on {year.studied} days, {year.seconds / 3600:.1f} hours",
        f"{stats.knowledge:,.0f} of {begun:,} cards probably remembered today; "
        f"{known} of {len(stats.topics)} topics known",
    ]
    if kept is not None:
        interval = f"{kept.low * 100:.1f} to {kept.high * 100:.1f}"
        told.append(f"True retention {kept.value * 100:.1f} % ({interval}) of {kept.n:,} reviews")
    return tuple((line, "text") for line in told)


def _panels(
    stats: Stats, past: Past, today: date, chapters: dict[int, str]
) -> Iterator[Panel | None]:
    yield charts.retention(past, today)
    yield charts.knowledge(past)
    yield charts.coming(stats, MONTH)
    yield charts.minutes(stats, today)
    yield _by_chapter(past, chapters)


def _by_chapter(past: Past, chapters: dict[int, str]) -> Bars | None:
    """True retention of each chapter."""
    bars = tuple(
        Bar(
            chapters.get(int(row.name), row.name),
            row.kept.remembered.value,
            f"{row.kept.remembered.value * 100:.0f} %",
        )
        for row in past.chapters
    )
    return Bars("True retention by chapter", bars) if bars else None


def _height(panel: Panel) -> int:
    return len(panel.bars) + 2 if isinstance(panel, Bars) else CHART


def _painted(panel: Panel, width: int, height: int) -> Rows:
    """The panel with an empty row below it."""
    return [*paint(panel, width, height - 1, PALETTE), *paint(Text("", ()), width, 1, PALETTE)]
