"""`tutor stats`: how it goes, in words, as JSON, or as a picture to share."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tutor.paths import Place
from tutor.text.printing import say, say_json
from tutor.text.voice import speaking
from tutor.verbs.speaking import spelled, voice

if TYPE_CHECKING:
    from datetime import date

    from tutor.session.past import Past, Row
    from tutor.session.statistics import Stats, StudyDay

_DAYS = 14
_WEEKS = 12
_WEAKEST = 10
_NAMED = 5
_YEAR = 365


def run(args: argparse.Namespace, place: Place) -> int:
    """Print the numbers of Progress. Returns the exit status."""
    from tutor.session import past, statistics
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        stats, before = statistics.gather(learner), past.gather(learner)
        today, chapters = statistics.day_of(learner.today.day), learner.library.chapters
    if args.svg is not None:
        from tutor.verbs import stats_picture

        where = stats_picture.write(args.svg, stats, before, today, chapters)
        say(f"The picture lies in {where}.")
        return 0
    if args.json:
        say_json(stats.as_json() | before.as_json())
        return 0
    with voice(args, place):
        say(spelled("\n".join([*_lines(stats, before, today), *_past_lines(before, chapters)])))
    return 0


def _lines(stats: Stats, past: Past, today: date) -> Iterator[str]:
    known = sum(topic.known for topic in stats.topics)
    seen = sum(stats.cards[phase] for phase in ("learning", "review", "suspended"))
    between = ", " if speaking() else " "
    rows = {
        "answers": f"{stats.reviews:,}",
        "cards": ", ".join(f"{count:,} {phase}" for phase, count in stats.cards.items()),
        "waiting": str(stats.due.waiting),
        "remembered": f"probably {stats.knowledge:,.0f} of {seen:,} cards begun" if seen else "",
        "retention": _retention(stats, past),
        "minutes": _minutes(stats, today),
        "streak": f"{stats.streak} {'day' if stats.streak == 1 else 'days'}",
        "topics": f"{known} of {len(stats.topics)} known",
        "coming": f"{between.join(map(str, stats.forecast[:7]))} cards in the next 7 days",
        "later": f"{sum(stats.forecast[:30]):,} cards in 30 days, {sum(stats.forecast):,} in 365",
        "leeches": _named(stats.leeches, "leech"),
        "flagged": _named(stats.flagged, "flag:"),
    }
    for name, value in rows.items():
        if value:
            yield f"{name}: {value}" if speaking() else f"{name:<12}{value}"
    if stats.study_days:
        yield "\nstudy days"
    for day in stats.study_days[-_DAYS:]:
        yield f"  {day.day}  {day.reviews:>5} answers  {day.seconds / 60:>6.1f} min"
    yield from _months(stats, past, today)
    weak = stats.weakest(_WEAKEST)
    if weak:
        yield "\nweakest topics, by the chance to remember today"
    for topic in weak:
        yield f"  {topic.retrievability:>4.0%}  {topic.title}, {topic.seen} of its cards seen"


def _named(keys: Sequence[str], query: str) -> str:
    """The first of some cards, and what finds all of them."""
    more = f", and {len(keys) - _NAMED:,} more: tutor browse {query}" * (len(keys) > _NAMED)
    return ", ".join(keys[:_NAMED]) + more


def _months(stats: Stats, past: Past, today: date) -> Iterator[str]:
    """The year month by month: what was done, and how many cards were known at its end."""
    from tutor.session.statistics import day_of

    known = {f"{day_of(day):%Y-%m}": cards for day, cards in past.knowledge}
    found: dict[str, list[StudyDay]] = {}
    for each in stats.study_days:
        if (today - each.day).days < _YEAR:
            found.setdefault(f"{each.day:%Y-%m}", []).append(each)
    if len(found) > 1:
        yield "\nmonths, with the cards probably remembered at the end of each"
    for month, days in found.items() if len(found) > 1 else ():
        answers, minutes = sum(d.reviews for d in days), sum(d.seconds for d in days) / 60
        told = f"{len(days):>3} days {answers:>6,} answers {minutes:>6,.0f} min"
        told += f" {known[month]:>7,.0f} remembered" if month in known else ""
        yield f"  {month}: {' '.join(told.split())}" if speaking() else f"  {month} {told}"


def _retention(stats: Stats, past: Past) -> str:
    kept = stats.true_retention
    if kept is None:
        return "no reviews yet: it shows when cards come back on a later day"
    interval = f"95 %: {kept.low:.1%} to {kept.high:.1%}"
    if speaking():
        interval = f"likely {kept.low:.1%} to {kept.high:.1%}"
    return f"{kept.value:.1%} of {kept.n:,} ({interval}), wished {past.wish:.0%}"


def _minutes(stats: Stats, today: date) -> str:
    spans = (stats.over(days, today) for days in (7, 30, 365))
    told = (f"{span.seconds / 60:,.0f} in {span.days} days" for span in spans if span.reviews)
    return ", ".join(told)


def _past_lines(past: Past, chapters: dict[int, str]) -> Iterator[str]:
    titles = {str(number): title for number, title in chapters.items()}
    yield from _table("by week, from its Monday", past.weeks[-_WEEKS:], {})
    yield from _table("by interval", past.intervals, {})
    yield from _table("by chapter", past.chapters, titles)
    judged = {
        "when sure": past.sure,
        "when unsure": past.unsure,
        "demos foretold": past.predictions,
    }
    if any(share.n for share in judged.values()):
        yield "\nhow well you judge"
    for name, share in judged.items():
        if share.n:
            yield f"  {name}: right {share.value:.0%} of {share.n:,} times"
    yield from _model(past)
    if past.work:
        yield "\nwhat another desired retention would cost, were all cards learned in a year"
    for work in past.work:
        known = f"{work.remembered:.0f} of {work.introduced:,} remembered at the end"
        yield f"  {work.retention:.0%}: {work.minutes / 365:.1f} min a day, {known}"


def _table(title: str, rows: tuple[Row, ...], names: dict[str, str]) -> Iterator[str]:
    """True retention, its interval, and what the model foretold, row by row."""
    if rows:
        yield f"\nretention {title}, and what the model foretold"
    for row in rows:
        name, kept = names.get(row.name, row.name), row.kept.remembered
        share = f"{kept.value:>4.0%} ({kept.low:.0%} to {kept.high:.0%}) of {kept.n:,}"
        foretold = f"foretold {row.kept.foretold:.0%}"
        if speaking():
            share = f"{kept.value:.0%} of {kept.n:,}, likely {kept.low:.0%} to {kept.high:.0%}"
            yield f"  {name}: {share}, {foretold}"
        else:
            yield f"  {share}, {foretold}: {name}"


def _model(past: Past) -> Iterator[str]:
    model = past.model
    if model is None:
        return
    whose = f"fitted to your answers on {model.fitted}" if model.fitted else "the usual weights"
    yield f"\nmemory model: {whose}"
    yield f"  foretold {model.kept.foretold:.1%}, remembered {model.kept.remembered.value:.1%}"
    yield f"  log loss {model.log_loss:.4f}, RMSE (bins) {model.rmse_bins:.4f}"
