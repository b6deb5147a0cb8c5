"""How many days a backlog takes: those days are played, card by card, as the model expects them.

What is answered comes back, and other cards fall due meanwhile; a quotient of cards and minutes
knows neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.memory.model import CardState, Rating
from tutor.memory.schedule import Scheduler, fuzz_chance
from tutor.memory.time import DAY_MS, MINUTE_MS, Moment, nearest_day

# Days that are played; who needs more is told that it does not get less.
HORIZON = 60
# Cards that are played; of more, one in so many stands for the others.
MOST = 1_000


def days_to_clear(
    states: Sequence[CardState], scheduler: Scheduler, now: Moment, answers: int
) -> int | None:
    """The study days, with this one, until nothing waits at the end of a day; 0 if nothing does.

    states: cards in review or in their steps. answers: how many a day has room for, repeats of what
    was forgotten included. None where it takes more than 60 days.
    """
    share = len(states) // MOST + 1
    room = max(1, answers // share)
    waits = {state.key: state for state in sorted(states, key=lambda each: each.key)[::share]}
    due = {key: _due_day(state, now, scheduler) for key, state in waits.items()}
    if not any(day <= now.study_day for day in due.values()):
        return 0
    for ahead in range(HORIZON):
        moment = replace(now, utc_ms=now.utc_ms + ahead * DAY_MS, study_day=now.study_day + ahead)
        day, left = moment.study_day, room
        waiting = [key for key in waits if due[key] <= day]
        waiting.sort(key=lambda key: scheduler.retrievability(waits[key], day))
        for key in waiting:
            if left <= 0:
                break
            waits[key], took = _answered(waits[key], scheduler, moment)
            due[key] = _due_day(waits[key], moment, scheduler)
            left -= took
        if not any(due[key] <= day for key in waiting):
            return ahead + 1
    return None


def _answered(state: CardState, scheduler: Scheduler, at: Moment) -> tuple[CardState, int]:
    """The state after the answer that chance gives and its repeats of the day, and their number."""
    chance = fuzz_chance(f"{state.key} backlog", state.reps)
    right = chance < scheduler.retrievability(state, at.study_day)
    state = scheduler.outcome(state, Rating.GOOD if right else Rating.AGAIN, at).state
    took = 1
    while state.phase != "review":
        at = replace(at, utc_ms=at.utc_ms + 10 * MINUTE_MS)
        state = scheduler.outcome(state, Rating.GOOD, at).state
        took += 1
    return state, took


def _due_day(state: CardState, now: Moment, scheduler: Scheduler) -> int:
    if state.phase != "review":
        return now.study_day
    return nearest_day(state.due_utc_ms, now.utc_offset_min, scheduler.rollover)
