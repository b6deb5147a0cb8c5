"""Merged histories: what every machine works out is one function of the set of rows.

Each property is shown to fail without the rule that it is there for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.memory.machines import KEYS, NOON, YEAR_MIN, Machine, Step, lived, steps
from tutor.memory import amend, order, replay
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.order import in_order
from tutor.memory.time import MINUTE_MS, Moment

ALL = steps("pull", "pull", "undo", "reset", "flag", "bury", "import", "revision", "accept")
CLOCKS = st.tuples(*[st.sampled_from([0, 120, -120, YEAR_MIN])] * 3)
# TUTOR_HISTORIES=400 tries ten times as many.
LIGHT = settings(max_examples=int(os.environ.get("TUTOR_HISTORIES", "40")), deadline=None)


def united(machines: list[Machine]) -> Machine:
    one = Machine("reader")
    for machine in machines:
        one.pull(machine)
    return one


def equal_in_all_orders(history: list[Step], clocks: tuple[int, int, int]) -> bool:
    found = []
    for machines in permutations(lived(history, clocks)):
        machines[0].pull(machines[1])  # a partial merge first
        found.append(united(list(machines)).states)
    return all(states == found[0] for states in found)


def promises_are_of_the_merged_memory(history: list[Step], clocks: tuple[int, int, int]) -> bool:
    """Where an answer came last its date is what a machine that knew all would have promised."""
    one = united(lived(history, clocks))
    for key in KEYS:
        rows = one.history(key)
        if not rows or rows[-1].kind != "review" or rows[-1].rating is None:
            continue
        last = rows[-1]
        before = replay.state_after(key, rows[:-1], one.scheduler)
        then = Moment(last.at_utc_ms, last.utc_offset_min, last.study_day)
        if one.states[key].due_utc_ms != one.scheduler.outcome(
            before, rows[-1].rating, then
        ).state.due_utc_ms:  # fmt: skip
            return False
    return True


def imported_once(history: list[Step], clocks: tuple[int, int, int]) -> bool:
    one = united(lived(history, clocks))
    for key in KEYS:
        times = [row.at_utc_ms for row in one.history(key) if row.source == "import"]
        if len(times) != len(set(times)):
            return False
    return True


def a_revision_is_due_once(history: list[Step], clocks: tuple[int, int, int]) -> bool:
    one = united(lived(history, clocks))
    return all(sum(row.kind == "set_due" for row in one.history(key)) <= 1 for key in KEYS)


def as_one_machine(history: list[Step], clocks: tuple[int, int, int]) -> bool:
    """Where each syncs before it acts, it is as if one machine had done all of it."""
    machines = [Machine(name, ahead) for name, ahead in zip("abc", clocks, strict=True)]
    single, true_ms = Machine("single"), NOON
    for step in history:
        true_ms += step.minutes * MINUTE_MS
        actor = machines[step.machine]
        for other in machines:
            actor.pull(other)
        actor.do(step, true_ms)
        single.ahead_ms, single.revisions = actor.ahead_ms, actor.revisions
        single.do(step, true_ms)
    nameless = [
        {key: replace(state, last_event=None, applied=0) for key, state in one.states.items()}
        for one in (united(machines), single)
    ]
    return nameless[0] == nameless[1]


def in_order_of_time(history: list[Step], _clocks: tuple[int, int, int]) -> bool:
    """One answer with a clock a year ahead, seen by all; then all clocks are right."""
    machines = lived([], (YEAR_MIN, 0, 0))
    machines[0].do(Step(0, "review", KEYS[0], Rating.GOOD, 0), NOON)
    machines[0].ahead_ms, true_ms = 0, NOON
    machines[1].pull(machines[0])
    machines[2].pull(machines[0])
    for step in history:
        true_ms += step.minutes * MINUTE_MS
        if step.act == "pull":
            machines[step.machine].pull(machines[(step.machine + 1) % 3])
        else:
            machines[step.machine].do(step, true_ms)
    one = united(machines)
    times = [row.at_utc_ms for key in KEYS for row in one.history(key) if row.at_utc_ms < _FAR]
    split = [[row.at_utc_ms for row in one.history(key) if row.at_utc_ms < _FAR] for key in KEYS]
    return times == [at for each in split for at in sorted(each)]


_FAR = NOON + YEAR_MIN * MINUTE_MS
SYNCED = steps("reset", "flag", "import", "revision")
DATED = steps("pull", most=12).filter(lambda all: sum(step.minutes for step in all) < YEAR_MIN)
Property = Callable[[list[Step], tuple[int, int, int]], bool]
PROPERTIES: dict[str, tuple[Property, st.SearchStrategy[list[Step]]]] = {
    "equal": (equal_in_all_orders, ALL),
    "promise": (promises_are_of_the_merged_memory, ALL),
    "accepted": (promises_are_of_the_merged_memory, steps("pull", "accept", "accept")),
    "once": (imported_once, ALL),
    "revision": (a_revision_is_due_once, ALL),
    "one": (as_one_machine, SYNCED),
    "time": (in_order_of_time, DATED),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_of_merged_histories(name: str) -> None:
    holds, histories = PROPERTIES[name]

    @LIGHT
    @given(histories, CLOCKS)
    def check(history: list[Step], clocks: tuple[int, int, int]) -> None:
        assert holds(history, clocks)

    check()


def by_id(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda row: row.id)


def as_promised(_state: CardState, event: Event, *_: Any) -> int:
    return event.due_utc_ms or event.at_utc_ms


def as_they_came(events: list[Event]) -> list[Event]:
    return list(events)


# The rule, what stands in its place, and the property that then fails.
WITHOUT: dict[str, tuple[Any, str, Any, str]] = {
    "order by cause": (order, "_ordered", by_id, "time"),
    "order of the set": (order, "_ordered", as_they_came, "equal"),
    "causes": (order, "_causes", lambda _own: [], "one"),
    "digest": (replay, "_promised", as_promised, "promise"),
    "what was said of an answer": (amend, "digest_of", lambda _uid: 0, "accepted"),
    "imported once": (order, "_without_twins", lambda rows: rows, "once"),
    "revision once": (order, "_without_met", lambda rows: rows, "revision"),
}


@pytest.mark.parametrize("rule", WITHOUT)
def test_without_its_rule_a_property_fails(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, instead, broken = WITHOUT[rule]
    monkeypatch.setattr(where, name, instead)
    holds, histories = PROPERTIES[broken]
    search = settings(
        max_examples=2000, deadline=None, phases=[Phase.generate], database=None,
        derandomize=True, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    find(st.tuples(histories, CLOCKS), lambda found: not holds(*found), settings=search)


def test_a_row_that_is_named_before_it_comes_waits_for_it() -> None:
    """In whatever order they are read, a row stands behind the one that it names."""
    first = Event("2", "review", "d/a", NOON + 9, 0, 0, Rating.GOOD, writer="a", seq=1)
    second = replace(first, id="1", at_utc_ms=NOON, after="2", writer="b")
    assert in_order([second, first]) == in_order([first, second]) == [first, second]
