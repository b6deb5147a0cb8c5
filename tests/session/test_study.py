"""A session of study: which cards, which buttons, what is saved, what is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import DECK, NOON_MS, Clock, learner
from tutor.errors import NotFoundError
from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS, MINUTE_MS, iso
from tutor.quiz.marking import mark
from tutor.session.answers import record_quiz
from tutor.session.learner import MAX_ELAPSED_MS, Learner
from tutor.session.plans import StudyPlan
from tutor.session.study import StudyItem, StudySession
from tutor.session.turn import Turn


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(learner(tmp_path, clock)) as opened:
        yield opened


def first(session: StudySession) -> StudyItem:
    item = session.next()
    assert item is not None
    return item


def asked(session: StudySession, rating: Rating = Rating.EASY) -> list[str]:
    """Answer to the end."""
    units = []
    while (item := session.next()) is not None:
        units.append(item.unit)
        session.answer(item, rating)
    return units


def item_of(session: StudySession, unit: str) -> StudyItem:
    """Answer until that unit is asked."""
    while (item := session.next()) is not None:
        if item.unit == unit:
            return item
        session.answer(item, Rating.EASY)
    raise AssertionError(f"{unit} was not asked")


def test_the_first_session(one: Learner) -> None:
    units = asked(StudySession(one))
    assert units[0] == "d/alpha"
    assert {"d/alpha", "d/second", "d/beta", "d/before", "d/gamma"} < set(units)
    assert len(units) == 6, "one of the two gaps waits until tomorrow"
    assert StudySession(one).next() is None


def test_limit_counts_answers(one: Learner) -> None:
    assert len(asked(StudySession(one, StudyPlan(limit=2)))) == 2
    assert StudySession(one, StudyPlan(limit=0)).next() is None


def test_an_undone_answer_does_not_count(one: Learner) -> None:
    session = StudySession(one, StudyPlan(limit=1))
    unit = first(session).unit
    session.answer(first(session), Rating.EASY)
    assert session.next() is None
    assert session.undo() == unit
    assert first(session).unit == unit
    assert (first(session).position, first(session).total) == (1, 1)


def test_new_cards_beyond_the_day(one: Learner, tmp_path: Path) -> None:
    one.settings = type(one.settings)(new_cards_a_day=1)
    one.summary.settings = one.settings
    assert len(asked(StudySession(one))) == 1
    assert asked(StudySession(one)) == []
    assert len(asked(StudySession(one, StudyPlan(new=2)))) == 2
    assert asked(StudySession(one, StudyPlan(new=0))) == []
    assert len(asked(StudySession(one, StudyPlan(ahead=True)))) == 3


def test_topics_by_any_name_and_whatever_they_need(one: Learner) -> None:
    assert asked(StudySession(one, StudyPlan(topics=("Gamma",)))) == ["d/gamma"]
    with pytest.raises(NotFoundError, match="Deltas"):
        StudySession(one, StudyPlan(topics=("Deltas",)))


def test_needs_may_be_ignored(one: Learner) -> None:
    assert first(StudySession(one)).unit == "d/alpha"
    session = StudySession(one, StudyPlan(ignore_needs=True))
    session.answer(first(session), Rating.AGAIN)
    assert first(session).unit == "d/beta"


def test_a_topic_opens_when_its_term_was_answered_well(one: Learner) -> None:
    session = StudySession(one, StudyPlan(limit=3))
    session.answer(first(session), Rating.HARD)
    assert first(session).entry.topic == "alpha"
    session.answer(first(session), Rating.EASY)
    assert one.known() == set()


def test_what_the_button_shows_is_what_is_saved(one: Learner, clock: Clock) -> None:
    session = StudySession(one)
    item = first(session)
    assert [outcome.label for outcome in item.outcomes.values()] == ["1m", "6m", "10m", "8d"]
    clock.forward(minutes=7)
    saved = session.answer(item, Rating.HARD)
    assert saved.due_utc_ms == clock.utc_ms + 6 * MINUTE_MS
    assert one.store.states()[item.unit].due_utc_ms == saved.due_utc_ms


def test_an_interval_is_kept_when_the_day_ends_between_card_and_answer(
    one: Learner, clock: Clock
) -> None:
    session = StudySession(one)
    asked_before = first(session)
    clock.forward(minutes=16 * 60)
    saved = session.answer(asked_before, Rating.EASY)
    days = one.scheduler.due("review", 8 * DAY_MS, one.now())
    assert saved.due_utc_ms == days


@pytest.mark.parametrize(
    ("correct", "hints", "pressed", "saved"),
    [
        (None, 0, Rating.EASY, Rating.EASY),
        (True, 0, Rating.EASY, Rating.GOOD),
        (True, 0, Rating.HARD, Rating.HARD),
        (False, 0, Rating.EASY, Rating.AGAIN),
        (True, 1, Rating.EASY, Rating.HARD),
        (None, 2, Rating.GOOD, Rating.HARD),
    ],
)
def test_how_high_an_answer_may_be_rated(
    one: Learner, correct: bool | None, hints: int, pressed: Rating, saved: Rating
) -> None:
    session = StudySession(one)
    item = item_of(session, "d/second")
    session.answer(item, pressed, correct=correct, hints=hints, answer="a", elapsed_ms=10**9)
    (event,) = one.store.events_of("d/second")
    assert event.rating is saved
    assert event.elapsed_ms == MAX_ELAPSED_MS
    assert (event.source, event.correct, event.hints, event.answer) == (
        "review", correct, hints, "a",
    )  # fmt: skip


def test_undo_shows_the_card_again_and_its_sibling_may_come(one: Learner) -> None:
    session = StudySession(one, StudyPlan(topics=("alpha",)))
    item = item_of(session, "d/row/alpha")
    session.answer(item, Rating.EASY)
    assert session.undo() == "d/row/alpha"
    assert first(session).unit == "d/row/alpha"
    assert first(session).state.reps == 0


def test_undo_reaches_earlier_sessions(one: Learner) -> None:
    units = asked(StudySession(one, StudyPlan(limit=2)))
    session = StudySession(one, StudyPlan(limit=1))
    assert session.undo() == units[1]
    assert session.undo() == units[0]
    assert session.undo() is None
    assert first(session).unit == units[0]


def test_suspend_bury_and_flag(one: Learner, clock: Clock) -> None:
    session = StudySession(one)
    session.suspend(first(session))
    assert one.state("d/alpha").suspended
    buried = first(session)
    session.bury(buried)
    assert first(session).unit not in ("d/alpha", buried.unit)
    flagged = first(session)
    session.flag(flagged)
    assert first(session).state.flagged
    session.flag(first(session))
    assert not one.state(flagged.unit).flagged
    clock.forward(days=1)
    assert buried.unit in asked(StudySession(one))
    assert "d/alpha" not in asked(StudySession(one))


def test_undo_takes_back_suspending(one: Learner) -> None:
    session = StudySession(one)
    session.suspend(first(session))
    assert session.undo() == "d/alpha"
    assert first(session).unit == "d/alpha"


def test_a_changed_text_is_told(one: Learner, tmp_path: Path, clock: Clock) -> None:
    session = StudySession(one)
    session.answer(first(session), Rating.AGAIN)
    clock.forward(minutes=1)
    item = first(session)
    assert (item.unit, item.changed) == ("d/alpha", False)
    (tmp_path / "deck.md").write_text(DECK.replace("The first letter.", "The letter A."))
    again = session.refresh(item)
    assert again is not None
    assert again.changed
    assert "letter A" in again.question.solution


def test_a_card_that_is_gone_does_not_stand_in_the_way(one: Learner, tmp_path: Path) -> None:
    session = StudySession(one)
    item = first(session)
    gone = DECK.replace("## Alpha\n<!-- card id=alpha -->\nThe first letter.\n", "")
    (tmp_path / "deck.md").write_text(gone)
    assert first(session).unit != item.unit
    assert session.refresh(item) is None


def test_generated_numbers_follow_the_number_of_the_review(tmp_path: Path, clock: Clock) -> None:
    deck = (
        "# N\n<!-- topic id=n -->\n\n## What is @{a} + 1?\n<!-- card id=sum -->\n"
        "```params\na = int(1, 1_000_000)\nans = a + 1\n```\n= @{ans}\n"
    )
    with closing(learner(tmp_path, clock, deck)) as one:
        fronts = []
        for _ in range(2):
            session = StudySession(one)
            fronts.append(first(session).question.front)
            assert first(StudySession(one)).question.front == fronts[-1]
            session.answer(first(session), Rating.AGAIN)
            clock.forward(minutes=1)
        assert fronts[0] != fronts[1]


def test_a_day_that_ends_amid_a_session(one: Learner, clock: Clock) -> None:
    session = StudySession(one, StudyPlan(new=2))
    session.answer(first(session), Rating.EASY)
    clock.forward(days=1)
    session.answer(first(session), Rating.EASY)
    assert session.next() is None, "two new cards in this session, not two a day"


def test_a_quiz_answer_is_a_review(one: Learner) -> None:
    from tutor.quiz.asking import make_question

    question = make_question(one.library.card("d/second"), 1)
    right = question.labels
    saved = record_quiz(one, question, mark(question, right), answer=right, confidence="sure")
    (event,) = one.store.events_of("d/second")
    assert (event.source, event.rating, event.correct) == ("quiz", Rating.GOOD, True)
    assert event.confidence == "sure"
    assert saved.due_utc_ms == event.due_utc_ms == NOON_MS + 10 * MINUTE_MS


def test_a_hint_or_a_slip_in_a_quiz(one: Learner) -> None:
    from tutor.quiz.asking import make_question

    question = make_question(one.library.card("d/before"), 1)
    record_quiz(one, question, mark(question, "1"), hints=1)
    record_quiz(one, question, mark(question, "7"))
    ratings = [event.rating for event in one.store.events_of("d/before")]
    assert ratings == [Rating.HARD, Rating.AGAIN]


def test_a_cloze_asked_as_a_whole_answers_each_gap_and_is_undone_as_one(one: Learner) -> None:
    from tutor.quiz.asking import make_question

    question = make_question(one.library.card("d/row"), 1)
    saved = record_quiz(one, question, mark(question, "alpha; gamma"), elapsed_ms=8000)
    assert saved.key == "d/row"
    assert [one.state(f"d/row/{gap}").passed for gap in ("alpha", "beta")] == [True, False]
    assert saved.due_utc_ms == one.state("d/row/beta").due_utc_ms
    assert one.summary.history.reviews == 2
    assert StudySession(one).undo() == "d/row"
    assert one.summary.history.reviews == 0
    assert one.undo() is None


def test_times_are_told_in_utc(one: Learner) -> None:
    session = StudySession(one)
    assert iso(session.answer(first(session), Rating.EASY).due_utc_ms).endswith(":00:00Z")


def test_taking_back_a_flag_leaves_the_count_of_answers(one: Learner) -> None:
    session = StudySession(one, StudyPlan(cards=("d/alpha",)))
    item = session.next()
    assert item is not None
    turn = Turn(item.question, rated=True)
    turn.reveal()
    session.settle(item, turn, Rating.AGAIN)
    again = session.next()
    assert again is not None and again.unit == item.unit
    session.flag(again)
    assert session.undo() == item.unit and len(session.tally.answers) == 1
    assert session.undo() == item.unit and not session.tally.answers
