"""The order of a session: learning first, then risk, new ones between, topics mixed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.memory.cards import NOW, course, entry, state, topic
from tutor.memory.course import Course
from tutor.memory.model import CardState, Rating
from tutor.memory.queue import Queue
from tutor.memory.schedule import Scheduler
from tutor.memory.time import DAY_MS, MINUTE_MS, Moment
from tutor.memory.today import Limits, Today

DAY = NOW.study_day
SCHEDULER = Scheduler()
LIMITS = Limits()


def later(minutes: float) -> Moment:
    return Moment(NOW.utc_ms + round(minutes * MINUTE_MS), 0, DAY)


def queue(today: Today, limits: Limits = LIMITS, **options: Any) -> Queue:
    return Queue(today, lambda s: SCHEDULER.retrievability(s, DAY), limits, **options)


def due(unit: str, stability: float = 5.0, days: int = 9) -> CardState:
    return state(unit, stability=stability, first_day=DAY - 20, last_day=DAY - days)


def wide(topics: int, cards: int) -> Course:
    """Topics that need nothing, with so many cards each."""
    entries = [entry(f"t{t}/c{c}", "basic") for t in range(topics) for c in range(cards)]
    return Course(entries, {f"t{t}": topic(f"t{t}", t) for t in range(topics)})


def study(
    line: Queue, today: Today, rating: Rating = Rating.EASY, now: Moment = NOW, most: int = 999
) -> list[str]:
    """Answer until nothing is left."""
    asked: list[str] = []
    while len(asked) < most and (unit := line.next(now)) is not None:
        asked.append(unit)
        today.put(SCHEDULER.outcomes(today.state(unit), now)[rating].state)
        line.put(unit)
    return asked


def test_reviews_come_by_falling_risk() -> None:
    units = [f"t{t}/c0" for t in range(4)]
    stabilities = [50.0, 2.0, 9.0, 20.0]
    today = Today(wide(4, 1), dict(zip(units, map(due, units, stabilities), strict=True)), NOW, 4)
    assert study(queue(today), today) == ["t1/c0", "t2/c0", "t3/c0", "t0/c0"]


def test_topics_are_interleaved_while_another_has_a_card_due() -> None:
    units = [f"t0/c{c}" for c in range(3)] + ["t1/c0", "t1/c1"]
    today = Today(
        wide(2, 3), {unit: due(unit, 2 if "t0" in unit else 40) for unit in units}, NOW, 4
    )
    asked = study(queue(today, Limits(new_cards=0)), today)
    assert [unit[:2] for unit in asked] == ["t0", "t1", "t0", "t1", "t0"]


def test_cards_of_one_topic_are_not_held_back() -> None:
    units = [f"t0/c{c}" for c in range(5)]
    today = Today(wide(1, 5), {unit: due(unit) for unit in units}, NOW, 4)
    assert sorted(study(queue(today), today)) == units


def test_learning_cards_come_first_once_their_minutes_are_over() -> None:
    waits = state("t0/c0", phase="learning", due_utc_ms=NOW.utc_ms + 5 * MINUTE_MS)
    today = Today(wide(2, 1), {"t0/c0": waits, "t1/c0": due("t1/c0")}, NOW, 4)
    line = queue(today)
    assert line.next(NOW) == "t1/c0"
    assert line.next(later(5)) == "t0/c0"


def test_learning_ahead_at_the_end_only() -> None:
    near = state("t0/c0", phase="learning", due_utc_ms=NOW.utc_ms + 20 * MINUTE_MS)
    far = state("t1/c0", phase="relearning", due_utc_ms=NOW.utc_ms + 21 * MINUTE_MS)
    today = Today(wide(3, 1), {"t0/c0": near, "t1/c0": far}, NOW, 4)
    line = queue(today)
    assert study(line, today) == ["t2/c0", "t0/c0"]
    assert line.next(later(1)) == "t1/c0"


def test_new_cards_are_spread_over_the_session() -> None:
    course_ = wide(40, 2)
    units = [f"t{t}/c0" for t in range(18)]
    today = Today(course_, {unit: due(unit) for unit in units}, NOW, 4)
    asked = study(queue(today, Limits(new_cards=6)), today)
    new = [place for place, unit in enumerate(asked) if unit not in units]
    assert len(asked) == 24
    assert len(new) == 6
    gaps = [b - a for a, b in pairwise(new)]
    assert max(gaps) <= 6
    assert new[0] > 0


def test_the_review_limit_holds_back_no_new_card() -> None:
    units = [f"t{t}/c0" for t in range(8)]
    today = Today(wide(8, 2), {unit: due(unit) for unit in units}, NOW, 4)
    asked = study(queue(today, Limits(new_cards=5, reviews=3)), today)
    assert sum(unit in units for unit in asked) == 3
    assert sum(unit not in units for unit in asked) == 5


def test_limits_count_what_was_done_earlier_today() -> None:
    units = [f"t{t}/c0" for t in range(4)]
    states = {unit: due(unit) for unit in units}
    states["t5/c0"] = state("t5/c0", first_day=DAY - 9, due_utc_ms=NOW.utc_ms + 9 * DAY_MS)
    states["t6/c0"] = state("t6/c0", due_utc_ms=NOW.utc_ms + 9 * DAY_MS)
    today = Today(wide(8, 1), states, NOW, 4)
    asked = study(queue(today, Limits(new_cards=2, reviews=3)), today)
    assert sum(unit in units for unit in asked) == 2
    assert sum(unit not in units for unit in asked) == 1


@pytest.mark.parametrize("wanted", [0, 1, 7])
def test_a_session_may_bring_its_own_number_of_new_cards(wanted: int) -> None:
    introduced = state("t0/c0", due_utc_ms=NOW.utc_ms + 3 * DAY_MS)
    today = Today(wide(9, 1), {"t0/c0": introduced}, NOW, 4)
    assert len(study(queue(today, Limits(1, 1), new=wanted), today)) == wanted


def test_three_new_topics_a_day() -> None:
    today = Today(wide(9, 4), {}, NOW, 4)
    asked = study(queue(today, Limits()), today)
    assert {unit[:2] for unit in asked} == {"t0", "t1", "t2"}
    assert len(asked) == 12
    assert all(a[:2] != b[:2] for a, b in pairwise(asked[:9]))


def test_answering_well_opens_the_next_topic_at_once() -> None:
    today = Today(course(), {}, NOW, 4)
    asked = study(queue(today), today)
    assert asked.index("alpha/term") < asked.index("beta/term") < asked.index("gamma/term")
    assert not {"alpha/gap/a", "alpha/gap/b"} <= set(asked), "siblings do not come together"


def test_only_chosen_topics() -> None:
    states = {"alpha/term": due("alpha/term"), "beta/num": due("beta/num")}
    today = Today(course(), states, NOW, 4)
    assert study(queue(today, chosen=["beta"]), today) == ["beta/num", "beta/term"]


def test_a_sibling_of_an_answered_card_leaves_the_queue() -> None:
    states = {unit: due(unit) for unit in ("alpha/gap/a", "alpha/gap/b")}
    today = Today(course(), states, NOW, 4)
    asked = study(queue(today, Limits(new_cards=0)), today)
    assert len(asked) == 1


def test_taken_back_a_card_and_its_sibling_return() -> None:
    states = {unit: due(unit) for unit in ("alpha/gap/a", "alpha/gap/b")}
    today = Today(course(), states, NOW, 4)
    line = queue(today, Limits(new_cards=0))
    (asked,) = study(line, today)
    assert line.left == 0
    today.put(states[asked])
    line.put(asked, asked=False)
    assert line.left == 2
    assert study(line, today) == [asked]


def test_a_dropped_card_does_not_come_back() -> None:
    states = {"t0/c0": due("t0/c0"), "t1/c0": state("t1/c0", phase="learning")}
    today = Today(wide(3, 1), states, NOW, 4)
    line = queue(today)
    for unit in ("t0/c0", "t1/c0", "t2/c0"):
        line.drop(unit)
    assert line.next(NOW) is None


def test_a_forgotten_card_comes_back_in_the_session() -> None:
    today = Today(wide(1, 1), {"t0/c0": due("t0/c0")}, NOW, 4)
    line = queue(today)
    assert study(line, today, Rating.AGAIN, most=3) == ["t0/c0"] * 3
    assert line.left == 1


def test_learning_cards_of_another_day_are_still_there() -> None:
    old = state("t0/c0", phase="learning", due_utc_ms=NOW.utc_ms - 9 * DAY_MS, last_day=DAY - 9)
    today = Today(wide(1, 1), {"t0/c0": old}, NOW, 4)
    assert queue(today).next(NOW) == "t0/c0"


STATES = st.dictionaries(
    st.sampled_from([f"t{t}/c{c}" for t in range(4) for c in range(4)]),
    st.tuples(st.sampled_from(["learning", "review"]), st.floats(1, 90), st.integers(0, 30)),
)


@settings(max_examples=100, deadline=None)
@given(STATES, st.integers(0, 6), st.integers(0, 6), st.lists(st.sampled_from(list(Rating))))
def test_every_session_ends_and_left_counts_down(
    drawn: dict[str, tuple[Any, float, int]], new: int, reviews: int, ratings: list[Rating]
) -> None:
    states = {
        unit: state(unit, phase=phase, stability=s, first_day=DAY - 40, last_day=DAY - days)
        for unit, (phase, s, days) in drawn.items()
    }
    today = Today(wide(4, 4), states, NOW, 4)
    line = queue(today, Limits(new, 3, reviews))
    expected = line.left
    presses: Iterable[Rating] = [*ratings, *[Rating.EASY] * 100]
    for rating in presses:
        unit = line.next(NOW)
        if unit is None:
            break
        assert line.left >= 1
        today.put(SCHEDULER.outcomes(today.state(unit), NOW)[rating].state)
        line.put(unit)
    assert line.next(NOW) is None
    assert line.left == 0
    assert len(today.introduced) <= new
    assert expected >= 0
