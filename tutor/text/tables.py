"""The rule for tables: a bar inside a formula or code ends no cell, as its writer meant.

GFM cuts a row at every bar. Here a row that has more cells than its table has columns is cut
again with the bars of its formulas and its code left alone; if that is what makes it fit, it is
what was meant. A row that still has too many is noted, for the linter to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as gfm_table

_DELIMITERS = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?")
_WHOLE = re.compile(
    r"(?<!\\)(?:(`+)(?!`).*?(?<!`)\1(?!`)|\$\$.+?\$\$|\$(?! )[^$`]*?(?<! )\$|\\\(.*?\\\))"
)
_BAR = re.compile(r"(?<!\\)\|")
# Stands for a bar that ends no cell; the sanitiser lets none into a text.
_KEPT = "\x04"


def cells_of(line: str, most: int) -> list[str]:
    """At most so many cells of a row without outer bars; the last keeps all further bars.

    A bar in a formula, in code or behind a backslash ends no cell.
    """
    cells = _BAR.split(_kept(line), most - 1)
    return [cell.strip().replace(r"\|", "|").replace(_KEPT, "|") for cell in cells]


def escaped(cell: str) -> str:
    """A cell whose bars end none; those of a formula need no backslash, which would change it."""
    kept = _WHOLE.sub(lambda found: found[0] if found[1] else found[0].replace("|", _KEPT), cell)
    return kept.replace("|", r"\|").replace(_KEPT, "|")


def table_plugin(md: MarkdownIt) -> None:
    """Replace the rule for tables of `md`.

    Rows with too many cells stand in `meta["overfull"]` of `table_open`: lines below its first.
    """
    options: RuleOptionsType = {"alt": ["paragraph", "reference"]}
    md.block.ruler.at("table", _table, options)


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if start_line + 1 >= end_line or not _DELIMITERS.fullmatch(_line(state, start_line + 1)):
        return False
    columns = _line(state, start_line + 1).strip().strip("|").count("|") + 1
    source, before = state.src, len(state.tokens)
    overfull = [*_protect(state, start_line, end_line, columns)]
    try:
        found = gfm_table(state, start_line, end_line, silent)
    finally:
        state.src = source
    if found and not silent:
        opening = state.tokens[before]
        last = (opening.map or [0, 0])[1]
        opening.meta["overfull"] = [line - start_line for line in overfull if line < last]
        for token in state.tokens[before:]:
            token.content = token.content.replace(_KEPT, "|")
    return found


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _protect(state: StateBlock, start_line: int, end_line: int, columns: int) -> Iterator[int]:
    """Hide the bars that end no cell from the rule; yield the rows that have too many cells."""
    for number in range(start_line, end_line):
        line = _line(state, number)
        if not line.strip():
            return
        if _cells(line) <= columns:
            continue
        kept = _kept(line)
        if _cells(kept) >= columns:
            begin = state.bMarks[number] + state.tShift[number]
            state.src = state.src[:begin] + kept + state.src[begin + len(line) :]
            line = kept
        if _cells(line) > columns:
            yield number


def _kept(line: str) -> str:
    """A line with the bars of its formulas and its code hidden."""
    return _WHOLE.sub(lambda found: found[0].replace("|", _KEPT), line)


def _cells(line: str) -> int:
    line = line.strip()
    bars = len(_BAR.findall(line))
    return bars + 1 - line.startswith("|") - (line.endswith("|") and not line.endswith("\\|"))
