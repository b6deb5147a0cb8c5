"""A conversation line by line on stdin and stdout, for pipes, screen readers and dumb terminals.

Every line is flushed as it is said, so that a program at the other end can answer it.
"""

from __future__ import annotations

import io
import os
import sys

from tutor.text.printing import ask_for, say
from tutor.text.sanitize import clean

__all__ = ["on_terminal", "read_line", "say", "width"]


def read_line(prompt: str) -> str:
    """One line from the learner, without control characters and outer blanks.

    On a pipe the prompt ends with a newline. Raises EOFError on `q` and at the end of the input.
    """
    stdin = sys.stdin or io.StringIO()  # None where it was closed before the start
    ask_for(prompt, stdin.isatty())
    # Only before the first read may this be set.
    if isinstance(stdin, io.TextIOWrapper) and stdin.errors != "replace":
        stdin.reconfigure(errors="replace")
    line = stdin.readline()
    answer = clean(line).strip()
    if not line or answer == "q":
        raise EOFError
    return answer


def width() -> int | None:
    """The measure of prose on a terminal; on a pipe a paragraph is one line."""
    return 72 if sys.stdout.isatty() else None


def on_terminal() -> bool:
    """Whether a person can see and press: a terminal on both ends that can move its cursor."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
