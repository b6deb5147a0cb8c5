"""`tutor import [FORMAT] FILE`: decks, quizzes and review logs of other programs."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text.printing import say, say_json, tell

if TYPE_CHECKING:
    from tutor.deck.load_progress import OnProgress
    from tutor.session.arriving import Arrival, Kind

# A first word that names a format; a file of that name is `./reviews`.
FIRST_WORDS: tuple[Kind, ...] = ("reviews", "json", "anki")
# Which files an option is for; whoever gives it for another expects what would not happen.
_OPTIONS: dict[str, tuple[Kind, ...]] = {
    "--as": ("deck",), "--into": ("deck", "anki"), "--dates": ("deck",), "--unit": ("reviews",),
    "--no-history": ("anki",), "--weights": ("anki",), "--dry-run": ("deck", "anki", "reviews"),
}  # fmt: skip


def run(args: argparse.Namespace, place: Place) -> int:
    """Import the whole file or nothing. Returns the exit status."""
    from tutor.session import arriving
    from tutor.verbs.opening import open_learner
    from tutor.verbs.progress_line import patience

    word, file = _words(args)
    kind: Kind = word or ("deck" if args.format else arriving.kind_of(file))
    _refuse_foreign_options(args, kind)
    if kind == "json":
        return _journal(args, place, file)
    wish = arriving.Wish(
        args.format or "", args.into or "", args.unit or "ms", not args.no_history, args.weights,
        args.dates and not args.dry_run,
    )  # fmt: skip
    needs_learner = arriving.needs_learner(kind, wish)
    with open_learner(place) if needs_learner else nullcontext() as learner:
        with patience(f"Reading {file.name} …") as on_progress:
            arrival = arriving.look(place, learner, file, kind, wish, on_progress)
        if not args.json:
            for line in (*(() if word else arrival.taken_for()), *arrival.first_cards()):
                say(line)
        _take(args, arrival)
    return 0


def _words(args: argparse.Namespace) -> tuple[Kind | None, Path]:
    words = args.what
    named = next((word for word in FIRST_WORDS if word == words[0]), None)
    if len(words) == 1 and not named:
        return None, Path(words[0]).expanduser()
    if len(words) == 2 and named:
        return named, Path(words[1]).expanduser()
    raise UsageError(
        "Wrong usage",
        f"`import` takes a file, and before it one of: {', '.join(FIRST_WORDS)}.",
        "See: tutor import --help",
    )


def _refuse_foreign_options(args: argparse.Namespace, kind: Kind) -> None:
    for option, kinds in _OPTIONS.items():
        name = "format" if option == "--as" else option[2:].replace("-", "_")
        if getattr(args, name) and kind not in kinds:
            raise UsageError(
                f"No {option} here", f"This is taken for {_NAMES[kind]}.",
                f"{option} is for {' or '.join(_NAMES[each] for each in kinds)}.",
            )  # fmt: skip


_NAMES: dict[Kind, str] = {
    "deck": "a deck", "anki": "a package of Anki's", "reviews": "a review log",
    "json": "a whole journal",
}  # fmt: skip


def _take(args: argparse.Namespace, arrival: Arrival) -> None:
    """Let it come in, or see what would, and say how much that is."""
    from tutor.session.arriving import WOULD
    from tutor.verbs.progress_line import patience

    written: list[Path] = []
    with patience("Counting …" if args.dry_run else "Writing …") as on_progress:
        if args.dry_run:
            arrival.foresee(on_progress)
        else:
            written = _taken(arrival, on_progress)
    for path in written:
        tell(f"written: {path}")
    if args.json:
        say_json(arrival.data())
        return
    came = WOULD if args.dry_run else arrival.came_in
    for line in (*arrival.left_behind(), *arrival.report(came)):
        say(line)


def _taken(arrival: Arrival, on_progress: OnProgress) -> list[Path]:
    try:
        return arrival.take(on_progress)
    except KeyboardInterrupt:
        tell("Stopped: what was not whole yet was put back.")
        raise


def _journal(args: argparse.Namespace, place: Place, file: Path) -> int:
    from tutor.session.carrying import bring

    done = bring(place, file)
    if args.json:
        say_json(asdict(done))
    else:
        say(f"{done.answers:,} answers and {done.states:,} cards' states brought back")
    return 0
