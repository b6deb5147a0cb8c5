"""A share of `python -m tools.class_load`: no row is missed or comes twice while others push."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from tests.classroom.school import School
from tools import class_load
from tools.class_load import ROWS

# `.ci/run` looks for the words mark.class, which Python cannot read as they stand.
pytestmark = getattr(pytest.mark, "class")
LEARNERS, PULLERS, SEED = 6, 3, 17


def test_pullers_miss_nothing_while_others_push(school: School, tmp_path: Path) -> None:
    addresses = [school.address(school.add()) for _ in range(LEARNERS)]
    (tmp_path / "load").mkdir()
    machines = [class_load.machine(tmp_path / "load", number) for number in range(LEARNERS)]
    for one in machines:
        school.stack.enter_context(closing(one))
        class_load.answer(one, ROWS)
    class_load.spread(machines, addresses, 0.5, random.Random(SEED))
    pulled = class_load.at_once(machines, addresses, PULLERS)
    assert [(each.rows, each.twice) for each in pulled] == [(2 * ROWS, 0)] * PULLERS
    assert sum(each.pulls for each in pulled) > PULLERS
    rows = school.as_keeper("SELECT count(*), count(DISTINCT (learner, seq)) FROM tutor.journal")
    assert rows == [(2 * ROWS * LEARNERS,) * 2]
