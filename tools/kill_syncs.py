"""Kill a program that answers and syncs, again and again: is anything lost that it had saved?

python -m tools.kill_syncs [KILLS] [SEED]

After each kill the rows that were said to be saved are in the journal, and the folder is read:
no writer may have fewer whole rows than before, and nothing may be complained of but a half line.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tutor.exchange import segments
from tutor.memory.model import Rating
from tutor.paths import Place, settle
from tutor.session.learner import Learner
from tutor.session.syncing import sync

DECK = "---\ndeck: d\n---\n\n# Words\n<!-- topic id=words -->\n\n## One?\n<!-- card id=a -->\nA.\n"
ROWS = 7  # rows a file, so that many files are begun


@dataclass
class Kills:
    """What was seen: rows said to be saved, rows there, whole rows in the folder, complaints."""

    kills: int = 0
    acknowledged: int = 0
    rows: int = 0
    sent: int = 0
    read: int = 0
    half: int = 0
    shorter: int = 0
    complaints: set[str] = field(default_factory=set)


def place(folder: Path, name: str) -> Place:
    """A learner's place with the one deck."""
    (folder / "deck.md").write_text(DECK, encoding="utf-8")
    return settle(str(folder / name), (str(folder / "deck.md"),), bundled=False)


def run(kills: int, seed: int, folder: Path) -> Kills:
    """Kill so many times."""
    chance, seen = random.Random(seed), Kills()
    shared = folder / "shared"
    shared.mkdir()
    segments.ROWS = ROWS
    mine, whole = place(folder, "mine"), dict[str, int]()
    Learner.open(mine).close()
    for _ in range(kills):
        seen.acknowledged += _killed(mine, shared, chance.uniform(0.0, 0.25))
        seen.kills += 1
        _look(shared, whole, seen)
    with closing(Learner.open(mine)) as one:
        sync(one, shared)
        seen.rows = one.store.numbers()[0]
        assert one.store.check() == []
    seen.sent = sum(each.rows for each in segments.look(shared).chains.values())
    with closing(Learner.open(place(folder, "reader"))) as reader:
        seen.complaints |= set(sync(reader, shared).told)
        seen.read = reader.store.numbers()[0]
    return seen


def _look(shared: Path, whole: dict[str, int], seen: Kills) -> None:
    found = segments.look(shared)
    for name, chain in found.chains.items():
        seen.shorter += chain.rows < whole.get(name, 0)
        whole[name] = chain.rows
    half = {told for told in found.told if told.endswith("half a line")}
    seen.half += bool(half)
    seen.complaints |= set(found.told) - half


def _killed(mine: Place, shared: Path, after_s: float) -> int:
    """Start the program, kill it so long after its first row; how many rows it said are saved."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer_and_sync(mine, shared, writing)
        os._exit(1)
    os.close(writing)
    said = len(os.read(reading, 1))
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 4096):
        said += len(more)
    os.close(reading)
    return said


def _answer_and_sync(mine: Place, shared: Path, writing: int) -> None:
    with closing(Learner.open(mine)) as one:
        while True:
            due = one.scheduler.outcome(one.state("d/a"), Rating.GOOD, one.now()).state.due_utc_ms
            one.append(lambda: [one.event("review", "d/a", rating=Rating.GOOD, due_utc_ms=due)])  # noqa: B023
            os.write(writing, b".")
            sync(one, shared)


def main() -> int:
    """Print what was seen; 1 if anything was lost."""
    numbers = [int(word) for word in sys.argv[1:]]
    kills, seed = (numbers or [200])[0], numbers[1] if len(numbers) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:
        seen = run(kills, seed, Path(folder))
    print(f"seed {seed}: {seen}")
    whole = seen.acknowledged <= seen.rows == seen.sent == seen.read
    return 0 if whole and not seen.shorter and not seen.complaints else 1


if __name__ == "__main__":
    sys.exit(main())
