"""Acts on many cards at once, and sessions over chosen ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from tests.session.decks import Clock, learner
from tutor.errors import NotFoundError
from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.session.acting import Act, act, take_back
from tutor.session.browsing import Browser
from tutor.session.card_rows import Row
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.study import StudySession


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    """A learner who has answered all cards but the last gap."""
    with closing(learner(tmp_path, clock)) as opened:
        session = StudySession(opened)
        while (item := session.next()) is not None:
            session.answer(item, Rating.EASY)
        yield opened


@pytest.fixture
def browser(one: Learner) -> Iterator[Browser]:
    with closing(Browser(one)) as opened:
        yield opened


def keys(rows: Iterable[Row]) -> list[str]:
    return [row.key for row in rows]


@pytest.mark.parametrize("kind", get_args(Act))
def test_one_undo_takes_an_act_on_many_cards_back(
    one: Learner, browser: Browser, kind: Act
) -> None:
    if kind in ("unsuspend", "unflag"):
        act(one, "suspend" if kind == "unsuspend" else "flag", keys(browser.rows))
    before = {state.key: state for state in one.states()}
    rows = keys(browser.find("topic:alpha"))
    assert act(one, kind, rows, days=3).cards == 3
    browser.refresh()
    changed = {key for key, state in before.items() if one.state(key) != state}
    assert {one.library.unit(key)[0].topic for key in changed} == {"alpha"}
    assert act(one, kind, rows, days=3).cards == (3 if kind == "set_due" else 0)
    if kind == "set_due":
        one.undo()
    one.undo()
    for key, state in before.items():
        again = one.state(key)
        assert (again.phase, again.due_utc_ms, again.stability) == (
            state.phase, state.due_utc_ms, state.stability,
        )  # fmt: skip
        assert (again.suspended, again.flagged) == (state.suspended, state.flagged)
    one.refresh()
    assert one.store.check() == []


@pytest.mark.parametrize("kind", get_args(Act))
def test_an_act_is_taken_back_whatever_came_after_it(
    one: Learner, browser: Browser, clock: Clock, kind: Act
) -> None:
    if kind in ("unsuspend", "unflag"):
        act(one, "suspend" if kind == "unsuspend" else "flag", ["d/alpha"])
    before = one.state("d/alpha")
    acted = act(one, kind, ["d/alpha"], days=3)
    later = act(one, "flag", ["d/beta"])
    clock.forward(minutes=1)
    session = StudySession(one, StudyPlan(cards=("d/gamma",)))
    item = session.next()
    assert item is not None
    answered = session.answer(item, Rating.GOOD)
    assert take_back(one, acted)
    assert not take_back(one, acted), "it is gone already"
    after = one.state("d/alpha")
    assert (after.suspended, after.flagged, after.due_utc_ms, after.phase) == (
        before.suspended, before.flagged, before.due_utc_ms, before.phase,
    )  # fmt: skip
    assert one.state("d/beta").flagged and one.state("d/gamma").due_utc_ms == answered.due_utc_ms
    assert one.undo() == "d/gamma" and take_back(one, later)
    states = {state.key: state for state in one.states()}
    one.refresh()
    assert {state.key: state for state in one.states()} == states
    assert one.store.check() == []


def test_one_gap_is_acted_on_by_its_own_key(one: Learner) -> None:
    gap = one.library.entries["d/row"].units[0]
    assert act(one, "flag", [gap]).cards == 1
    assert [one.state(unit).flagged for unit in one.library.entries["d/row"].units][:2] == [
        True, False,
    ]  # fmt: skip
    assert act(one, "flag", ["d/gone"]).cards == 0


def test_a_date_is_the_beginning_of_a_study_day(
    one: Learner, browser: Browser, clock: Clock
) -> None:
    act(one, "set_due", keys(browser.find("key:d/beta")), days=2)
    browser.refresh()
    assert [row.key for row in browser.find("due=2")] == ["d/beta"]
    assert one.state("d/beta").due_utc_ms == one.today.start + 2 * DAY_MS
    clock.forward(days=2)
    one.now()
    assert "d/beta" in one.today.due_today()


def test_an_act_that_changes_nothing_writes_nothing(one: Learner, browser: Browser) -> None:
    last = one.store.last_event_id()
    assert act(one, "unflag", keys(browser.rows)).cards == 0
    assert one.store.last_event_id() == last


def test_chosen_cards_are_studied_whether_due_or_not(one: Learner) -> None:
    assert StudySession(one).next() is None
    session = StudySession(one, StudyPlan(cards=("d/gamma", "d/row", "d/beta")))
    units = []
    while (item := session.next()) is not None:
        units.append(item.unit)
        assert item.total == 4
        session.answer(item, Rating.EASY)
    assert units == ["d/gamma", "d/row/alpha", "d/row/beta", "d/beta"]


def test_a_chosen_card_that_is_forgotten_comes_again(one: Learner, clock: Clock) -> None:
    session = StudySession(one, StudyPlan(cards=("d/gamma", "d/beta")))
    item = session.next()
    assert item is not None
    session.answer(item, Rating.AGAIN)
    clock.forward(minutes=30)
    again = session.next()
    assert again is not None and again.unit == "d/gamma"
    assert session.undo() == "d/gamma"
    first = session.next()
    assert first is not None and first.unit == "d/gamma" and first.state.phase == "review"
    session.suspend(first)
    last = session.next()
    assert last is not None and last.unit == "d/beta"
    session.answer(last, Rating.GOOD)
    assert session.next() is None


def test_a_chosen_card_that_is_no_card_is_told(one: Learner) -> None:
    with pytest.raises(NotFoundError):
        StudySession(one, StudyPlan(cards=("d/nothing",)))
