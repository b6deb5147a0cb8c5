"""A file that may come in: looked at, told in sentences, and taken in only then.

It finds out by itself whether the file is an Anki package, a review log or a deck of any format
that `tutor.exchange` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tutor.errors import UsageError
from tutor.exchange import reviews
from tutor.exchange.anki import package_reader
from tutor.exchange.decks import Plan
from tutor.exchange.journal_json import looks_like_a_journal
from tutor.exchange.notes import LeftOut
from tutor.session import importing, importing_anki, importing_decks
from tutor.session.learner import Learner

_FIRST = 3


@dataclass(frozen=True, slots=True)
class Arrival:
    """What would come in; nothing is written yet.

    told: what it was taken for, and how much it is, in sentences. cards: kind and front of the
    first cards. left_out: what stays behind, and why. take: brings it in, each deck and all
    answers whole or not at all, and says what came in; raises as the store and files do.
    """

    told: Sequence[str]
    cards: Sequence[tuple[str, str]]
    left_out: Sequence[LeftOut]
    take: Callable[[], str]


def look(learner: Learner, file: Path) -> Arrival:
    """Read the file. Raises UsageError when nothing of it can come in."""
    if package_reader.looks(file):
        return _package(learner, file)
    first = _first_line(file)
    if looks_like_a_journal(first):
        raise UsageError(
            "This is a whole journal",
            "It is brought back into an empty folder, beside no other answers.",
            "Say: tutor --data-dir DIR import json FILE",
        )
    if reviews.is_head(first):
        return _log(learner, file)
    return _deck(learner, file)


def _first_line(file: Path) -> str:
    try:
        if not file.is_file():
            raise FileNotFoundError(2, "there is no such file")
        with file.open(encoding="utf-8-sig", errors="replace") as given:
            return given.readline(10_000)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read", f"{error.strerror}.", "Look at its name and its rights."
        ) from error


def _package(learner: Learner, file: Path) -> Arrival:
    package = importing_anki.look(learner, file, "")
    importing_anki.count(learner, package)
    arrived = package.arrived
    told = [
        "An Anki package.",
        _how_many(package.plan),
        f"{arrived.new_answers:,} answers are new,"
        f" {arrived.answers - arrived.new_answers:,} are in your journal already.",
    ]

    def take() -> str:
        importing_anki.take(learner, package, with_history=True, weights=False)
        return f"{package.plan.cards:,} cards and {package.arrived.new_answers:,} answers came in."

    return Arrival(told, _first(package.plan), package.left_out(), take)


def _log(learner: Learner, file: Path) -> Arrival:
    rows = reviews.read_reviews(file, "ms")

    def take() -> str:
        done = importing.import_reviews(learner, rows)
        return f"{done.reviews:,} answers came in, {done.skipped:,} were there already."

    return Arrival([f"A review log with {len(rows):,} answers."], (), (), take)


def _deck(learner: Learner, file: Path) -> Arrival:
    plan = importing_decks.look(learner.place, file, "", "")

    def take() -> str:
        written = importing_decks.write(learner.place, plan)
        learner.reload()
        return f"{plan.cards:,} cards came in: {', '.join(path.name for path in written)}"

    told = [f"Read as {plan.found.format}.", *plan.found.taken, _how_many(plan)]
    return Arrival(told, _first(plan), plan.left_out, take)


def _how_many(plan: Plan) -> str:
    names = ", ".join(deck.file for deck in plan.decks)
    return f"{plan.cards:,} cards are new, {plan.present:,} are there already: {names}."


def _first(plan: Plan) -> list[tuple[str, str]]:
    cards: Iterable[tuple[str, str]] = (
        (card.kind, card.front) for deck in plan.decks for card in deck.cards
    )
    return list(islice(cards, _FIRST))
