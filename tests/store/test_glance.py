"""The row of the first screen: quick to read, and never the one to complain."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import DAY_MS, NOON_MS, answer, filled, glance, opened, state
from tutor.store.catalog import Files
from tutor.store.glance import Glance, read_glance
from tutor.store.journal import Store
from tutor.text.sanitize import harmless

READ = """
import json, pathlib, sys
from tutor.store.glance import read_glance
glance = read_glance(pathlib.Path(sys.argv[1]))
print(json.dumps([glance.due_at(int(sys.argv[2])), sorted(sys.modules)]))
"""


def test_reading_imports_nothing_heavy(files: Files) -> None:
    filled(files, 23)
    command = [sys.executable, "-c", READ, str(files.database), str(NOON_MS)]
    due, modules = json.loads(subprocess.check_output(command))
    assert due == 23
    assert {"sqlalchemy", "alembic", "textual", "numpy", "numba"}.isdisjoint(modules)


def test_what_is_due_grows_as_time_goes_on() -> None:
    due = ((NOON_MS - 5 * DAY_MS, 1), (NOON_MS, 1), (NOON_MS + 1, 1), (NOON_MS + DAY_MS, 1))
    shown = Glance(NOON_MS, 20_412, due=due)
    assert shown.due_at(NOON_MS) == 2
    assert shown.due_at(NOON_MS + 1) == 3
    assert shown.due_at(NOON_MS + 30 * DAY_MS) == 4


def test_a_clock_set_back_does_not_hide_what_was_due() -> None:
    shown = Glance(NOON_MS, 20_412, due=((NOON_MS - 1, 2), (NOON_MS + DAY_MS, 1)))
    assert shown.due_at(NOON_MS - DAY_MS) == 2


def test_the_row_is_written_with_the_answer_or_alone(store: Store) -> None:
    store.append([answer(1)], [state("d/1")], glance(4))
    assert read_glance(store.files.database) == glance(4)
    store.put_glance(glance(5))
    assert read_glance(store.files.database) == glance(5)


def test_reading_never_creates_a_file(tmp_path: Path) -> None:
    assert read_glance(tmp_path / "tutor.db") is None
    assert read_glance(tmp_path / "no" / "such" / "tutor.db") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "3", '{"written_utc_ms":1}', '{"due":[[1]]}', "[" * 100_000],
    ids=lambda text: text[:20] or "empty",
)
def test_a_row_that_is_no_glance_is_as_none(files: Files, text: str) -> None:
    filled(files, 1)
    with opened(files) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE glance SET json = ?", (text,))
    assert read_glance(files.database) is None
    with opened(files) as store:
        assert len(list(store.events())) == 1


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\x1b]0;x\x07")
)


@given(st.data())
def test_a_row_of_any_values_is_refused_or_harmless(data: st.DataObject) -> None:
    """Each value of a sound row in turn is exchanged for any other."""
    row = json.loads(glance(3).to_json())
    place: Any = row
    while isinstance(place, dict | list) and place:
        parent = place
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        place = place[key]
    parent[key] = data.draw(VALUES | st.lists(VALUES, max_size=2))
    try:
        read = Glance.from_json(json.dumps(row))
    except (ValueError, TypeError, KeyError):
        return
    assert read.due_at(NOON_MS) >= 0
    assert read.minutes <= 2**53
    assert harmless(read.to_json()) == read.to_json()
