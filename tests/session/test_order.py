"""Imported answers count at their own time, whatever came in first; clocks that ran ahead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.decks import DECK, Clock, learner
from tests.session.test_learner import answer, assert_one
from tutor.memory.log import PastAnswer
from tutor.memory.model import CardState, Rating
from tutor.memory.time import DAY_MS
from tutor.session.importing import Imported, import_reviews
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.study import StudySession

YEARS_AGO = 700


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    with closing(learner(tmp_path)) as opened:
        yield opened


def past(one: Learner, day: int, rating: Rating, card: str = "d/alpha") -> PastAnswer:
    """An answer `day` days after one of 700 days ago."""
    at = one.now().utc_ms - (YEARS_AGO - day) * DAY_MS
    return PastAnswer(card, rating, at, 0, 1000)


def old_log(one: Learner) -> list[PastAnswer]:
    return [
        past(one, 0, Rating.GOOD),
        past(one, 3, Rating.GOOD),
        past(one, 14, Rating.AGAIN),
        past(one, 15, Rating.GOOD),
    ]


def fresh(folder: Path) -> Learner:
    folder.mkdir()
    return learner(folder, Clock())


def known(state: CardState) -> CardState:
    """A state without the names of its rows, which are drawn by chance."""
    return replace(state, last_event=None, applied=0)


def test_an_older_log_after_an_answer_is_as_if_it_had_come_first(tmp_path: Path) -> None:
    with (
        closing(fresh(tmp_path / "first")) as first,
        closing(fresh(tmp_path / "then")) as then,
    ):
        import_reviews(first, old_log(first))
        item = StudySession(first, StudyPlan(new=0)).next()
        assert item is not None and item.unit == "d/alpha"
        StudySession(first).answer(item, Rating.EASY, elapsed_ms=5000)
        assert answer(then, Rating.EASY) == ["d/alpha"]
        promised = then.state("d/alpha").due_utc_ms
        import_reviews(then, old_log(then))
        state = then.state("d/alpha")
        assert known(state) == known(first.state("d/alpha"))
        assert state.phase == "review" and state.due_utc_ms >= promised
        assert (state.reps, state.scored) == (5, 4)
        assert_one(then)


@pytest.mark.parametrize("order", [[0, 2, 1, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 0, 3, 2]])
def test_the_answers_of_a_log_come_in_in_any_order(tmp_path: Path, order: list[int]) -> None:
    with (
        closing(fresh(tmp_path / "whole")) as whole,
        closing(fresh(tmp_path / "parts")) as split,
    ):
        import_reviews(whole, old_log(whole))
        log = old_log(split)
        for place in order:
            import_reviews(split, [log[place]])
        assert known(split.state("d/alpha")) == known(whole.state("d/alpha"))
        assert_one(split)


def test_answers_of_one_second_all_count_and_come_in_once(one: Learner) -> None:
    twice = [past(one, 0, Rating.GOOD), past(one, 0, Rating.GOOD), past(one, 3, Rating.HARD)]
    assert import_reviews(one, twice) == Imported(3, 0, 1)
    assert one.state("d/alpha").reps == 3
    assert import_reviews(one, twice) == Imported(0, 3, 0)
    assert_one(one)


def test_answers_to_cards_of_other_programs_are_kept_apart(one: Learner) -> None:
    import_reviews(one, [past(one, 0, Rating.GOOD, "x"), past(one, 2, Rating.AGAIN, "x")])
    assert one.state("import/x").reps == 2
    assert one.summary.history.scored == 1
    assert_one(one)


def test_rows_of_a_clock_that_ran_ahead_are_told_cut_back_and_that_is_undone(
    tmp_path: Path,
) -> None:
    clock = Clock()
    now = clock.utc_ms
    with closing(learner(tmp_path, clock)) as one:
        answer(one, Rating.EASY)
        clock.forward(days=1600)
        answer(one, Rating.EASY, Rating.GOOD, Rating.GOOD)
        ran_ahead = dict(one.today.states)
    clock.utc_ms = now + 60_000
    with closing(learner(tmp_path, clock)) as one:
        (told,) = one.warnings
        assert "3 rows" in told and "tutor doctor --retime" in told
        assert one.cut_back() == 3
        assert_one(one)
        assert all(state.due_utc_ms < now + 60 * DAY_MS for state in one.today.states.values())
        assert one.summary.history.reviews == 4
        assert one.cut_back() == 0
    with closing(learner(tmp_path, clock)) as one:
        assert one.warnings == []
        assert one.undo() is not None
        assert_one(one)
        assert one.today.states == ran_ahead


def test_a_clock_that_is_right_is_not_doubted(tmp_path: Path) -> None:
    clock = Clock()
    with closing(learner(tmp_path, clock)) as one:
        answer(one, Rating.EASY)
    clock.forward(days=-1)
    with closing(learner(tmp_path, clock)) as one:
        assert one.warnings == []


def test_two_checkouts_of_a_deck_write_one_row_a_revision(tmp_path: Path) -> None:
    clock = Clock()
    with closing(learner(tmp_path, clock)) as one:
        answer(one, Rating.EASY)
    old, new = (DECK.replace("id=alpha -->\nThe", f"id=alpha rev={n} -->\nThe") for n in (2, 3))
    for deck in (old, new) * 3:
        (tmp_path / "deck.md").write_text(deck, encoding="utf-8")
        with closing(learner(tmp_path, clock)) as one:
            rows = [event for event in one.store.events() if event.kind == "set_due"]
    assert len(rows) == 2
