"""The app's way out for text: what is painted, and its last words, do not act on a terminal."""

from __future__ import annotations

import traceback

from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.filter import LineFilter

from tutor import package
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


def last_words(error: Exception) -> Text:
    """What is left on the terminal when the app ends with an unexpected error."""
    if told := package.explained(error):
        return Text(harmless(f"tutor: {told}"))
    return Text(harmless("".join(traceback.format_exception(error)).rstrip("\n")))
