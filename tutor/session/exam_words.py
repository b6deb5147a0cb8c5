"""An exam in words, for the page and the plain verbs alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.quiz.report import Item, Report


def day(study_day: int) -> str:
    """A study day as a date, such as 2026-11-28."""
    return str(date(1970, 1, 1) + timedelta(days=study_day))


def calibration_lines(report: Report) -> Iterator[str]:
    """How often what was said to be sure was right, and what was said to be unsure."""
    for word, right, asked in report.calibration:
        yield f"When {word}: {right} of {asked} right ({right / asked:.0%})."


def interval(report: Report) -> str:
    """`58 % to 92 %`."""
    low, high = report.interval
    return f"{low * 100:.0f} % to {high * 100:.0f} %"


def likely(report: Report) -> str:
    """The interval of the score in a sentence."""
    low, high = report.interval
    return f"Your share of right answers lies between {low:.0%} and {high:.0%}, 95 times in 100."


def chapter_name(number: int, title: str) -> str:
    """`5 Optimisers`; a deck without a chapter has only its title."""
    return f"{number} {title}" if number else title


def answer_lines(item: Item) -> Iterator[str]:
    """What was answered, how sure, the slip by its name, and what is right."""
    sure = f" ({item.confidence})" if item.confidence else ""
    yield f"you: {item.shown or ('I do not know' if item.given else 'no answer')}{sure}"
    if item.misconception:
        yield f"slip: {item.misconception}"
    if not item.right:
        yield f"right: {item.expected}"


def time_left(ms: int) -> str:
    """`12 min`, and in the last two minutes `95 s`."""
    return f"{-(-ms // 60_000)} min" if ms > 120_000 else f"{ms // 1000} s"
