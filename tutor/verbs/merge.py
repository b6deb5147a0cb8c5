"""`tutor merge OTHER`: what you did on another machine joins what you did here."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, say_json, tell


def run(args: argparse.Namespace, place: Place) -> int:
    """Merge the whole journal or nothing. Returns the exit status."""
    from tutor.session.merging import merge
    from tutor.verbs.opening import open_learner
    from tutor.verbs.progress_line import patience

    with open_learner(place) as learner, patience("Taking in …") as on_progress:
        done = merge(learner, Path(args.other), on_progress)
    for warning in done.warnings:
        tell(warning)
    if args.json:
        say_json({"added": done.added, "present": done.present})
    else:
        rows = plural(done.added, "row")
        say(f"{rows} of the journal came in, {done.present:,} were here already")
    return 0
