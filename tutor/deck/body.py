"""Sorts the blocks of one card into its parts: hints, explanation, params, answers and prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from tutor.deck.answer_line import EQUALS
from tutor.deck.blocks import Item, items, unquoted
from tutor.deck.gaps import has_gap
from tutor.deck.model import Params
from tutor.deck.params import params
from tutor.deck.rules import Findings
from tutor.deck.sections import Block, Section
from tutor.text.pictures import PLOT


@dataclass(slots=True)
class Equals:
    """A paragraph `= value`: what stands after the `=`, its line, its block."""

    text: str
    line: int
    block: Block


@dataclass(slots=True)
class Body:
    """The parts of one card. `prose` holds every block that may be shown as text.

    plots: curves that belong to the question, each as the source of its fence.
    tasks: lists with at least one box; lists: other lists; tables, equals: as named.
    """

    lines: list[str]
    hints: list[str] = field(default_factory=list)
    explanations: list[str] = field(default_factory=list)
    params: Params | None = None
    params_line: int = 0
    plots: list[str] = field(default_factory=list)
    prose: list[Block] = field(default_factory=list)
    tasks: list[tuple[Block, list[Item]]] = field(default_factory=list)
    lists: list[Block] = field(default_factory=list)
    tables: list[Block] = field(default_factory=list)
    equals: list[Equals] = field(default_factory=list)

    def gaps(self) -> list[Token]:
        """The inline tokens of the prose that hold gaps, leaving options out."""
        options = {id(block) for block, _ in self.tasks}
        return [
            token
            for block in self.prose
            if id(block) not in options
            for token in block.inlines
            if has_gap(token)
        ]

    def text(self, without: Block | None = None, changed: Mapping[int, str] | None = None) -> str:
        """The prose as Markdown, leaving a block out, with some lines changed."""
        changed = changed or {}
        texts = (
            "\n".join(changed.get(i, self.lines[i]) for i in range(block.start, block.end))
            for block in self.prose
            if block is not without
        )
        return "\n\n".join(text.strip("\n") for text in texts).strip()


def body(section: Section, lines: list[str], findings: Findings) -> Body:
    """The parts of a card's section."""
    parts = Body(lines)
    for block in section.blocks:
        _sort(block, parts, findings)
    return parts


def _sort(block: Block, parts: Body, findings: Findings) -> None:
    opening = block.tokens[0]
    if block.kind == "html_block":
        if block.comment is None:
            parts.prose.append(block)
    elif block.kind == "alert_open" and opening.meta.get("kind") in {"TIP", "NOTE"}:
        target = parts.hints if opening.meta["kind"] == "TIP" else parts.explanations
        target.append(unquoted(parts.lines[block.start : block.end]))
    elif block.kind == "fence" and opening.info.strip() == "params":
        _params(block, parts, findings)
    elif block.kind == "fence" and opening.info.strip() == PLOT:
        parts.plots.append("\n".join(parts.lines[block.start : block.end]).strip())
    else:
        parts.prose.append(block)
        _note_answer(block, parts)


def _params(block: Block, parts: Body, findings: Findings) -> None:
    line = block.start + 2
    if parts.params is not None:
        findings.add(line, "params", "A second params block: one a card.")
        return
    parts.params = params(block.tokens[0].content, line, findings)
    parts.params_line = line


def _note_answer(block: Block, parts: Body) -> None:
    if block.kind in {"bullet_list_open", "ordered_list_open"}:
        if any(token.meta.get("checked") is not None for token in block.tokens):
            parts.tasks.append((block, items(block, parts.lines)))
        else:
            parts.lists.append(block)
    elif block.kind == "table_open":
        parts.tables.append(block)
    elif block.kind == "paragraph_open":
        match = EQUALS.fullmatch(block.tokens[1].content.strip())
        if match:
            parts.equals.append(Equals(match[1], block.start + 1, block))
