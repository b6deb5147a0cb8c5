"""`tutor import [FORMAT] FILE`: decks, quizzes and review logs of other programs."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.errors import UsageError
from tutor.exchange.anki import package_reader
from tutor.paths import Place
from tutor.text.printing import say, say_json, tell
from tutor.verbs.arrivals import REASONS, show_cards, show_left_out

if TYPE_CHECKING:
    from tutor.exchange.decks import Plan

# A first word that names a format; a file of that name is `./reviews`.
FIRST_WORDS = ("reviews", "json", "anki")


def run(args: argparse.Namespace, place: Place) -> int:
    """Import the whole file or nothing. Returns the exit status."""
    word, file = _words(args)
    if word == "reviews":
        return _reviews(args, place, file)
    if word == "json":
        return _journal(args, place, file)
    if word == "anki" or (not args.format and package_reader.looks(file)):
        from tutor.verbs import import_anki

        return import_anki.run(args, place, file)
    return _deck(args, place, file)


def _words(args: argparse.Namespace) -> tuple[str, Path]:
    words = args.what
    if len(words) == 1 and words[0] not in FIRST_WORDS:
        return "", Path(words[0]).expanduser()
    if len(words) == 2 and words[0] in FIRST_WORDS:
        return words[0], Path(words[1]).expanduser()
    raise UsageError(
        "Wrong usage",
        f"`import` takes a file, and before it one of: {', '.join(FIRST_WORDS)}.",
        "See: tutor import --help",
    )


def _reviews(args: argparse.Namespace, place: Place, file: Path) -> int:
    from tutor.exchange.reviews import read_reviews
    from tutor.session.importing import import_reviews
    from tutor.verbs.opening import open_learner

    rows = read_reviews(file, args.unit)
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


def _journal(args: argparse.Namespace, place: Place, file: Path) -> int:
    from tutor.session.carrying import bring

    done = bring(place, file)
    if args.json:
        say_json(asdict(done))
    else:
        say(f"{done.answers:,} answers and {done.states:,} cards' states brought back")
    return 0


def _deck(args: argparse.Namespace, place: Place, file: Path) -> int:
    from tutor.session import importing_decks

    plan = importing_decks.look(place, file, args.format or "", args.into or "")
    if not args.json:
        _show(plan)
    if not args.dry_run:
        for path in importing_decks.write(place, plan):
            tell(f"written: {path}")
        dates = _dates(place, plan) if args.dates else 0
    else:
        dates = 0
    _report(args, plan, dates)
    return 0


def _dates(place: Place, plan: Plan) -> int:
    from tutor.session import importing_decks
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        return importing_decks.take_dates(learner, plan)


def _show(plan: Plan) -> None:
    """What was taken for what, the first cards, and what stays behind."""
    for sentence in plan.found.taken[:REASONS]:
        say(sentence)
    show_cards(plan)
    show_left_out(plan.left_out)


def _report(args: argparse.Namespace, plan: Plan, dates: int) -> None:
    if args.json:
        say_json(_data(plan, dates))
        return
    verb = "would come in" if args.dry_run else "came in"
    names = ", ".join(deck.file for deck in plan.decks)
    say(f"{plan.cards:,} cards {verb}, {plan.present:,} were there already: {names}")
    dated = sum(note.due is not None for note in plan.notes.values())
    if dates:
        say(f"{dates:,} cards begin with the date they had")
    elif dated:
        say(f"{dated:,} cards have a date in the file: --dates takes it along")


def _data(plan: Plan, dates: int) -> dict[str, Any]:
    return {
        "format": plan.found.format,
        "taken": plan.found.taken,
        "cards": plan.cards,
        "present": plan.present,
        "answers": 0,
        "new_answers": 0,
        "dates": dates,
        "decks": [deck.file for deck in plan.decks],
        "left_out": [{"what": left.what, "why": left.why} for left in plan.left_out],
    }
