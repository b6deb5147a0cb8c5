"""Cells that stand for a key: a click on them presses it, so that a mouse can do what keys do.

The footer, the help, the options of a demo and the arrows around a value are such cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from textual import events
from textual.app import App
from textual.content import Content
from textual.style import Style

KEY = "key"  # the meta of such cells: the key's name
DIGITS = re.compile(r"\d-\d")
SIGN_KEYS = {
    "←": "left", "→": "right", "↑": "up", "↓": "down",
    "[": "left_square_bracket", "]": "right_square_bracket",
}  # fmt: skip
"""The signs of a printed key that stand for a key each, as in `← →`."""


def for_key(text: Content | str, key: str) -> Content:
    """The text, whose cells stand for this key."""
    content = Content(text) if isinstance(text, str) else text
    return content.stylize(Style.from_meta({KEY: key}))


def offers(lines: Iterable[Content], key: str) -> bool:
    """Whether any of the lines has cells that stand for this key."""
    styles = (span.style for line in lines for span in line.spans)
    return any(isinstance(style, Style) and style.meta.get(KEY) == key for style in styles)


def key_under(event: events.Click) -> str:
    """The key that the cell under the mouse stands for; empty if for none."""
    return str(event.style.meta.get(KEY, ""))


def press(app: App[None], key: str) -> None:
    """Press a key as if it came from the terminal.

    The app itself sends it: an event that a page sends goes no further up than the page.
    """
    app.call_later(app.simulate_key, key)


def clickable(printed: str, words: Content, key: str, live: Collection[str]) -> Content:
    """A printed key and its words; each sign of several keys stands for its own.

    printed: such as `enter`, `[ ]` or `1-4`. key: what all other cells stand for. live: the keys
    that act now. The words of a row of digits stand for none of them.
    """
    key = "" if DIGITS.fullmatch(printed) else key
    own = {sign: name for sign, name in SIGN_KEYS.items() if name in live}
    if not key:
        own = {sign: sign for sign in printed if sign.isdigit()}
    name = Content.styled(printed, "$accent")
    if any(own.get(sign, key) != key for sign in printed):
        parts = (for_key(Content.styled(sign, "$accent"), own.get(sign, key)) for sign in printed)
        return Content.assemble(*parts, for_key(words, key))
    return for_key(name + words, key)
