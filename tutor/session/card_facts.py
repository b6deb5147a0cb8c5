"""How one card stands: when it is due, how well it is remembered, and all that happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tutor.memory.labels import days_until, interval_label
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.schedule import elapsed_days
from tutor.memory.time import Moment, nearest_day, study_day
from tutor.text.numerals import plural

if TYPE_CHECKING:
    from tutor.session.learner import Learner

_EPOCH = date(1970, 1, 1)
_POINTS = 60
# The curve goes on beyond the day on which the card is due, to show what waiting would cost.
_BEYOND = 2.0
_IN_WORDS = {
    "suspend": "suspended", "unsuspend": "brought back", "bury": "buried", "flag": "flagged",
    "unflag": "unflagged", "reset": "started anew", "set_due": "given another day",
    "anchor": "brought in with its memory",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit of a card as it stands now.

    unit: its key. state: what is remembered. days: until it is due, below 0 since then.
    recall: the chance to remember it today. interval: the days between the last answer and the
    day it is due. elapsed: days since the last answer. curve: (days since the last answer, chance).
    history: what happened to it, the newest first.
    """

    unit: str
    state: CardState
    days: int | None
    recall: float
    interval: int
    elapsed: int
    curve: tuple[tuple[float, float], ...]
    history: tuple[str, ...]


def facts_of(learner: Learner, key: str) -> tuple[UnitFacts, ...]:
    """The facts of a card, one a gap of a cloze. Raises NotFoundError."""
    entry, gap = learner.library.unit(key)
    units = entry.units if gap is None else (entry.units[gap],)
    now = learner.now()
    return tuple(_facts(learner, unit, now) for unit in units)


def standing(facts: UnitFacts) -> str:
    """How a unit stands, in one sentence without a full stop."""
    return " · ".join(_standing(facts))


def by_gap(facts: Sequence[UnitFacts]) -> Iterator[tuple[str, UnitFacts]]:
    """The facts of a card with the name of each gap, `loss: `; empty where there is one unit."""
    for one in facts:
        yield f"{one.unit.rpartition('/')[2]}: " if len(facts) > 1 else "", one


def _standing(facts: UnitFacts) -> Iterator[str]:
    state = facts.state
    if state.phase == "new":
        yield "new"
    elif facts.days is not None:
        yield f"due {'in ' if facts.days > 1 else ''}{days_until(facts.days)}"
    for mark, holds in (("suspended", state.suspended), ("flagged", state.flagged)):
        if holds:
            yield mark
    if state.phase == "new":
        return
    if state.phase != "review":
        yield "in its learning steps"
    yield f"interval {plural(facts.interval, 'day')}"
    yield f"stability {state.stability:,.1f} days"
    yield f"difficulty {state.difficulty:.1f} of 10"
    yield f"chance to remember {facts.recall * 100:.0f} %"
    yield f"{state.reps:,} answers" if state.reps != 1 else "1 answer"
    if state.lapses:
        yield f"forgotten {state.lapses} times" if state.lapses > 1 else "forgotten once"


def _facts(learner: Learner, unit: str, now: Moment) -> UnitFacts:
    state, today = learner.state(unit), learner.today
    # A review waits from the beginning of a day on, a learning step from its minute on.
    count = nearest_day if state.phase == "review" else study_day

    def day_of(utc_ms: int) -> int:
        return count(utc_ms, now.utc_offset_min, learner.settings.rollover_hour)

    due = today.due_at(unit)
    elapsed = elapsed_days(state, today.day) if state.last_day is not None else 0
    days = None if due is None else day_of(due) - today.day
    interval = 0
    if state.phase != "new" and state.last_day is not None:
        interval = max(0, day_of(state.due_utc_ms) - state.last_day)
    events = learner.renames.history(unit, learner.store)
    return UnitFacts(
        unit,
        state,
        days,
        learner.scheduler.retrievability(state, today.day),
        interval,
        elapsed,
        tuple(_curve(learner, state, max(interval, elapsed))),
        tuple(reversed([_told(event) for event in events])),
    )


def _curve(learner: Learner, state: CardState, days: int) -> Iterator[tuple[float, float]]:
    """The chance to remember it from the last answer on, if it is not answered again."""
    if state.last_day is None or state.stability <= 0:
        return
    whole = max(1.0, _BEYOND * days)
    for at in range(_POINTS + 1):
        day = whole * at / _POINTS
        yield day, learner.scheduler.model.retrievability(state.stability, day)


def _told(event: Event) -> str:
    day = (_EPOCH + timedelta(days=event.study_day)).isoformat()
    if event.kind != "review" or event.rating is None:
        return f"{day}  {_IN_WORDS.get(event.kind, event.kind)}"
    parts = [f"{day}  {Rating(event.rating).name.capitalize():<5}"]
    if event.source and event.source != "review":
        parts.append({"quiz": "in a quiz", "import": "brought in"}.get(event.source, event.source))
    if event.elapsed_ms:
        parts.append(f"{event.elapsed_ms / 1000:.0f} s")
    if event.due_utc_ms is not None and event.due_utc_ms > event.at_utc_ms:
        parts.append(f"next in {interval_label(event.due_utc_ms - event.at_utc_ms)}")
    return "  ".join(parts)
