"""`tutor report`: the chapters that were passed and how exams went, as text, Markdown or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tutor.paths import Place
from tutor.session.exam_words import (
    answer_lines,
    calibration_lines,
    chapter_name,
    day,
    interval,
    likely,
)
from tutor.text.printing import say, say_json
from tutor.text.voice import speaking
from tutor.text.wrap import wrap
from tutor.verbs.markdown_page import escaped, table
from tutor.verbs.speaking import spelled, voice

if TYPE_CHECKING:
    from tutor.quiz.report import Report
    from tutor.session.exam_result import Passed, Result

_SHOWN = 10  # exams, in a line each


def run(args: argparse.Namespace, place: Place) -> int:
    """Print what was achieved. Returns the exit status."""
    if args.year or args.svg:
        return _year(args, place)
    from tutor.session.exam_result import passed, results
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        found, today = results(learner), learner.now().study_day
        chapters = passed(found, today)
    if args.json:
        say_json(
            {
                "passed": [
                    each.mark.as_json()
                    | {"exam": each.exam, "day": day(each.study_day), "until": day(each.until)}
                    for each in chapters
                ],
                "exams": [result.as_json() for result in found],
            }
        )
        return 0
    with voice(args, place):
        lines = _markdown if args.markdown else _plain
        for line in lines(found, chapters):
            say(line)
    return 0


def _year(args: argparse.Namespace, place: Place) -> int:
    """Print the page of a year, and write its picture."""
    from tutor.session.year import gather
    from tutor.verbs import report_year, stats_picture
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        year, chapters = gather(learner), dict(learner.library.chapters)
    written = ""
    if args.svg:
        file = stats_picture.write(args.svg, year.stats, year.past, year.today, chapters)
        written = str(file)
    if args.json:
        say_json(year.as_json() | ({"svg": written} if written else {}))
        return 0
    with voice(args, place):
        for line in report_year.page(year, written):
            say(line)
    return 0


def _plain(found: Sequence[Result], chapters: Sequence[Passed]) -> Iterator[str]:
    if not found:
        yield "No exam yet. Take one: tutor exam, or tutor exam --chapter 1"
        return
    yield "Chapters passed" if chapters else "No chapter counts as passed now."
    for each in chapters:
        yield f"  {chapter_name(each.mark.number, each.mark.title)}: {_passed(each)}"
    yield ""
    yield "Exams, the newest first"
    for result in found[:_SHOWN]:
        yield f"  {day(result.study_day)}  {score(result.report)}, {_time(result)}"
    yield ""
    yield f"The exam of {day(found[0].study_day)}"
    yield from result_lines(found[0])


def _markdown(found: Sequence[Result], chapters: Sequence[Passed]) -> Iterator[str]:
    yield "# Exams"
    yield ""
    if not found:
        yield "None was taken yet."
        return
    yield "## Chapters passed"
    yield ""
    yield from table(
        ("chapter", "right", "exam", "counts until"),
        [
            (
                chapter_name(each.mark.number, each.mark.title),
                f"{each.mark.right} of {each.mark.asked}",
                day(each.study_day),
                day(each.until),
            )
            for each in chapters
        ],
    )
    yield "## Taken"
    yield ""
    yield from table(
        ("day", "score", "95 % interval", "time"),
        [
            (
                day(result.study_day),
                f"{result.report.right} of {result.report.asked}",
                interval(result.report),
                _time(result),
            )
            for result in found
        ],
    )
    yield f"## The questions of {day(found[0].study_day)}"
    yield ""
    for number, item in enumerate(found[0].report.items, 1):
        yield f"{number}. {escaped(' '.join(item.question.split()))}"
        for text in answer_lines(item):
            yield f"   - {escaped(text)}"


def result_lines(result: Result, width: int | None = None) -> Iterator[str]:
    """An exam in full: score, chapters, how well the learner knew it, each question."""
    report = result.report
    if speaking():
        yield f"{report.right} of {report.asked} right. Time: {_time(result)}."
        yield likely(report)
    else:
        yield f"{score(report)}, {_time(result)}"
    if result.open:
        yield f"{result.open} without an answer; they count as wrong."
    for mark in result.chapters:
        word = f", passed for {_days()} days" if mark.passed else ""
        yield f"  {chapter_name(mark.number, mark.title)}: {mark.right} of {mark.asked}{word}"
    yield from calibration_lines(report)
    for number, item in enumerate(report.items, 1):
        yield ""
        sign = "right" if item.right else "wrong"
        took = spelled(f"{sign}, {round(item.seconds)} s")
        yield from wrap(f"{number}. {took}. {item.question}", width)
        for text in answer_lines(item):
            yield from wrap(f"   {text}", width)


def score(report: Report) -> str:
    """`16 of 20 right (95 %: 58 % to 92 %)`, or so that it can be heard."""
    if speaking():
        return f"{report.right} of {report.asked} right, likely {interval(report)}"
    return f"{report.right} of {report.asked} right (95 %: {interval(report)})"


def _passed(each: Passed) -> str:
    return f"{each.mark.right} of {each.mark.asked}, until {day(each.until)}"


def _days() -> int:
    from tutor.session.exam_result import PASSED_DAYS

    return PASSED_DAYS


def _time(result: Result) -> str:
    minutes = f"{result.seconds / 60:.0f}" if result.seconds >= 60 else "under 1"
    return spelled(f"{minutes} of {result.minutes} min" if result.minutes else f"{minutes} min")
