"""Cuts a deck file at its headings into sections of top-level Markdown blocks.

Blocks are parsed by the shared Markdown parser; inline text is parsed only when asked for.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it.token import Token

from tutor.deck.comments import Comment, comment
from tutor.deck.plain_blocks import comment_block, paragraphs
from tutor.deck.plain_inline import plain_inline
from tutor.deck.rules import Findings
from tutor.text import markdown

SECTION_LIMIT = 25_000
"""Characters under one heading that are read."""

_LEVEL = operator.attrgetter("level")


@dataclass(slots=True)  # not frozen: there are several a card, and freezing doubles their cost
class Block:
    """One top-level block: its tokens, and its lines (counted from 0, end excluded).

    inlines: its `inline` tokens, whatever they are nested in. comment: what it says if it is one.
    """

    kind: str
    tokens: list[Token]
    start: int
    end: int
    inlines: Sequence[Token] = ()
    comment: Comment | None = None


@dataclass(slots=True)
class Section:
    """A heading and the blocks below it, up to the next heading. Depth 0: before any heading.

    opener: the card or topic comment right under the heading.
    """

    front: str
    depth: int
    start: int
    end: int
    blocks: list[Block] = field(default_factory=list)
    opener: Comment | None = None
    heading: Token | None = None


def sections(lines: list[str], headings: list[int], findings: Findings) -> Iterator[Section]:
    """The sections of a mended file, in order; the first one is what stands before a heading.

    headings: the lines where sections start for sure. The file is parsed between them, piece by
    piece as it is asked for, so that nothing in one card can reach into the next, and only one
    card's tokens are held.
    """
    first = headings[0] if headings else len(lines)
    opening = Section("", 0, 0, first)
    yield from _cut(opening, _blocks(lines, 0, first, findings), first, findings)
    for start, end in itertools.pairwise([*headings, len(lines)]):
        blocks = _blocks(lines, start + 1, end, findings)
        yield from _cut(_headed(lines[start], start, _opens(blocks, 0)), blocks, end, findings)


def _headed(line: str, start: int, opener: Comment | None) -> Section:
    """The section that a line of `#`s and text starts."""
    text = line.lstrip("#")
    depth, text = len(line) - len(text), text.strip()
    if text.endswith("#"):
        closing = text.rstrip("#")
        if not closing or closing[-1].isspace():  # `# Title #`
            text = closing.rstrip()
    heading = Token("inline", "", 0, map=[start, start + 1], content=text, children=[])
    return Section(text, depth, start, start + 1, opener=opener, heading=heading)


def _cut(first: Section, blocks: list[Block], end: int, findings: Findings) -> list[Section]:
    """`first` with the blocks up to `end`, and the sections that headings among them start."""
    found = [first]
    for i, block in enumerate(blocks):
        if block.kind == "heading_open":
            _take_heading(block, _opens(blocks, i + 1), found, findings)
        else:
            found[-1].blocks.append(block)
    found[-1].end = end
    return found


def _take_heading(
    block: Block, opener: Comment | None, found: list[Section], findings: Findings
) -> None:
    """Start a section; an underlined heading without a comment, `opener`, is a paragraph."""
    underlined = block.tokens[0].markup in "=-"
    if underlined:
        findings.add(block.start + 1, "setext-heading", _SETEXT)
    if underlined and opener is None:
        found[-1].blocks.append(_as_paragraph(block))
        return
    found[-1].end = block.start
    heading = block.tokens[1]
    depth = int(block.tokens[0].tag[1])
    new = Section(heading.content, depth, block.start, block.end, heading=heading, opener=opener)
    found.append(new)


_SETEXT = "A line of --- or === under text makes it a heading: use # or leave a blank line between."


def inline(token: Token) -> list[Token]:
    """The inline tokens of an `inline` token, parsed on first use."""
    if token.children is None or (not token.children and token.content):
        token.children = plain_inline(token.content)
        if token.children is None:
            token.children, env = markdown.inline(token.content)
            token.meta.update(env)
    return token.children


def _blocks(lines: list[str], start: int, end: int, findings: Findings) -> list[Block]:
    """The top-level blocks of some lines, which count from the file's beginning."""
    text = "\n".join(lines[start:end])
    if not text or text.isspace():
        return []
    if len(text) > SECTION_LIMIT:
        message = (
            f"{len(text):,} characters under one heading, {SECTION_LIMIT:,} are read: split it."
        )
        findings.add(max(start, 1), "too-large", message)
        text = text[:SECTION_LIMIT]
    tokens = _parsed(lines, start, start + text.count("\n") + 1, text)
    blocks: list[Block] = []
    first, inlines = 0, list[Token]()
    for i, token in enumerate(tokens):
        if token.type == "inline":
            if token.map:
                inlines.append(token)
        elif token.level == 0 and token.nesting <= 0:
            blocks.append(_block(tokens[first : i + 1], start, inlines))
            first, inlines = i + 1, []
    deepest = _deepest()
    if len(tokens) >= deepest and max(map(_LEVEL, tokens)) >= deepest:
        message = "Lists or quotes are nested too deeply to be read."
        findings.add(max(start, 1), "too-large", message)
    return blocks


def _block(tokens: list[Token], start: int, inlines: list[Token]) -> Block:
    opening = tokens[0]
    begin, end = opening.map or (start, start)
    says = comment(opening.content, begin + 1) if opening.type == "html_block" else None
    return Block(opening.type, tokens, begin, end, inlines, says)


@cache
def _deepest() -> int:
    """The level at which the parser goes no deeper."""
    return int(markdown.parser().options["maxNesting"]) - 1


def _parsed(lines: list[str], start: int, end: int, text: str) -> list[Token]:
    """The tokens of `text`, which stands in the lines from `start` to `end`; maps count as they."""
    opening = comment_block(lines, start, end)
    tokens = [opening] if opening else []
    rest = paragraphs(lines, start + len(tokens), end) if len(text) < SECTION_LIMIT else None
    if rest is not None:
        return tokens + rest
    if opening:
        start, text = start + 1, text.partition("\n")[2]
    md, rest = markdown.parser(), []
    md.block.parse(text, md, {}, rest)
    for token in rest:
        if token.map:
            token.map = [token.map[0] + start, token.map[1] + start]
    return tokens + rest


def _opens(blocks: list[Block], at: int) -> Comment | None:
    """The card or topic comment among the comments that follow a heading directly."""
    for block in blocks[at : at + 8]:
        if block.kind != "html_block":
            break
        if block.comment and block.comment.opens:
            return block.comment
    return None


def _as_paragraph(block: Block) -> Block:
    """An underlined heading as the paragraph that its author most likely meant."""
    opening, inner, closing = block.tokens
    opening.type, closing.type = "paragraph_open", "paragraph_close"
    opening.tag = closing.tag = "p"
    tokens = [opening, inner, closing]
    return Block("paragraph_open", tokens, block.start, block.end - 1, block.inlines)
