"""Fit, simulate and import on a learner's own journal, through the command line too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.memory import synthetic
from tests.session.decks import DECK, Clock, learner, many, place
from tests.session.test_learner import assert_one
from tools import old_journal
from tutor.cli import main
from tutor.exchange.reviews import read_reviews
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.log import review_log
from tutor.memory.model import Rating
from tutor.memory.replay import state_after
from tutor.memory.time import Moment
from tutor.session import fitting
from tutor.session.fitting import log_of
from tutor.session.importing import import_reviews
from tutor.session.learner import Learner
from tutor.session.statistics import gather
from tutor.session.study import StudySession

CARDS = 120
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)  # the synthetic answers begin with day 0


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A review log of cards that the decks have, and of some that they have not."""
    file, lines = tmp_path / "log.csv", ["card_id,review_rating,review_time,review_duration"]
    for i, event in enumerate(synthetic.events(CARDS + 30, 200)):
        at = (BEGIN + timedelta(seconds=event.at_utc_ms / 1000 + 43_200 + i)).isoformat()
        assert event.rating is not None
        lines.append(f"many/c{event.card_key[2:]},{int(event.rating)},{at},{4000 + i % 3000}")
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    clock = Clock(round((BEGIN + timedelta(days=212)).timestamp() * 1000))
    with closing(learner(tmp_path, clock, many(CARDS))) as opened:
        yield opened


def test_an_imported_log_joins_the_cards(one: Learner, log: Path) -> None:
    rows = read_reviews(log)
    done = import_reviews(one, rows)
    assert (done.reviews, done.skipped, done.cards) == (len(rows), 0, CARDS + 30)
    assert one.summary.history.reviews == len(rows)
    assert gather(one).cards["retired"] == 0
    assert gather(one).cards["review"] > 0
    assert one.due().due_now > 0
    assert_one(one)


def test_a_log_comes_in_once(one: Learner, log: Path) -> None:
    rows = read_reviews(log)
    import_reviews(one, rows[:500])
    again = import_reviews(one, rows)
    assert (again.reviews, again.skipped) == (len(rows) - 500, 500)
    assert one.summary.history.reviews == len(rows)
    assert import_reviews(one, rows).reviews == 0


def test_an_import_is_not_undone_by_a_key(one: Learner, log: Path) -> None:
    import_reviews(one, read_reviews(log))
    assert one.undo() is None


def test_new_weights_change_the_memory_and_keep_the_dates(one: Learner, log: Path) -> None:
    import_reviews(one, read_reviews(log))
    before = {state.key: state for state in one.states()}
    found = fitting.fit_learner(one)
    assert found.better
    fitting.keep(one, found)
    assert one.scheduler.model.weights == pytest.approx(found.weights)
    for state in one.states():
        assert state.due_utc_ms == before[state.key].due_utc_ms
        assert state.model == one.scheduler.model.id
    assert sum(state.stability != before[state.key].stability for state in one.states()) > 50
    assert_one(one)
    moved = fitting.reschedule(one)
    assert moved > 0
    assert fitting.reschedule(one) == 0
    assert_one(one)


def test_earlier_weights_stay_in_the_journal(one: Learner, log: Path) -> None:
    import_reviews(one, read_reviews(log))
    found = fitting.fit_learner(one)
    fitting.keep(one, found)
    kept = [json.loads(event.payload) for event in one.store.recent(9, "params")]
    assert kept[0]["weights"] == list(found.weights)
    assert kept[0]["report"]["log_loss_after"] == found.log_loss_after
    assert len(kept) == 1


def test_studying_goes_on_with_the_new_weights(one: Learner, log: Path) -> None:
    import_reviews(one, read_reviews(log))
    fitting.keep(one, fitting.fit_learner(one))
    session = StudySession(one)
    item = session.next()
    assert item is not None
    session.answer(item, Rating.GOOD)
    assert one.state(item.unit).model == one.scheduler.model.id != ""
    assert one.undo() == item.unit
    assert_one(one)


def test_two_programs_and_a_fit(tmp_path: Path, one: Learner, log: Path) -> None:
    with closing(learner(tmp_path, Clock(one.now().utc_ms), "")) as other:
        item = StudySession(other).next()
        assert item is not None
        StudySession(other).answer(item, Rating.GOOD)
        import_reviews(one, read_reviews(log))
        StudySession(other).answer(item, Rating.GOOD)
        one.refresh()
        assert one.summary.history.reviews == len(read_reviews(log)) + 2
        assert_one(one)


def test_the_work_is_forecast_for_the_decks(one: Learner, log: Path) -> None:
    import_reviews(one, read_reviews(log))
    low, high = fitting.forecast_work(one, [0.8, 0.95], 100)
    assert low.introduced == high.introduced == CARDS
    assert low.reviews < high.reviews


def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: str, status: int = 0) -> Any:
    where = place(tmp_path, DECK)
    options = ["--data-dir", str(where.data), "--no-bundled", "--content", str(where.content[0])]
    assert main([*words, *options]) == status
    return capsys.readouterr()


