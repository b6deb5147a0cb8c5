"""On a real terminal, through every door: no control character that is not the program's own."""

from __future__ import annotations

import os
import pty
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

# A title, a bell, a colour in one C1 byte, a text that reads from right to left.
ACTS = "\x1b]0;PWNED\x07\x9b31m\u202e"
# What the program itself writes for a line that changes, and a terminal's own line ends.
_OURS = re.compile(r"\r\x1b\[K|\r\n")
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


def on_terminal(words: Sequence[str]) -> str:
    """What a verb writes on a terminal."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "tutor", *words],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    with suppress(OSError):
        while part := os.read(ours, 65_536):
            written += part
    os.close(ours)
    assert done.wait(60) in {0, 1, 2, 3}
    return written.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner whose deck's name, folder's name, journal and settings hold what acts."""
    decks = tmp_path / "decks" / f"folder{ACTS}"
    decks.mkdir(parents=True)
    card = f"## What {ACTS}?\n<!-- card{ACTS} -->\n{ACTS}&#27;]0;x&#7;\n\n"
    (decks / f"deck{ACTS}.md").write_text(f"{card}## Q?\n<!-- card id=q -->\nA.\n")
    (tmp_path / "settings.toml").write_text(f"minutes_a_day = '{ACTS}'\n")
    row = f"{ACTS},{ACTS},2026-01-05T10:00:00+01:00"
    (tmp_path / "log.csv").write_text(f"card_id,review_rating,review_time\n{row}\n")
    words = ["--data-dir", str(tmp_path), "--no-bundled", "known", "nothing"]
    subprocess.run([sys.executable, "-m", "tutor", *words], capture_output=True, check=False)
    with closing(sqlite3.connect(tmp_path / "tutor.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(card_state)")]
        db.execute("PRAGMA ignore_check_constraints = ON")
        assert "key" in columns
        with suppress(sqlite3.Error):
            db.execute("INSERT INTO card_state (key, phase) VALUES (?, 'new')", (ACTS,))
        db.commit()
    return tmp_path


DOORS: dict[str, list[str]] = {
    "names": ["check"],
    "names as json": ["check", "--json"],
    "ids": ["ids", "--check", "{folder}/decks"],
    "settings": ["due"],
    "journal": ["doctor"],
    "journal as json": ["doctor", "--json"],
    "log": ["import", "reviews", "{folder}/log.csv"],
    "argument": ["show", ACTS],
    "file": ["restore", ACTS],
    "option": [f"--{ACTS}"],
    "verb": [ACTS],
    "knob": ["demo", "ewma", "--headless", "--set", f"beta={ACTS}"],
}


@pytest.mark.parametrize("door", DOORS)
def test_nothing_that_acts_comes_out(door: str, folder: Path) -> None:
    words = [word.format(folder=folder) if "{" in word else word for word in DOORS[door]]
    written = on_terminal(["--data-dir", str(folder), "--no-bundled", *words])
    assert written
    assert "Traceback" not in written
    assert _ACTING.findall(_OURS.sub("", written)) == []
