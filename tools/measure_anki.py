"""Measures the way to Anki and back with many answers, and Anki's own figures beside it.

    python -m tools.measure_anki [ANSWERS] [ROUNDS]

Fills a folder with answers to the course, exports it with the schedule, imports the package into
an empty folder, and lets Anki import and export the same (where `.venv-anki` is). CPU seconds, the
least of the rounds; ours without the program's start. Prints; it asserts nothing.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tools.measure_store import HERE, run
from tutor.deck import library
from tutor.paths import content_dir

ANKI = HERE / ".venv-anki" / "bin" / "python"
CHILD = HERE / "tests" / "exchange" / "anki_child.py"
DAY_MS = 86_400_000


def log(file: Path, answers: int) -> None:
    """A review log of the course: each unit answered as often, in the last 400 days."""
    entries = library.load((content_dir(),), None).entries.values()
    units = [unit for entry in entries if not entry.generated for unit in entry.units]
    chance = random.Random(1)
    now = time.time_ns() // 1_000_000
    each, more = divmod(answers, len(units))
    with file.open("w", encoding="utf-8") as out:
        out.write("card_id,review_rating,review_time,review_duration\n")
        for place, unit in enumerate(units):
            times = each + (place < more)
            for at in sorted(chance.randrange(400 * DAY_MS) for _ in range(times)):
                rating = chance.choice((1, 2, 3, 3, 3, 3, 4))
                took = chance.randrange(1_000, 30_000)
                out.write(f"{unit},{rating},{now - 401 * DAY_MS + at},{took}\n")


def anki(folder: Path, package: Path) -> list[dict[str, Any]]:
    """Anki's own import and export of the package; none where it is not installed."""
    if not ANKI.exists():
        return []
    steps = [
        {"do": "import", "path": str(package)}, {"do": "export", "path": str(folder / "b.apkg")},
    ]  # fmt: skip
    asked = json.dumps({"collection": str(folder / "c.anki2"), "steps": steps})
    done = subprocess.run([ANKI, CHILD], input=asked, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def once(folder: Path, package: Path) -> dict[str, float]:
    """One round: CPU seconds by what was done."""
    start = run(HERE, folder, "due")[0]
    export = run(HERE, folder, "export", "anki", str(package), "--with-schedule")[0]
    found = {"program's start": start, "tutor export anki": export - start}
    with tempfile.TemporaryDirectory() as name:
        other = Path(name)
        (other / "cache").symlink_to(folder / "cache")
        empty = run(HERE, other, "due")[0]
        found["tutor import anki"] = run(HERE, other, "import", "anki", str(package))[0] - empty
        for what, told in zip(
            ("Anki's import", "Anki's export"), anki(other, package), strict=False
        ):
            found[what] = told["cpu"]
    return found


def main() -> None:
    """Make the folder and print the least of each figure."""
    given = list(map(int, sys.argv[1:]))
    answers, rounds = (*given, *(100_000, 3)[len(given) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log(folder / "log.csv", answers)
        run(HERE, folder, "import", "reviews", str(folder / "log.csv"))
        package = folder / "course.apkg"
        found = [once(folder, package) for _ in range(rounds)]
        size = package.stat().st_size
    print(f"{answers:,} answers to the course, a package of {size / 1e6:.1f} MB")
    for what in found[0]:
        print(f"{what:20} {min(each[what] for each in found):6.2f} CPU s")


if __name__ == "__main__":
    main()
