"""Tries damaged inputs for as long as wanted, first those that failed before.

    python -m tools.fuzz --minutes 30 --seed 20261128 [--corpus tests/corpus]

Each input comes from the seed and its number. What fails is printed, and the file that made it
fail is kept in the corpus, which the tests try as well: mend the fault, and commit the file.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tools import damaged_inputs
from tools.damage import attempt, prepared
from tools.damaged_inputs import Damaged

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"


def inputs(seed: int, corpus: Path, sound: Path, folder: Path) -> Iterator[tuple[str, Damaged]]:
    """What failed before, then new inputs without end, each with its name."""
    for file in sorted(corpus.glob("*.*")):
        if file.suffix in damaged_inputs.CORPUS:
            yield file.name, damaged_inputs.again(file, sound, folder / file.name)
    for number in count():
        name = f"{seed}-{number}"
        rng = random.Random(f"{seed} {number}")
        yield name, damaged_inputs.make(rng, sound, folder / name)


def main() -> int:
    """Try until the time is over; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=int(time.strftime("%Y%m%d")))
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    args = parser.parse_args()
    until, tried, failed = time.monotonic() + 60 * args.minutes, Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        sound = prepared(Path(folder))
        for name, found in inputs(args.seed, args.corpus, sound, Path(folder)):
            _, faults = attempt(found, 0)
            tried[found.kind] += 1
            for fault in faults:
                print(f"{name}: {fault}", flush=True)
            if faults:
                failed += 1
                damaged_inputs.kept(found, args.corpus, Path(name).stem)
            shutil.rmtree(found.folder, ignore_errors=True)
            if time.monotonic() > until:
                break
    print(f"seed {args.seed}: {tried.total():,} inputs, {failed} failed; {dict(tried)}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