def test_the_verbs(tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported = json.loads(run(capsys, tmp_path, "import", "reviews", str(log), "--json").out)
    assert imported["reviews"] == len(read_reviews(log))
    dry = json.loads(run(capsys, tmp_path, "fit", "--dry-run", "--json").out)
    assert dry["kept"] is False
    assert {
        "reviews", "scored", "log_loss_before", "log_loss_after", "split", "rmse_bins_after",
        "weights", "seconds", "kept",
    } <= dry.keys()  # fmt: skip
    assert set(dry["split"]) == {"before", "after", "low", "high", "n"}
    kept = json.loads(run(capsys, tmp_path, "fit", "--json").out)
    assert kept["kept"] is True
    assert kept["weights"] == dry["weights"]
    again = json.loads(run(capsys, tmp_path, "fit", "--json").out)
    assert again["log_loss_before"] == pytest.approx(kept["log_loss_after"], rel=1e-6)
    assert again["kept"] is False
    words = run(capsys, tmp_path, "fit").out
    assert "The weights stay as they are." in words
    simulated = json.loads(
        run(capsys, tmp_path, "simulate", "--retention", "0.9", "--days", "50", "--json").out
    )
    assert simulated["days"] == 50
    assert simulated["runs"][0]["retention"] == 0.9
    assert "97%" in run(capsys, tmp_path, "simulate", "--days", "50").out
    doctor = json.loads(run(capsys, tmp_path, "doctor", "--json").out)
    assert doctor["states_match"] is True


def test_an_empty_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, tmp_path, "fit", "--json").out)
    assert (found["reviews"], found["kept"]) == (0, False)
    assert found["weights"] == pytest.approx(DEFAULT_WEIGHTS)
    assert "Too few answers" in run(capsys, tmp_path, "fit").out


@pytest.mark.parametrize(
    "words",
    [("--retention", "1.2"), ("--retention", "0.5"), ("--days", "0"), ("--days", "99999")],
)
def test_out_of_range(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert "must be from" in run(capsys, tmp_path, "simulate", *words, status=2).err


def test_a_bad_log_imports_nothing(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.write_text(log.read_text() + "x,9,2026-01-01T00:00:00Z,1\n")
    failed = run(capsys, tmp_path, "import", "reviews", str(log), "--json", status=2)
    assert "review_rating" in json.loads(failed.out)["error"]["message"]
    assert json.loads(run(capsys, tmp_path, "stats", "--json").out)["reviews"] == 0


def test_the_log_of_the_cards_is_that_of_the_journal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    old_journal.write(data / "tutor.db", 1500, 60, seed=4)
    with closing(learner(tmp_path)) as one:
        log, told = log_of(one), review_log(one.store.active_events(), one.renames.key)
    assert (log.reviews, len(log.scored)) == (told.reviews, len(told.scored))
    lives = sorted((life.card, life.ratings, life.days) for life in log.lives)
    assert lives == sorted((life.card, life.ratings, life.days) for life in told.lives)


def test_of_very_many_answers_those_of_whole_cards_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    old_journal.write(tmp_path / "data" / "tutor.db", 2_000, 150, seed=4)
    with closing(learner(tmp_path)) as one:
        whole = fitting.fit_learner(one)
        monkeypatch.setattr(fitting, "MOST", whole.scored // 4)
        part = fitting.fit_learner(one)
        assert one.store.history().scored == whole.scored == whole.used
    assert (part.reviews, part.scored) == (whole.reviews, whole.scored)
    assert 0.1 * whole.scored < part.used < 0.35 * whole.scored


def test_a_fit_that_keeps_the_weights_moves_no_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(learner(tmp_path, deck=many(12))) as one:
        session = StudySession(one)
        while item := session.next():
            session.answer(item, Rating.EASY)
        assert fitting.reschedule(one) == 0
        dates = {state.due_utc_ms for state in one.states()}
    assert len(dates) == 1, "first intervals have no fuzz"


def test_a_new_date_is_the_one_that_the_last_answer_would_get(one: Learner, log: Path) -> None:
    import_reviews(one, read_reviews(log))
    fitting.keep(one, fitting.fit_learner(one))
    fitting.reschedule(one)
    checked = 0
    for state in one.states():
        rows = [row for row in one.renames.history(state.key, one.store) if row.kind == "review"]
        if state.phase != "review" or not rows:
            continue
        then = Moment(rows[-1].at_utc_ms, rows[-1].utc_offset_min, rows[-1].study_day)
        buttons = one.scheduler.outcomes(state_after(state.key, rows[:-1], one.scheduler), then)
        assert rows[-1].rating is not None
        assert state.due_utc_ms == buttons[rows[-1].rating].state.due_utc_ms
        lengths = [buttons[rating].interval_ms for rating in Rating]
        assert lengths == sorted(lengths)
        checked += 1
    assert checked > 50
