"""Takes a review log of another program into the journal.

Answers to cards of the decks join their history at their own time; all others serve the fit and
the statistics. Nothing here holds the whole log as objects: a million answers take 100 MB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.deck.load_progress import OnProgress, counted, ignore
from tutor.memory.amend import settled
from tutor.memory.bulk import Promises, Working
from tutor.memory.ids import digest_of
from tutor.memory.log import AnswerLog, PastAnswer
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.order import in_order
from tutor.memory.replay import STATELESS, apply
from tutor.memory.time import Moment, study_day
from tutor.session.learner import MAX_ELAPSED_MS, Learner
from tutor.session.replaying import ELSEWHERE
from tutor.store.rows import event_row

# An answer as one number: the card's above, the time below.
_TIME_BITS = 43
_TIME = (1 << _TIME_BITS) - 1
Codes = NDArray[np.int64]
# UTC ms, offset in minutes, study day, rating, milliseconds that it took.
_Answer = tuple[int, int, int, int, int | None]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers came in, how many were there before, and to how many cards.

    left_out: rows of the log that are no answers (rating 0).
    """

    reviews: int
    skipped: int
    cards: int
    left_out: int = 0


def import_reviews(
    learner: Learner,
    rows: Iterable[PastAnswer],
    dry: bool = False,
    on_progress: OnProgress = ignore,
) -> Imported:
    """Append the answers that are not in the journal yet, in one transaction.

    dry: count them only.
    """
    log = AnswerLog.of(rows)
    keys, codes, order = _by_card(learner, log)
    new = ~np.isin(codes, _there(learner, keys))
    if new.any() and not dry:
        learner.take_in(lambda: _Import(learner, log, keys, codes[new], order[new], on_progress))
    cards = len(np.unique(codes[new] >> _TIME_BITS))
    return Imported(int(new.sum()), int((~new).sum()), cards, log.left_out)


def _by_card(learner: Learner, log: AnswerLog) -> tuple[list[str], Codes, Codes]:
    """The keys; the answers card by card in the order of time, as codes; and their rows.

    Of several answers in one millisecond (a log of whole seconds) each but the first comes one
    later: they are several answers, and the same ones when the log is read again.
    """
    key_of = [_key(learner, card) for card in log.cards]
    # In the order of the names, as the index of the journal is.
    keys = sorted(set(key_of))
    number = {key: place for place, key in enumerate(keys)}
    card = np.array([number[key] for key in key_of], np.int64)[np.frombuffer(log.card, np.uint32)]
    codes = (card << _TIME_BITS) | np.frombuffer(log.at_utc_ms, np.int64)
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    # The least increase that leaves no two alike: a running maximum of what is free.
    steps = np.arange(len(codes))
    return keys, np.maximum.accumulate(codes - steps) + steps, order


def _there(learner: Learner, keys: Sequence[str]) -> Codes:
    """The imported answers that the journal has of these cards."""
    numbers = {key: number for number, key in enumerate(keys)}
    found = (
        (numbers[key] << _TIME_BITS) | at
        for name, at in learner.store.imported()
        if (key := learner.renames.key(name)) in numbers
    )
    return np.fromiter(found, np.int64)


