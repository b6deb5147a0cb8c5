"""`tutor sync DIR [--git]`: rows of other machines come in, rows of this one go out."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.paths import Place
from tutor.text.printing import say, say_json, tell


def run(args: argparse.Namespace, place: Place) -> int:
    """Sync with the folder. Returns the exit status."""
    from tutor.session import syncing
    from tutor.verbs.opening import open_learner

    folder = Path(args.folder).expanduser()
    with open_learner(place) as learner:
        done = (syncing.sync_with_git if args.git else syncing.sync)(learner, folder)
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
        say(f"{_rows(done.added)} of other machines came in, {_rows(done.sent)} went out")
    return 0


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
