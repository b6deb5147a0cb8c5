"""Two machines' journals become one: nothing is lost, counted twice or promised too far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from tests.session.decks import DECK, Clock, learner, many
from tests.session.test_learner import assert_one
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.log import PastAnswer
from tutor.memory.model import CardState, Event, Rating
from tutor.memory.replay import apply
from tutor.memory.time import DAY_MS
from tutor.session.fitting import put_in_force, reschedule
from tutor.session.importing import import_reviews
from tutor.session.learner import Learner
from tutor.session.merging import Merged, merge
from tutor.session.payload import revised
from tutor.session.verifying import Replaying
from tutor.store.union import writers

AGAIN, HARD, GOOD, EASY = Rating
CARD = "d/alpha"
REVISED = DECK.replace("card id=alpha", "card id=alpha rev=2")


class Machines:
    """Learners of one deck on several machines, each with a clock of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.clocks: dict[str, Clock] = {}

    def start(self, name: str, deck: str = DECK) -> Learner:
        clock = self.clocks.setdefault(name, Clock())
        (self.folder / name).mkdir(exist_ok=True)
        return self.stack.enter_context(closing(learner(self.folder / name, clock, deck)))

    def forward(self, *, days: float = 0, minutes: float = 0) -> None:
        for clock in self.clocks.values():
            clock.forward(days=days, minutes=minutes)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with ExitStack() as stack:
        yield Machines(tmp_path, stack)


@pytest.fixture
def a(machines: Machines) -> Learner:
    return machines.start("a")


@pytest.fixture
def b(machines: Machines) -> Learner:
    return machines.start("b")


def rate(one: Learner, rating: Rating, key: str = CARD, rev: str = "") -> Event:
    """Answer a card with a rating, as a session does."""
    now, scheduler = one.now(), one.scheduler
    due = scheduler.outcome(one.state(key), rating, now).state.due_utc_ms
    return one.append(
        lambda: [
            one.event(
                "review", key, rating=rating, due_utc_ms=due, elapsed_ms=4000, source="review",
                model=scheduler.model.id, payload=revised(rev),
            )
        ]
    )[0]  # fmt: skip


def take(one: Learner, other: Learner) -> Merged:
    done = merge(one, other.place.database)
    if done.added:
        assert_one(one)
    return done


def exchange(one: Learner, other: Learner) -> None:
    take(one, other)
    take(other, one)
    assert states(one) == states(other)


def states(one: Learner) -> dict[str, CardState]:
    found = {key: state for key, state in one.store.states().items() if state != CardState(key)}
    assert found == Replaying(one.store, one.scheduler, one.renames).states()
    return found


def days_to_go(one: Learner, key: str = CARD) -> float:
    return (one.state(key).due_utc_ms - one.now().utc_ms) / DAY_MS


def learnt(one: Learner, key: str = CARD) -> None:
    rate(one, EASY, key)


def test_m1_a_promise_that_knew_less_is_made_anew(
    a: Learner, b: Learner, machines: Machines
) -> None:
    learnt(a)
    for _ in range(3):
        machines.forward(days=days_to_go(a) + 0.1)
        rate(a, GOOD)
    exchange(a, b)
    machines.forward(days=days_to_go(a) + 0.1)
    rate(a, AGAIN)
    machines.forward(minutes=180)
    rate(b, GOOD)
    assert days_to_go(b) > 100
    exchange(a, b)
    assert days_to_go(b) < 15
    rows = b.renames.history(CARD, b.store)
    state = CardState(CARD)
    for row in rows[:-1]:
        state = apply(state, row, b.scheduler)
    assert b.state(CARD).due_utc_ms == b.scheduler.outcome(state, GOOD, b.now()).state.due_utc_ms


def test_m2_what_was_built_on_an_undone_answer_is_made_anew(
    a: Learner, b: Learner, machines: Machines
) -> None:
    rate(a, EASY)
    take(b, a)
    machines.forward(days=8)
    rate(b, GOOD)
    assert a.undo() == CARD
    exchange(a, b)
    assert a.state(CARD).phase == "learning"
    assert days_to_go(a) < 0.02


def test_m3_a_log_that_came_in_on_both_machines_counts_once(a: Learner, b: Learner) -> None:
    at = a.now().utc_ms - 300 * DAY_MS
    log = [PastAnswer(CARD, GOOD, at + day * DAY_MS, 0, 1000) for day in (0, 3, 9, 30)]
    import_reviews(a, log)
    import_reviews(b, log)
    exchange(a, b)
    assert a.state(CARD).reps == 4


