"""Takes the source text of nested Markdown blocks out of their containers: items, quotes, cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.deck.sections import Block

_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)")
_BOX = re.compile(r"\[[ xX]\](?:\s+|$)")
_QUOTE = re.compile(r"\s*> ?")
_ALERT = re.compile(r"\s*>?\s*\[!\w+\]\s*$")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list. `checked` is None without a box; a quote inside is its reason."""

    text: str
    reason: str
    checked: bool | None
    line: int


def items(block: Block, lines: list[str]) -> list[Item]:
    """The items of a list block, in order."""
    found = []
    level = block.tokens[0].level + 1
    start = 0
    for i, token in enumerate(block.tokens):
        if token.level == level and token.type == "list_item_open":
            start = i
        elif token.level == level and token.type == "list_item_close":
            found.append(_item(Block("item", block.tokens[start:i], 0, 0), lines))
    return found


def _item(block: Block, lines: list[str]) -> Item:
    opening = block.tokens[0]
    first, last = opening.map or (0, 0)
    quotes = [
        token.map
        for token in block.tokens
        if token.level == opening.level + 1
        and token.type in {"blockquote_open", "alert_open"}
        and token.map
    ]
    quoted = {i for start, end in quotes for i in range(start, end)}
    text = [lines[i] for i in range(first, last) if i not in quoted]
    reasons = [unquoted(lines[start:end]) for start, end in quotes]
    checked = opening.meta.get("checked")
    return Item(_unmarked(text, checked is not None), "\n\n".join(reasons), checked, first + 1)


def _unmarked(text: list[str], boxed: bool) -> str:
    """The lines of an item without its marker, its box and their indentation."""
    if not text:
        return ""
    marker = _MARKER.match(text[0])
    width = marker.end() if marker else 0
    head = text[0][width:]
    if boxed:
        head = _BOX.sub("", head, count=1)
    return "\n".join([head, *(_dedented(line, width) for line in text[1:])]).strip()


def _dedented(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip())) :]


def unquoted(quote: list[str]) -> str:
    """The text of a block quote or alert, without its `>` and the alert's own line."""
    if quote and _ALERT.match(quote[0]):
        quote = quote[1:]
    return "\n".join(_QUOTE.sub("", line, count=1) for line in quote).strip()


def table(block: Block) -> tuple[list[str], list[list[str]]]:
    """The column titles and the rows of a table block, as the source of their cells."""
    titles: list[str] = []
    rows: list[list[str]] = []
    for before, token in zip(block.tokens, block.tokens[1:], strict=False):
        if before.type == "tr_open":
            rows.append([])
        if token.type == "inline" and before.type == "th_open":
            titles.append(token.content.strip())
        elif token.type == "inline" and before.type == "td_open":
            rows[-1].append(token.content.strip())
    return titles, [row for row in rows if row]
