"""Cards, and on wish the schedule, as a package for Anki."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tutor import garbage
from tutor.deck.library import Library
from tutor.deck.load_progress import OnProgress, counted, ignore, parts
from tutor.deck.model import Entry
from tutor.errors import DeckError
from tutor.exchange.anki import package_writer
from tutor.exchange.anki.identities import Identities
from tutor.exchange.anki.kept import KeptNotes, path_of
from tutor.exchange.anki.package_writer import Note, Package, Schedule
from tutor.exchange.anki.to_notes import DRAWN, LeftOutError, Made, Making
from tutor.memory import time as days
from tutor.paths import Place
from tutor.session.anki_schedule import Schedules, scheduled
from tutor.text.numerals import plural

if TYPE_CHECKING:
    from tutor.session.learner import Learner

ROOT = "Tutor"
"""The deck in Anki that holds all others."""

# How long the texts take, and the answers.
_SIZES = (1, 1)
Scheduling = Callable[[str, int], Schedule]
"""From a unit and its place among new cards to its schedule."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to go along. freeze: instances of each card that draws its numbers."""

    schedule: bool = False
    preset: bool = False
    freeze: int = 0

    @property
    def needs_learner(self) -> bool:
        """Whether the answers must be opened."""
        return self.schedule or self.preset


@dataclass(frozen=True, slots=True)
class Gathered:
    """A package that is ready to be written. left_out: (key, why) of each card that stays."""

    package: Package
    left_out: Sequence[tuple[str, str]]
    known: KeptNotes
    notes: int = field(init=False)
    cards: int = field(init=False)
    answers: int = field(init=False)

    def __post_init__(self) -> None:
        cards = [card for note in self.package.notes for _, card in note.cards]
        object.__setattr__(self, "notes", len(self.package.notes))
        object.__setattr__(self, "cards", len(cards))
        object.__setattr__(self, "answers", sum(map(scheduled, cards)))

    def bytes(self) -> bytes:
        """The package's bytes."""
        return package_writer.write(self.package)

    def remember(self) -> None:
        """Keep what Anki calls the cards now. Raises UnwritableError."""
        self.known.write()


def gather(
    place: Place,
    library: Library,
    entries: Iterable[Entry],
    wish: Wish,
    learner: Learner | None = None,
    whole: bool = True,
    on_progress: OnProgress = ignore,
) -> Gathered:
    """The package of these cards. Raises DamagedError when what Anki calls them cannot be read.

    learner: whose schedule or weights go along. whole: whether `entries` are all there are, so that
    answers to cards that no deck has are told too.
    """
    with garbage.paused():
        return _gathered(place, library, entries, wish, learner, whole, on_progress)


def _gathered(
    place: Place,
    library: Library,
    entries: Iterable[Entry],
    wish: Wish,
    learner: Learner | None,
    whole: bool,
    on_progress: OnProgress,
) -> Gathered:
    known = KeptNotes.read(path_of(place.data))
    rendering, reading = parts(on_progress, _SIZES)
    making = Making(known, Identities.load(place.data), int(time.time()), wish.freeze)
    made, left = _notes(library, list(entries), making, rendering)
    now = learner.now() if learner else days.now(days.system_clock, rollover=4)
    first_day = now.study_day
    if learner and wish.schedule:
        schedules = Schedules(learner, reading)
        first_day = schedules.first_day
        _tell_answers(left, schedules.answered(), made, library, whole)
        notes = [_with(one, schedules.of, places) for one, places in _placed(made)]
    else:
        notes = [_with(one, _new, places) for one, places in _placed(made)]
    package = Package(notes, first_day, now.utc_offset_min)
    if learner and wish.preset:
        by = learner.scheduler
        package = replace(
            package, weights=by.model.weights, retention=by.desired_retention, preset=True
        )
    return Gathered(package, list(left.items()), known)


def _notes(
    library: Library, entries: Sequence[Entry], making: Making, on_progress: OnProgress
) -> tuple[list[Made], dict[str, str]]:
    names = dict(_deck_names(library))
    edited = {deck.file: deck.stamp.mtime_ns // 10**9 for deck in library.decks}
    made: list[Made] = []
    left: dict[str, str] = {}
    for entry in counted(entries, on_progress):
        if entry.generated and not making.freeze:
            left[entry.key] = DRAWN
            continue
        try:
            card = library.card(entry.key)
            made += making.notes(card, names[entry.deck], edited.get(entry.source.file, 0))
        except (LeftOutError, DeckError) as why:
            left[entry.key] = str(why)
    return made, left


def _deck_names(library: Library) -> Iterator[tuple[str, str]]:
    """What each deck is called in Anki: a chapter by its number and title."""
    # Of several files of one deck the first names it.
    for deck in reversed(library.decks):
        title = deck.title or deck.deck
        if deck.chapter:
            title = f"{deck.chapter:02d} {deck.chapter_title or title}"
        yield deck.deck, f"{ROOT}::{title.replace('::', ': ')}"


def _placed(made: Iterable[Made]) -> Iterator[tuple[Made, range]]:
    """Each note with the places of its cards in the queue of new ones, from 1."""
    next_place = 1
    for one in made:
        places = range(next_place, next_place + len(one.units))
        next_place = places.stop
        yield one, places


def _new(unit: str, position: int) -> Schedule:
    return Schedule(due=position)


def _with(one: Made, schedule_of: Scheduling, places: range) -> Note:
    """The note with its cards' schedules; of drawn instances the first has the card's."""
    cards = tuple(
        (number, schedule_of(unit.removesuffix("#1"), place))
        for (number, _), unit, place in zip(one.note.cards, one.units, places, strict=True)
    )
    return replace(one.note, cards=cards)


def _tell_answers(
    left: dict[str, str],
    answered: Mapping[str, int],
    made: Iterable[Made],
    library: Library,
    whole: bool,
) -> None:
    """Name what stays behind with the answers to it, also of cards that no deck has."""
    gone = {unit.removesuffix("#1") for one in made for unit in one.units}
    for unit, count in answered.items():
        if unit in gone or not count:
            continue
        key = unit if unit in library.entries else unit.rpartition("/")[0]
        answers = plural(count, "answer")
        if key in left:
            left[key] += f"; {answers} of {unit}"
        elif whole:
            left[unit] = f"no deck has it; {answers}"
