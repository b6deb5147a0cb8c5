"""`tutor restore FILE`: bring a backup back, after checking it.

The database it replaces is kept among the backups, so that this too can be taken back.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.paths import Place
from tutor.text.printing import say


def run(args: argparse.Namespace, place: Place) -> int:
    """Restore, or refuse and change nothing. Returns the exit status."""
    from tutor.store.catalog import Files
    from tutor.store.database import open_store
    from tutor.store.restore import restore

    done = restore(Path(args.file).expanduser(), Files(place.database, place.backups))
    # Opening brings an older backup to today's schema at once.
    open_store(place.database, place.backups).close()
    say(f"restored {done.events} rows of the journal from {args.file}")
    if done.aside is not None:
        say(f"what was there before: {done.aside}")
    return 0
