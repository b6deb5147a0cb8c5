"""The app's way out for text: what is painted, and its last words, do not act on a terminal."""

from __future__ import annotations

import traceback
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.filter import LineFilter

from tutor import package
from tutor.text.glyphs import shown
from tutor.text.sanitize import harmless


class HarmlessFilter(LineFilter):
    """Takes out of each line what a terminal obeys: it has no width, so the cells stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments`, cleaned where they need it."""
        if all(text.isprintable() for text, _, control in segments if not control):
            return segments
        return [
            segment if segment.control else Segment(harmless(segment.text), segment.style)
            for segment in segments
        ]


class InAscii(LineFilter):
    """Writes signs that this terminal may not have in ASCII, each in the cells that it took."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments`, of which only those change that hold other signs."""
        return [s if s.control else Segment(shown(s.text), s.style) for s in segments]


class Colourless(LineFilter):
    """Takes every colour out, for NO_COLOR: bold, underline and reverse stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` in the terminal's own two colours."""
        return [Segment(text, _without_colour(style), control) for text, style, control in segments]


@lru_cache(1024)
def _without_colour(style: Style | None) -> Style | None:
    return None if style is None else style.without_color


def last_words(error: Exception) -> Text:
    """What is left on the terminal when the app ends with an unexpected error."""
    if told := package.explained(error):
        return Text(harmless(f"tutor: {told}"))
    return Text(harmless("".join(traceback.format_exception(error)).rstrip("\n")))
