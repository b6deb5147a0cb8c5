"""Replaying the journal gives the very states that were built answer by answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.memory.bulk import Promises, Working
from tutor.memory.fsrs import Memory
from tutor.memory.ids import Ids
from tutor.memory.model import CardState, Event, EventKind, Rating
from tutor.memory.replay import apply, replay
from tutor.memory.schedule import Scheduler
from tutor.memory.time import DAY_MS, Moment, study_day

NOON = 1_763_640_000_000
KINDS: tuple[EventKind, ...] = (
    "review", "review", "review", "review", "suspend", "unsuspend", "bury", "flag", "unflag",
    "reset", "set_due", "known", "unknown", "prediction", "params", "undo",
)  # fmt: skip
STEPS = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(["d/a", "d/b", "d/c/gap"]),
    st.sampled_from(list(Rating)),
    # Minutes since the event before: also backwards, as when a clock is set back.
    st.integers(-3 * 1440, 40 * 1440),
    st.sampled_from([0, 60, 120, -480]),
)


class Learner:
    """Answers one event at a time, as a session does, and keeps the journal."""

    def __init__(self) -> None:
        self.scheduler = Scheduler()
        self.ids = Ids()
        self.journal: list[Event] = []
        self.states: dict[str, CardState] = {}

    def do(self, kind: EventKind, key: str, rating: Rating, utc_ms: int, offset: int) -> None:
        now = Moment(utc_ms, offset, study_day(utc_ms, offset, 4))
        event = Event(self.ids.next(utc_ms), kind, key, utc_ms, offset, now.study_day)
        if kind == "undo":
            self.undo(event)
            return
        state = self.states.get(key) or CardState(key)
        if kind == "review":
            due = self.scheduler.outcomes(state, now)[rating].state.due_utc_ms
            event = replace(event, rating=rating, due_utc_ms=due)
        if kind == "set_due":
            event = replace(event, due_utc_ms=utc_ms + DAY_MS)
        self.journal.append(event)
        if kind not in ("params", "prediction"):
            self.states[key] = apply(state, event, self.scheduler)

    def undo(self, event: Event) -> None:
        taken_back = {old.undoes for old in self.journal}
        able = [e for e in self.journal if e.kind != "undo" and e.id not in taken_back]
        if not able:
            return
        self.journal.append(replace(event, card_key=able[-1].card_key, undoes=able[-1].id))
        mine = [old for old in able[:-1] if old.card_key == able[-1].card_key]
        self.states.pop(able[-1].card_key, None)
        self.states |= replay(mine, self.scheduler)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_replay_equals_the_states_built_one_by_one(
    steps: list[tuple[EventKind, str, Rating, int, int]],
) -> None:
    learner, clock = Learner(), NOON
    for kind, key, rating, minutes, offset in steps:
        clock += minutes * 60_000
        learner.do(kind, key, rating, clock, offset)
    assert replay(reversed(learner.journal), learner.scheduler) == learner.states


def review(number: int, key: str, rating: Rating | None, day: int, due: int | None = None) -> Event:
    at = NOON + day * DAY_MS
    return Event(
        f"{number:04d}", "review", key, at, 0, study_day(at, 0, 4), rating=rating, due_utc_ms=due
    )


def test_a_moved_card_keeps_its_history() -> None:
    old = [review(1, "old/a", Rating.EASY, 0), review(2, "new/a", Rating.GOOD, 8)]
    states = replay(old, Scheduler(), lambda key: key.replace("old", "new"))
    assert set(states) == {"new/a"}
    assert states["new/a"].reps == 2


def test_other_weights_change_memory_and_leave_promised_dates() -> None:
    events = [
        review(1, "d/a", Rating.GOOD, 0, NOON + 1),
        review(2, "d/a", Rating.GOOD, 3, NOON + 2),
    ]
    weights = list(Scheduler().model.weights)
    weights[2] = 5.0
    plain, fitted = replay(events, Scheduler())["d/a"], replay(events, Scheduler(weights))["d/a"]
    assert fitted.stability > plain.stability
    assert fitted.due_utc_ms == plain.due_utc_ms == NOON + 2
    assert fitted.model != plain.model


def test_an_answer_that_promised_nothing_is_due_at_once() -> None:
    state = replay([review(1, "d/a", Rating.EASY, 0)], Scheduler())["d/a"]
    assert (state.phase, state.due_utc_ms) == ("review", NOON)


def test_a_review_without_a_rating_is_refused() -> None:
    with pytest.raises(ValueError, match="no rating"):
        replay([review(1, "d/a", None, 0)], Scheduler())


def test_undo_takes_back_one_answer() -> None:
    first, second = review(1, "d/a", Rating.GOOD, 0, 1), review(2, "d/a", Rating.AGAIN, 1, 2)
    undo = Event("0003", "undo", "d/a", NOON, 0, 0, undoes="0002")
    assert replay([first, second, undo], Scheduler()) == replay([first], Scheduler())
    undo_first = replace(undo, id="0004", undoes="0001")
    assert replay([first, second, undo, undo_first], Scheduler()) == {}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(Rating)), st.integers(-1440, 60 * 1440)),
        min_size=1,
        max_size=25,
    )
)
def test_many_answers_at_once_are_promised_as_one_by_one(
    answers: list[tuple[Rating, int]],
) -> None:
    scheduler, promises = Scheduler(), Promises(Scheduler())
    state, clock = CardState("d/a", flagged=True), NOON
    working, said = Working.of(state), list[tuple[int, int]]()
    for rating, minutes in answers:
        clock += minutes * 60_000
        now = Moment(clock, 60, study_day(clock, 60, 4))
        after = scheduler.outcomes(state, now)[rating].state
        due = promises.give(working, rating, clock, 60, now.study_day)
        assert due == after.due_utc_ms
        state = after
        said.append((int(rating), now.study_day))
        assert working.frozen(scheduler.model, None, 0) == state
    at_once = Working.of(CardState("d/a", flagged=True))
    at_once.answer_all(said, Memory(state.stability, state.difficulty))
    at_once.due_utc_ms = state.due_utc_ms
    assert at_once.frozen(scheduler.model, None, 0) == state
