"""The journal as the fit reads it: each card's answers, and which of them test its memory.

The same rules as in the states: whole study days, never negative, a reset begins a new life.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import le
from typing import overload
from zlib import crc32

from tutor.memory.model import Event, Rating

# A duration beyond this says nothing.
_LONGEST_MS = 2**40


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer given in another program; `offset_min` is the learner's own, east of UTC."""

    card_id: str
    rating: Rating
    at_utc_ms: int
    offset_min: int
    elapsed_ms: int | None


class AnswerLog(Sequence[PastAnswer]):
    """Many past answers in a few bytes each, in the order of time; given out as `PastAnswer`.

    left_out: rows of the log that were no answers, as those that set a date or reset a card.
    """

    def __init__(self) -> None:
        self.cards: list[str] = []
        self.left_out = 0
        self._numbers: dict[str, int] = {}
        self.card = array("I")
        self.rating = array("b")
        self.at_utc_ms = array("q")
        self.offset_min = array("h")
        self.elapsed_ms = array("q")

    def add(
        self, card: str, rating: int, at_utc_ms: int, offset_min: int, elapsed_ms: int | None
    ) -> None:
        """Put one more answer at the end."""
        number = self._numbers.get(card)
        if number is None:
            number = self._numbers[card] = len(self.cards)
            self.cards.append(card)
        self.card.append(number)
        self.rating.append(rating)
        self.at_utc_ms.append(at_utc_ms)
        self.offset_min.append(offset_min)
        if elapsed_ms is None:
            elapsed_ms = -1
        self.elapsed_ms.append(elapsed_ms if elapsed_ms < _LONGEST_MS else _LONGEST_MS)

    def sort(self) -> None:
        """Bring the answers in the order of time; those of one time stay as they came."""
        at = self.at_utc_ms
        if all(map(le, at, islice(at, 1, None))):
            return
        order = sorted(range(len(at)), key=at.__getitem__)
        for name in ("card", "rating", "at_utc_ms", "offset_min", "elapsed_ms"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, map(column.__getitem__, order)))

    def __len__(self) -> int:
        return len(self.card)

    @overload
    def __getitem__(self, place: int) -> PastAnswer: ...
    @overload
    def __getitem__(self, place: slice) -> list[PastAnswer]: ...
    def __getitem__(self, place: int | slice) -> PastAnswer | list[PastAnswer]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        elapsed = self.elapsed_ms[place]
        return PastAnswer(
            self.cards[self.card[place]],
            Rating(self.rating[place]),
            self.at_utc_ms[place],
            self.offset_min[place],
            None if elapsed < 0 else elapsed,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(cls, answers: Iterable[PastAnswer]) -> AnswerLog:
        """A log of these answers."""
        if isinstance(answers, AnswerLog):
            return answers
        log = cls()
        for each in answers:
            log.add(
                each.card_id, int(each.rating), each.at_utc_ms, each.offset_min, each.elapsed_ms
            )
        log.sort()
        return log


@dataclass(slots=True)
class Life:
    """The answers of one card from its first, or from a reset, on.

    ratings: 1 to 4. days: study days since the answer before; 0 for the first.
    """

    card: str
    ratings: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    last_day: int = 0

    def add(self, rating: int, day: int) -> bool:
        """Add an answer; whether it tests the memory, coming on a later day than the last."""
        elapsed = max(0, day - self.last_day) if self.ratings else 0
        self.ratings.append(rating)
        self.days.append(elapsed)
        self.last_day += elapsed if len(self.days) > 1 else day
        return elapsed > 0

    def scored(self) -> Iterator[tuple[int, int]]:
        """Place and study day of each answer that tests the memory."""
        day = self.last_day - sum(self.days)
        for place, elapsed in enumerate(self.days):
            day += elapsed
            if elapsed:
                yield place, day


@dataclass(slots=True)
class ReviewLog:
    """All lives, and the scored answers as (life, place in it) in the order of answering."""

    lives: list[Life] = field(default_factory=list)
    scored: list[tuple[int, int]] = field(default_factory=list)
    reviews: int = 0

    def recalled(self) -> list[bool]:
        """Of each scored answer, whether the card was remembered."""
        return [self.lives[life].ratings[place] > 1 for life, place in self.scored]


Cards = Iterable[tuple[str, Iterable[tuple[int | None, int]]]]


def lives_of(cards: Cards) -> Iterator[Life]:
    """The lives of whole cards: of each its name, and its answers as (rating, study day) in order.

    A rating of None begins a new life.
    """
    for card, answers in cards:
        life = Life(card)
        for rating, day in answers:
            if rating is not None:
                life.add(rating, day)
            elif life.ratings:
                yield life
                life = Life(card)
        if life.ratings:
            yield life


def log_of_lives(lives: Iterable[Life]) -> ReviewLog:
    """The log of whole lives."""
    log, times = ReviewLog(), array("q")
    for life in lives:
        log.lives.append(life)
        log.reviews += len(life.ratings)
        for place, day in life.scored():
            log.scored.append((len(log.lives) - 1, place))
            times.append(day)
    order = sorted(range(len(times)), key=times.__getitem__)
    log.scored = [log.scored[place] for place in order]
    return log


def is_among(card: str, share: int) -> bool:
    """Whether a card is among one in `share`, chosen by their names."""
    return crc32(card.encode()) % share == 0


def review_log(events: Iterable[Event], rename: Callable[[str], str] = str) -> ReviewLog:
    """Read active events, in the order of their ids. rename: the present key of an old one."""
    log = ReviewLog()
    current: dict[str, int] = {}
    times: list[int] = []
    for event in events:
        key = rename(event.card_key)
        if event.kind == "reset":
            current.pop(key, None)
        if event.kind != "review" or event.rating is None:
            continue
        if key not in current:
            current[key] = len(log.lives)
            log.lives.append(Life(key))
        life = current[key]
        log.reviews += 1
        if log.lives[life].add(int(event.rating), event.study_day):
            log.scored.append((life, len(log.lives[life].ratings) - 1))
            times.append(event.study_day)
    # An imported log is younger in the journal than it is in truth.
    order = sorted(range(len(times)), key=times.__getitem__)
    log.scored = [log.scored[place] for place in order]
    return log
