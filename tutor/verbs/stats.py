"""`tutor stats`: how it goes, in words or as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.paths import Place
from tutor.text.printing import say, say_json
from tutor.text.voice import speaking
from tutor.verbs.speaking import voice

if TYPE_CHECKING:
    from tutor.session.statistics import Stats

_DAYS = 14
_WEAKEST = 10


def run(args: argparse.Namespace, place: Place) -> int:
    """Print the numbers of Progress. Returns the exit status."""
    from tutor.session.statistics import gather
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        stats = gather(learner)
    if args.json:
        say_json(stats.as_json())
        return 0
    with voice(args, place):
        say("\n".join(_lines(stats)))
    return 0


def _lines(stats: Stats) -> Iterator[str]:
    known = sum(topic.known for topic in stats.topics)
    rows = {
        "answers": f"{stats.reviews:,}",
        "cards": ", ".join(f"{count:,} {phase}" for phase, count in stats.cards.items()),
        "waiting": str(stats.due.waiting),
        "retention": _retention(stats),
        "streak": f"{stats.streak} {'day' if stats.streak == 1 else 'days'}",
        "topics": f"{known} of {len(stats.topics)} known",
        "coming": f"{' '.join(map(str, stats.forecast[:7]))} cards in the next 7 days",
        "leeches": ", ".join(stats.leeches),
    }
    for name, value in rows.items():
        if value:
            yield f"{name}: {value}" if speaking() else f"{name:<12}{value}"
    if stats.study_days:
        yield "\nstudy days"
    for day in stats.study_days[-_DAYS:]:
        yield f"  {day.day}  {day.reviews:>5} answers  {day.seconds / 60:>6.1f} min"
    weak = stats.weakest(_WEAKEST)
    if weak:
        yield "\nweakest topics, by the chance to remember today"
    for topic in weak:
        yield f"  {topic.retrievability:>4.0%}  {topic.title}, {topic.seen} of its cards seen"


def _retention(stats: Stats) -> str:
    kept = stats.true_retention
    if kept is None:
        return "no reviews yet: it shows when cards come back on a later day"
    return f"{kept.value:.1%} of {kept.n:,} (95 %: {kept.low:.1%} to {kept.high:.1%})"
