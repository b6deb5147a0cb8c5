"""`tutor sync DIR [--git]`: rows of other machines come in, rows of this one go out.

DIR is a folder, or the address of a class, which is a server.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, say_json, tell

if TYPE_CHECKING:
    from tutor.deck.load_progress import OnProgress
    from tutor.session.learner import Learner
    from tutor.session.syncing import Synced


def run(args: argparse.Namespace, place: Place) -> int:
    """Sync with the folder. Returns the exit status."""
    from tutor.verbs.opening import open_learner
    from tutor.verbs.progress_line import patience

    with open_learner(place) as learner, patience("Taking in …") as on_progress:
        done = _sync(learner, args, on_progress)
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


def _sync(learner: Learner, args: argparse.Namespace, on_progress: OnProgress) -> Synced:
    from tutor.exchange.classroom.address import is_address

    if is_address(args.folder):
        from tutor.session.syncing_class import sync_with_class
        from tutor.verbs.asking_password import password

        if args.git:
            raise UsageError("A class is no clone", "--git is for a folder.", "Leave it out.")
        return sync_with_class(learner, args.folder, password, on_progress)
    from tutor.session import syncing

    act = syncing.sync_with_git if args.git else syncing.sync
    return act(learner, Path(args.folder).expanduser(), on_progress)
