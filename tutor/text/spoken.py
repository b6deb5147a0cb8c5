"""Markdown as text for ears and fingers: nothing is drawn, and every part says what it is.

A table is a sentence a row, a quotation and code say where they begin and end, and a paragraph
is one line, whatever the width: the reader that speaks it finds its own breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from tutor.text.aloud import code_in_words
from tutor.text.pictures import IN_WORDS
from tutor.text.plain import text_of


def render(tokens: Sequence[Token]) -> str:
    """The text of `tokens`, a line a paragraph."""
    return "\n".join(_blocks(SyntaxTreeNode(tokens).children)).strip("\n")


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[str]:
    lines: list[str] = []
    tight = True
    for node in nodes:
        if node.type == "hr":
            continue
        lines += [] if tight else [""]
        lines += _BLOCKS.get(node.type, _paragraph)(node)
        tight = node.is_nested and node.hidden
    return lines


def _paragraph(node: SyntaxTreeNode) -> list[str]:
    return text_of(node).split("\n")


def _heading(node: SyntaxTreeNode) -> list[str]:
    return [f"{text_of(node)}:"]


def _quote(node: SyntaxTreeNode) -> list[str]:
    return ["Quotation:", *_blocks(node.children), "End of quotation."]


def _bullets(node: SyntaxTreeNode) -> list[str]:
    return _items(node, ["- "] * len(node.children))


def _numbers(node: SyntaxTreeNode) -> list[str]:
    start = int(node.attrs.get("start", 1))
    return _items(node, [f"{start + i}. " for i in range(len(node.children))])


def _items(node: SyntaxTreeNode, labels: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for item, label in zip(node.children, labels, strict=True):
        first, *rest = _blocks(item.children) or [""]
        lines += [label + first, *rest]
    return lines


def _code(node: SyntaxTreeNode) -> list[str]:
    if node.markup == "$$":
        return [f"Formula: {node.content.strip()}"]
    say = IN_WORDS.get(node.info.strip())
    if say and (said := say(node.content)) is not None:
        return said
    language = node.info.strip().split(" ")[0]
    lines = map(code_in_words, node.content.rstrip("\n").expandtabs(4).split("\n"))
    return [f"Code{f' in {language}' if language else ''}:", *lines, "End of code."]


def _table(node: SyntaxTreeNode) -> list[str]:
    rows = [
        [text_of(cell) for cell in row.children] for part in node.children for row in part.children
    ]
    count = len(rows) - 1
    return [f"Table with {count} row{'s' * (count != 1)}:", *row_sentences(rows[0], rows[1:])]


def row_sentences(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """`sign: a; means: b.` for each row, a cell without words or heading left to the others."""
    return [
        "; ".join(
            f"{name}: {cell}" if name else cell
            for name, cell in zip(head, row, strict=False)
            if cell
        )
        + "."
        for row in rows
    ]


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], list[str]]] = {
    "heading": _heading,
    "blockquote": _quote,
    "bullet_list": _bullets,
    "ordered_list": _numbers,
    "fence": _code,
    "code_block": _code,
    "table": _table,
}
