"""On a real terminal, through every door: no control character that is not the program's own."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests import hostile
from tests.hostile import ACTS
from tests.ui.terminal import Terminal

# What the program itself writes for a line that changes, and a terminal's own line ends.
_OURS = re.compile(r"\r\x1b\[K|\r\n")
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")

# The app itself moves the cursor, sets colours and the shape of the mouse's pointer; it sets no
# title and rings no bell.
_POINTER = re.compile(r"\x1b\]22;[a-z-]*(?:\x07|\x1b\\)")
_ACTING_IN_APP = re.compile("\x1b]0;|[\x07\x80-\x9f\u202a-\u202e\u2066-\u2069]")


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
    """A learner's folder in which everything holds what acts."""
    hostile.write_folder(tmp_path)
    return tmp_path


DOORS: dict[str, list[str]] = {
    "names": ["check"],
    "names as json": ["check", "--json"],
    "ids": ["ids", "--check", "{folder}/decks"],
    "settings": ["due"],
    "journal": ["doctor"],
    "journal as json": ["doctor", "--json"],
    "rows": ["stats", "--json"],
    "deck": ["show", "topic"],
    "deck as cards": ["browse", "w"],
    "quiz": ["quiz", "--plain"],
    "study": ["study", "--plain"],
    "export": ["export", "text", "--help"],
    "missing": ["show", f"topic{ACTS}"],
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


# A key, and what stands on the page that it opens from Today.
PAGES = {
    "/": "part of its name", "b": "3 of 3 cards", "q": "uiz", "l": "demo", "p": "know",
    "s": "ettings", "?": "eys", "a": "ard",
}  # fmt: skip


def test_nothing_that_acts_comes_out_of_the_app(folder: Path) -> None:
    """Over the pages, with a card answered and a topic read; the first screen is of the glance."""
    options = ["--data-dir", str(folder), "--no-bundled"]
    with Terminal(*options, columns=120, rows=40, env={"TUTOR_NO_WARM": "1"}) as terminal:
        terminal.until("Chapter ]0;PWNED")
        terminal.quiet()
        for key, words in PAGES.items():
            terminal.press(key)
            terminal.quiet()
            terminal.until(words)
            terminal.press("escape", "escape")
            terminal.quiet()
        terminal.press("enter")
        terminal.quiet()
        terminal.press("enter")
        terminal.quiet()
        terminal.press("x")
        terminal.quiet()
        terminal.press("ctrl+q")
        terminal.ended()
        assert "PWNED" not in terminal.screen.title
    written = terminal.raw.decode()
    assert "PWNED" in written
    assert "Traceback" not in written
    assert len(_ACTING_IN_APP.findall(ACTS)) == 4
    assert _ACTING_IN_APP.findall(_POINTER.sub("", written)) == []
