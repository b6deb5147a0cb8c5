"""Takes a review log of another program into the journal.

Answers to cards of the decks join their history; all others serve the fit and the statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tutor.memory.log import PastAnswer
from tutor.memory.model import CardState, Event, Moment
from tutor.memory.time import study_day
from tutor.session.learner import ELSEWHERE, MAX_ELAPSED_MS, Learner


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers came in, how many were there before, and to how many cards."""

    reviews: int
    skipped: int
    cards: int


def import_reviews(learner: Learner, rows: Iterable[PastAnswer]) -> Imported:
    """Append the answers that are not in the journal yet, in one transaction."""
    wanted = {(_key(learner, row), row.at_utc_ms): row for row in rows}
    there = {
        (event.card_key, event.at_utc_ms)
        for event in learner.store.active_events()
        if event.source == "import"
    }
    new = [(key, row) for (key, at), row in wanted.items() if (key, at) not in there]
    if new:
        learner.rebuild(lambda: list(_events(learner, new)))
    return Imported(len(new), len(wanted) - len(new), len({key for key, _ in new}))


def _events(learner: Learner, rows: Iterable[tuple[str, PastAnswer]]) -> Iterator[Event]:
    """Answers of the past: their ids are of now, their times and study days their own.

    Each gets the due date that this program would have promised then.
    """
    rollover = learner.settings.rollover_hour
    states: dict[str, CardState] = {}
    for key, row in rows:
        day = study_day(row.at_utc_ms, row.offset_min, rollover)
        then = Moment(row.at_utc_ms, row.offset_min, day)
        state = states.get(key) or learner.state(key)
        states[key] = learner.scheduler.outcomes(state, then)[row.rating].state
        elapsed = row.elapsed_ms
        yield learner.event(
            "review", key, rating=row.rating, source="import",
            at_utc_ms=row.at_utc_ms, utc_offset_min=row.offset_min, study_day=day,
            elapsed_ms=None if elapsed is None else min(elapsed, MAX_ELAPSED_MS),
            due_utc_ms=states[key].due_utc_ms, model=learner.scheduler.model.id,
        )  # fmt: skip


def _key(learner: Learner, row: PastAnswer) -> str:
    key = learner.renames.key(row.card_id)
    return key if key in learner.course.entry_of else f"{ELSEWHERE}/{row.card_id}"
