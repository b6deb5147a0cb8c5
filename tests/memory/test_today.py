"""A day's counts are the same whether built at once or adjusted answer by answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.memory.cards import NOW, course, entry, state, topic
from tutor.memory.course import Course
from tutor.memory.model import CardState, Phase
from tutor.memory.time import DAY_MS, Moment
from tutor.memory.today import HORIZON_DAYS, Limits, Today

DAY = NOW.study_day
LIMITS = Limits()
UNITS = ("alpha/term", "alpha/gap/a", "alpha/gap/b", "beta/term", "beta/num", "gamma/term")


def today(states: Mapping[str, CardState] | None = None, now: Moment = NOW) -> Today:
    return Today(course(), states or {}, now, 4)


def new(day: Today, limits: Limits = LIMITS, **options: object) -> dict[str, list[str]]:
    found = day.new(limits, **options)  # type: ignore[arg-type]
    return {topic: list(units) for topic, units in found}


def test_a_new_learner_begins_with_what_needs_nothing() -> None:
    assert new(today()) == {"alpha": ["alpha/term", "alpha/gap/a"]}
    assert today().new_count(Limits()) == 2


def test_terms_come_before_their_questions() -> None:
    assert next(iter(course().place)) == "alpha/term"


def test_a_term_answered_well_opens_what_needs_it() -> None:
    day = today()
    day.put(state("alpha/term", phase="learning", passed=True))
    assert day.known == {"alpha"}
    assert list(new(day)) == ["alpha", "beta"]
    day.put(state("beta/term", phase="learning", passed=True))
    assert list(new(day)) == ["alpha", "beta", "gamma"]


def test_an_answer_that_was_not_good_opens_nothing() -> None:
    day = today()
    day.put(state("alpha/term", phase="learning"))
    assert day.known == set()
    assert list(new(day)) == ["alpha"]


def test_another_card_than_the_term_opens_nothing() -> None:
    day = today()
    day.put(state("alpha/gap/a", phase="learning", passed=True))
    assert day.known == set()


def test_a_marked_topic_opens_others_and_brings_nothing_itself() -> None:
    day = today()
    day.put(CardState("alpha", passed=True))
    assert day.marked == day.known == {"alpha"}
    assert list(new(day)) == ["beta"]
    day.put(CardState("alpha"))
    assert list(new(day)) == ["alpha"]


def test_chosen_topics_are_always_open() -> None:
    assert new(today(), chosen=["gamma"]) == {"gamma": ["gamma/term"]}
    assert list(new(today(), ignore_needs=True)) == ["alpha", "beta", "gamma"]


def test_new_topics_a_day() -> None:
    one = Limits(new_topics=1)
    assert list(new(today(), one, ignore_needs=True)) == ["alpha"]
    day = today({"alpha/term": state("alpha/term", first_day=DAY)})
    assert list(new(day, one, ignore_needs=True)) == ["alpha"], "begun today, and it goes on"
    earlier = today({"alpha/term": state("alpha/term", first_day=DAY - 1)})
    assert list(new(earlier, one, ignore_needs=True)) == ["alpha", "beta"]


def test_new_cards_a_day() -> None:
    answered = {"alpha/term": state("alpha/term", passed=True)}
    assert today(answered).new_count(Limits(new_cards=1)) == 0
    assert today(answered).new_count(Limits(new_cards=2)) == 1
    assert today(answered).new_count(Limits(new_cards=9)) == 3


def test_siblings_wait_until_tomorrow() -> None:
    day = today()
    day.put(state("alpha/gap/a", phase="learning"))
    assert new(day)["alpha"] == ["alpha/term"]
    tomorrow = Moment(NOW.utc_ms + DAY_MS, 0, DAY + 1)
    assert new(today(day.states, tomorrow))["alpha"] == ["alpha/term", "alpha/gap/b"]


def test_a_due_sibling_is_counted_for_tomorrow() -> None:
    both = {unit: state(unit, last_day=DAY - 9) for unit in ("alpha/gap/a", "alpha/gap/b")}
    day = today(both)
    assert day.waiting() == [(day.start, 2)]
    day.put(state("alpha/gap/a", due_utc_ms=NOW.utc_ms + 5 * DAY_MS))
    assert day.due_at("alpha/gap/b") == day.end
    day.put(both["alpha/gap/a"])
    assert day.waiting() == [(day.start, 2)], "taken back: both wait again"


def test_a_sibling_being_learned_is_not_held_back() -> None:
    day = today({"alpha/gap/a": state("alpha/gap/a", phase="relearning", last_day=DAY - 1)})
    day.put(state("alpha/gap/b"))
    assert day.due_at("alpha/gap/a") == NOW.utc_ms


def test_buried_and_suspended_cards_do_not_wait() -> None:
    day = today({"beta/term": state("beta/term", last_day=DAY - 9)})
    day.put(state("beta/term", last_day=DAY - 9, buried_until_day=DAY + 1))
    assert day.waiting() == [(day.end, 1)]
    day.put(state("beta/term", last_day=DAY - 9, suspended=True))
    assert day.waiting() == []
    day.put(CardState("alpha/term", suspended=True))
    assert new(day)["alpha"] == ["alpha/gap/a"]


def test_what_is_due_beyond_the_horizon_is_still_found() -> None:
    far = NOW.utc_ms + 2 * HORIZON_DAYS * DAY_MS
    day = today({"beta/term": state("beta/term", due_utc_ms=far)})
    assert day.waiting() == []
    due = day.beyond_horizon()
    assert due is not None
    assert abs(due - far) <= DAY_MS // 2


def test_nothing_waits_for_a_new_learner() -> None:
    assert today().waiting() == []
    assert today().beyond_horizon() is None


DAYS = st.one_of(st.none(), st.integers(DAY - 3, DAY + 1))
PHASES: st.SearchStrategy[Phase] = st.sampled_from(["new", "learning", "review", "relearning"])


@st.composite
def some_state(draw: st.DrawFn) -> CardState:
    """Any state that a unit or a topic may have."""
    key = draw(st.sampled_from([*UNITS, "alpha", "beta", "elsewhere/gone"]))
    if "/" not in key:
        return CardState(key, passed=draw(st.booleans()))
    phase = draw(PHASES)
    if phase == "new":
        return CardState(key, suspended=draw(st.booleans()), buried_until_day=draw(DAYS))
    first = draw(st.integers(DAY - 3, DAY))
    return state(
        key,
        phase=phase,
        due_utc_ms=NOW.utc_ms + draw(st.integers(-3 * DAY_MS, 90 * DAY_MS)),
        first_day=first,
        last_day=draw(st.integers(first, DAY)),
        passed=draw(st.booleans()),
        suspended=draw(st.booleans()),
        buried_until_day=draw(DAYS),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(some_state(), max_size=25), st.integers(0, 25))
def test_adjusting_equals_building_anew(changes: list[CardState], split: int) -> None:
    before = {change.key: change for change in changes[:split]}
    day = today(before)
    for change in changes[split:]:
        day.put(change)
    anew = today(day.states)
    for counted in ("introduced", "reviewed", "known", "marked"):
        assert getattr(day, counted) == getattr(anew, counted), counted
    assert (day.waiting(), day.steps()) == (anew.waiting(), anew.steps())
    for options in ({}, {"ignore_needs": True}, {"chosen": ["beta"]}):
        assert new(day, **options) == new(anew, **options)
        limits = Limits(new_cards=3)
        assert day.new_count(limits, **options) == anew.new_count(limits, **options)
        listed = [unit for units in new(day, limits, **options).values() for unit in units]
        assert day.new_count(limits, **options) == max(0, min(len(listed), 3 - len(day.introduced)))


def chaptered(*needs: tuple[int, tuple[int, ...]]) -> Course:
    """One topic `t0`, `t1` ... with one card for each (chapter, topics that it needs)."""
    names = [f"t{at}" for at in range(len(needs))]
    topics = {
        name: replace(topic(name, at, *(names[need] for need in wanted)), chapter=chapter)
        for at, (name, (chapter, wanted)) in enumerate(zip(names, needs, strict=True))
    }
    return Course([entry(f"{name}/term") for name in names], topics)


def offered(day: Today) -> list[str]:
    return [name for name, _ in day.new(Limits(99, None))]


def test_a_struggling_beginner_stays_in_the_first_chapter() -> None:
    made = chaptered((1, ()), (1, (0,)), (1, ()), (5, ()), (2, (1,)))
    day = Today(made, {}, NOW, 4)
    assert offered(day) == ["t0", "t2"], "chapter 5 needs nothing, and still waits"
    day.put(state("t0/term", phase="learning", passed=False))
    assert offered(day) == ["t2"]
    assert list(day.coming()) == ["t1", "t2", "t3", "t4"], "what is begun is known by then"
    day.put(state("t0/term", passed=True))
    day.put(state("t1/term", passed=True))
    assert offered(day) == ["t2", "t3", "t4"]


def test_what_can_never_be_known_closes_no_chapter() -> None:
    late = chaptered((1, (2,)), (1, (0,)), (3, ()))
    assert offered(Today(late, {}, NOW, 4)) == ["t2"], "chapter 1 itself waits for chapter 3"
    circle = chaptered((1, (1,)), (1, (0,)), (2, ()))
    assert offered(Today(circle, {}, NOW, 4)) == ["t2"]
    alone = chaptered((1, ()), (1, (0,)), (2, ()))
    assert offered(Today(alone, {"t0/term": state("t0/term", suspended=True)}, NOW, 4)) == ["t2"]


@given(st.lists(st.tuples(st.integers(1, 4), st.sets(st.integers(0, 11), max_size=3)), max_size=12))
def test_whoever_knows_what_comes_gets_to_everything_and_in_the_order_told(
    wanted: list[tuple[int, set[int]]],
) -> None:
    """Any needs, circles too: chapters close nothing that needs alone leave open."""
    wanted.sort(key=lambda each: each[0])
    size = len(wanted)
    made = chaptered(*((chapter, tuple(n for n in needs if n < size)) for chapter, needs in wanted))
    reachable, grown = set[str](), True
    while grown:
        found = {name for name in made.topics if made.open(name, reachable)}
        grown, reachable = found != reachable, found
    day, met = Today(made, {}, NOW, 4), list[str]()
    while names := offered(day):
        assert names[0] == next(day.coming()), "what is told to be next is next"
        day.put(state(f"{names[0]}/term", passed=True))
        met.append(names[0])
    assert set(met) == reachable
