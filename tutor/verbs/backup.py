"""`tutor backup [FILE]`: a checked and sealed copy of the answers.

Without FILE it goes into the backups folder. Prints where it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.errors import NotFoundError
from tutor.paths import Place
from tutor.text.printing import say


def run(args: argparse.Namespace, place: Place) -> int:
    """Make the copy. Returns the exit status."""
    from tutor.store.catalog import Files
    from tutor.store.database import open_store, refuse_lost

    if not place.database.exists():
        refuse_lost(Files(place.database, place.backups))
        raise NotFoundError(
            "There are no answers to keep yet",
            f"{place.database} does not exist.",
            "Study first: tutor study",
        )
    from tutor.store.backup import backup_in, backup_to

    with open_store(place.database, place.backups) as store:
        if args.file is None:
            file = backup_in(store.engine, store.files, "manual")
        else:
            file = backup_to(store.engine, store.files, _target(args.file, place))
    say(file)
    return 0


def _target(given: str, place: Place) -> Path:
    """The file itself, or a file in the folder given."""
    path = Path(given).expanduser()
    return path / place.database.name if path.is_dir() else path
