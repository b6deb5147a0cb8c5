"""Stop a sweep again and again, by Ctrl-C and by SIGKILL: are the rows at its end the same?

python -m tools.kill_sweeps [SWEEPS] [SEED]

Each sweep is begun anew with --resume until it ends by itself, is stopped after a while of its own
each time, and its file is then held against that of a sweep that nobody stopped: the same rows,
each once.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demos.sweep import Row
from tutor.lab.sweep import plan
from tutor.lab.sweep.plan import Key, Plan
from tutor.lab.sweep.rows import File

OVER, SEEDS = "init_scale=0.1..8:log:10", 1_000
SIGNALS = signal.SIGKILL, signal.SIGINT
# A try lasts at most so many seconds, and each a little longer than the last, so that one ends.
FIRST, LONGER = 0.9, 1.15


@dataclass
class Stops:
    """What was seen: sweeps, tries that were stopped, rows lost, rows twice, other faults."""

    sweeps: int = 0
    stopped: int = 0
    amid_rows: int = 0
    lost: int = 0
    twice: int = 0
    unlike: int = 0


def planned(seeds: int = SEEDS) -> Plan:
    """The sweep that is stopped."""
    return plan.make("xor", (), [OVER], seeds)


def command(file: Path, seeds: int) -> list[str]:
    """The same for the command line."""
    words = ["sweep", "xor", "--over", OVER, "--seeds", str(seeds), "--resume", str(file)]
    return [sys.executable, "-m", "tutor", *words]


def rows_of(file: Path, seeds: int) -> tuple[dict[Key, Row], int]:
    """The rows of a file by what was run, and how many lines it has."""
    lines = len(file.read_bytes().splitlines()) - file.name.endswith(".csv")
    return File(file, planned(seeds)).load(), lines


def stopped(file: Path, kind: signal.Signals, chance: random.Random, seeds: int) -> list[bool]:
    """Begin and stop a sweep until one ends; for each stop whether there were rows by then."""
    longest, stops = FIRST, list[bool]()
    while True:
        program = subprocess.Popen(
            command(file, seeds), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            if program.wait(chance.uniform(0.0, longest)) == 0:
                return stops
        except subprocess.TimeoutExpired:
            program.send_signal(kind)
            program.wait()
        stops.append(file.exists() and file.stat().st_size > 0)
        longest *= LONGER


def run(sweeps: int, seed: int, folder: Path, seeds: int = SEEDS) -> Stops:
    """Stop so many sweeps, each kind of signal and of file in turn."""
    chance, seen = random.Random(seed), Stops()
    whole = folder / "whole.jsonl"
    subprocess.run(command(whole, seeds), check=True, stdout=subprocess.DEVNULL)
    expected, _ = rows_of(whole, seeds)
    for number in range(sweeps):
        ending = (".jsonl", ".csv")[number // len(SIGNALS) % 2]
        file = folder / f"stopped-{number}{ending}"
        stops = stopped(file, SIGNALS[number % len(SIGNALS)], chance, seeds)
        found, lines = rows_of(file, seeds)
        seen.sweeps += 1
        seen.stopped += len(stops)
        seen.amid_rows += sum(stops)
        seen.lost += len(expected.keys() - found.keys())
        seen.twice += lines - len(found)
        seen.unlike += sum(found[key] != row for key, row in expected.items() if key in found)
    return seen


def main(words: Sequence[str]) -> int:
    """Stop and tell; 1 if anything was lost."""
    sweeps, seed = (int(word) for word in (*words, *("12", "1")[len(words) :]))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        seen = run(sweeps, seed, Path(folder))
    print(seen, f"{time.perf_counter() - began:.0f} s, seed {seed}")
    return int(bool(seen.lost or seen.twice or seen.unlike))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
