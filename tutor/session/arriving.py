"""A file that may come in: found out what it is, told in sentences, and taken in only then.

Both drivers take files in through here, the page `Import and export` and `tutor import`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tutor.deck.load_progress import OnProgress, ignore
from tutor.errors import UsageError
from tutor.exchange import reviews
from tutor.exchange.anki import package_reader
from tutor.exchange.journal_json import looks_like_a_journal
from tutor.text.markdown import plain
from tutor.text.numerals import plural

if TYPE_CHECKING:
    from tutor.exchange.decks import Plan
    from tutor.exchange.notes import LeftOut
    from tutor.exchange.reviews import Unit
    from tutor.paths import Place
    from tutor.session.importing_anki import Package
    from tutor.session.learner import Learner

Kind = Literal["anki", "reviews", "json", "deck"]
"""A package of Anki's, a log of answers, a whole journal, or a deck of any other format."""
WOULD = "would come in"
_FIRST = 3
_REASONS = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is to come in.

    form: the format of a deck, empty to find it out. into: one deck for all cards. unit: of times
    that are plain numbers. history, weights: whether Anki's answers and weights come along. dates:
    whether those of a deck do.
    """

    form: str = ""
    into: str = ""
    unit: Unit = "ms"
    history: bool = True
    weights: bool = False
    dates: bool = False


class Arrival(ABC):
    """What would come in; nothing is written yet.

    told: what the file was taken for, in sentences. came_in: the word for what did.
    """

    told: Sequence[str] = ()
    came_in = "came in"
    plan: Plan | None = None

    @abstractmethod
    def foresee(self, on_progress: OnProgress = ignore) -> None:
        """Count what would come in, where it is not going to be taken at once."""

    @abstractmethod
    def take(self, on_progress: OnProgress = ignore) -> list[Path]:
        """Bring it in, decks and answers whole or not at all; the files written.

        Raises as the store and files do.
        """

    @abstractmethod
    def report(self, came: str) -> Iterator[str]:
        """How much it is, in sentences. came: `came_in`, or `WOULD` before it is taken."""

    @abstractmethod
    def data(self) -> dict[str, Any]:
        """The same for a program."""

    def left_out(self) -> Sequence[LeftOut]:
        """What does not come in, and why."""
        return self.plan.left_out if self.plan else ()

    def taken_for(self) -> Sequence[str]:
        """What was taken for what; the first of it where it is much."""
        return self.told[:_REASONS]

    def first_cards(self) -> Iterator[str]:
        """Kind and front of the first cards."""
        cards = (card for deck in (self.plan.decks if self.plan else ()) for card in deck.cards)
        for card in islice(cards, _FIRST):
            yield f"  {card.kind}: {plain(card.front, None)}"

    def left_behind(self) -> Iterator[str]:
        """What does not come in, in words; the first of it where it is much."""
        left_out = self.left_out()
        for left in left_out[:_REASONS]:
            where = f"line {left.line}: " if left.line else ""
            yield f"  not taken: {where}{left.what} ({left.why})"
        if len(left_out) > _REASONS:
            more = len(left_out) - _REASONS
            yield f"  and {more:,} more; `tutor import --json` names them all"

    def lines(self) -> Iterator[str]:
        """All that is to be known before it is taken."""
        yield from self.taken_for()
        yield from self.first_cards()
        yield from self.left_behind()
        yield from self.report(WOULD)


def kind_of(file: Path) -> Kind:
    """What a file is, by its first bytes. Raises UsageError when it cannot be read."""
    _refuse_no_file(file)
    if package_reader.looks(file):
        return "anki"
    first = _first_line(file)
    if looks_like_a_journal(first):
        return "json"
    return "reviews" if reviews.is_head(first) else "deck"


def needs_learner(kind: Kind, wish: Wish) -> bool:
    """Whether the answers must be opened; a deck without its dates comes in beside them."""
    return kind != "deck" or wish.dates


def look(
    place: Place,
    learner: Learner | None,
    file: Path,
    kind: Kind | None = None,
    wish: Wish = Wish(),
    on_progress: OnProgress = ignore,
) -> Arrival:
    """Read the file. Raises UsageError when nothing of it can come in.

    learner: None where `needs_learner` says no.
    """
    _refuse_no_file(file)
    kind = kind or kind_of(file)
    if kind == "json":
        raise UsageError(
            "This is a whole journal",
            "It is brought back into an empty folder, beside no other answers.",
            "Say: tutor --data-dir DIR import json FILE",
        )
    if kind == "deck":
        return _Deck(place, learner, file, wish, on_progress)
    if learner is None:
        raise ValueError("answers come in to a learner")
    return (_Anki if kind == "anki" else _Log)(learner, file, wish, on_progress)


def _refuse_no_file(file: Path) -> None:
    """Pipes and devices may never end, whatever they are taken for."""
    if not file.is_file():
        raise _unread(file, "it is no file" if file.exists() else "there is no such file")


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as given:
            return given.readline(10_000)
    except OSError as error:
        raise _unread(file, str(error.strerror)) from error


def _unread(file: Path, why: str) -> UsageError:
    return UsageError(f"{file} cannot be read", f"{why}.", "Look at its name and its rights.")


class _Anki(Arrival):
    """A package: decks, answers and dates."""

    plan: Plan

    def __init__(self, learner: Learner, file: Path, wish: Wish, on_progress: OnProgress) -> None:
        from tutor.session import importing_anki

        self.learner, self.wish = learner, wish
        self.package: Package = importing_anki.look(learner, file, wish.into, on_progress)
        self.plan = self.package.plan
        self.told = [f"{file.name} is taken for a package of Anki's"]

    def foresee(self, on_progress: OnProgress = ignore) -> None:
        from tutor.session import importing_anki

        if self.wish.history:
            importing_anki.count(self.learner, self.package, on_progress)

    def take(self, on_progress: OnProgress = ignore) -> list[Path]:
        from tutor.session import importing_anki

        wish = self.wish
        return importing_anki.take(
            self.learner, self.package, wish.history, wish.weights, on_progress
        )

    def left_out(self) -> Sequence[LeftOut]:
        return self.package.left_out()

    def report(self, came: str) -> Iterator[str]:
        arrived = self.package.arrived
        yield _how_many(self.plan, came)
        if self.wish.history:
            there = arrived.answers - arrived.new_answers
            yield (
                f"{plural(arrived.new_answers, 'answer')} {came}, "
                f"{there:,} were in your journal already"
            )
        if arrived.estimated:
            yield f"{arrived.estimated:,} cards lack their first answers: their memory is estimated"
        if self.package.collection.weights and not self.wish.weights:
            yield (
                "Anki's options have FSRS weights of their own: "
                "`tutor import --weights` takes them along"
            )

    def data(self) -> dict[str, Any]:
        arrived = self.package.arrived
        return {
            "format": "anki",
            "cards": self.plan.cards,
            "present": self.plan.present,
            "answers": arrived.answers,
            "new_answers": arrived.new_answers,
            "estimated": arrived.estimated,
            "decks": [deck.file for deck in self.plan.decks],
            "weights": list(self.package.collection.weights),
            "left_out": _named(self.left_out()),
        }


class _Log(Arrival):
    """A log of answers."""

    came_in = "imported"

    def __init__(self, learner: Learner, file: Path, wish: Wish, on_progress: OnProgress) -> None:
        from tutor.session.importing import Imported

        self.learner = learner
        self.rows = reviews.read_reviews(file, wish.unit)
        self.done = Imported(0, 0, 0)
        self.told = [f"{file.name} is taken for a log of {plural(len(self.rows), 'answer')}"]

    def foresee(self, on_progress: OnProgress = ignore) -> None:
        from tutor.session.importing import import_reviews

        self.done = import_reviews(self.learner, self.rows, dry=True)

    def take(self, on_progress: OnProgress = ignore) -> list[Path]:
        from tutor.session.importing import import_reviews

        self.done = import_reviews(self.learner, self.rows, on_progress=on_progress)
        return []

    def report(self, came: str) -> Iterator[str]:
        done = self.done
        yield f"{plural(done.reviews, 'answer')} to {plural(done.cards, 'card')} {came}"
        if done.skipped:
            yield f"{done.skipped:,} were in your journal already"
        if done.left_out:
            yield f"{plural(done.left_out, 'row')} of rating 0 left out: dates set and cards reset"

    def data(self) -> dict[str, Any]:
        return asdict(self.done)


class _Deck(Arrival):
    """A deck of any format that `tutor.exchange` reads."""

    plan: Plan

    def __init__(
        self,
        place: Place,
        learner: Learner | None,
        file: Path,
        wish: Wish,
        on_progress: OnProgress,
    ) -> None:
        from tutor.session import importing_decks

        self.place, self.learner, self.wish, self.dates = place, learner, wish, 0
        self.plan = importing_decks.look(place, file, wish.form, wish.into, on_progress)
        self.told = self.plan.found.taken

    def foresee(self, on_progress: OnProgress = ignore) -> None:
        """Its cards are counted already."""

    def take(self, on_progress: OnProgress = ignore) -> list[Path]:
        from tutor.session import importing_decks

        with importing_decks.written(self.place, self.plan, self.learner) as written:
            if self.learner:
                self.learner.reload()
                on_progress(0.5)
                if self.wish.dates:
                    self.dates = importing_decks.take_dates(self.learner, self.plan)
        return written

    def report(self, came: str) -> Iterator[str]:
        yield _how_many(self.plan, came)
        dated = self._dated()
        if self.dates:
            yield f"{plural(self.dates, 'card')} begin with the date they had"
        elif dated:
            yield f"{dated:,} cards have a date in the file: `tutor import --dates` takes it along"

    def _dated(self) -> int:
        """How many of the cards that come in have a date in the file."""
        return sum(note.due is not None for note in self.plan.notes.values())

    def data(self) -> dict[str, Any]:
        # None of these formats keeps its answers: at most the date and interval they led to.
        return {
            "format": self.plan.found.format,
            "taken": self.plan.found.taken,
            "cards": self.plan.cards,
            "present": self.plan.present,
            "answers": 0,
            "new_answers": 0,
            "dates": self.dates,
            "dates_in_file": self._dated(),
            "decks": [deck.file for deck in self.plan.decks],
            "left_out": _named(self.left_out()),
        }


def _how_many(plan: Plan, came: str) -> str:
    names = ", ".join(deck.file for deck in plan.decks)
    return f"{plural(plan.cards, 'card')} {came}, {plan.present:,} were there already: {names}"


def _named(left_out: Sequence[LeftOut]) -> list[dict[str, str]]:
    return [{"what": left.what, "why": left.why} for left in left_out]
