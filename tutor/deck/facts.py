"""What the linter needs to know of the demos, handed to it as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values that a knob takes: a range of numbers with both ends, a few words, or a text.

    side: rows and columns, at most, of a square of such numbers: `1,0/0,1`.
    characters: the most that a text may have, where the knob takes any.
    """

    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    choices: tuple[str, ...] = ()
    side: int = 0
    characters: int = 0

    def takes(self, text: str) -> bool:
        """Whether `text` is one of the values."""
        if self.choices:
            return text in self.choices
        if self.characters:
            return bool(text.strip()) and len(text) <= self.characters
        if self.side:
            rows = [row.split(",") for row in text.split("/")]
            square = len(rows) <= self.side and all(len(row) == len(rows) for row in rows)
            return square and all(self._is_number(number) for row in rows for number in row)
        return self._is_number(text)

    def _is_number(self, text: str) -> bool:
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            return False
        return self.low <= value <= self.high

    def __str__(self) -> str:
        if self.choices:
            return ", ".join(self.choices)
        if self.characters:
            return f"a text of up to {self.characters} characters"
        numbers = f"{self.low:g} to {self.high:g}"
        return f"rows such as 0,1/-1,0 of {numbers}" if self.side else numbers


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """The knobs of one demo."""

    knobs: Mapping[str, Allowed]


def fault(demo: str, demos: Mapping[str, DemoFacts]) -> tuple[str, str] | None:
    """The rule that `demo=` breaks, and why; None when it opens (`convolution?padding=1`)."""
    name, _, query = demo.partition("?")
    if name not in demos:
        return "unknown-demo", f"No demo `{name[:40]}`; known: {', '.join(sorted(demos))}."
    knobs = demos[name].knobs
    for part in filter(None, query.split("&")):
        knob, _, value = part.partition("=")
        if knob not in knobs:
            known = ", ".join(knobs) or "none"
            return "unknown-knob", f"`{name}` has no knob `{knob[:40]}`; known: {known}."
        if not knobs[knob].takes(value):
            return "unknown-knob", f"`{knob}={value[:40]}`: it takes {knobs[knob]}."
    return None
