"""How long it takes to merge two long journals, and how much memory.

python -m tools.measure_merge [ROWS] [CARDS]

Both have ROWS rows in common, ten a card; each of CARDS cards was answered on both machines,
which did not know of each other.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.paths import Place, settle
from tutor.session.learner import Learner

START_MS = 1_600_000_000_000
ANSWERS = 10


def main() -> int:
    """Build both journals, merge the one into the other, print CPU seconds and memory."""
    rows, cards = ([int(word) for word in sys.argv[1:]] + [500_000, 5_000][len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = _built(folder, rows, cards)
        other = settle(str(folder / "other"), tuple(map(str, one.content[:1])), bundled=False)
        shutil.copytree(one.data, other.data)
        _answer(one, cards)
        _answer(other, cards)
        _tutor(one, "due")
        for what in ("merge", "merge again"):
            printed, cpu_s, peak_mb = _measured(one, "merge", str(other.database), "--json")
            print(f"{what}: {cpu_s:.1f} CPU s, {peak_mb:.0f} MB, {printed.strip()}")
    return 0


def _built(folder: Path, rows: int, cards: int) -> Place:
    deck = folder / "deck.md"
    text = "".join(f"\n## Card {i}?\n<!-- card id=c{i} -->\nA.\n" for i in range(cards))
    deck.write_text(
        f"---\ndeck: many\n---\n\n# Many\n<!-- topic id=many -->\n{text}", encoding="utf-8"
    )
    log = folder / "log.csv"
    with log.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["card_id", "review_time", "review_rating"])
        for card in range(rows // ANSWERS):
            for number in range(ANSWERS):
                at = START_MS + card * 60_000 + number * number * 2 * DAY_MS
                lines.writerow([f"many/c{card}", at, 3 if (card + number) % 7 else 1])
    place = settle(str(folder / "one"), (str(deck),), bundled=False)
    _tutor(place, "import", "reviews", str(log))
    return place


def _answer(place: Place, cards: int) -> None:
    with closing(Learner.open(place)) as one:
        for first in range(0, cards, 500):
            made = []
            for number in range(first, min(first + 500, cards)):
                key, now = f"many/c{number}", one.now()
                due = one.scheduler.outcome(one.state(key), Rating.GOOD, now).state.due_utc_ms
                made.append(one.event("review", key, rating=Rating.GOOD, due_utc_ms=due))
            one.append(lambda: made)  # noqa: B023


def _tutor(place: Place, *words: str) -> str:
    return _measured(place, *words)[0]


def _measured(place: Place, *words: str) -> tuple[str, float, float]:
    """What a run of the program prints, its CPU seconds and megabytes at most."""
    shared = ["--data-dir", str(place.data), "--no-bundled", "--content", str(place.content[0])]
    command = [sys.executable, "-m", "tutor", *shared, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        printed = program.stdout.read()
        _, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        raise SystemExit(f"tutor {words[0]} failed")
    return printed, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
