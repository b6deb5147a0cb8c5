"""Takes a review log of another program into the journal.

Answers to cards of the decks join their history at their own time; all others serve the fit and
the statistics. Nothing here holds the whole log as objects: a million answers take 100 MB.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tutor.memory.amend import settled
from tutor.memory.bulk import Promises, Working
from tutor.memory.log import AnswerLog, PastAnswer
from tutor.memory.model import CardState, Event, Moment, Rating
from tutor.memory.order import in_order
from tutor.memory.replay import STATELESS, apply, digest_of
from tutor.memory.time import study_day
from tutor.session.learner import ELSEWHERE, MAX_ELAPSED_MS, Learner

# An answer as one number: the card's above, the time below.
_TIME_BITS = 43
_TIME = (1 << _TIME_BITS) - 1


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers came in, how many were there before, and to how many cards.

    left_out: rows of the log that are no answers (rating 0).
    """

    reviews: int
    skipped: int
    cards: int
    left_out: int = 0


def import_reviews(learner: Learner, rows: Iterable[PastAnswer]) -> Imported:
    """Append the answers that are not in the journal yet, in one transaction."""
    log = AnswerLog.of(rows)
    keys, places = _by_card(learner, log)
    there = _there(learner, keys)
    new = [place for place in places if not _has(there, place.code)]
    if new:
        learner.take_in(lambda: _Import(learner, log, keys, new))
    cards = len({place.code >> _TIME_BITS for place in new})
    return Imported(len(new), len(places) - len(new), cards, log.left_out)


@dataclass(frozen=True, slots=True)
class _Place:
    """An answer of the log: card and time in one number, and its row."""

    code: int
    row: int


def _by_card(learner: Learner, log: AnswerLog) -> tuple[list[str], list[_Place]]:
    """The keys, and the answers card by card in the order of time.

    Of several answers in one millisecond (a log of whole seconds) each but the first comes one
    later: they are several answers, and the same ones when the log is read again.
    """
    numbers: dict[str, int] = {}
    key_of = [numbers.setdefault(_key(learner, card), len(numbers)) for card in log.cards]
    codes = array("q", ((key_of[card] << _TIME_BITS) for card in log.card))
    for row, at in enumerate(log.at_utc_ms):
        codes[row] |= at
    last, places = -1, []
    for row in sorted(range(len(codes)), key=codes.__getitem__):
        last = (
            max(codes[row], last + 1)
            if codes[row] >> _TIME_BITS == last >> _TIME_BITS
            else (codes[row])
        )
        places.append(_Place(last, row))
    return list(numbers), places


def _there(learner: Learner, keys: Sequence[str]) -> array[int]:
    """The imported answers that the journal has of these cards, sorted."""
    numbers = {key: number for number, key in enumerate(keys)}
    found = (
        (numbers[key] << _TIME_BITS) | at
        for name, at in learner.store.imported()
        if (key := learner.renames.key(name)) in numbers
    )
    return array("q", sorted(found))


def _has(codes: array[int], code: int) -> bool:
    place = bisect_left(codes, code)
    return place < len(codes) and codes[place] == code


class _Import:
    """The rows and the states after them, made one after the other while they are written."""

    def __init__(
        self, learner: Learner, log: AnswerLog, keys: Sequence[str], new: Sequence[_Place]
    ) -> None:
        self.learner, self.log, self.keys, self.new = learner, log, keys, new
        self.now = learner.now()
        self.promises = Promises(learner.scheduler)
        self.retention = round(learner.scheduler.desired_retention, 6)
        self._states: list[CardState] = []

    def states(self) -> Iterator[CardState]:
        """The states of the cards that got answers; ask when the rows have been written."""
        yield from self._states

    def events(self) -> Iterator[Event]:
        """The rows, card by card."""
        start = 0
        while start < len(self.new):
            card = self.new[start].code >> _TIME_BITS
            end = start
            while end < len(self.new) and self.new[end].code >> _TIME_BITS == card:
                end += 1
            yield from self._card(self.keys[card], self.new[start:end])
            start = end

    def _card(self, key: str, places: Sequence[_Place]) -> Iterator[Event]:
        rows = [self._event(key, place) for place in places]
        known = key in self.learner.today.states
        old = settled(self.learner.renames.everything(key, self.learner.store)) if known else []
        # Without older rows a card's answers need no sorting, and no state between them.
        return self._fresh(key, rows) if not old else self._among(key, old, rows)

    def _fresh(self, key: str, rows: Sequence[Event]) -> Iterator[Event]:
        card, applied = Working.of(CardState(key)), 0
        for row in rows:
            assert row.rating is not None
            due = self.promises.give(
                card, row.rating, row.at_utc_ms, row.utc_offset_min, row.study_day
            )
            yield replace(row, due_utc_ms=due, on=applied)
            applied ^= digest_of(row.id)
        self._states.append(card.frozen(self.learner.scheduler.model, rows[-1].id, applied))

    def _among(self, key: str, old: Sequence[Event], new: Sequence[Event]) -> Iterator[Event]:
        """Rows of the past among those that are there, each where its time puts it."""
        scheduler, state = self.learner.scheduler, CardState(key)
        names = {row.id for row in new}
        for row in in_order([row for row in [*old, *new] if row.kind not in STATELESS]):
            placed = row
            if row.id in names and row.rating is not None:
                then = Moment(row.at_utc_ms, row.utc_offset_min, row.study_day)
                due = scheduler.outcome(state, row.rating, then).state.due_utc_ms
                placed = replace(row, due_utc_ms=due, on=state.applied)
                yield placed
            state = apply(state, placed, scheduler)
        self._states.append(state)

    def _event(self, key: str, place: _Place) -> Event:
        """An answer of the past: its id is of now, its time and study day its own."""
        log, row, at = self.log, place.row, place.code & _TIME
        offset, elapsed = log.offset_min[row], log.elapsed_ms[row]
        return Event(
            self.learner.new_id(self.now.utc_ms), "review", key, at, offset,
            study_day(at, offset, self.learner.settings.rollover_hour),
            rating=Rating(log.rating[row]), source="import",
            elapsed_ms=None if elapsed < 0 else min(elapsed, MAX_ELAPSED_MS),
            model=self.learner.scheduler.model.id, retention=self.retention,
        )  # fmt: skip


def _key(learner: Learner, card: str) -> str:
    key = learner.renames.key(card)
    return key if key in learner.course.entry_of else f"{ELSEWHERE}/{card}"