def test_m4_two_texts_of_a_deck_are_due_once_each(machines: Machines) -> None:
    a, b = machines.start("a", DECK.replace("id=alpha", "id=alpha rev=3")), machines.start("b")
    rate(a, GOOD, rev="3")
    exchange(a, b)
    b.close()
    (machines.folder / "b" / "deck.md").write_text(REVISED, encoding="utf-8")
    b = machines.start("b")
    for _ in range(7):
        exchange(a, b)
        machines.forward(days=1)
        for one in (a, b):
            one.reload()
    assert [event.kind for event in b.store.events()].count("set_due") == 1


def test_m5_an_answered_text_is_not_due_again_where_it_comes_later(machines: Machines) -> None:
    a, b = machines.start("a"), machines.start("b")
    rate(a, EASY)
    exchange(a, b)
    a.close()
    b.close()
    for name in ("a", "b"):
        (machines.folder / name / "deck.md").write_text(REVISED, encoding="utf-8")
    a = machines.start("a")
    rate(a, EASY, rev="2")
    machines.forward(days=1)
    b = machines.start("b")
    assert days_to_go(b) < 0, "here the text is new"
    exchange(a, b)
    assert days_to_go(a) == days_to_go(b) > 5


def test_m6_one_clock_a_year_ahead_does_not_turn_the_order(
    a: Learner, b: Learner, machines: Machines
) -> None:
    machines.clocks["a"].forward(days=365)
    rate(a, GOOD, "d/before")
    machines.clocks["a"].forward(days=-365)
    exchange(a, b)
    rate(a, GOOD)
    machines.forward(minutes=11)
    rate(a, GOOD)
    machines.forward(days=4)
    rate(b, AGAIN)
    exchange(a, b)
    assert [row.rating for row in a.renames.history(CARD, a.store)] == [GOOD, GOOD, AGAIN]
    assert a.state(CARD).phase == "relearning"
    machines.forward(minutes=1)
    newest = rate(b, GOOD)
    assert newest.at_utc_ms == int(newest.id[:8] + newest.id[9:13], 16), "ids are not dragged on"


def test_m7_the_weights_are_chosen_over_the_union(tmp_path: Path) -> None:
    """Of three journals with fits all orders of merging give the same states."""
    with ExitStack() as stack:
        machines = Machines(tmp_path, stack)
        three = [machines.start(name, many(8)) for name in "abc"]
        for number, one in enumerate(three):
            for card in range(8):
                machines.forward(minutes=7)
                rate(one, Rating(1 + (card + number) % 4), f"many/c{card}")
            machines.forward(days=1)
            put_in_force(one, [w * (1 + number / 50) for w in DEFAULT_WEIGHTS], {})
        found: list[dict[str, CardState]] = []
        for order in permutations(three):
            (tmp_path / f"reader{len(found)}").mkdir()
            with closing(learner(tmp_path / f"reader{len(found)}", Clock(), many(8))) as reader:
                for one in order:
                    merge(reader, one.place.database)
                found.append(states(reader))
        assert len(found[0]) == 8
        assert all(each == found[0] for each in found)


def test_m8_an_undo_that_comes_in_takes_the_state_away(a: Learner, b: Learner) -> None:
    rate(a, GOOD)
    exchange(a, b)
    assert a.undo() == CARD
    take(b, a)
    assert b.state(CARD).phase == "new"
    assert CARD not in b.store.states()


def test_m9_undo_takes_back_what_was_done_here(a: Learner, b: Learner, machines: Machines) -> None:
    rate(a, GOOD, "d/before")
    machines.forward(minutes=60)
    rate(b, GOOD)
    take(a, b)
    assert a.undo() == "d/before"
    assert a.undo() is None, "the other's answers are not this machine's to take back"


def test_m10_of_each_writer_so_many_rows_are_here(a: Learner, b: Learner) -> None:
    rate(b, GOOD)
    rate(a, GOOD)
    rate(a, EASY, "d/before")
    assert take(b, a) == Merged(2, 0)
    rate(a, HARD, "d/second")
    assert take(b, a) == Merged(1, 2), "an older id is no older row"
    assert sorted(one.rows for one in writers(b.store).values()) == [1, 3]


def test_m11_a_promise_says_its_retention(a: Learner, b: Learner) -> None:
    a.settings = replace(a.settings, desired_retention=0.8)
    a.refresh()
    assert rate(a, EASY).retention == 0.8
    exchange(a, b)
    # What was promised stays as it was, until the learner asks for the dates of this machine.
    before = days_to_go(b)
    assert reschedule(b) == 1
    assert days_to_go(b) < before
    exchange(a, b)


def test_m12_rows_of_a_clock_ahead_are_told(a: Learner, b: Learner, machines: Machines) -> None:
    machines.clocks["b"].forward(days=3)
    rate(b, GOOD)
    assert "of the future" in take(a, b).warnings[0]
