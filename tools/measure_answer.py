"""Measures what one answer costs until it is on disk: CPU, in turns with another checkout.

    python -m tools.measure_answer [--cards 100000] [--rounds 7] [--base CHECKOUT]

Each checkout gets a deck of so many cards, each answered once the day before, and then answers them
by chance, through `Learner.append`: the state, the first screen's row, the journal's row with its
links, one commit. A round is 200 answers of each checkout, and its number the median of them;
printed are the median of the rounds and of their ratios. Also what the store alone takes of it.
Prints; it asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.measure_opening import deck

HERE = Path(__file__).parent.parent
WORKER = """
import random, statistics, sys, time
from tutor import paths
from tutor.memory.model import CardState, Rating
from tutor.session.learner import Learner

folder, cards = sys.argv[1], int(sys.argv[2])
learner = Learner.open(paths.settle(folder + "/data", (folder + "/many.md",)))
day, now = 86_400_000, learner.now()
key = "many/c{}".format
events = [
    learner.event("review", key(n), rating=Rating.EASY, source="review", elapsed_ms=4000,
                  at_utc_ms=now.utc_ms - day, study_day=now.study_day - 1,
                  model=learner.scheduler.model.id, due_utc_ms=learner.today.start + n % 400 * day)
    for n in range(cards)
]
states = [
    CardState(each.card_key, "review", 3.1, 5.3, each.due_utc_ms, reps=1, model=each.model,
              first_day=now.study_day - 1, last_day=now.study_day - 1)
    for each in events
]
learner.store.append(events, states)
learner.refresh()
store_s, append = [], learner.store.append

def timed(*given):
    begun = time.process_time()
    append(*given)
    store_s.append(time.process_time() - begun)

learner.store.append = timed
chance = random.Random(1)
print("ready", flush=True)
while sys.stdin.readline():
    whole = []
    store_s.clear()
    for _ in range(200):
        unit = key(chance.randrange(cards))
        due = learner.today.start + chance.randrange(1, 400) * day
        begun = time.process_time()
        learner.append(lambda: [
            learner.event("review", unit, rating=Rating.GOOD, source="review", elapsed_ms=4000,
                          model=learner.scheduler.model.id, due_utc_ms=due)
        ])
        whole.append(time.process_time() - begun)
    print(statistics.median(whole), statistics.median(store_s), flush=True)
"""


class Contender:
    """One checkout, its learner open, ready to answer."""

    def __init__(self, checkout: Path, folder: Path, cards: int) -> None:
        self.name = checkout.name
        folder.mkdir()
        deck(folder / "many.md", cards)
        python = checkout / ".venv" / "bin" / "python"
        command = [str(python if python.exists() else sys.executable), "-P", "-c", WORKER]
        env = os.environ | {"PYTHONPATH": str(checkout), "TUTOR_CACHE_DIR": str(folder / "cache")}
        self._child = subprocess.Popen(
            [*command, str(folder), str(cards)], cwd=folder, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._line()

    def round(self) -> tuple[float, float]:
        """CPU milliseconds of one answer, and those of the store in it."""
        assert self._child.stdin is not None
        self._child.stdin.write("\n")
        self._child.stdin.flush()
        whole, store = map(float, self._line().split())
        return whole * 1000, store * 1000

    def close(self) -> None:
        """Let the learner go."""
        self._child.communicate()

    def _line(self) -> str:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended")
        return line


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--base", type=Path)
    args = parser.parse_args()
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, {args.cards:,} cards")
    with tempfile.TemporaryDirectory() as name:
        places = enumerate(filter(None, (HERE, args.base)))
        all_of_them = [Contender(each, Path(name, str(n)), args.cards) for n, each in places]
        rounds = [[each.round() for each in all_of_them] for _ in range(args.rounds)]
        for each in all_of_them:
            each.close()
    for part, what in enumerate(("an answer", "the store's part")):
        for place, each in enumerate(all_of_them):
            spent = [turn[place][part] for turn in rounds]
            print(f"{what}, {each.name}: {statistics.median(spent):.3f} ms, least {min(spent):.3f}")
        if len(all_of_them) > 1:
            ratios = [turn[0][part] / turn[1][part] for turn in rounds]
            print(f"{what}: {statistics.median(ratios):.2f} times {all_of_them[1].name}'s")


if __name__ == "__main__":
    main()
