"""Whatever comes in by any door, every verb goes on: in words, with the documented status."""

from __future__ import annotations

import json
import random
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools import damaged_inputs
from tools.damage import attempt, prepared
from tools.damaged_inputs import CORPUS, KINDS, Damaged

FAILED_BEFORE = Path(__file__).parent / "corpus"
BYTES = st.binary(max_size=60) | st.text(max_size=60).map(
    lambda text: text.encode("utf-8", "replace")
)
VALUES = st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=20) | st.none()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("doors")
        patch.setenv("TUTOR_CACHE_DIR", str(folder / "cache"))
        patch.setenv("TUTOR_NO_WARM", "1")
        yield prepared(folder)


@pytest.fixture(scope="module")
def own_seed() -> int:
    """Another one at each run, printed with what fails."""
    return secrets.randbelow(10**9)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_of_every_kind(kind: str, sound: Path, tmp_path: Path, own_seed: int) -> None:
    for number in range(1):
        rng = random.Random(f"{own_seed} {kind} {number}")
        found = damaged_inputs.make(rng, sound, tmp_path / str(number), kind)
        _, faults = attempt(found, number)
        shown = [str(fault) for fault in faults if fault.what != "slow"]  # no time in a test
        assert shown == [], f"seed {own_seed}"


@pytest.mark.parametrize("name", sorted(file.name for file in FAILED_BEFORE.iterdir()))
def test_what_failed_before(name: str, sound: Path, tmp_path: Path) -> None:
    assert Path(name).suffix in CORPUS
    _, faults = attempt(damaged_inputs.again(FAILED_BEFORE / name, sound, tmp_path / "x"), 0)
    assert [str(fault) for fault in faults if fault.what != "slow"] == []


def put(found: Damaged, door: str, data: st.DataObject) -> None:
    """Put a value behind a door, and choose the verbs that meet it."""
    match door:
        case "deck":
            head = b"---\ndeck: bad\n---\n# T\n<!-- topic id=t -->\n## What?\n<!-- card id=c "
            text = (
                head
                + data.draw(BYTES)
                + b" -->\n"
                + data.draw(BYTES)
                + b"\n\n= "
                + data.draw(BYTES)
            )
            (found.folder / "decks" / "bad.md").write_bytes(text)
            found.call("check")
            found.call("study", "--plain", typed=data.draw(BYTES) + b"\n3\n" * 9)
        case "settings":
            line = data.draw(st.sampled_from(["minutes_a_day = ", "theme = ", ""])).encode()
            (found.folder / "settings.toml").write_bytes(line + data.draw(BYTES))
            found.call("due")
        case "log":
            head = b"card_id,review_rating,review_time\n"
            (found.folder / "log.csv").write_bytes(head + data.draw(BYTES))
            found.call("import", "reviews", str(found.folder / "log.csv"))
        case "words":
            word = data.draw(st.text(max_size=20).map(lambda text: text.replace("\0", "")))
            verb = data.draw(
                st.sampled_from([["show"], ["known"], ["restore"], ["quiz", "--card"]])
            )
            found.call(*verb, word)
        case _:
            exchange(found.folder / "tutor.db", door, data)
            found.call("stats")
            found.call("doctor", "--json")
            found.call("study", "--plain", "--limit", "2", typed=b"\n3\n" * 3)


def exchange(file: Path, table: str, data: st.DataObject) -> None:
    """Give one column of all rows of a table another value, past every check that it has."""
    with closing(sqlite3.connect(file)) as db, suppress(sqlite3.Error, OverflowError):
        db.execute("PRAGMA ignore_check_constraints = ON")
        triggers = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        column = data.draw(st.sampled_from(columns))
        db.execute(f'UPDATE OR IGNORE {table} SET "{column}" = ?', (data.draw(VALUES),))
        for _, sql in triggers:
            db.execute(sql)
        db.commit()


@pytest.mark.parametrize(
    "door", ["deck", "settings", "log", "words", "event", "card_state", "glance"]
)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_behind_any_door(
    door: str, data: st.DataObject, sound: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "learner"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound, folder)
    found = Damaged(door, folder)
    put(found, door, data)
    trials, faults = attempt(found, 0)
    assert [str(fault) for fault in faults if fault.what != "slow"] == []
    for trial in trials:
        if "--json" in trial.words and trial.status < 3:
            json.loads(trial.out)
