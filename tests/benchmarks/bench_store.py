"""How fast the store opens, answers and reads with 100,000 cards. Printed, never asserted.

Run: pytest tests/benchmarks/bench_store.py -m bench -s
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.store.samples import DAY_MS, NOON_MS, answer, opened, state
from tutor.store.backup import backup_in
from tutor.store.catalog import Files
from tutor.store.glance import ChapterGlance, Glance, read_glance
from tutor.store.restore import restore
from tutor.store.verify import verify

pytestmark = pytest.mark.bench

CARDS = 100_000
ANSWERS = 2000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    """A learner with 100,000 cards, each answered once."""
    folder = tmp_path_factory.mktemp("store")
    files = Files(folder / "tutor.db", folder / "backups")
    numbers = range(1, CARDS + 1)
    with opened(files) as store:
        started = time.perf_counter()
        store.append(
            [answer(n) for n in numbers],
            [state(f"d/{n}", due_utc_ms=NOON_MS + n % 400 * DAY_MS) for n in numbers],
            _glance(),
        )
        _say(f"add {CARDS:,} answers and states at once", time.perf_counter() - started)
    yield files


def test_answers(files: Files) -> None:
    chance = random.Random(0)
    with opened(files) as store:
        states = store.states()
        first = CARDS + 1
        times = []
        for number in range(first, first + ANSWERS):
            event = replace(answer(number), card_key=f"d/{chance.randint(1, CARDS)}")
            before = states[event.card_key]
            after = replace(before, reps=before.reps + 1, due_utc_ms=NOON_MS + 90 * DAY_MS)
            started = time.perf_counter()
            store.append([event], [after], _glance())
            times.append(time.perf_counter() - started)
            states[event.card_key] = after
    times.sort()
    _say("one answer with its glance, committed: median", times[ANSWERS // 2])
    _say("one answer with its glance, committed: p99", times[ANSWERS * 99 // 100])


def test_opening_and_reading(files: Files) -> None:
    opened(files).close()
    _best("open and close, the day's backup made before", lambda: opened(files).close())
    _best("read the glance", lambda: read_glance(files.database))
    with opened(files) as store:
        _best("read all states", store.states, 3)
        _best("read the whole journal", lambda: sum(1 for _ in store.active_events()), 3)
        _best("find what undo takes back", store.last_undoable)
        _best("the history of one card", lambda: store.events_of("d/77"))
        _best("integrity check", store.check, 1)


def test_backups(files: Files) -> None:
    with opened(files) as store:
        _best("back up, check, seal", lambda: backup_in(store.engine, files, "manual"), 1)
    newest = files.listed()[0].path
    _best("verify a backup", lambda: verify(newest), 1)
    _best("restore a backup", lambda: restore(newest, files), 1)


@pytest.mark.parametrize("module", ["sqlalchemy", "tutor.store.database", "alembic.command"])
def test_imports(module: str) -> None:
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    times = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(5)]
    _say(f"import {module}", min(times))


def test_first_screen(files: Files) -> None:
    code = (
        "import time; t = time.perf_counter(); import sys, pathlib;"
        "from tutor.store.glance import read_glance;"
        "read_glance(pathlib.Path(sys.argv[1])); print(time.perf_counter() - t)"
    )
    command = [sys.executable, "-c", code, str(files.database)]
    _say(
        "import and read the glance", min(float(subprocess.check_output(command)) for _ in range(5))
    )


def _glance() -> Glance:
    """A row as it is after some weeks: a number for each of the next sixty days."""
    due = tuple((NOON_MS + day * DAY_MS, 9) for day in range(60))
    chapters = tuple(ChapterGlance(number, "A chapter's title", 10, 3) for number in range(1, 13))
    return Glance(NOON_MS, 20_412, due=due, chapters=chapters)


def _best(what: str, work: Callable[[], object], times: int = 20) -> None:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    _say(what, min(taken))


def _say(what: str, seconds: float) -> None:
    print(f"{what:52} {seconds * 1000:10.3f} ms")
