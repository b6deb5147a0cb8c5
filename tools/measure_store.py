"""Measures the verbs with a long journal: CPU seconds and peak memory of each, as it runs.

    python -m tools.measure_store [ANSWERS] [CARDS] [--base CHECKOUT]

Makes a review log, imports it, and runs the verbs over it; `due` also with a hundredth of the
answers. With --base the same is done with the program of another checkout, in turns. Prints; it
asserts nothing, for a machine is never quiet.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent.parent
VERBS = (
    ("due",), ("stats", "--json"), ("doctor",), ("fit", "--dry-run"), ("simulate", "--days", "30"),
)  # fmt: skip


def log(file: Path, answers: int, cards: int, deck: str = "") -> None:
    """Write a review log: every card answered as often, at growing intervals, since 2021.

    deck: what stands before the ids of the cards, c0, c1, ..., with its slash.
    """
    chance = random.Random(1)
    times = answers // cards
    with file.open("w", encoding="utf-8") as out:
        out.write("card_id,review_rating,review_time,review_duration\n")
        for card in range(cards):
            at = datetime(2021, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
            for time in range(times):
                rating = chance.choices((1, 2, 3, 4), (1, 1, 6, 2))[0]
                moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
                out.write(f"{deck}c{card},{rating},{moment},{chance.randrange(900, 20_000)}\n")
                at += timedelta(hours=chance.randrange(1, 24 + 2 * 960 * (time + 1) // times))


def run(checkout: Path, folder: Path, *words: str) -> tuple[float, float]:
    """CPU seconds and megabytes at most of one run of the program of a checkout."""
    script = (
        "import resource, runpy, sys\n"
        "sys.argv[0] = 'tutor'\n"
        "try:\n    runpy.run_module('tutor', run_name='__main__')\n"
        "finally:\n"
        "    used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "    print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.__stderr__)\n"
    )
    python = checkout / ".venv" / "bin" / "python"
    command = [str(python if python.exists() else sys.executable), "-c", script]
    options = ["--data-dir", str(folder / "data")]
    env = os.environ | {"PYTHONPATH": str(checkout), "TUTOR_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [*command, *options, *words], cwd=checkout, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if not done.stderr.strip():
        return float("nan"), float("nan")
    used, most = done.stderr.strip().splitlines()[-1].split()[:2]
    return float(used), float(most)


def filled(checkout: Path, folder: Path, answers: int, cards: int) -> tuple[float, float]:
    """Import a log of so many answers into a new folder; what that took."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "log.csv"
    log(file, answers, cards)
    return run(checkout, folder, "import", "reviews", str(file))


def measured(checkout: Path, folder: Path, answers: int, cards: int) -> Iterator[str]:
    """The lines of one checkout."""
    used, most = filled(checkout, folder / "long", answers, cards)
    yield f"import reviews {answers:,}: {used:.1f} CPU s, {most:.0f} MB"
    filled(checkout, folder / "short", answers // 100, cards // 10)
    run(checkout, folder / "short", "due")
    run(checkout, folder / "long", "due")
    dues = [
        [run(checkout, folder / name, "due")[0] for _ in range(5)] for name in ("short", "long")
    ]
    short, long = map(statistics.median, dues)
    both = f"{short:.2f} and {long:.2f} CPU s, x{long / short:.2f}"
    yield f"due {answers // 100:,} and {answers:,}: {both}"
    for verb in VERBS[1:]:
        used, most = run(checkout, folder / "long", *verb)
        yield f"{' '.join(verb)}: {used:.1f} CPU s, {most:.0f} MB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("answers", nargs="?", type=int, default=1_000_000)
    parser.add_argument("cards", nargs="?", type=int, default=20_000)
    parser.add_argument("--base", type=Path)
    args = parser.parse_args()
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    for checkout in filter(None, (HERE, args.base)):
        with tempfile.TemporaryDirectory() as name:
            for line in measured(checkout, Path(name), args.answers, args.cards):
                print(f"{checkout.name}: {line}", flush=True)
    print(f"self: {resource.getrusage(resource.RUSAGE_SELF).ru_utime:.1f} CPU s to make the logs")


if __name__ == "__main__":
    main()
