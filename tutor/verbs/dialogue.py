"""A conversation line by line on stdin and stdout, for pipes, screen readers and dumb terminals.

Every line is flushed as it is said, so that a program at the other end can answer it.
"""

from __future__ import annotations

import io
import os
import select
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from tutor import terminals
from tutor.memory.time import iso
from tutor.text.printing import ask_for, say, tell, watched
from tutor.text.sanitize import TEXT_LIMIT, clean

if TYPE_CHECKING:
    from tutor.session.accepting import Accepted
    from tutor.session.turn import Turn

__all__ = [
    "Asking", "TakenBackError", "is_there", "on_terminal", "prose", "read_line", "read_text",
    "say", "width",
]  # fmt: skip


def read_line(prompt: str, *, indented: bool = False) -> str:
    """One line from the learner, without control characters and outer blanks.

    indented: its first blanks stay, as those of code. On a pipe the prompt ends with a newline; an
    empty one is not shown. Raises EOFError on `q` and at the end of the input.
    """
    stdin = _stdin()
    if prompt:
        ask_for(prompt, stdin.isatty())
    line = stdin.readline()
    answer = clean(line).rstrip() if indented else clean(line).strip()
    if not line or answer == "q":
        raise EOFError
    return answer


def read_text() -> str:
    """All that comes on stdin, up to the size of a deck file."""
    return _stdin().read(TEXT_LIMIT)


def _stdin() -> TextIO:
    """Where the learner types; bytes that are no text are �."""
    stdin = sys.stdin or io.StringIO()  # None where it was closed before the start
    # Only before the first read may this be set.
    if isinstance(stdin, io.TextIOWrapper) and stdin.errors != "replace":
        stdin.reconfigure(errors="replace")
    return stdin


def is_there() -> bool:
    """Whether someone is there to answer: on a pipe only if a line came without being asked for."""
    stdin = sys.stdin
    if stdin is None or stdin.isatty():
        return stdin is not None
    try:
        return bool(select.select([stdin], [], [], 0)[0])
    except (
        OSError,
        TypeError,
        ValueError,
    ):  # no file, as in a test, or one that cannot be waited for
        return True


def width() -> int | None:
    """The measure of prose on a terminal; on a pipe a paragraph is one line."""
    return 72 if watched(sys.stdout) else None


def on_terminal() -> bool:
    """Whether the app can be shown; a terminal that cannot show it is told why, and gets text."""
    if not terminals.is_terminal():
        return False
    if "TEXTUAL_DRIVER" not in os.environ and (why := terminals.unfit(os.environ)):
        tell(f"{why} Meanwhile here is text.")
        return False
    return True


class TakenBackError(Exception):
    """The last answer was taken back or counts otherwise, so a card is to be shown again."""


class Asking:
    """Asks for the lines of one turn; at any prompt `u` takes the last answer back.

    `o` counts it as right if it was a written miss; if it was not, it is an answer like another.
    """

    def __init__(
        self, undo: Callable[[], str | None], accept: Callable[[], Accepted | None]
    ) -> None:
        """undo: takes it back and returns the key; None when there is nothing to take back."""
        self._undo = undo
        self._accept = accept

    def line(self, prompt: str) -> str:
        """One line. Raises EOFError at the end, TakenBackError after an undo or an acceptance."""
        while True:
            line = read_line(prompt)
            if line == "u":
                self._take_back()
            elif line == "o" and (accepted := self._accept()) is not None:
                say(f"counted as right {accepted.key} due {iso(accepted.due_utc_ms)}")
                raise TakenBackError
            else:
                return line

    def _take_back(self) -> None:
        key = self._undo()
        if key is not None:
            say(f"undone {key}")
            raise TakenBackError
        say("There is no answer to take back.")

    def answer(self, turn: Turn, prompt: str) -> str:
        """The first line that is no request for a hint; until then hints are given."""
        if turn.question.hints:
            prompt = f"{prompt[:-1]} (or hint):"
        while (line := self.line(prompt)).casefold() == "hint":
            hint = turn.hint()
            if hint is None:
                break
            say(prose(hint))
        return line


def prose(markdown: str) -> str:
    """Markdown as it is read on this output."""
    from tutor.text.markdown import plain

    return plain(markdown, width())
