"""Asks a terminal where its cursor is, to learn how wide it paints a sign.

The answers are read here, before anything else reads keys. Not on Windows.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.text.printing import ask_cursor, rewrite

PATIENCE = 2.0  # seconds until a terminal that has answered nothing is taken for mute
_REPORT = re.compile(rb"\x1b\[(\d+);(\d+)R")

SAMPLES: dict[str, str] = {
    "accent": "x̂", "accent on a capital": "W̃", "vector": "y⃗", "precomposed accent": "ŷ",
    "subscript letter": "ₜ", "superscript letter": "ᵗ", "superscript capital": "ᵀ",
    "rare subscript": "ⱼ", "superscript digit": "²", "subscript digit": "₁",
    "Greek": "α", "Greek capital": "Σ", "Greek superscript": "ᵝ", "bold letter": "𝐖",
    "times": "×", "plus or minus": "±", "dot": "·", "minus": "−", "sum": "∑", "nabla": "∇",
    "root": "√", "relation": "≤", "arrow": "→", "bracket piece": "⎡", "angle": "⟨",
    "line": "─", "corner": "╭", "half block": "▀", "full block": "█", "braille": "⣿",
    "disc": "●", "square": "■", "tick": "✓", "cross": "✗", "dots": "…", "wide letter": "漢",
}  # fmt: skip
"""One sign of each class that is painted, by its name."""

AMBIGUOUS = ("Greek", "times", "arrow", "line", "disc")
"""Classes that terminals for Chinese, Japanese and Korean may paint in two cells."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How wide a sign is: by the tables that lay pages out, and as the terminal paints it."""

    name: str
    sign: str
    assumed: int
    painted: int


def measure(names: Sequence[str] = tuple(SAMPLES)) -> list[Measured]:
    """The widths of samples; fewer, or none, if the terminal does not tell where its cursor is.

    Raises OSError where there is no terminal.
    """
    found = []
    with _listening() as read:
        for name in names:
            sign = SAMPLES[name]
            column = _column_after(sign, read)
            if column is None:
                break
            found.append(Measured(name, sign, cell_len(sign), column - 1))
        rewrite("", sys.stdout)
    return found


def paints_wide() -> bool:
    """Whether this terminal paints Greek, arrows and lines in two cells."""
    try:
        return any(each.painted == 2 for each in measure(AMBIGUOUS[:1]))
    except OSError:
        return False


@contextmanager
def _listening() -> Iterator[int]:
    """The terminal with its keys unechoed and unbuffered, and afterwards as it was."""
    import termios
    import tty

    read = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(read)
    except termios.error as error:
        raise OSError("no terminal") from error
    try:
        tty.setcbreak(read)
        yield read
    finally:
        # Also what was typed or answered meanwhile goes.
        termios.tcsetattr(read, termios.TCSAFLUSH, before)


def _column_after(sign: str, read: int) -> int | None:
    """The column of the cursor, from 1, behind `sign` at the start of a line."""
    ask_cursor(sign)
    heard, until = b"", time.monotonic() + PATIENCE
    while (left := until - time.monotonic()) > 0 and select.select([read], [], [], left)[0]:
        heard += os.read(read, 256)
        if report := _REPORT.search(heard):
            return int(report[2])
    return None
