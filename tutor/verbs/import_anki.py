"""`tutor import anki FILE`: decks, answers and dates of an Anki package."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.paths import Place
from tutor.text.printing import say, say_json, tell
from tutor.verbs.arrivals import show_cards, show_left_out

if TYPE_CHECKING:
    from tutor.session.importing_anki import Package


def run(args: argparse.Namespace, place: Place, file: Path) -> int:
    """Import the whole package or nothing. Returns the exit status."""
    from tutor.session import importing_anki
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        package = importing_anki.look(learner, file, args.into or "")
        if not args.json:
            show_cards(package.plan)
        if not args.dry_run:
            written = importing_anki.take(learner, package, not args.no_history, args.weights)
            for path in written:
                tell(f"written: {path}")
        elif not args.no_history:
            importing_anki.count(learner, package)
    if args.json:
        say_json(_data(package))
    else:
        _report(args, package)
    return 0


def _report(args: argparse.Namespace, package: Package) -> None:
    plan, arrived, read = package.plan, package.arrived, package.collection
    show_left_out(package.left_out())
    verb = "would come in" if args.dry_run else "came in"
    names = ", ".join(deck.file for deck in plan.decks)
    say(f"{plan.cards:,} cards {verb}, {plan.present:,} were there already: {names}")
    if not args.no_history:
        there = arrived.answers - arrived.new_answers
        say(f"{arrived.new_answers:,} answers {verb}, {there:,} were in your journal already")
    if arrived.estimated:
        say(f"{arrived.estimated:,} cards lack their first answers: their memory is estimated")
    if read.weights and not args.weights:
        say("Anki's options have FSRS weights of their own: --weights takes them along")


def _data(package: Package) -> dict[str, Any]:
    plan, arrived = package.plan, package.arrived
    return {
        "format": "anki",
        "cards": plan.cards,
        "present": plan.present,
        "answers": arrived.answers,
        "new_answers": arrived.new_answers,
        "estimated": arrived.estimated,
        "decks": [deck.file for deck in plan.decks],
        "weights": list(package.collection.weights),
        "left_out": [{"what": left.what, "why": left.why} for left in package.left_out()],
    }
