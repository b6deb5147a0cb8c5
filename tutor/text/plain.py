"""Markdown as plain text: what plain sessions and `tutor show` print.

It renders the tokens of the terminal form, in which formulas and gaps are text already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from rich.cells import cell_len

from tutor.text.aloud import code_in_words
from tutor.text.boxes import fit
from tutor.text.pictures import PAINTERS
from tutor.text.voice import speaking
from tutor.text.wrap import wrap

_NARROWEST = 6
_BETWEEN = "  "


def render(tokens: Sequence[Token], width: int | None) -> str:
    """The text of `tokens`, in lines of at most `width` cells (code and formulas may exceed it)."""
    return "\n".join(_blocks(SyntaxTreeNode(tokens).children, width)).strip("\n")


def _blocks(nodes: Sequence[SyntaxTreeNode], width: int | None) -> list[str]:
    """Blocks with an empty line between them; the paragraphs of a tight list have none."""
    lines: list[str] = []
    tight = True
    for node in nodes:
        lines += [] if tight else [""]
        lines += _BLOCKS.get(node.type, _paragraph)(node, width)
        tight = node.is_nested and node.hidden
    return lines


def _paragraph(node: SyntaxTreeNode, width: int | None) -> list[str]:
    return wrap(text_of(node), width)


def text_of(node: SyntaxTreeNode) -> str:
    """The words of a block's inline tokens; code keeps its backticks, or for ears is framed."""
    if node.type == "code_inline":
        return spoken_code(node.content) if speaking() else f"`{node.content}`"
    if node.type in {"softbreak", "hardbreak"}:
        return "\n" if node.type == "hardbreak" else " "
    if node.children:
        return "".join(map(text_of, node.children))
    return node.content if node.type != "inline" else ""


def spoken_code(code: str) -> str:
    """Code within a text, for ears: a name as it is, and more than that in words with an end."""
    said = code_in_words(code)
    return said if said == code or len(code) == 1 else f"code {said} end code"


def _heading(node: SyntaxTreeNode, width: int | None) -> list[str]:
    lines = wrap(text_of(node), width)
    sign = {"h1": "═", "h2": "─"}.get(node.tag)
    return [*lines, sign * max(map(cell_len, lines))] if sign else lines


def _quote(node: SyntaxTreeNode, width: int | None) -> list[str]:
    return _indented(_blocks(node.children, _less(width, 2)), "│ ", "│ ")


def _bullets(node: SyntaxTreeNode, width: int | None) -> list[str]:
    return _items(node, width, ["- "] * len(node.children))


def _numbers(node: SyntaxTreeNode, width: int | None) -> list[str]:
    start = int(node.attrs.get("start", 1))
    labels = [f"{start + i}. " for i in range(len(node.children))]
    return _items(node, width, [label.rjust(len(labels[-1])) for label in labels])


def _items(node: SyntaxTreeNode, width: int | None, labels: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for item, label in zip(node.children, labels, strict=True):
        inside = _blocks(item.children, _less(width, len(label)))
        lines += _indented(inside or [""], label, " " * len(label))
    return lines


def _indented(lines: Sequence[str], first: str, rest: str) -> list[str]:
    return [f"{rest if i else first}{line}".rstrip() for i, line in enumerate(lines)]


def _less(width: int | None, taken: int) -> int | None:
    return None if width is None else max(1, width - taken)


def _code(node: SyntaxTreeNode, width: int | None) -> list[str]:
    draw = PAINTERS.get(node.info.strip())
    if draw and (picture := draw(node.content, width)) is not None:
        return picture
    lines = node.content.rstrip("\n").expandtabs(4).split("\n")
    return [f"    {line}".rstrip() for line in lines]


def _rule(node: SyntaxTreeNode, width: int | None) -> list[str]:
    return ["─" * (width or 3)]


def _table(node: SyntaxTreeNode, width: int | None) -> list[str]:
    rows = [
        [text_of(cell) for cell in row.children] for part in node.children for row in part.children
    ]
    widths = _column_widths(rows, width)
    lines = [line for row in rows[:1] for line in _table_row(row, widths)]
    lines.append(_BETWEEN.join("─" * w for w in widths))
    return lines + [line for row in rows[1:] for line in _table_row(row, widths)]


def _column_widths(rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """Natural widths; where the table is too wide, the widest columns give way."""
    widths = [max(1, *map(cell_len, column)) for column in zip(*rows, strict=True)]
    room = width or 10**9
    excess = sum(widths) + len(_BETWEEN) * (len(widths) - 1) - room
    while excess > 0 and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
        excess -= 1
    return widths


def _table_row(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, cells))
    padded = [
        [fit(line, width) for line in [*cell, *[""] * (height - len(cell))]]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return [_BETWEEN.join(line).rstrip() for line in zip(*padded, strict=True)]


_BLOCKS: dict[str, Callable[[SyntaxTreeNode, int | None], list[str]]] = {
    "heading": _heading,
    "blockquote": _quote,
    "bullet_list": _bullets,
    "ordered_list": _numbers,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
    "table": _table,
}
