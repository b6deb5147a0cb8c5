"""From units to Textual's events; what nobody knows is dropped, with what follows in its read.

Textual gives a sequence that it does not know to the app as single keys, so that the late reply
of a terminal could rate a card.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import constants, events
from textual._keyboard_protocol import MODIFIER_FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from tutor.ui.terminal.units import ESC, Unit, Units

GAP = 0.02
"""Seconds: keys closer than this are one burst; nobody presses two on purpose so fast."""
LONGEST = 32
"""Characters after which Textual's parser gives a sequence up; none that it knows is so long."""
MARK = "x"
NO_KEYS = frozenset({
    *MODIFIER_FUNCTIONAL_KEYS, "caps_lock", "num_lock", "scroll_lock", str(Keys.Ignore.value),
})  # fmt: skip
"""A modifier by itself, as kitty sends it, is only the beginning of a key."""
_BURST = "_tutor_burst"


def in_burst(event: events.Key) -> int | None:
    """The burst in which a key arrived; None for one that came from no terminal."""
    burst: int | None = getattr(event, _BURST, None)
    return burst


def put_in_burst(event: events.Key, burst: int) -> None:
    """Note the burst in which a key arrived."""
    setattr(event, _BURST, burst)


class Keyboard:
    """Turns what is read from a terminal into events, each key with its burst."""

    def __init__(self) -> None:
        self._units = Units(constants.ESCAPE_DELAY)
        self._parser = XTermParser()
        self._burst = 0
        self._last = -GAP

    @property
    def waits(self) -> bool:
        """Whether the beginning of something was read."""
        return self._units.waits

    def feed(self, text: str, now: float) -> Iterator[Message]:
        """The events of one read at `now`, in seconds of Textual's clock."""
        return self._events(self._units.feed(text, now), now)

    def tick(self, now: float) -> Iterator[Message]:
        """The events of what is no longer waited for."""
        return self._events(self._units.tick(now), now)

    def _events(self, units: list[Unit], now: float) -> Iterator[Message]:
        deaf = False
        for unit in units:
            known = self._known(unit)
            if known is None:
                deaf = True
                continue
            for event in known:
                if isinstance(event, events.Key):
                    if deaf or event.key in NO_KEYS:
                        continue
                    self._stamp(event, now)
                yield event

    def _stamp(self, event: events.Key, now: float) -> None:
        if now - self._last >= GAP:
            self._burst += 1
        self._last = now
        event.time = now
        put_in_burst(event, self._burst)

    def _known(self, unit: Unit) -> list[Message] | None:
        """The events of a unit; None if Textual does not know it."""
        if unit.pasted:
            return [events.Paste(unit.text.replace("\x00", ""))]
        if unit.text[0] != ESC or len(unit.text) <= 2:
            return self._plain(unit.text)
        if len(unit.text) >= LONGEST:
            return None
        # A known sequence leaves the parser ready for the next character, any other waiting.
        found = list(self._parser.feed(unit.text + MARK))
        if found and isinstance(found[-1], events.Key) and found[-1].character == MARK:
            return found[:-1]
        self._renew()
        return None

    def _plain(self, text: str) -> list[Message]:
        """A character, an escape, or a character with alt."""
        parser = XTermParser()
        return [*parser.feed(text), *(parser.feed("") if text[0] == ESC else ())]

    def _renew(self) -> None:
        """A parser that waits for nothing, with what the old one knew of the mouse."""
        old, self._parser = self._parser, XTermParser()
        self._parser.last_x, self._parser.last_y = old.last_x, old.last_y
        self._parser.mouse_pixels = old.mouse_pixels
        self._parser.terminal_size = old.terminal_size
        self._parser.terminal_pixel_size = old.terminal_pixel_size
