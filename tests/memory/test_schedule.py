"""The four buttons: steps, order, fuzz, and that what is shown is what is given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.labels import interval_label
from tutor.memory.model import CardState, Phase, Rating
from tutor.memory.schedule import MAX_DAYS, Scheduler, fuzz_range, fuzzed
from tutor.memory.time import DAY_MS, MINUTE_MS, Moment, day_start, study_day

NOON = 1_763_640_000_000
NOW = Moment(NOON, 0, study_day(NOON, 0, 4))
AGAIN, HARD, GOOD, EASY = Rating
NEW = CardState("d/a")


def minutes(state: CardState, now: Moment = NOW) -> list[float]:
    return [
        outcome.interval_ms / MINUTE_MS for outcome in Scheduler().outcomes(state, now).values()
    ]


def labels(state: CardState) -> list[str]:
    return [outcome.label for outcome in Scheduler().outcomes(state, NOW).values()]


def press(state: CardState, *ratings: Rating, now: Moment = NOW) -> CardState:
    for rating in ratings:
        state = Scheduler().outcomes(state, now)[rating].state
    return state


def test_a_new_card() -> None:
    assert labels(NEW) == ["1m", "6m", "10m", "8d"]


def test_learning_steps_then_days() -> None:
    second = press(NEW, GOOD)
    assert (second.phase, second.step) == ("learning", 1)
    assert labels(second) == ["1m", "10m", "2d", "4d"]
    assert press(second, GOOD).phase == "review"
    assert press(NEW, HARD).step == 0
    assert press(second, AGAIN).step == 0
    assert press(NEW, EASY).phase == "review"


def test_forgetting_relearns_in_ten_minutes() -> None:
    forgotten = press(press(NEW, EASY), AGAIN, now=Moment(NOON + 8 * DAY_MS, 0, NOW.study_day + 8))
    assert (forgotten.phase, forgotten.step, forgotten.lapses) == ("relearning", 0, 1)
    assert minutes(forgotten)[:2] == [10, 15]
    assert press(forgotten, GOOD).phase == "review"
    assert press(forgotten, AGAIN).lapses == 1


def test_due_days_begin_at_the_rollover() -> None:
    easy = Scheduler().outcomes(NEW, NOW)[EASY]
    assert easy.state.due_utc_ms == day_start(NOW.study_day + 8, 0, 4)
    assert easy.interval_ms == 8 * DAY_MS


def test_minutes_count_from_now() -> None:
    assert press(NEW, HARD).due_utc_ms == NOON + 6 * MINUTE_MS


PHASES: st.SearchStrategy[Phase] = st.sampled_from(["learning", "review", "relearning"])
STATES = st.builds(
    CardState,
    key=st.text("abc/", min_size=1, max_size=8),
    phase=PHASES,
    stability=st.floats(0.001, 36_500),
    difficulty=st.floats(1, 10),
    step=st.just(0),
    reps=st.integers(1, 400),
    first_day=st.just(10_000),
    last_day=st.integers(10_000, 30_000),
)
RETENTIONS = st.floats(0.7, 0.97)


@given(STATES, RETENTIONS)
def test_buttons_are_in_order_and_within_bounds(state: CardState, retention: float) -> None:
    outcomes = Scheduler(desired_retention=retention).outcomes(state, NOW)
    lengths = [outcomes[rating].interval_ms for rating in (HARD, GOOD, EASY)]
    assert lengths == sorted(set(lengths))
    assert outcomes[AGAIN].interval_ms < lengths[0]
    for outcome in outcomes.values():
        assert MINUTE_MS <= outcome.interval_ms <= MAX_DAYS * DAY_MS
        if outcome.state.phase == "review":
            assert outcome.interval_ms % DAY_MS == 0


@given(STATES, st.sampled_from(list(Rating)))
def test_what_is_shown_is_what_is_given(state: CardState, rating: Rating) -> None:
    shown = Scheduler().outcomes(state, NOW)[rating]
    again = Scheduler().outcomes(state, NOW)[rating]
    given_state = Scheduler().answered(state, rating, NOW.study_day, shown.state.due_utc_ms)
    assert shown == again
    assert given_state == shown.state


@given(st.floats(0.01, 40_000), st.floats(0, 1, exclude_max=True))
def test_fuzz_stays_within_its_range(days: float, chance: float) -> None:
    low, high = fuzz_range(days)
    assert 1 <= low <= fuzzed(days, chance) <= high <= MAX_DAYS
    assert low <= max(1, min(MAX_DAYS, round(days))) <= high


def test_fuzz_reaches_both_ends_evenly() -> None:
    low, high = fuzz_range(10)
    drawn = [fuzzed(10, i / 1000) for i in range(1000)]
    counts = [drawn.count(days) for days in range(low, high + 1)]
    assert min(counts) > 0
    assert max(counts) - min(counts) <= 1


def test_fuzz_differs_between_cards_and_reviews_only() -> None:
    def good(key: str, reps: int) -> int:
        state = CardState(
            key, "review", 30.0, 5.0, reps=reps, first_day=0, last_day=NOW.study_day - 30
        )
        return Scheduler().outcomes(state, NOW)[GOOD].interval_ms

    assert len({good(f"d/{i}", 3) for i in range(50)}) > 5
    assert len({good("d/a", i) for i in range(50)}) > 5
    assert good("d/a", 3) == good("d/a", 3)


@given(st.lists(st.tuples(st.integers(-40, 40), st.sampled_from(list(Rating)))))
def test_a_clock_set_back_never_gives_negative_days(steps: list[tuple[int, Rating]]) -> None:
    state, day = NEW, NOW.study_day
    for jump, rating in steps:
        day += jump
        before = state.last_day
        state = Scheduler().answered(state, rating, day, NOON)
        assert state.last_day is not None
        assert before is None or state.last_day >= before


def test_nearly_a_day_later_counts_as_a_day() -> None:
    evening = press(NEW, EASY)
    next_day = Moment(NOON + DAY_MS - 2 * MINUTE_MS, 0, NOW.study_day + 1)
    assert Scheduler().retrievability(evening, next_day.study_day) < 1


@pytest.mark.parametrize(
    ("length", "label"),
    [
        (MINUTE_MS, "1m"), (59 * MINUTE_MS, "59m"), (90 * MINUTE_MS, "2h"), (DAY_MS, "1d"),
        (30 * DAY_MS, "30d"), (46 * DAY_MS, "1.5mo"), (91 * DAY_MS, "3mo"), (365 * DAY_MS, "1y"),
        (364 * DAY_MS, "1y"), (MAX_DAYS * DAY_MS, "99.9y"),
    ],
)  # fmt: skip
def test_labels(length: int, label: str) -> None:
    assert interval_label(length) == label


PASSES = st.sampled_from([HARD, GOOD, EASY])


@given(STATES, st.integers(1, 400), st.integers(0, 400), RETENTIONS)
def test_chance_never_shortens_the_interval_of_a_pass(
    state: CardState, last: int, late: int, retention: float
) -> None:
    scheduler = Scheduler(desired_retention=retention)
    day = NOW.study_day
    begun = day - last - late
    state = replace(
        state, phase="review", last_day=begun, first_day=begun,
        due_utc_ms=day_start(begun + last, 0, 4),
    )  # fmt: skip
    for rating in (HARD, GOOD, EASY):
        outcome = scheduler.outcomes(state, NOW)[rating]
        ideal = scheduler.model.interval(outcome.state.stability, retention)
        given_days = outcome.interval_ms // DAY_MS
        if ideal > last:
            assert given_days > last
        elif last <= fuzz_range(ideal)[1]:
            assert given_days >= last


@given(st.lists(PASSES, min_size=3, max_size=12), st.integers(0, 10_000))
def test_a_good_answer_on_time_never_comes_back_sooner(ratings: list[Rating], card: int) -> None:
    scheduler, now = Scheduler(), NOW
    state, before = replace(NEW, key=f"deck/card{card}"), 0
    for rating in ratings:
        outcome = scheduler.outcomes(state, now)[rating]
        days = outcome.interval_ms // DAY_MS
        if state.phase == "review" and rating >= GOOD:
            assert days >= min(before, MAX_DAYS - 1), "Easy alone gets the longest interval"
        state, before = outcome.state, days
        wait = max(state.due_utc_ms - now.utc_ms, MINUTE_MS)
        at = now.utc_ms + wait
        now = Moment(at, 0, study_day(at, 0, 4))


def test_the_lapsed_card_that_once_came_sooner() -> None:
    lives = "13 3313 33313 333313 3333"
    for number in range(300):
        state, now = replace(NEW, key=f"deck/card{number}"), NOW
        before = 0
        for rating in (Rating(int(sign)) for sign in lives if sign != " "):
            outcome = Scheduler().outcomes(state, now)[rating]
            days = outcome.interval_ms // DAY_MS
            if state.phase == "review" and rating is GOOD:
                assert days >= before, (number, before, days)
            state, before = outcome.state, days
            at = max(state.due_utc_ms, now.utc_ms + MINUTE_MS)
            now = Moment(at, 0, study_day(at, 0, 4))


@given(st.lists(STATES), st.integers(20_000, 21_000))
def test_many_are_remembered_as_each_is(states: list[CardState], day: int) -> None:
    states = [replace(state, last_day=20_400 if state.reps else None) for state in states]
    each = [Scheduler().retrievability(state, day) for state in states]
    assert Scheduler().recalls(states, day) == each
