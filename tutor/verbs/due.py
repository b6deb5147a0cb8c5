"""`tutor due`: what waits, in one line or as JSON."""

from __future__ import annotations

import argparse

from tutor.paths import Place
from tutor.text.printing import say, say_json
from tutor.verbs.speaking import moment, voice


def run(args: argparse.Namespace, place: Place) -> int:
    """Print what waits. Returns the exit status."""
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        due, plan = learner.due(), learner.summary.proposal(learner.today)
        minutes, now = learner.summary.minutes(learner.today), learner.now().utc_ms
    if args.json:
        say_json(due.as_json())
        return 0
    with voice(args, place):
        say(f"{due.waiting} · about {minutes} min")
        if plan.days > 1:
            say(f"In your minutes a day this backlog takes {plan.days} days, riskiest cards first.")
        if due.next_due_utc_ms is not None:
            say(f"The next card after these is due {moment(due.next_due_utc_ms, now)}.")
    return 0
