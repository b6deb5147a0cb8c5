"""Signs that grow with what they stand around: delimiters, braces, frames, arrows."""

from __future__ import annotations

from tutor.text import boxes
from tutor.text.alphabets import BRACES, DELIMITERS
from tutor.text.boxes import Box

_BLANK = boxes.text(" ")
_HEADS_LEFT = frozenset("←⇐↩↼↽↞")
_SHAFTS = {"⇒": "═", "⇐": "═", "⇔": "═", "=": "="}


def arrow(sign: str, length: int) -> str:
    """An arrow of `length` cells, its head where `sign` has it."""
    shaft = _SHAFTS.get(sign, "─") * (length - 1)
    return sign + shaft if sign in _HEADS_LEFT else shaft + sign


_BRACES = {
    "underbrace": "╰┬╯", "overbrace": "╭┴╮", "underbracket": "└─┘", "overbracket": "┌─┐",
    "underparen": "╰─╯", "overparen": "╭─╮",
}  # fmt: skip


def brace(name: str, width: int) -> str | None:
    """The line of the brace `name` (a LaTeX command) over or under `width` cells."""
    if name not in _BRACES:
        return None
    left, middle, right = tuple(_BRACES[name])
    if width < 3:
        return middle.center(width)
    return left + ("─" * ((width - 3) // 2) + middle).ljust(width - 2, "─") + right


def fenced(opening: str, body: Box, closing: str) -> Box:
    """Tall delimiters around `body`; a blank keeps them off what they hold."""
    before = [_delimiter(opening, body), _BLANK] if opening else []
    after = [_BLANK, _delimiter(closing, body)] if closing else []
    return boxes.beside([*before, body, *after])


def _delimiter(sign: str, body: Box) -> Box:
    """`sign` as high as `body`."""
    if sign not in DELIMITERS or body.height == 1:
        return boxes.text(sign)
    top, middle, bottom = DELIMITERS[sign]
    column = [top, *[middle] * (body.height - 2), bottom]
    if sign in BRACES:
        point, halves = BRACES[sign]
        column[body.height // 2] = point
        column = list(halves) if body.height == 2 else column
    return Box(tuple(column), body.baseline)


def framed(body: Box) -> Box:
    """`body` in a frame."""
    side = Box(("│",) * body.height, body.baseline)
    line = "─" * (body.width + 2)
    middle = boxes.beside([side, _BLANK, body, _BLANK, side])
    return boxes.stack([boxes.text(f"┌{line}┐"), middle, boxes.text(f"└{line}┘")], 1)
