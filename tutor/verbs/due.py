"""`tutor due`: what waits, in one line or as JSON."""

from __future__ import annotations

import argparse

from tutor.paths import Place
from tutor.text.printing import say, say_json
from tutor.verbs.speaking import moment, spelled, voice


def run(args: argparse.Namespace, place: Place) -> int:
    """Print what waits. Returns the exit status."""
    from tutor.session.outlook import outlook
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        due, found = learner.due(), outlook(learner)
        minutes, now = learner.summary.minutes(learner.today), learner.now().utc_ms
    if args.json:
        say_json(due.as_json())
        return 0
    with voice(args, place):
        say(spelled(f"{due.waiting} · about {minutes} min"))
        if found.told:
            say(found.told)
        if found.spare:
            say(f"{found.spare.minutes} of your minutes are left: {found.spare.told}.")
        if due.next_due_utc_ms is not None:
            say(f"The next card after these is due {moment(due.next_due_utc_ms, now)}.")
    return 0
