"""The one way out for text: whatever is printed passes here, and nothing of it acts on a terminal.

A file's name, a key of the journal, an argument or an error may hold what a terminal obeys.
"""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from tutor.text.glyphs import shown
from tutor.text.sanitize import escaped, harmless
from tutor.text.voice import speaking

_LINE_BEGINS = "\r\x1b[K"
_WHERE = "\x1b[6n"


def watched(file: TextIO | None) -> bool:
    """Whether a person may be at the other end; None stands for what was closed at the start."""
    return file is not None and file.isatty()


def say(text: object = "") -> None:
    """A line of data on stdout, at once, so that a program at the other end can answer it."""
    _write(f"{harmless(_heard(str(text)))}\n", sys.stdout)


def _heard(text: str) -> str:
    """`text` as this terminal can show it, or for ears with its signs in words."""
    if not speaking():
        return shown(text)
    from tutor.text.aloud import in_words

    return in_words(text)


def say_json(data: Any) -> None:
    """`data` as a line of JSON; what a terminal would obey is escaped, and means the same."""
    _write(f"{harmless(escaped(json.dumps(data, ensure_ascii=False)))}\n", sys.stdout)


def tell(text: object) -> None:
    """A line of narration on stderr."""
    _write(f"{harmless(str(text))}\n", sys.stderr)


def ask_for(prompt: str, on_terminal: bool) -> None:
    """A prompt; on a pipe a line of its own."""
    _write(f"{harmless(_heard(prompt))}{' ' if on_terminal else chr(10)}", sys.stdout)


def rewrite(text: str, file: TextIO) -> None:
    """Put `text` in place of what stands in a terminal's present line."""
    _write(f"{_LINE_BEGINS}{harmless(text)}", file)


def ask_cursor(sign: str) -> None:
    """Put `sign` alone on a terminal's present line, and ask where the cursor is behind it."""
    _write(f"{_LINE_BEGINS}{harmless(sign)}{_WHERE}", sys.stdout)


def tell_crash(error: BaseException) -> None:
    """The traceback of a mistake in this program, which may quote what comes from outside."""
    import traceback  # start-up: hardly ever needed

    tell("".join(traceback.format_exception(error)).rstrip("\n"))


def _write(text: str, file: TextIO | None) -> None:
    if file is not None:  # it was closed before the start
        file.write(text)
        file.flush()
