"""A right answer is on the disk before it is called right; the rating may change it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tests.session.test_learner import assert_one
from tutor.memory.model import CardState, Rating
from tutor.session.drill import session_of
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.study import StudySession
from tutor.session.study_item import StudyItem
from tutor.session.turn import Turn
from tutor.verbs import study as verb

NUMBER = "d/before"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(learner(tmp_path, clock)) as opened:
        yield opened


def asked(one: Learner, plan: StudyPlan | None = None) -> tuple[StudySession, StudyItem, Turn]:
    session = session_of(one, plan or StudyPlan(ignore_needs=True, cards=(NUMBER,)))
    item = session.next()
    assert item is not None and item.unit == NUMBER
    turn = Turn(item.question, one.library, rated=True)
    turn.reply("1")
    return session, item, turn


def known(state: CardState) -> CardState:
    return replace(state, last_event=None, applied=0)


@pytest.mark.parametrize("rating", list(Rating))
def test_it_counts_as_if_it_had_been_rated_at_once(rating: Rating, tmp_path: Path) -> None:
    states = []
    for name, first in (("at-once", rating), ("later", Rating.GOOD)):
        clock = Clock()
        (tmp_path / name).mkdir()
        with closing(learner(tmp_path / name, clock)) as one:
            session, item, turn = asked(one)
            session.settle(item, turn, first)
            assert one.state(NUMBER).reps == 1, "it is on the disk already"
            clock.forward(minutes=1)
            saved = session.settle(item, turn, rating)
            assert one.state(NUMBER).due_utc_ms == saved.due_utc_ms
            assert [answer.rating for answer in session.tally.answers] == [rating]
            assert one.store.history().days[one.today.day].reviews == 1
            one.refresh(prepare=True)  # the first screen is of this minute
            assert_one(one)
            states.append(known(one.state(NUMBER)))
    assert states[0] == states[1]


def test_undo_takes_back_the_answer_with_its_rating(one: Learner) -> None:
    session, item, turn = asked(one)
    session.settle(item, turn, Rating.GOOD)
    session.settle(item, turn, Rating.HARD)
    assert session.undo() == NUMBER
    assert one.state(NUMBER).reps == 0 and not session.tally.answers
    assert_one(one)
    assert session.undo() is None
    again = session.next()
    assert again is not None and again.unit == NUMBER


def test_undo_before_the_rating_takes_back_the_answer(one: Learner) -> None:
    session, item, turn = asked(one)
    session.settle(item, turn, Rating.GOOD)
    assert session.undo() == NUMBER
    assert one.state(NUMBER).reps == 0
    assert_one(one)


def test_who_is_stopped_before_the_rating_finds_it_good(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as one:
        session, item, turn = asked(one)
        session.settle(item, turn, Rating.GOOD)
        session.end()
    with closing(learner(tmp_path, clock)) as one:
        assert one.state(NUMBER).reps == 1
        assert [event.rating for event in one.store.recent(5)] == [Rating.GOOD]


def test_a_drill_notes_what_was_said_last(one: Learner) -> None:
    session, item, turn = asked(one)
    session.settle(item, turn, Rating.GOOD)
    before = one.state(NUMBER)
    drill, item, turn = asked(one, StudyPlan(drill=True, cards=(NUMBER,)))
    drill.settle(item, turn, Rating.GOOD)
    drill.settle(item, turn, Rating.AGAIN)
    assert [answer.rating for answer in drill.tally.answers] == [Rating.AGAIN]
    assert drill.next() is not None, "it comes again"
    assert one.state(NUMBER) == before


@pytest.mark.parametrize(("answer", "word"), [("1", "right"), ("5", "wrong")])
def test_no_verdict_is_printed_before_its_commit(
    answer: str, word: str, one: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []

    def heard(line: str = "", **_: object) -> None:
        seen.append((line, len(one.store.recent(9))))

    lines: Callable[..., str] = iter([answer, "4"]).__next__
    monkeypatch.setattr(verb, "say", heard)
    plain = verb.PlainStudy(one, asked(one)[0])
    monkeypatch.setattr(plain.asking, "answer", lambda *_: lines())
    monkeypatch.setattr(plain.asking, "line", lambda *_: lines())
    item = plain.session.next()
    assert item is not None
    plain._ask(item)
    assert (word, 1) in seen and (word, 0) not in seen
