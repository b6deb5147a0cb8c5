"""`tutor export FORMAT [FILE]`: cards and answers for other programs and other machines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import NotFoundError, UsageError
from tutor.paths import Place
from tutor.text.printing import say, say_json, tell

if TYPE_CHECKING:
    from tutor.deck.library import Library
    from tutor.deck.model import Entry
    from tutor.session.exporting_anki import Wish
    from tutor.session.leaving import Export, Source


def run(args: argparse.Namespace, place: Place) -> int:
    """Write the file at once, or the text on stdout. Returns the exit status."""
    from tutor.session import leaving
    from tutor.session.exporting_anki import Wish

    if args.format not in leaving.WRITERS:
        raise UsageError(
            f"No format {args.format!r}", f"There are {', '.join(leaving.WRITERS)}.",
            "See: tutor export --help",
        )  # fmt: skip
    _refuse_foreign_options(args)
    target = Path(args.file).expanduser() if args.file else None
    leaving.check_target(args.format, target)
    wish = Wish(args.with_schedule, args.preset, args.freeze)
    with _source(args, place, wish) as source:
        made = leaving.WRITERS[args.format](source, wish)
        if target:
            made.write(target)
        else:
            for line in made.lines():
                say(line)
    _summary(args, made)
    return 0


def _refuse_foreign_options(args: argparse.Namespace) -> None:
    """What only Anki's formats have is no option of another."""
    only = {"--with-schedule": ("anki",), "--preset": ("anki",), "--freeze": ("anki", "text")}
    for option, formats in only.items():
        if getattr(args, option[2:].replace("-", "_")) and args.format not in formats:
            raise UsageError(
                f"No {option} here", f"It belongs to `tutor export {formats[0]}`.",
                "See: tutor export --help",
            )  # fmt: skip


@contextmanager
def _source(args: argparse.Namespace, place: Place, wish: Wish) -> Iterator[Source]:
    """The cards asked for, and the learner where the form speaks of answers."""
    from tutor.session import leaving
    from tutor.verbs import opening
    from tutor.verbs.progress_line import patience

    whole = not (args.topic or args.deck)
    if leaving.needs_learner(args.format, wish):
        with opening.open_learner(place) as learner, patience(_WRITING) as told:
            chosen = _entries(args, learner.library)
            yield leaving.Source(place, learner.library, chosen, learner, whole, told)
    else:
        library = opening.load(place)
        yield leaving.Source(place, library, _entries(args, library), whole=whole)


_WRITING = "Writing …"


def _entries(args: argparse.Namespace, library: Library) -> list[Entry]:
    """The cards of the topics and decks asked for; all without such a wish."""
    topics = {_topic(library, name) for name in args.topic}
    for deck in args.deck:
        if not any(entry.deck == deck for entry in library.entries.values()):
            raise NotFoundError("No such deck", f"No deck is called {deck!r}.", "See: tutor check")
    return [
        entry
        for entry in library.entries.values()
        if (not topics or entry.topic in topics) and (not args.deck or entry.deck in args.deck)
    ]


def _topic(library: Library, name: str) -> str:
    found = library.find_topics(name)
    if not found:
        raise NotFoundError("No such topic", f"No topic is called {name!r}.", "See: tutor glossary")
    return found[0].id


def _summary(args: argparse.Namespace, made: Export) -> None:
    """What was written; on stderr where stdout holds the export itself."""
    if args.json:
        out = [{"key": key, "why": why} for key, why in made.left_out]
        data = {
            "notes": made.notes, "cards": made.cards, "answers": made.answers, "left_out": out
        }  # fmt: skip
        if args.file:
            say_json(data)
        else:
            tell(json.dumps(data, ensure_ascii=False))
        return
    tell(f"exported: {made.words}")
    if made.left_out:
        tell(f"{made.left_behind()}; --json names them all")
    for line in made.advice:
        tell(line)
