"""The memory model is fitted by itself, when that helps, and a fit can be taken back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.memory import synthetic
from tests.session.decks import Clock, learner, many, place
from tutor.cli import main
from tutor.memory import refits
from tutor.memory.fit import Fit, Split
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.log import AnswerLog
from tutor.session import fitting, refitting
from tutor.session.importing import import_reviews
from tutor.session.learner import Learner
from tutor.session.past import gather
from tutor.session.replaying import fits
from tutor.store.rows import event_row

CARDS = 200
# Forgets sooner than the usual weights say.
WEIGHTS = (0.2, 0.5, 0.8, 2.0, *synthetic.OTHER[4:])
DAYS = 300
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
NOW = BEGIN + timedelta(days=DAYS + 12)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    """A learner with over 1,000 scored answers of another memory than the usual weights say."""
    with closing(learner(tmp_path, Clock(_ms(NOW)), many(CARDS))) as opened:
        rows = AnswerLog()
        for event in synthetic.events(CARDS, DAYS, WEIGHTS):
            at = _ms(BEGIN) + event.at_utc_ms + DAY_HALF_MS
            assert event.rating is not None
            rows.add(f"many/c{event.card_key[2:]}", int(event.rating), at, 0, 4000)
        import_reviews(opened, rows)
        yield opened


DAY_HALF_MS = 43_200_000


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@pytest.mark.parametrize(
    ("scored", "at_last", "due"),
    [(999, 0, False), (1000, 0, True), (1999, 1000, False), (2000, 1000, True), (1500, 400, True)],
)
def test_at_a_thousand_and_whenever_they_have_doubled(scored: int, at_last: int, due: bool) -> None:
    assert refits.time_for(scored, at_last) is due


def test_only_a_fit_that_foretells_better_beyond_chance_is_taken() -> None:
    good = Fit(2000, 1500, 1500, DEFAULT_WEIGHTS, True, 1, 0.5, 0.3, 0.4, 0.3)
    assert not refits.helps(good)
    assert refits.helps(replace(good, split=Split(0.4, 0.38, 0.01, 0.03, 1000)))
    assert not refits.helps(replace(good, split=Split(0.4, 0.39, -0.001, 0.02, 1000)))


def test_a_fit_that_helps_is_taken_told_and_taken_back(one: Learner) -> None:
    assert refitting.is_due(one)
    told = refitting.refit(one)
    assert "tutor fit --undo" in told
    fitted = one.scheduler.model.weights
    assert tuple(fitted) != tuple(DEFAULT_WEIGHTS)
    assert not refitting.is_due(one), "not again before the answers have doubled"
    assert refitting.newest(one) is not None
    assert refitting.take_back(one) == tuple(DEFAULT_WEIGHTS)
    assert tuple(one.scheduler.model.weights) == tuple(DEFAULT_WEIGHTS)
    assert not refitting.is_due(one), "what was taken back is not done again at once"
    past = gather(one)
    assert past.model is not None
    assert past.model.fitted is None
    assert refitting.take_back(one) == tuple(fitted), "taking back is taken back as well"


def test_a_fit_that_may_be_chance_is_noted_and_changes_nothing(
    one: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = fitting.fit_learner(one)
    assert found.split is not None
    harms = replace(found, split=replace(found.split, low=-0.01))
    monkeypatch.setattr(fitting, "fit_learner", lambda _: harms)
    states = {state.key: state for state in one.states()}
    assert refitting.refit(one) == ""
    assert tuple(one.scheduler.model.weights) == tuple(DEFAULT_WEIGHTS)
    assert {state.key: state for state in one.states()} == states
    assert not refitting.is_due(one)
    assert json.loads(fits(one.store)[0].payload)["report"]["kept"] is False
    assert refitting.newest(one) is None
    assert refitting.take_back(one) is None


def test_the_learner_can_switch_it_off(one: Learner) -> None:
    one.settings = replace(one.settings, refits="off")
    assert not refitting.is_due(one)


def test_rows_of_any_content_do_not_stop_it(one: Learner) -> None:
    for payload in ("", "[]", "{}", '{"report": 3}', '{"report": {"scored": "x"}}'):
        one.store.append_rows([event_row(one.event("params", "", payload=payload))])
        one.refresh()
        assert refitting.is_due(one)
        assert refitting.newest(one) is None


def test_study_fits_at_its_start_and_a_verb_takes_back(
    one: Learner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = one.place
    one.close()
    options = ["--data-dir", str(where.data), "--no-bundled", "--content", str(where.content[0])]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["study", "--plain", *options]) == 0
    assert "tutor fit --undo" in capsys.readouterr().err
    assert main(["fit", "--undo", "--json", *options]) == 0
    undone = json.loads(capsys.readouterr().out)
    assert (undone["undone"], undone["weights"]) == (True, list(DEFAULT_WEIGHTS))
    assert main(["study", "--plain", *options]) == 0
    assert "fit" not in capsys.readouterr().err


def test_nothing_to_take_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = place(tmp_path, many(3))
    options = ["--data-dir", str(where.data), "--no-bundled", "--content", str(where.content[0])]
    assert main(["fit", "--undo", *options]) == 0
    assert "no fit to take back" in capsys.readouterr().out


def test_a_small_log_is_told_what_it_cannot_promise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(learner(tmp_path, Clock(_ms(NOW)), many(CARDS))) as small:
        rows = AnswerLog()
        for event in synthetic.events(20, 60):
            assert event.rating is not None
            at = _ms(BEGIN) + event.at_utc_ms + DAY_HALF_MS
            rows.add(f"many/c{event.card_key[2:]}", int(event.rating), at, 0, 4000)
        import_reviews(small, rows)
        found = fitting.fit_learner(small)
        where = small.place
    options = ["--data-dir", str(where.data), "--no-bundled", "--content", str(where.content[0])]
    assert main(["fit", "--dry-run", *options]) == 0
    said = capsys.readouterr().out
    assert "cannot promise" in said
    assert 0 < found.scored < refits.FIRST
    assert f"after {found.longest} days" in said