class _Import:
    """The rows and the states after them, made one after the other while they are written."""

    def __init__(
        self,
        learner: Learner,
        log: AnswerLog,
        keys: Sequence[str],
        codes: Codes,
        order: Codes,
        on_progress: OnProgress,
    ) -> None:
        self.learner, self.keys, self.cards = learner, keys, codes >> _TIME_BITS
        self.columns = _columns(log, codes, order, learner.settings.rollover_hour)
        self.on_progress = on_progress
        self.now_ms = learner.now().utc_ms
        self.promises = Promises(learner.scheduler)
        self._states: list[CardState] = []
        self._wishes: dict[float, float] = {}

    def states(self) -> Iterator[CardState]:
        """The states of the cards that got answers; ask when the rows have been written."""
        yield from self._states

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows, card by card."""
        known = self.learner.today.states.keys() | set(self.learner.store.keys_of(ELSEWHERE))
        cards = self.cards
        starts = [0, *(np.flatnonzero(np.diff(cards)) + 1).tolist(), len(cards)]
        for start, end in counted(list(pairwise(starts)), self.on_progress):
            key = self.keys[int(cards[start])]
            old: list[Event] = []
            if key in known:
                old = settled(self.learner.renames.everything(key, self.learner.store))
            answers = self._answers(start, end)
            yield from self._among(key, old, answers) if old else self._fresh(key, answers)

    def _answers(self, start: int, end: int) -> Iterator[_Answer]:
        at, offset, day, rating, elapsed = (each[start:end].tolist() for each in self.columns)
        spent = (None if taken < 0 else taken for taken in elapsed)
        return zip(at, offset, day, rating, spent, strict=True)

    def _fresh(self, key: str, answers: Iterator[_Answer]) -> Iterator[tuple[object, ...]]:
        """A card without older rows: its answers need no sorting among others."""
        card, applied, uid = Working.of(CardState(key)), 0, ""
        model, give = self.learner.scheduler.model, self.promises.give
        retention = self._wish(key)
        for at, offset, day, rating, spent in answers:
            due = give(card, rating, at, offset, day)
            uid = self.learner.new_id(self.now_ms)
            # The columns of the journal, in their order.
            yield (
                uid, "review", key, at, offset, day, rating, spent, "import", None, None, None, 0,
                "", model.id, due, None, "", None, applied, retention,
            )  # fmt: skip
            applied ^= digest_of(uid)
        self._states.append(card.frozen(model, uid, applied))

    def _among(
        self, key: str, old: Sequence[Event], answers: Iterator[_Answer]
    ) -> Iterator[tuple[object, ...]]:
        """Rows of the past among those that are there, each where its time puts it."""
        scheduler, state = self.learner.scheduler, CardState(key)
        new = {event.id: event for event in (self._event(key, answer) for answer in answers)}
        for row in in_order([row for row in [*old, *new.values()] if row.kind not in STATELESS]):
            placed = row
            if row.id in new and row.rating is not None:
                then = Moment(row.at_utc_ms, row.utc_offset_min, row.study_day)
                due = scheduler.outcome(state, row.rating, then).state.due_utc_ms
                placed = replace(row, due_utc_ms=due, on=state.applied)
                yield event_row(placed)
            state = apply(state, placed, scheduler)
        self._states.append(state)

    def _event(self, key: str, answer: _Answer) -> Event:
        """An answer of the past: its id is of now, its time and study day its own."""
        at, offset, day, rating, spent = answer
        return Event(
            self.learner.new_id(self.now_ms), "review", key, at, offset, day,
            rating=Rating(rating), source="import", elapsed_ms=spent,
            model=self.learner.scheduler.model.id,
            retention=self._wish(key),
        )  # fmt: skip

    def _wish(self, key: str) -> float:
        """The wish for a card's deck: one object a number, which is faster to write."""
        wish = self.learner.scheduler.wishes.of_deck(key)
        return self._wishes.setdefault(wish, wish)


def _columns(log: AnswerLog, codes: Codes, order: Codes, rollover: int) -> list[NDArray[Any]]:
    """Of each answer what `_Answer` has, in the order of the codes."""
    at: Any = codes & _TIME
    offset: Any = np.frombuffer(log.offset_min, np.int16)[order].astype(np.int64)
    # What is written for one number holds for a whole array, too.
    day: Any = study_day(at, offset, rollover)
    rating = np.frombuffer(log.rating, np.int8)[order]
    elapsed = np.minimum(np.frombuffer(log.elapsed_ms, np.int64)[order], MAX_ELAPSED_MS)
    return [at, offset.astype(np.int16), day.astype(np.int32), rating, elapsed.astype(np.int32)]


def _key(learner: Learner, card: str) -> str:
    key = learner.renames.key(card)
    return key if key in learner.course.entry_of else f"{ELSEWHERE}/{card}"
