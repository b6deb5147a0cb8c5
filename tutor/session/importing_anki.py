"""Takes an Anki package in: its notes into decks, its review log into the journal, its dates.

The cards' answers count at their own times and promise what Anki promised; where a card stands
otherwise in Anki in the end (a date, suspended, a flag), rows of their own say so. What came in
once is known again: a second import of the same or a later package adds only what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tutor.deck.files import entry_of
from tutor.deck.load_progress import OnProgress, ignore, parts
from tutor.errors import UsageError
from tutor.exchange.anki import collection, from_notes
from tutor.exchange.anki.collection import Card, Collection
from tutor.exchange.anki.identities import Identities, name_of
from tutor.exchange.decks import Plan, plan
from tutor.exchange.notes import LeftOut
from tutor.session.anki_rows import Arrived, Rows
from tutor.session.fitting import put_in_force
from tutor.session.importing_decks import deck_texts, written
from tutor.session.learner import Learner

# How long it takes to read a package, to make Markdown of its notes, and decks of that.
_SIZES = (3, 3, 4)


@dataclass(slots=True)
class Package:
    """A package that was looked at; nothing is written yet.

    cards: each card of Anki's that comes in, with its unit. arrived: what came of their answers.
    """

    collection: Collection
    plan: Plan
    identities: Identities
    cards: list[tuple[Card, str]] = field(default_factory=list)
    arrived: Arrived = field(default_factory=Arrived)

    def left_out(self) -> list[LeftOut]:
        """What does not come in, and why."""
        counted = [
            LeftOut(f"{count:,} rows of the log" if count > 1 else "a row of the log", why)
            for why, count in sorted(self.arrived.skipped.items())
        ]
        return [*self.plan.left_out, *counted]


def look(learner: Learner, file: Path, into: str, on_progress: OnProgress = ignore) -> Package:
    """What an import would bring. Raises UsageError when the package cannot be read."""
    reading, converting, planning = parts(on_progress, _SIZES)
    read = collection.read(file, reading)
    identities = Identities.load(learner.place.data)
    known = _known(learner, read, identities)
    used = learner.library.entries.keys() - _own_keys(learner)
    found = from_notes.notes_of(read, known, converting)
    made = plan(found, into, deck_texts(learner.place), known, used, planning)
    if not made.cards and not made.present:
        raise _nothing(file, made)
    package = Package(read, made, identities)
    package.cards = list(_units(package))
    return package


def count(learner: Learner, package: Package, on_progress: OnProgress = ignore) -> None:
    """Count the answers that would come in."""
    package.arrived = Rows(learner, package.collection, package.cards, on_progress).count()
    _count_orphans(package)


def take(
    learner: Learner,
    package: Package,
    with_history: bool,
    weights: bool,
    on_progress: OnProgress = ignore,
) -> list[Path]:
    """Take decks and answers in, all or nothing; the files that were written.

    weights: whether those of the package count from then on, which is an act of its own.
    """
    names = package.identities.path
    with written(learner.place, package.plan, learner, [names]) as decks:
        for card, unit in package.cards:
            package.identities.units[name_of(_guid(package, card), card.ord)] = unit
        package.identities.save()
        _forget_texts(package)
        if decks:
            learner.reload()
        if with_history:
            made = Rows(learner, package.collection, package.cards, on_progress)
            learner.take_in(made.begun)
            package.arrived = made.arrived
            _count_orphans(package)
    if weights and package.collection.weights:
        put_in_force(learner, package.collection.weights, {"source": "anki"})
    return decks


def _forget_texts(package: Package) -> None:
    """Give back what the written decks were made of, before the answers need memory."""
    package.collection.notes.clear()
    package.plan.decks = [replace(deck, text="", parsed=None) for deck in package.plan.decks]


def _known(learner: Learner, read: Collection, identities: Identities) -> dict[str, str]:
    """The key of the card that each card of Anki's is already, by its name."""
    key_of = learner.course.entry_of
    found: dict[str, str] = {}
    for card in read.cards:
        note = read.notes.get(card.note)
        if note is None:
            continue
        name = name_of(note.guid, card.ord)
        unit = identities.units.get(name) or from_notes.own_unit(note, card.ord)
        entry = key_of.get(learner.renames.key(unit)) if unit else None
        if entry is not None:
            found[name] = entry.key
            identities.units[name] = learner.renames.key(unit)
    return found


def _own_keys(learner: Learner) -> set[str]:
    """The cards in the learner's own decks, into whose files new ones are written."""
    folder = str(learner.place.data / "decks")
    entries = learner.library.entries
    return {key for key, entry in entries.items() if entry.source.file.startswith(folder)}


def _units(package: Package) -> Iterator[tuple[Card, str]]:
    """Each card of Anki's that a card of ours is or will be, with its unit."""
    made, known = package.plan, package.identities.units
    units: dict[str, str] = {}
    new = {card.key: card for deck in made.decks for card in deck.cards}
    for key, note in made.notes.items():
        units |= zip(note.units, entry_of(new[key]).units, strict=False)
    for key, note in made.there.items():
        for place, name in enumerate(note.units):
            units[name] = known.get(name) or (key if place == 0 else "")
    for card in package.collection.cards:
        unit = units.get(name_of(_guid(package, card), card.ord), "")
        if unit:
            yield card, unit


def _guid(package: Package, card: Card) -> str:
    note = package.collection.notes.get(card.note)
    return note.guid if note is not None else ""


def _count_orphans(package: Package) -> None:
    """Rows of the log whose card is not in the package, or does not come in."""
    taken = {card.id for card, _ in package.cards}
    places = package.collection.log.places.items()
    orphans = sum(end - first for card, (first, end) in places if card not in taken)
    if orphans:
        package.arrived.skipped["their card does not come in"] += orphans


def _nothing(file: Path, made: Plan) -> UsageError:
    if not made.left_out:
        return UsageError(
            f"{file.name} holds no card", "It is an Anki package without notes.",
            "Export a deck with notes.",
        )  # fmt: skip
    why = made.left_out[0].why.rstrip(".")
    return UsageError(
        f"Nothing of {file.name} can come in",
        f"{len(made.left_out):,} things were looked at; the first: {why}.",
        "Look at them with --dry-run --json.",
    )
