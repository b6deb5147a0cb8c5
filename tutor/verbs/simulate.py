"""`tutor simulate`: what a desired retention costs in reviews and minutes."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tutor import settings
from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text.printing import say, say_json

if TYPE_CHECKING:
    from tutor.memory.simulate import Workload

_MOST_DAYS = 3650


def run(args: argparse.Namespace, place: Place) -> int:
    """Print the curve of work over retention. Returns the exit status."""
    from tutor.memory.simulate import RETENTIONS
    from tutor.session.fitting import forecast_work
    from tutor.verbs.opening import open_learner

    retentions = [_checked(each) for each in args.retention or RETENTIONS]
    if not 1 <= args.days <= _MOST_DAYS:
        raise UsageError("Out of range", f"--days must be from 1 to {_MOST_DAYS}.")
    with open_learner(place) as learner:
        found = forecast_work(learner, retentions, args.days)
        cards = len(learner.course.entry_of)
    if args.json:
        runs = [_json(each, args.days) for each in found]
        say_json({"days": args.days, "cards": cards, "runs": runs})
        return 0
    say(f"{cards:,} cards learned from nothing, {args.days} days:")
    say("retention  reviews a day  minutes a day  remembered at the end")
    for each in found:
        say(
            f"{each.retention:>9.0%}  {each.reviews / args.days:>13.1f}"
            f"  {each.minutes / args.days:>13.1f}  {each.remembered:>9.0f} of {each.introduced:,}"
        )
    return 0


def _checked(retention: float) -> float:
    try:
        return float(settings.checked("desired_retention", retention))
    except ValueError as error:
        raise UsageError("Out of range", f"{error}.".replace("desired_", "--")) from None


def _json(found: Workload, days: int) -> dict[str, Any]:
    return asdict(found) | {
        "reviews_a_day": round(found.reviews / days, 2),
        "minutes_a_day": round(found.minutes / days, 2),
    }
