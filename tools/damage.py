"""Tries damaged inputs behind every door of the tutor, and counts what must not be.

    python -m tools.damage [COUNT] [SEED] [--kind KIND] [--keep FOLDER]

Printed for each kind: inputs, calls, and how many ended with a traceback or a signal, took more
than 2 s of CPU or 300 MB, ended with another status than the documented ones, printed a control
character, or lost something that has nothing to do with the damage.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tools import damaged_inputs
from tools.damaged_inputs import Damaged
from tools.trial import Trial, run

CPU_S = 2.0
RSS_MB = 300.0
STATUSES = {0, 1, 2, 3}
FAULTS = ("traceback", "slow", "large", "status", "control", "lost")


@dataclass(frozen=True, slots=True)
class Fault:
    """What one call did that it must not."""

    what: str
    kind: str
    number: int
    trial: Trial | None = None

    def __str__(self) -> str:
        told = ""
        if (trial := self.trial) is not None:
            words = " ".join(trial.words[3:])[:60]
            last = (trial.err.strip() or trial.out.strip()).rpartition("\n")[2][:160]
            cost = f"{trial.cpu_s:.1f} s, {trial.rss_mb:.0f} MB"
            told = f" `{words}` status {trial.status}, {cost}: {last!r}"
        return f"{self.what}: {self.kind} {self.number}:{told}"


def attempt(found: Damaged, number: int) -> tuple[list[Trial], list[Fault]]:
    """Run the calls of one input, and see that what is not damaged has come through."""
    trials: list[Trial] = []
    faults: list[Fault] = []
    rows = _rows(found.folder)
    for words, typed in found.calls:
        trial = run(words, typed)
        trials.append(trial)
        faults += (Fault(what, found.kind, number, trial) for what in _wrong(trial))
        if _lost(found, rows):
            faults.append(Fault("lost", found.kind, number, trial))
    if found.kind in {"deck", "name"} and not _good_deck_opens(found):
        faults.append(Fault("lost", found.kind, number))
    return trials, faults


def _wrong(trial: Trial) -> Iterator[str]:
    if trial.crashed:
        yield "traceback"
    if trial.cpu_s > CPU_S:
        yield "slow"
    if trial.rss_mb > RSS_MB:
        yield "large"
    if not trial.crashed and trial.status not in STATUSES:
        yield "status"
    if trial.control:
        yield "control"


def _lost(found: Damaged, rows: int | None) -> bool:
    """Whether the good deck does not open any more, or rows of the journal are gone."""
    if (found.folder / "decks" / "good.md").read_text() != damaged_inputs.GOOD:
        return True
    now = _rows(found.folder)
    return rows is not None and (now is None or now < rows)


def _rows(folder: Path) -> int | None:
    """How many rows of the journal SQLite reads, None if it cannot."""
    with suppress(sqlite3.Error):
        uri = f"{(folder / 'tutor.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM event NOT INDEXED").fetchone()[0])
    return None


def _good_deck_opens(found: Damaged) -> bool:
    """Whether a bad deck or name leaves the good deck's lesson to be read."""
    shown = run(["--data-dir", str(found.folder), "--no-bundled", "show", "padding"])
    return shown.status == 0 and "Zeros around the input" in shown.out


def prepared(folder: Path) -> Path:
    """A sound learner's folder below `folder`, with a cache of its own beside it."""
    os.environ["TUTOR_CACHE_DIR"] = str(folder / "cache")
    os.environ["TUTOR_NO_WARM"] = "1"
    sound = folder / "sound"
    damaged_inputs.template(sound)
    return sound


def trials(
    count: int, seed: int, folder: Path, kind: str = "", keep: Path | None = None
) -> Iterator[tuple[Damaged, list[Trial], list[Fault]]]:
    """Make and try so many inputs; those with a fault stay in `keep`."""
    sound = prepared(folder)
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        found = damaged_inputs.make(rng, sound, folder / f"input-{number}", kind)
        done, faults = attempt(found, number)
        if faults and keep is not None:
            _keep(found.folder, keep / f"{seed}-{number}")
        yield found, done, faults
        shutil.rmtree(found.folder, ignore_errors=True)


def _keep(folder: Path, place: Path) -> None:
    """Copy the regular files of an input."""
    for file in folder.rglob("*"):
        if file.is_file():
            target = place / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def main() -> int:
    """Try and print; 1 if there is any fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2_000)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--kind", default="", choices=["", *damaged_inputs.KINDS])
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in damaged_inputs.KINDS}
    worst = Counter[str]()
    with tempfile.TemporaryDirectory(prefix="damage-") as folder:
        tries = trials(args.count, args.seed, Path(folder), args.kind, args.keep)
        for found, done, faults in tries:
            counts[found.kind].update(inputs=1, calls=len(done))
            counts[found.kind].update(fault.what for fault in faults)
            for trial in done:
                worst["cpu"] = max(worst["cpu"], round(trial.cpu_s * 1000))
                worst["rss"] = max(worst["rss"], round(trial.rss_mb))
                worst[f"status {trial.status}"] += 1
            for fault in faults:
                print(fault, file=sys.stderr, flush=True)
    columns = ("inputs", "calls", *FAULTS)
    print("kind".ljust(12), *(name.rjust(9) for name in columns))
    for kind, row in [*counts.items(), ("all", sum(counts.values(), Counter[str]()))]:
        print(kind.ljust(12), *(f"{row[name]:9,}" for name in columns))
    print(f"seed {args.seed}; worst call: {worst['cpu']:,} ms of CPU, {worst['rss']:,} MB")
    print({name: n for name, n in sorted(worst.items()) if name.startswith("status")})
    return int(any(row[what] for row in counts.values() for what in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
