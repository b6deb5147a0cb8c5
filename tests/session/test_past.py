"""What the journal says of the past, on a learner whose answers are known one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tutor.cli import main
from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.session import past, statistics
from tutor.session.learner import Learner
from tutor.verbs.stats import _lines, _named

FRIDAY = round(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    """One card answered on Friday, Sunday and Monday (forgotten), another on Friday only."""
    clock = Clock(FRIDAY)
    with closing(learner(tmp_path, clock)) as opened:
        answer(opened, "d/alpha", Rating.GOOD)
        answer(opened, "d/second", Rating.GOOD, "sure", right=True)
        clock.forward(days=2)
        answer(opened, "d/alpha", Rating.GOOD)
        clock.forward(days=1)
        answer(opened, "d/alpha", Rating.AGAIN, "unsure", right=False)
        yield opened


def answer(
    one: Learner, unit: str, rating: Rating, sure: str | None = None, *, right: bool | None = None
) -> None:
    told = {"confidence": sure, "correct": right, "elapsed_ms": 6000, "source": "review"}
    one.append(lambda: [one.event("review", unit, rating=rating, **told)])


def test_weeks_begin_on_monday(one: Learner) -> None:
    found = past.gather(one)
    weeks = {row.name: row.kept.remembered for row in found.weeks}
    assert {name: (share.value, share.n) for name, share in weeks.items()} == {
        "2026-11-16": (1.0, 1),
        "2026-11-23": (0.0, 1),
    }


def test_intervals_and_chapters(one: Learner) -> None:
    found = past.gather(one)
    assert [(row.name, row.kept.remembered.n) for row in found.intervals] == [
        ("1 day", 1),
        ("2 to 3 days", 1),
    ]
    assert [(row.name, row.kept.remembered.value) for row in found.chapters] == [("1", 0.5)]
    assert found.model is not None and found.model.fitted is None
    assert found.model.kept.remembered.n == 2
    assert (found.sure.value, found.sure.n) == (1.0, 1)
    assert (found.unsure.value, found.unsure.n) == (0.0, 1)


def test_an_answer_taken_back_counts_nowhere(one: Learner) -> None:
    one.undo()
    found = past.gather(one)
    assert [row.name for row in found.weeks] == ["2026-11-16"]
    assert not found.unsure.n


def test_knowledge_ends_with_what_is_known_today(one: Learner) -> None:
    found, stats = past.gather(one), statistics.gather(one)
    assert found.knowledge[-1][0] == one.today.day
    assert found.knowledge[-1][1] == pytest.approx(stats.knowledge, rel=1e-4)
    assert 1 < stats.knowledge < 2


def test_the_forecast_reaches_beyond_the_horizon(one: Learner) -> None:
    stats = statistics.gather(one)
    assert len(stats.forecast) == 365
    far = one.today.start + 200 * DAY_MS
    one.append(lambda: [one.event("set_due", "d/second", due_utc_ms=far)])
    assert statistics.gather(one).forecast[200] == 1
    assert sum(statistics.gather(one).forecast) == sum(stats.forecast) == 2


def test_time_and_days_of_a_span(one: Learner) -> None:
    stats, today = statistics.gather(one), statistics.day_of(one.today.day)
    assert stats.over(2, today) == statistics.Span(2, 2, 2, 12.0)
    assert stats.over(365, today) == statistics.Span(365, 3, 4, 24.0)


def test_a_new_learner_has_no_past(tmp_path: Path) -> None:
    with closing(learner(tmp_path, Clock(FRIDAY))) as fresh:
        found = past.gather(fresh)
    assert found == past.Past(wish=0.9)
    assert found.as_json()["judged"]["sure"]["value"] is None


def test_the_verb_tells_all_of_it(
    one: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data-dir", str(one.place.data), "--content", str(one.place.content[0])]
    assert main([*words, "--no-bundled", "stats"]) == 0
    text = capsys.readouterr().out
    for part in ("retention by week", "by interval", "by chapter", "when sure", "memory model"):
        assert part in text
    assert main([*words, "--no-bundled", "stats", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["n"] for row in told["weeks"]] == [1, 1] and len(told["work"]) == 4


def test_the_year_as_a_picture(
    one: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data-dir", str(one.place.data), "--content", str(one.place.content[0])]
    file = tmp_path / "shared" / "year.svg"
    assert main([*words, "--no-bundled", "stats", "--svg", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    text = file.read_text()
    assert "answers" in text and "retention" in text and "A year of learning" in text
    # No card is given away: only numbers and chapters.
    assert not any(entry.front in text for entry in one.library.entries.values())
    assert main([*words, "--no-bundled", "stats", "--svg", str(tmp_path)]) != 0
    assert "cannot be written" in capsys.readouterr().err


def test_the_verb_tells_the_year_by_months_and_the_marks(
    one: Learner,
) -> None:
    one._clock.forward(days=10)  # type: ignore[attr-defined]
    answer(one, "d/alpha", Rating.GOOD)
    one.append(lambda: [one.event("flag", "d/alpha")])
    stats, before = statistics.gather(one), past.gather(one)
    lines = [*_lines(stats, before, statistics.day_of(one.today.day))]
    at = lines.index("\nmonths, with the cards probably remembered at the end of each")
    assert [line.split() for line in lines[at + 1 : at + 3]] == [
        ["2026-11", "3", "days", "4", "answers", "0", "min", "2", "remembered"],
        ["2026-12", "1", "days", "1", "answers", "0", "min", "2", "remembered"],
    ]
    assert "flagged     d/alpha" in lines
    assert _named([f"d/{n}" for n in range(7)], "leech").endswith("and 2 more: tutor browse leech")
