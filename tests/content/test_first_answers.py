"""Answers to the first version of the course: each is found again, or in the statistics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock
from tools import old_journal
from tutor.memory.model import CardState
from tutor.paths import settle
from tutor.session.learner import Learner
from tutor.session.statistics import gather

HERE = Path(__file__).parent
# Every scheduled unit of the first version, in its order.
UNITS: list[str] = json.loads((HERE / "first_units.json").read_text(encoding="utf-8"))
# Those that nothing stands for any more; their answers count in the statistics.
RETIRED = {
    "networks/brain-power",
    "networks/perceptron-who",
    "transformers/position-gaps/clock",
}
# Topics of the first version that another has taken over.
TAKEN_OVER = {"caffe": "retired-frameworks", "mxnet": "retired-frameworks"}


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Learner, dict[str, CardState]]]:
    folder = tmp_path_factory.mktemp("first")
    data = folder / "data"
    data.mkdir()
    states = old_journal.write_one_each(data / "tutor.db", UNITS, [*TAKEN_OVER])
    with closing(Learner.open(settle(data_dir=str(data), content=()), Clock())) as one:
        yield one, states


def test_the_list_is_that_of_the_first_version() -> None:
    assert len(UNITS) == 953
    assert len({*UNITS}) == 953


def test_every_unit_that_is_kept_has_its_state(
    opened: tuple[Learner, dict[str, CardState]],
) -> None:
    one, states = opened
    merged = Counter(map(one.library.resolve, UNITS))
    for unit in UNITS:
        now = one.library.resolve(unit)
        if unit in RETIRED:
            continue
        assert now in one.course.entry_of, unit
        found = one.today.state(now)
        assert found.reps == merged[now], unit
        if merged[now] == 1:
            old = states[unit]
            assert (found.stability, found.difficulty) == (old.stability, old.difficulty), unit
            assert found.due_utc_ms == old.due_utc_ms, unit


def test_what_is_retired_counts_in_the_statistics(
    opened: tuple[Learner, dict[str, CardState]],
) -> None:
    one, _ = opened
    found = gather(one)
    assert found.reviews == len(UNITS)
    assert found.cards["retired"] == len(RETIRED)


def test_a_topic_that_was_taken_over_is_still_known(
    opened: tuple[Learner, dict[str, CardState]],
) -> None:
    one, _ = opened
    assert {*TAKEN_OVER.values()} <= one.today.known
    for old, now in TAKEN_OVER.items():
        assert [topic.id for topic in one.library.find_topics(old)][:1] == [now]
