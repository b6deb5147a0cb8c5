"""`tutor ids`: adds missing ids to deck files, or fails when any is missing (for CI)."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tutor.deck import files, ids
from tutor.paths import Place
from tutor.text.printing import say, tell
from tutor.verbs.check import existing
from tutor.verbs.opening import load


def run(args: Namespace, place: Place) -> int:
    """With --write add the ids; with --check list what is missing and return 1."""
    paths = [Path(file) for file in files.find(map(existing, args.paths))]
    library = load(place, paths)
    taken = {*library.topics, *library.entries}
    total = 0
    for path in paths:
        data = files.read_bytes(path)
        found = ids.missing(data, str(path), taken)
        taken.update(one.key for one in found)
        total += len(found)
        for one in found:
            verb = "id=" if args.write else "no id; could be "
            say(f"{path}:{one.line}: {one.word}: {verb}{one.id}")
        changed = ids.with_ids(data, found) if found else data
        if args.write and (deck := ids.deck_to_name(data, str(path))):
            say(f"{path}:1: deck: {deck}")
            changed = ids.with_deck(changed, deck)
        if args.write and changed != data:
            files.write_bytes(path, changed)
    told = "added" if args.write else "missing"
    tell(f"{total} id{'' if total == 1 else 's'} {told}")
    return 1 if total and args.check else 0
