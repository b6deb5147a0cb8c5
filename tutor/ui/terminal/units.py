"""What a terminal sends, cut into units: a character, a whole escape sequence, a whole paste.

The grammar of sequences is that of ECMA-48: a control sequence ends at its final byte, a control
string at ST or BEL. So a sequence is one unit whether or not anybody knows what it means, and
one that arrives in pieces is waited for.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ESC = "\x1b"
PASTE_OPENS, PASTE_CLOSES = f"{ESC}[200~", f"{ESC}[201~"
LONGEST_PASTE = 1_000_000
"""Characters of a paste that are kept."""
WAIT = 0.5
"""Seconds until the rest of a sequence, or the end of a paste, is no longer waited for."""

# The same controls in one character each, as a terminal in 8-bit mode sends them.
_ONE_CHARACTER = {"\x9b": "[", "\x9d": "]", "\x90": "P", "\x98": "X", "\x9e": "^", "\x9f": "_"}
_OPENERS = "".join(_ONE_CHARACTER.values())
_CONTROL = re.compile(
    r"""\x1b(?:
      \x1b?\[ (?:
          M[^\x1b]{3}                    # a mouse report of X10: three bytes
        | \[[^\x1b]                      # F1 to F5 of the Linux console
        | \d+\$                          # rxvt with shift
        | [0-?]*[ -/]*[@-LN-Z\\-~]       # a control sequence: parameters, then its final byte
        | [0-?]+[ -/]*M
      )
    | \x1b?O[0-9;]*[ -/:-~]              # a key of the application keypad
    | [\]PX^_][^\x07\x18\x1a\x1b]*(?:\x07|\x18|\x1a|\x1b\\)
    )""",
    re.VERBOSE,
)
# What may still become one of these when more arrives.
_BEGUN = re.compile(
    r"""\x1b(?:
      \x1b?\[(?:M[^\x1b]{0,2}|\[|[0-?]*[ -/]*)
    | \x1b?O[0-9;]*
    | [\]PX^_][^\x07\x18\x1a\x1b]*\x1b?
    | \x1b
    )?""",
    re.VERBOSE,
)
# A control sequence whose escape was taken for the key already.
_TAIL = re.compile(r"[\[O][0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?")


class Unit(NamedTuple):
    """One unit: its text as it came; what was pasted has no brackets any more."""

    text: str
    pasted: bool = False


class Units:
    """Cuts a stream into units; times are seconds of one clock."""

    def __init__(self, escape_delay: float) -> None:
        """escape_delay: how long a lone escape may be the beginning of a sequence, in seconds."""
        self._delay = escape_delay
        self._rest = ""
        self._paste: list[str] | None = None
        self._since = 0.0
        self._escaped = -WAIT  # when an escape was last taken for the key

    @property
    def waits(self) -> bool:
        """Whether the beginning of a unit was read, whose rest may still come."""
        return bool(self._rest) or self._paste is not None

    def feed(self, text: str, now: float) -> list[Unit]:
        """The units that `text`, read at `now`, completes."""
        for one, opener in _ONE_CHARACTER.items():
            text = text.replace(one, ESC + opener)
        if not self._rest and now - self._escaped < WAIT:
            text = self._without_tail(text)
        self._since = now
        self._rest += text
        units: list[Unit] = []
        while self._rest and (unit := self._next()) is not None:
            if unit.text:
                units.append(unit)
        return units

    def tick(self, now: float) -> list[Unit]:
        """What is no longer waited for at `now`: an escape is the key; a torso is nobody's."""
        waited = now - self._since
        if self._paste is not None:
            return [self._pasted()] if waited >= WAIT else []
        if self._rest in (ESC, ESC + ESC) and waited >= self._delay:
            units = [Unit(ESC)] * len(self._rest)
            self._rest, self._escaped = "", now
            return units
        if waited >= WAIT:
            self._rest = ""
        return []

    def _without_tail(self, text: str) -> str:
        """`text` without the rest of a sequence at its start; a single character is a key."""
        tail = _TAIL.match(text)
        return text[tail.end() :] if tail and len(tail[0]) > 1 else text

    def _next(self) -> Unit | None:
        """Take one unit; None if it is not complete. An empty one stands for nothing."""
        if self._paste is not None:
            return self._more_paste()
        return self._take(1) if self._rest[0] != ESC else self._sequence()

    def _sequence(self) -> Unit | None:
        """Take what begins with an escape; None if it is not complete."""
        if self._rest.startswith(PASTE_OPENS):
            self._take(len(PASTE_OPENS))
            self._paste = []
            return Unit("")
        if whole := _CONTROL.match(self._rest):
            return self._take(whole.end())
        begun = _BEGUN.match(self._rest)
        if begun and begun.end() == len(self._rest):
            return None
        if self._rest[1] in _OPENERS:
            # A torso that something else cuts off: nobody's.
            assert begun is not None
            self._take(max(2, begun.end() - self._rest[: begun.end()].endswith(ESC)))
            return Unit("")
        return self._take(1 if self._rest[1] == ESC else 2)

    def _take(self, count: int) -> Unit:
        unit, self._rest = Unit(self._rest[:count]), self._rest[count:]
        return unit

    def _more_paste(self) -> Unit | None:
        """The paste if it is complete; what may be a part of its end is kept for later."""
        assert self._paste is not None
        text, end, rest = self._rest.partition(PASTE_CLOSES)
        if not end:
            kept = next((n for n in range(5, 0, -1) if text.endswith(PASTE_CLOSES[:n])), 0)
            text, rest = text[: len(text) - kept], text[len(text) - kept :]
        if sum(map(len, self._paste)) < LONGEST_PASTE:
            self._paste.append(text)
        self._rest = rest
        return self._pasted() if end else None

    def _pasted(self) -> Unit:
        assert self._paste is not None
        text, self._paste = "".join(self._paste)[:LONGEST_PASTE], None
        return Unit(text, pasted=True)
