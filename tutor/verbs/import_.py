"""`tutor import reviews FILE.csv`: take a review log in, for the fit and the statistics."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from tutor.paths import Place
from tutor.text.printing import say, say_json


def run(args: argparse.Namespace, place: Place) -> int:
    """Import the whole file or nothing. Returns the exit status."""
    from tutor.exchange.reviews import read_reviews
    from tutor.session.importing import import_reviews
    from tutor.verbs.opening import open_learner

    rows = read_reviews(Path(args.file).expanduser(), args.unit)
    with open_learner(place) as learner:
        done = import_reviews(learner, rows)
    if args.json:
        say_json(asdict(done))
    else:
        answers = "1 answer" if done.reviews == 1 else f"{done.reviews:,} answers"
        cards = "1 card" if done.cards == 1 else f"{done.cards:,} cards"
        say(f"{answers} to {cards} imported")
        if done.skipped:
            say(f"{done.skipped:,} were in your journal already")
        if done.left_out:
            say(f"{done.left_out:,} rows of rating 0 left out: dates set and cards reset")
    return 0
