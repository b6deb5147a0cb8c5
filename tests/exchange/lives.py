"""Lives of cards for round trips: answers, lapses, resets, undone and moved dates, up to now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Literal

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import Phase as HypothesisPhase
from hypothesis import strategies as st

from tutor.memory.ids import Ids
from tutor.memory.model import CardState, Event, EventKind, Rating
from tutor.memory.replay import replay
from tutor.memory.schedule import Scheduler
from tutor.memory.time import DAY_MS, MINUTE_MS, Moment, day_start, local_offset, study_day

Act = Literal[
    "1", "2", "3", "4", "undo", "reset", "set_due", "suspend", "unsuspend", "flag", "bury"
]
_ANSWERS: tuple[Act, ...] = ("1", "2", "3", "3", "3", "4")
_OTHERS: tuple[Act, ...] = ("undo", "reset", "set_due", "suspend", "unsuspend", "flag", "bury")
ROLLOVER = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One act: days after the card is due (negative: before), and the minute of that day."""

    act: Act
    late_days: int
    minute: int
    took_ms: int
    same_day: bool


# From 5:15 to 2:45 of the next day: within an hour of the rollover a change of clocks counts.
_MINUTES = st.integers(75, 22 * 60 + 45)
STEPS = st.builds(
    Step,
    act=st.one_of(st.sampled_from(_ANSWERS), st.sampled_from(_ANSWERS), st.sampled_from(_OTHERS)),
    late_days=st.sampled_from((-3, -1, 0, 0, 0, 0, 1, 2, 6, 30)),
    minute=_MINUTES,
    took_ms=st.integers(0, 300_000),
    same_day=st.booleans(),
)
LIVES = st.tuples(st.integers(1, 400), st.lists(STEPS, max_size=12))
"""How many days ago a life begins, and its steps."""

Life = tuple[int, Sequence[Step]]


def drawn(count: int, number: int) -> list[Life]:
    """So many lives of Hypothesis; the same for the same seed."""
    found: list[Life] = []

    @seed(number)
    @settings(
        max_examples=2 * count, phases=[HypothesisPhase.generate], database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(life=LIVES)
    def collect(life: Life) -> None:
        if life[1]:
            found.append(life)

    collect()
    return found[-count:]


def live(lives: Mapping[str, Life], scheduler: Scheduler, now_ms: int) -> list[Event]:
    """The journal of these lives, by unit, in the order of time; nothing lies in the future."""
    ids = Ids(None)
    waiting: list[tuple[int, str, Iterator[Step], Step]] = []
    told: dict[str, list[Event]] = {unit: [] for unit in lives}
    states = {unit: CardState(unit) for unit in lives}
    for unit, (ago, steps) in lives.items():
        plan = iter(steps)
        if first := next(plan, None):
            waiting.append((_at(states[unit], now_ms - ago * DAY_MS, first), unit, plan, first))
    heapify(waiting)
    events: list[Event] = []
    while waiting:
        at, unit, plan, step = heappop(waiting)
        if at >= now_ms - MINUTE_MS:
            continue
        event = _event(ids.next(at), at, step, states[unit], told[unit], scheduler)
        if event:
            events.append(event)
            told[unit].append(event)
            states[unit] = replay(told[unit], scheduler).get(unit, CardState(unit))
        if following := next(plan, None):
            heappush(waiting, (_at(states[unit], at, following), unit, plan, following))
    return events


def _at(state: CardState, last_ms: int, step: Step) -> int:
    """When a step comes: minutes after the last, or on a day about the one that is due."""
    if step.same_day or state.phase in ("learning", "relearning"):
        at = last_ms + (1 + step.minute % 40) * MINUTE_MS
    else:
        offset = local_offset(last_ms)
        day = study_day(last_ms, offset, ROLLOVER)
        if state.phase == "review":
            due = study_day(state.due_utc_ms + DAY_MS // 2, offset, ROLLOVER)
            day = max(day, due + step.late_days)
        at = day_start(day, offset, ROLLOVER) + step.minute * MINUTE_MS
    return _kept_off_the_rollover(max(at, last_ms + MINUTE_MS))


def _kept_off_the_rollover(at: int) -> int:
    offset = local_offset(at)
    start = day_start(study_day(at, offset, ROLLOVER), offset, ROLLOVER)
    since = (at - start) // MINUTE_MS
    if 75 <= since <= 22 * 60 + 45:
        return at
    return at + (75 - since if since < 75 else 24 * 60 + 75 - since) * MINUTE_MS


def _event(
    name: str, at: int, step: Step, state: CardState, told: Sequence[Event], scheduler: Scheduler
) -> Event | None:
    offset = local_offset(at)
    now = Moment(at, offset, study_day(at, offset, ROLLOVER))
    place = {"after": state.last_event, "on": state.applied, "retention": 0.9}
    if step.act in "1234":
        outcome = scheduler.outcome(state, Rating(int(step.act)), now)
        return Event(
            name, "review", state.key, at, offset, now.study_day, outcome.rating, step.took_ms,
            "review", due_utc_ms=outcome.state.due_utc_ms, after=state.last_event,
            on=state.applied, retention=0.9,
        )  # fmt: skip
    if step.act == "undo":
        undone = {event.undoes for event in told}
        last = next((e for e in reversed(told) if e.kind != "undo" and e.id not in undone), None)
        return last and Event(name, "undo", state.key, at, offset, now.study_day, undoes=last.id)
    due = None
    if step.act == "set_due":
        due = day_start(now.study_day + 1 + step.minute % 20, offset, ROLLOVER)
    kind: EventKind = step.act  # type: ignore[assignment]
    return Event(name, kind, state.key, at, offset, now.study_day, due_utc_ms=due, **place)  # type: ignore[arg-type]
