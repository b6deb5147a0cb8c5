"""The door through which every text of a file comes in: what could act on a terminal stays out.

A deck is written by strangers, and a terminal obeys some characters instead of showing them.
"""

from __future__ import annotations

import json
import re
import unicodedata

TEXT_LIMIT = 4_000_000
"""Characters of one file; a book of 600 pages has about 1.5 million."""

LINE_LIMIT = 8_000
"""Characters of one line; a longer one is no prose, and would make parsing slow."""

# Each group as ranges for a character class. What the groups hold is invisible or acts:
_NO_TEXT = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # what no valid UTF-8 holds
_FORBIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f"  # C0 but tab and newline, and DEL: escape sequences begin here
    "\x80-\x9f"  # C1: the same sequences in one character each
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: text that reads otherwise
    "\u200b\u2060-\u2064\ufeff\u180e\u00ad"  # zero width, but joiners: text that hides
    "\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e0fff"  # deprecated formatting, annotations, tags
    "\u2028\u2029" + _NO_TEXT  # separators that some programs take for a line's end and some do not
)
_OFFENDER = re.compile(f"[{_FORBIDDEN}]")
# Variation selectors, as in most emoji: terminals disagree on the width of what they follow, and
# agree without them. Every emoji keyboard adds them, so nobody is told of it.
_TAKEN_OUT = re.compile(f"[{_FORBIDDEN}\ufe00-\ufe0f]")
_IS_NO_TEXT = re.compile(f"[{_NO_TEXT}]")
_LINE_END = re.compile("\r\n?")

# `unicodedata` has no names for control characters.
_CONTROL_NAMES = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x0C: "FORM FEED",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
    0x90: "DEVICE CONTROL STRING",
    0x9B: "CONTROL SEQUENCE INTRODUCER",
    0x9D: "OPERATING SYSTEM COMMAND",
}


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` without characters that act on a terminal or hide, in NFC, and cut to size.

    Line ends become `\\n`; a line keeps `LINE_LIMIT` characters, the whole keeps `limit`.
    Cleaning twice is cleaning once.
    """
    text = _LINE_END.sub("\n", text[: 2 * limit])
    text = unicodedata.normalize("NFC", _TAKEN_OUT.sub("", text))
    return "\n".join([line[:LINE_LIMIT] for line in text.split("\n")])[:limit]


def harmless(text: str) -> str:
    """`text`, of any length, without characters that act on a terminal or hide.

    What takes a cell keeps it: what is no text (a byte of a name, a noncharacter) is a �, a soft
    hyphen a hyphen.
    """
    if text.isascii() and text.isprintable():
        return text
    return _TAKEN_OUT.sub(_in_its_place, text)


def _in_its_place(match: re.Match[str]) -> str:
    char = match[0]
    return "-" if char == "\u00ad" else "\ufffd" if _IS_NO_TEXT.match(char) else ""


def escaped(text: str) -> str:
    """JSON text in which every such character of a string is written as its escape."""
    return _OFFENDER.sub(lambda match: json.dumps(match[0])[1:-1], text)


def offenders(text: str) -> list[tuple[int, str]]:
    """What `clean` takes out of `text`: (line from 1, what it is), once a line and kind.

    A byte order mark at the very start is no offence; many editors write one.
    """
    text = _LINE_END.sub("\n", text.removeprefix("\ufeff"))
    lines = text.split("\n")
    if len(max(lines, key=len)) <= LINE_LIMIT and not _OFFENDER.search(text):
        return []
    return [(number, what) for number, line in enumerate(lines, 1) for what in _in_line(line)]


def _in_line(line: str) -> list[str]:
    found = [_name(char) for char in dict.fromkeys(_OFFENDER.findall(line))]
    if len(line) > LINE_LIMIT:
        found.append(f"a line of {len(line):,} characters, {LINE_LIMIT:,} are kept")
    return found


def _name(char: str) -> str:
    name = unicodedata.name(char, "") or _CONTROL_NAMES.get(ord(char), "control character")
    return f"U+{ord(char):04X} {name}"
