"""A typed miss counts as right after all, because the learner says so.

The answer stays in the journal as it was given; an `accept` row says what it counts as.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.deck.model import Kind
from tutor.memory.amend import AMENDING, accepting
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.replay import replay
from tutor.memory.time import Moment
from tutor.session.learner import Learner
from tutor.session.payload import group_of, joined
from tutor.session.promising import outcomes

# The kinds whose answer is written: of the others a wrong one cannot have been meant otherwise.
WRITTEN: frozenset[Kind] = frozenset({"typed", "numeric", "cloze"})
ACCEPTED = "counted as right, because you said so"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A miss that counts as right now: its card and its events, when it comes back, how well."""

    key: str
    events: tuple[Event, ...]
    due_utc_ms: int
    rating: Rating


def miss(learner: Learner) -> tuple[Event, ...]:
    """The events of the last answer if it is a written one that was marked wrong; else none.

    Of a cloze asked as a whole only the gaps that were missed.
    """
    last = learner.store.last_undoable()
    if last is None or last.kind != "review" or not (last.answer or "").strip("? "):
        return ()
    entry = learner.course.entry_of.get(learner.renames.key(last.card_key))
    if entry is None or entry.kind not in WRITTEN:
        return ()
    group = group_of(last)
    events = learner.store.group(group, "review") if group else [last]
    return tuple(event for event in events if event.correct is False)


def accept_last(learner: Learner) -> Accepted | None:
    """Let the last answer count as right if it is such a miss; Good, or with a hint Hard.

    On disk when this returns, and undone as one answer. Raises DataError.
    """
    events = miss(learner)
    if not events:
        return None
    rating = Rating.HARD if events[0].hints else Rating.GOOD
    dues: list[int] = []

    def rows() -> list[Event]:
        dues[:] = [_due(learner, event, rating) for event in events]
        return joined(
            [
                learner.event(
                    "accept", event.card_key, rating=rating, due_utc_ms=due,
                    payload=accepting(event),
                )
                for event, due in zip(events, dues, strict=True)
            ]
        )  # fmt: skip

    learner.amend(rows)
    key = learner.renames.key(events[0].card_key)
    return Accepted(key, events, min(dues), rating)


def acceptance(learner: Learner) -> bool:
    """Whether what `undo` takes back next is an acceptance, and not an answer."""
    last = learner.store.last_undoable()
    return last is not None and last.kind in AMENDING


def _due(learner: Learner, event: Event, rating: Rating) -> int:
    """When the card would have come back, had the answer had this rating at once."""
    key = learner.renames.key(event.card_key)
    told = [old for old in learner.renames.everything(key, learner.store) if old.id != event.id]
    before = replay(told, learner.scheduler, learner.renames.key).get(key, CardState(key))
    moment = Moment(event.at_utc_ms, event.utc_offset_min, event.study_day)
    return outcomes(learner, before, moment)[rating].state.due_utc_ms
