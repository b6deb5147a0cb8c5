"""`tutor report --year`: a page of Markdown that a learner can show, and a picture beside it."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.memory.stats import Share
from tutor.session.exam_words import chapter_name, day, interval
from tutor.session.past import Row
from tutor.session.year import DAYS, Year
from tutor.text.numerals import plural
from tutor.verbs.markdown_page import table


def page(year: Year, picture: str = "") -> Iterator[str]:
    """The lines of the page. picture: the file of the picture, where one was written."""
    yield f"# A year of learning, up to {year.today:%d %b %Y}"
    yield ""
    yield from _numbers(year)
    if picture:
        yield f"![The year in pictures](<{picture}>)"
        yield ""
    yield from _topics(year)
    yield from _retention(year)
    yield from _exams(year)
    yield from _judged(year)


def _numbers(year: Year) -> Iterator[str]:
    span, known = year.stats.over(DAYS, year.today), sum(each.known for each in year.chapters)
    hours = span.seconds / 3600
    yield f"- {plural(span.reviews, 'answer')} on {plural(span.studied, 'day')}, {hours:.1f} hours"
    yield f"- {year.stats.knowledge:,.0f} cards probably remembered today"
    yield f"- {known} of {plural(sum(each.topics for each in year.chapters), 'topic')} known"
    yield ""


def _topics(year: Year) -> Iterator[str]:
    yield "## Topics"
    yield ""
    if not year.chapters:
        yield "The decks have no chapters."
        yield ""
        return
    yield from table(
        ("chapter", "known", "chance to remember a card of it"),
        [
            (
                chapter_name(each.number, each.title),
                f"{each.known} of {each.topics}",
                "not begun" if each.recall is None else _percent(each.recall),
            )
            for each in year.chapters
        ],
    )


def _retention(year: Year) -> Iterator[str]:
    yield "## Retention, of all answers so far"
    yield ""
    if not year.past.intervals:
        yield "No card was asked again on a later day yet."
        yield ""
        return
    yield from table(
        ("asked again after", "remembered", "95 % interval", "foretold", "answers"),
        [_kept(row) for row in year.past.intervals],
    )


def _kept(row: Row) -> tuple[str, ...]:
    share = row.kept.remembered
    return (
        row.name,
        _percent(share.value),
        _between(share),
        _percent(row.kept.foretold),
        str(share.n),
    )


def _exams(year: Year) -> Iterator[str]:
    yield "## Exams"
    yield ""
    if not year.exams:
        yield "None was taken in this year."
        yield ""
        return
    yield from table(
        ("day", "right", "95 % interval"),
        [
            (
                day(each.study_day),
                f"{each.report.right} of {each.report.asked}",
                interval(each.report),
            )
            for each in year.exams
        ],
    )
    for each in year.passed:
        name = chapter_name(each.mark.number, each.mark.title)
        yield f"- passed, until {day(each.until)}: {name}"
    if year.passed:
        yield ""


def _judged(year: Year) -> Iterator[str]:
    yield "## Predictions and confidence"
    yield ""
    found = {
        "outcomes of demos foretold": year.past.predictions,
        "answers given as sure": year.past.sure,
        "answers given as unsure": year.past.unsure,
    }
    rows = [
        (name, _percent(share.value), _between(share), str(share.n))
        for name, share in found.items()
        if share.n
    ]
    if rows:
        yield from table(("", "right", "95 % interval", "of"), rows)
    else:
        yield "None was made yet."
        yield ""


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _between(share: Share) -> str:
    return f"{share.low * 100:.0f} to {share.high * 100:.0f} %"
