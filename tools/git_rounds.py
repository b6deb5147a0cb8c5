"""Three machines answer and sync through one git repository: is every row on each of them?

python -m tools.git_rounds [ROUNDS] [SEED]

One clone has autocrlf, one is rebased by hand now and then; all three sync at once, so that most
pushes are rejected first.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tutor.memory.model import CardState, Rating
from tutor.memory.time import DAY_MS, MINUTE_MS
from tutor.paths import settle
from tutor.session.learner import Learner
from tutor.session.syncing import Synced, sync_with_git

NAMES = "abc"
NOON_MS = 1_795_260_000_000
DECK = "---\ndeck: d\n---\n\n# Words\n<!-- topic id=words -->\n" + "".join(
    f"\n## Word {number}?\n<!-- card id=w{number} -->\nAnswer {number}.\n" for number in range(20)
)
_WHO = {f"GIT_{who}_{what}": "someone" for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")}  # fmt: skip


@dataclass
class Rounds:
    """What was seen: rows and states on each machine at the end, and how the pushing went."""

    rows: list[int] = field(default_factory=list)
    states: list[dict[str, CardState]] = field(default_factory=list)
    answers: int = 0
    pushes: int = 0
    rejected: int = 0
    told: set[str] = field(default_factory=set)
    conflicts: int = 0


def git(folder: Path, *words: str) -> str:
    """Run git as a person would."""
    env = os.environ | _WHO | {"GIT_EDITOR": "true"}
    done = subprocess.run(
        ["git", "-C", str(folder), *words], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def clones(folder: Path) -> list[Path]:
    """Three clones of an empty repository, one of which turns line ends."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder / "hub"], check=True)
    found = []
    for name in NAMES:
        git(folder, "clone", "-q", str(folder / "hub"), f"clone-{name}")
        git(folder / f"clone-{name}", "symbolic-ref", "HEAD", "refs/heads/main")
        found.append(folder / f"clone-{name}")
    git(found[1], "config", "core.autocrlf", "true")
    return found


def run(rounds: int, seed: int, folder: Path) -> Rounds:
    """Let the three live for so many rounds."""
    chance, seen, now = random.Random(seed), Rounds(), NOON_MS
    (folder / "deck.md").write_text(DECK, encoding="utf-8")
    repositories = clones(folder)

    def clock() -> int:
        return now

    with ExitStack() as stack, ThreadPoolExecutor(len(NAMES)) as threads:
        learners = [stack.enter_context(closing(_learner(folder, name, clock))) for name in NAMES]
        for number in range(rounds):
            now += chance.randrange(5 * MINUTE_MS, 3 * DAY_MS)
            for one in learners:
                seen.answers += _answer(one, chance)
            if number and chance.random() < 0.2:
                git(repositories[2], "pull", "-q", "--rebase")
            going = chance.sample(range(len(NAMES)), chance.randint(1, len(NAMES)))
            jobs = [threads.submit(sync_with_git, learners[at], repositories[at]) for at in going]
            for job in jobs:
                _count(seen, job.result())
        for _ in range(2):
            for one, repository in zip(learners, repositories, strict=True):
                _count(seen, sync_with_git(one, repository))
        for one, repository in zip(learners, repositories, strict=True):
            seen.rows.append(one.store.numbers()[0])
            seen.states.append(one.store.states())
            seen.conflicts += b"<<<<<<<" in b"".join(
                path.read_bytes() for path in repository.glob("*.jsonl")
            )
            assert one.store.check() == []
    return seen


def _learner(folder: Path, name: str, clock: Callable[[], int]) -> Learner:
    deck, data = str(folder / "deck.md"), str(folder / name)
    return Learner.open(settle(data_dir=data, content=(deck,), bundled=False), clock)


def _answer(one: Learner, chance: random.Random) -> int:
    for _ in range(count := chance.randrange(6)):
        key, rating = f"d/w{chance.randrange(20)}", Rating(chance.randint(1, 4))
        due = one.scheduler.outcome(one.state(key), rating, one.now()).state.due_utc_ms
        one.append(lambda: [one.event("review", key, rating=rating, due_utc_ms=due)])  # noqa: B023
    return count


def _count(seen: Rounds, done: Synced) -> None:
    seen.pushes += done.tries
    seen.rejected += done.tries - 1
    seen.told |= set(done.told)


def main() -> int:
    """Print what was seen; 1 if a row is missing anywhere."""
    numbers = [int(word) for word in sys.argv[1:]]
    rounds, seed = (*numbers, 100, 1)[:1][0], numbers[1] if len(numbers) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:
        seen = run(rounds, seed, Path(folder))
    equal = all(states == seen.states[0] for states in seen.states)
    print(
        f"seed {seed}: {rounds} rounds, {seen.answers} answers, rows on each {seen.rows},"
        f" {seen.pushes} pushes, {seen.rejected} rejected first, {seen.conflicts} conflicts,"
        f" states {'equal' if equal else 'NOT EQUAL'}, told {sorted(seen.told)}"
    )
    return 0 if equal and set(seen.rows) == {seen.answers} and not seen.conflicts else 1


if __name__ == "__main__":
    sys.exit(main())
