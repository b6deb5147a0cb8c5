"""Decks, journal and memory stay one: over answers, undo, restarts and two programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import DECK, Clock, learner
from tutor.errors import DataError, NotFoundError
from tutor.memory.model import CardState, Rating
from tutor.memory.replay import replay
from tutor.memory.time import DAY_MS
from tutor.session import progress
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.statistics import gather
from tutor.session.study import StudySession
from tutor.session.verifying import Replaying
from tutor.store import counts
from tutor.store.engine import driver
from tutor.store.glance import read_glance


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(learner(tmp_path, clock)) as opened:
        yield opened


def answer(one: Learner, *ratings: Rating) -> list[str]:
    """Study with these ratings; the units in the order they were asked."""
    session, asked = StudySession(one, StudyPlan(ignore_needs=True)), []
    for rating in ratings:
        item = session.next()
        assert item is not None
        session.answer(item, rating, elapsed_ms=5000)
        asked.append(item.unit)
    return asked


def assert_one(one: Learner) -> None:
    """States in memory, states on disk and the journal all say the same."""
    stored = one.store.states()
    journal = replay(one.store.events(), one.scheduler, one.library.resolve)
    assert Replaying(one.store, one.scheduler, one.renames).states() == journal
    for key in stored.keys() | journal.keys() | one.today.states.keys():
        assert stored.get(key, CardState(key)) == journal.get(key, CardState(key))
        assert stored.get(key, CardState(key)) == one.state(key)
    history = one.summary.history
    assert history == one.store.history()
    days = {day: (count.reviews, count.elapsed_ms) for day, count in history.days.items()}
    with one.store.engine.connect() as connection:
        assert counts.counted(driver(connection)) == days
    glance = one.glance()
    assert read_glance(one.place.database) == glance
    one.refresh()
    assert one.glance() == glance


def test_a_new_learner(one: Learner) -> None:
    due = one.due()
    assert (due.due_now, due.today, due.next_due_utc_ms) == (0, 0, None)
    assert due.new == 3, "of the two gaps only one comes a day"
    assert one.known() == set()
    glance = one.glance()
    assert (glance.answers, glance.topics, glance.known) == (0, 3, 0)
    assert [title for _, title in glance.next_topics] == ["Alpha", "Beta", "Gamma"]


def test_everything_says_the_same_after_every_answer(one: Learner, clock: Clock) -> None:
    for rating in (Rating.GOOD, Rating.AGAIN, Rating.EASY, Rating.HARD):
        clock.forward(minutes=3)
        answer(one, rating)
        assert_one(one)
    clock.forward(days=9)
    answer(one, Rating.AGAIN, Rating.GOOD)
    assert_one(one)
    assert one.summary.history.retention is not None
    kept = gather(one).as_json()["true_retention"]
    assert (kept["value"], kept["n"]) == (0.5, 2)


def test_undo_across_a_restart(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as first:
        before = first.glance()
        asked = answer(first, Rating.GOOD, Rating.EASY, Rating.AGAIN)
    with closing(learner(tmp_path, clock)) as again:
        assert [again.undo() for _ in range(4)] == [*reversed(asked), None]
        assert_one(again)
        assert again.glance() == before


def test_marking_topics_opens_what_needs_them(one: Learner) -> None:
    assert one.mark_known(["Alpha", "beta"]) == ("alpha", "beta")
    assert one.known() == one.marked() == {"alpha", "beta"}
    assert one.glance().next_topics == (("gamma", "Gamma"),)
    assert_one(one)
    one.mark_unknown(["beta"])
    assert one.known() == {"alpha"}
    assert_one(one)


def test_an_unknown_topic_marks_none(one: Learner) -> None:
    with pytest.raises(NotFoundError, match="alphx"):
        one.mark_known(["alpha", "alphx"])
    assert one.known() == set()


def test_two_programs_on_one_file_lose_no_answer(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as one, closing(learner(tmp_path, clock)) as other:
        for _ in range(3):
            for each in (one, other):
                answer(each, Rating.GOOD)
                clock.forward(minutes=1)
        assert one.undo() is not None
        other.refresh()
        assert other.summary.history.reviews == 5
        assert_one(other)


def test_a_failed_write_changes_nothing(one: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(one, Rating.GOOD)
    before = one.glance()

    def full(*_: object) -> None:
        raise DataError("The disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(one.store, "append", full)
        for act in (lambda: answer(one, Rating.EASY), one.undo, lambda: one.mark_known(["beta"])):
            with pytest.raises(DataError):
                act()
    assert one.glance() == before
    assert_one(one)


def test_a_renamed_card_keeps_its_history(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as one:
        answer(one, *[Rating.EASY] * 6)
        old = one.state("d/alpha")
    renamed = DECK.replace("card id=alpha", "card id=first aka=alpha").replace(
        "card id=row", "card id=line aka=row"
    )
    (tmp_path / "deck.md").write_text(renamed, encoding="utf-8")
    clock.forward(days=9)
    with closing(learner(tmp_path, clock)) as one:
        assert one.state("d/first").stability == old.stability
        assert one.state("d/line/alpha").reps == 1
        assert "d/alpha" not in one.store.states()
        assert one.known() >= {"alpha"}
        assert_one(one)
        answer(one, *[Rating.GOOD] * 6)
        assert one.state("d/first").reps == 2
        assert_one(one)
        for _ in range(12):
            assert one.undo() is not None
        assert one.undo() is None
        assert_one(one)


def test_two_cards_with_one_old_key_share_no_history(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as one:
        answer(one, *[Rating.EASY] * 6)
        old = one.state("d/alpha")
    renamed = DECK.replace("card id=alpha", "card id=first aka=alpha")
    copy = "\n## A copy\n<!-- card id=copy aka=alpha -->\nText.\n"
    (tmp_path / "deck.md").write_text(renamed + copy, encoding="utf-8")
    with closing(learner(tmp_path, clock)) as one:
        assert one.state("d/first").stability == old.stability
        assert "d/copy" not in one.store.states()
        assert_one(one)


def test_a_card_that_is_gone_is_retired_and_comes_back(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as one:
        answer(one, Rating.EASY)
    (tmp_path / "deck.md").write_text(DECK.replace("id=alpha -->\nThe", "id=other -->\nThe"))
    with closing(learner(tmp_path, clock)) as one:
        assert gather(one).cards["retired"] == 1
        assert one.due().today == 0
        assert one.undo() == "d/alpha"
    (tmp_path / "deck.md").write_text(DECK)
    with closing(learner(tmp_path, clock)) as one:
        assert gather(one).cards["retired"] == 0


def test_a_new_day_begins_while_the_program_runs(one: Learner, clock: Clock) -> None:
    asked = answer(one, *[Rating.GOOD] * 6)
    assert one.due().new == 0
    clock.forward(days=1)
    assert one.due().new > 0
    assert one.due().due_now == len(set(asked))
    answer(one, Rating.GOOD)
    assert_one(one)


def test_the_decks_are_read_again(one: Learner, tmp_path: Path) -> None:
    answer(one, Rating.GOOD)
    (tmp_path / "deck.md").write_text(DECK + "\n## Delta\n<!-- card id=delta -->\nFourth.\n")
    one.reload()
    assert "d/delta" in one.course.entry_of
    assert_one(one)


YEAR = [
    # Study day by day: clocks forward and back, journeys east and west, one evening set back.
    ("2026-02-10T21:00", 60), ("2026-03-28T20:00", 60), ("2026-03-29T20:00", 120),
    ("2026-03-30T20:00", 120), ("2026-05-01T23:30", 120), ("2026-05-02T20:00", 540),
    ("2026-05-03T20:00", -420), ("2026-05-04T20:00", -420), ("2026-05-04T12:00", -420),
    ("2026-10-24T20:00", 120), ("2026-10-25T20:00", 60), ("2026-10-26T20:00", 60),
]  # fmt: skip


def test_a_year_of_travel_and_changing_clocks(
    one: Learner, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    from tutor.memory import time

    offset = [0]
    monkeypatch.setattr(time.now, "__defaults__", (lambda _: offset[0],))
    days = []
    for local, minutes in YEAR:
        offset[0] = minutes
        at = datetime.fromisoformat(local).replace(tzinfo=UTC).timestamp() * 1000
        clock.utc_ms = round(at) - minutes * 60_000
        answer(one, Rating.GOOD)
        days.append(datetime.fromisoformat(local).date().toordinal())
        assert_one(one)
    counted = sorted(one.summary.history.days)
    assert [day - counted[0] for day in counted] == [day - days[0] for day in sorted(set(days))], (
        "each evening is a study day of its own, whatever the offset"
    )
    assert one.glance().streak == 3


FLIGHTS = {
    "Honolulu to Kiritimati": (-600, 840, 10),
    "Los Angeles to Sydney": (-480, 660, 10),
    "Auckland to Honolulu, the same evening twice": (720, -600, 9),
    "nowhere, and a day left out": (60, 60, 5),
}


@pytest.mark.parametrize("flight", FLIGHTS)
def test_the_streak_survives_the_date_line(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, flight: str
) -> None:
    """An answer every 24 hours, five before the flight and five after it."""
    from tutor.memory import time

    before, after, length = FLIGHTS[flight]
    offset = [before]
    monkeypatch.setattr(time.now, "__defaults__", (lambda _: offset[0],))
    with closing(learner(tmp_path, clock)) as one:
        for evening in range(10):
            offset[0] = before if evening < 5 else after
            if evening == 5 and before == after:
                clock.utc_ms += DAY_MS
            answer(one, Rating.GOOD)
            assert_one(one)
            clock.utc_ms += DAY_MS
        clock.utc_ms -= DAY_MS
        assert one.glance().streak == length
    with closing(learner(tmp_path, clock)) as again:
        assert again.glance().streak == length
        assert gather(again).streak == length


def test_the_glance_knows_the_present_offset(one: Learner, clock: Clock) -> None:
    answer(one, Rating.EASY)
    (pair,) = one.glance().due
    assert pair[1] == 1
    assert 7 * DAY_MS < pair[0] - clock.utc_ms < 9 * DAY_MS


def test_a_revised_card_is_due_now_and_once(tmp_path: Path, clock: Clock) -> None:
    with closing(learner(tmp_path, clock)) as one:
        answer(one, *[Rating.EASY] * 6)
    clock.forward(days=1, minutes=8 * 60)
    revised = DECK.replace("card id=alpha -->\nThe first", "card id=alpha rev=2 -->\nReally the")
    (tmp_path / "deck.md").write_text(revised, encoding="utf-8")
    for _ in range(2):
        with closing(learner(tmp_path, clock)) as one:
            assert (one.due().due_now, one.due().today) == (1, 1)
            assert one.state("d/alpha").due_utc_ms <= clock.utc_ms
            assert_one(one)
    with closing(learner(tmp_path, clock)) as one:
        item = StudySession(one, StudyPlan(new=0)).next()
        assert item is not None
        assert (item.unit, item.changed) == ("d/alpha", True)
        StudySession(one).answer(item, Rating.EASY)
    with closing(learner(tmp_path, clock)) as one:
        assert one.due().today == 0
        assert_one(one)
        assert one.undo() == "d/alpha"
        assert_one(one)


def test_a_prediction_changes_no_state(one: Learner) -> None:
    one.mark_known(["alpha"])
    one.append(lambda: [one.event("prediction", "alpha", payload='{"guess": 3}')])
    assert [event.card_key for event in one.store.recent(9, "prediction")] == ["alpha"]
    assert one.known() == {"alpha"}
    assert_one(one)


def test_the_page_and_the_verb_count_alike(one: Learner) -> None:
    """A card that was suspended, new or answered, is counted once in either."""
    session = StudySession(one, StudyPlan(ignore_needs=True))
    for rating in (Rating.EASY, Rating.GOOD):
        item = session.next()
        assert item is not None
        session.answer(item, rating)
    units = list(one.course.entry_of)
    one.append(lambda: [one.event("suspend", units[0]), one.event("suspend", units[-1])])
    stats, facts = gather(one), progress.gather(one)
    assert facts.stats == stats and stats.weakest(5)
    assert sum(stats.cards.values()) == len(units)
    assert len(facts.suspended) == stats.cards["suspended"] == 2
