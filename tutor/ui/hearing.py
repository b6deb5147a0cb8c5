"""Deaf to noise: which keys count where something is asked, so that no answer is given by chance.

Keys of one burst arrived in one read or within 20 ms of each other: a paste, a slow line, a cat.
Of them only the first acts on a question, and nothing is read after an enter. Keys that come
from no terminal, such as a click in the footer, are always heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import events

from tutor.ui.terminal.keys import in_burst

if TYPE_CHECKING:
    from textual.widget import Widget

KEYPAD: Final = {
    "ctrl+j": "enter", "add": "plus", "subtract": "minus", "divide": "slash",
    "shift+enter": "enter", "separator": "comma", "decimal": "full_stop",
}  # fmt: skip
"""What the keypad sends in some terminals, and the key that is meant."""

# What may be held down, or come in one packet of a slow line: it answers nothing.
REPEATED: Final = frozenset({
    "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "plus", "minus",
    "equals_sign", "full_stop", "left_square_bracket", "right_square_bracket",
})  # fmt: skip

LEAVING: Final = frozenset({"enter", "tab", "escape", *(f"f{n}" for n in range(1, 13))})
"""What ends the writing in a field, or acts beside it."""

READING = 0.12
"""Seconds that an answer has been painted before a key may rate it or choose below it."""

CONSIDERED = 0.3
"""The same for the key that revealed it, where it also rates."""


class Hearing:
    """Remembers of the present burst whether it has acted already."""

    def __init__(self) -> None:
        self._burst: int | None = None
        self._spent = False

    def hears(self, event: events.Key, *, asked: bool, writing: bool) -> bool:
        """Whether a key is heard; `asked`: on a page with a question, `writing`: in its field."""
        burst = in_burst(event)
        if burst is None:
            return True
        if burst != self._burst:
            self._burst, self._spent = burst, False
        if self._spent:
            return False
        if asked and event.key not in REPEATED:
            self._spent = not writing or event.key in LEAVING
        return True


def is_meant(event: events.Key, painted: float, after: float = READING) -> bool:
    """Whether a key was pressed by someone who saw what was painted at that moment, in seconds."""
    return in_burst(event) is None or event.time - painted >= after


def is_field(widget: Widget | None) -> bool:
    """Whether it is a field, where keys are text; there is none before the first paint."""
    from textual.widgets import Input

    return isinstance(widget, Input)
