"""Writes the transcript of docs/by-ear.md: a first hour by ear, run with the real program.

Run: python -m tools.by_ear [--check]

What is typed is fixed, the folder is new, and the seeds are set; only times differ between runs.
With --check the document is compared, its times left out, and nothing is written. A sign that
would be lost (anything beyond ASCII and letters) ends it with an error.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

DOCUMENT = Path(__file__).parents[1] / "docs" / "by-ear.md"
BEGIN, END = "<!-- transcript: python -m tools.by_ear -->\n", "<!-- end of transcript -->\n"
# Each verb of the hour, and the lines that are typed at its prompts.
HOUR: tuple[tuple[str, str], ...] = (
    ("study --speak --limit 10", "\n3\n" * 10),
    ("quiz --speak --topic adam --count 4 --seed 2", "?\n?\n?\n?\n"),
    ("exam --speak --topic adam --count 2 --seed 2", "?\n?\ndone\n"),
    ("show adam --speak", ""),
    ("demo overfit --headless --speak", ""),
    ("stats --speak", ""),
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")
_VARIES = re.compile(r"\d+\.\d+ minutes?|\d+ seconds?|due in \d+ \w+")


def said(folder: str) -> Iterator[str]:
    """What the program says, verb by verb, in a new data folder."""
    for verb, typed in HOUR:
        done = subprocess.run(
            [sys.executable, "-m", "tutor", "--data-dir", folder, *verb.split()],
            input=typed, capture_output=True, text=True, check=True,
            env={**os.environ, "TUTOR_NO_WARM": "1"},
        )  # fmt: skip
        yield f"$ tutor {verb}\n{done.stdout.rstrip()}\n"


def lost(text: str) -> set[str]:
    """Signs that a voice or a table of braille may not know."""
    return {char for char in text if not (char.isascii() or char.isalpha())}


def comparable(text: str) -> str:
    """A transcript without what differs between two runs."""
    return _VARIES.sub("", _TIME.sub("TIME", text))


def main() -> int:
    """Write or check the transcript; 1 if a sign is lost or the document is stale."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        transcript = f"```text\n{chr(10).join(said(folder))}```\n"
    if signs := lost(transcript):
        print(f"signs that are lost: {' '.join(sorted(signs))}")
        return 1
    text = DOCUMENT.read_text("utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if given.check:
        fresh = comparable(text[start:end]) == comparable(transcript)
        print("as documented" if fresh else "docs/by-ear.md is stale: python -m tools.by_ear")
        return 0 if fresh else 1
    DOCUMENT.write_text(text[:start] + transcript + text[end:], encoding="utf-8")
    print(f"{len(transcript.splitlines())} lines, no sign is lost")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
