"""`tutor sync DIR [--git]`: rows of other machines come in, rows of this one go out."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, say_json, tell


def run(args: argparse.Namespace, place: Place) -> int:
    """Sync with the folder. Returns the exit status."""
    from tutor.session import syncing
    from tutor.verbs.opening import open_learner
    from tutor.verbs.progress_line import patience

    folder = Path(args.folder).expanduser()
    act = syncing.sync_with_git if args.git else syncing.sync
    with open_learner(place) as learner, patience("Taking in …") as on_progress:
        done = act(learner, folder, on_progress)
    for line in done.told:
        tell(line)
    if args.json:
        say_json(
            {
                "added": done.added, "present": done.present, "sent": done.sent,
                "told": list(done.told),
            }
        )  # fmt: skip
    else:
        came, went = plural(done.added, "row"), plural(done.sent, "row")
        say(f"{came} of other machines came in, {went} went out")
    return 0
