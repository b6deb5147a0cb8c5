"""The page of a year."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import DECK, Clock, learner
from tutor.cli import main
from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.session.predictions import Judgement, keep
from tutor.session.study import StudySession
from tutor.session.year import gather
from tutor.text.markdown import parser
from tutor.verbs.report_year import page


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Where a learner is who studied on two days, forgot a card, and foretold a demo."""
    clock = Clock()
    with closing(learner(tmp_path, clock, DECK)) as one:
        for rating in (Rating.EASY, Rating.AGAIN):
            session = StudySession(one)
            for _ in range(3):
                item = session.next()
                if item is None:
                    break
                session.answer(item, rating, elapsed_ms=60_000)
            session.end()
            clock.utc_ms += 30 * DAY_MS
        keep(one, Judgement("one-number", "predict", {}, 1, "up", "up"))
        where = one.place
        year = gather(one)
    assert year.past.intervals
    return ["--data-dir", str(where.data), "--no-bundled", "--content", str(where.content[0])]


def test_the_page_has_topics_retention_exams_and_predictions(
    options: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "year.svg"
    assert main(["report", "--year", "--svg", str(picture), *options]) == 0
    text = capsys.readouterr().out
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert [head.partition(",")[0] for head in heads] == [
        "# A year of learning", "## Topics", "## Retention", "## Exams",
        "## Predictions and confidence",
    ]  # fmt: skip
    assert "of 3" in text
    assert "| outcomes of demos foretold | 100 % |" in text
    assert "None was taken in this year." in text
    assert "first letter" not in text, "it names no card"
    assert picture.read_text().startswith("<svg")
    assert str(picture) in text
    assert parser().render(text).count("<table>") == 3


def test_the_json_says_the_same(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--year", "--json", *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["judged"]["predictions"]["n"] == 1
    assert [each["number"] for each in told["chapters"]] == [1]
    assert told["answers"] > 3
    assert sum(row["n"] for row in told["intervals"]) == 2


def test_a_new_learner_gets_a_page_too(tmp_path: Path) -> None:
    with closing(learner(tmp_path, Clock(), DECK)) as one:
        lines = list(page(gather(one)))
    assert "No card was asked again on a later day yet." in lines
    assert "None was made yet." in lines
