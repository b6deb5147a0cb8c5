"""`tutor browse [QUERY]`: find any card, in the app, line by line, or as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text.printing import say, say_json, tell
from tutor.verbs.dialogue import on_terminal
from tutor.verbs.plans import browse_query

if TYPE_CHECKING:
    from tutor.session.card_rows import Row
    from tutor.session.learner import Learner


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's Browse, or print what the query finds. Returns the exit status."""
    if not (args.plain or args.json) and on_terminal():
        from tutor.verbs import app

        return app.run(args, place)
    from tutor.session.browsing import Browser
    from tutor.session.card_rows import COLUMNS
    from tutor.session.query import nothing_found
    from tutor.verbs.opening import open_learner
    from tutor.verbs.progress_line import patience

    if args.sort and args.sort not in COLUMNS:
        known = ", ".join(COLUMNS)
        raise UsageError("No such column", f"{args.sort!r} is no column: {known}.")
    with (
        open_learner(place) as learner,
        patience("Reading the cards …") as on_progress,
        closing(Browser(learner, on_progress)) as browser,
    ):
        rows = browser.find(browse_query(args), args.sort, args.reverse)
        told = [*_one(learner, rows[0])] if len(rows) == 1 else []
    if args.json:
        say_json([row.as_json() for row in rows])
    else:
        for line in lines(rows):
            say(line)
        for line in told:
            say(line)
        tell(f"{len(rows):,} of {len(browser.rows):,} cards")
        if not rows:
            tell(nothing_found(browse_query(args)))
    return 0


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """A line a card: what it asks, where it stands, and its key."""
    from tutor.deck.format import named
    from tutor.text.markdown import plain_line

    for row in rows:
        told = ", ".join(filter(None, (row.entry.kind, when(row), *marks(row))))
        yield f"{plain_line(named(row.entry.front))} ({told}) {row.key}"


def _one(learner: Learner, row: Row) -> Iterator[str]:
    """How the only card that was found stands, and its history."""
    from tutor.session.card_facts import by_gap, facts_of, standing

    for name, one in by_gap(facts_of(learner, row.key)):
        yield f"  {name}{standing(one)}"
        yield from (f"    {line}" for line in one.history)


def when(row: Row) -> str:
    """When a card is due, in words."""
    if row.phase == "new":
        return "new"
    if row.days is None:
        return ""
    from tutor.memory.labels import days_until

    return f"due {'in ' if row.days > 1 else ''}{days_until(row.days)}"


def marks(row: Row) -> Iterator[str]:
    """What else is to be said of it."""
    if row.lapses:
        yield f"forgotten {row.lapses} times" if row.lapses > 1 else "forgotten once"
    for mark in ("flagged", "suspended", "buried"):
        if getattr(row, mark):
            yield mark
