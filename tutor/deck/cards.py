"""Reads one card out of its section, or says why it cannot be studied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.deck import answers
from tutor.deck.body import Body, body
from tutor.deck.comments import (
    Comment,
    attributes,
    checked_claim,
    checked_id,
    checked_overrides,
    checked_use,
    listed,
)
from tutor.deck.format import references
from tutor.deck.gaps import lone_mark
from tutor.deck.model import Card, Source
from tutor.deck.rules import Findings
from tutor.deck.sections import Section


@dataclass(frozen=True, slots=True)
class Context:
    """What a card takes over from around it: its file, its deck, the topic it stands under."""

    file: str
    deck: str
    topic: str | None = None


def read_card(
    section: Section, opener: Comment, lines: list[str], context: Context, findings: Findings
) -> tuple[Card, Body] | None:
    """The card of a section with its parts; None when a finding makes it unusable."""
    mark = findings.mark()
    given = attributes(opener, findings)
    name = checked_id(opener, given, findings)
    parts = body(section, lines, findings)
    if not section.front.strip():
        findings.add(section.start + 1, "no-front", "The heading is empty: write the question.")
    kind = answers.kind_of(given.get("type", ""), section.front, parts, opener.line, findings)
    _check_marks(section, findings)
    shown = _shown(section, lines)
    if "@{" in shown:
        _check_references(section, parts, lines, findings)
    if kind is None or findings.unusable_since(mark):
        return None
    read = answers.read(kind, parts, opener.line, findings)
    if parts.params is not None and kind != "numeric":
        message = f"Drawn numbers need a numeric answer, and this card is a {kind}."
        findings.add(parts.params_line, "params", message)
    if read is None or findings.unusable_since(mark):
        return None
    answer, stem = read
    card = Card(
        key=f"{context.deck}/{name}",
        deck=context.deck,
        id=name,
        kind=kind,
        front="\n\n".join(filter(None, (section.front.strip(), stem, *parts.plots))),
        answer=answer,
        source=Source(context.file, section.start + 1, section.end),
        topic=given.get("topic") or context.topic,
        hints=tuple(parts.hints),
        explanation="\n\n".join(parts.explanations),
        ref=given.get("ref", ""),
        demo=given.get("demo", ""),
        tags=listed(given.get("tags", "")),
        find=listed(given.get("find", "")),
        aka=tuple(_key(old, context.deck) for old in listed(given.get("aka", ""))),
        rev=given.get("rev", ""),
        asks=checked_use(opener, given, findings),
        claim=checked_claim(opener, given, findings),
        overrides=checked_overrides(opener, given, findings),
        content_hash=hashlib.sha256(shown.encode()).hexdigest()[:16],
    )
    return card, parts


def _key(old: str, deck: str) -> str:
    return old if "/" in old else f"{deck}/{old}"


def _shown(section: Section, lines: list[str]) -> str:
    """What the learner sees: the section's lines without its comments."""
    shown = [lines[section.start]]
    for block in section.blocks:
        if block.kind != "html_block":
            shown += filter(str.strip, lines[block.start : block.end])
    return "\n".join(shown)


def _check_marks(section: Section, findings: Findings) -> None:
    for block in section.blocks:
        for token in block.inlines:
            if lone_mark(token):
                line = (token.map or (section.start,))[0] + 1
                message = "A == without its partner: ==gap==, or `==` in code."
                findings.add(line, "unpaired-gap", message)


def _check_references(section: Section, parts: Body, lines: list[str], findings: Findings) -> None:
    defined = {name for name, _ in parts.params.assignments} if parts.params else set()
    for i in _references(section, lines):
        for name in dict.fromkeys(references(lines[i])):
            if name not in defined:
                message = f"@{{{name}}} is not defined in a params block of this card."
                findings.add(i + 1, "undefined-parameter", message)


def _references(section: Section, lines: list[str]) -> Iterator[int]:
    """The lines of a section that may refer to a parameter, outside of comments and params."""
    if "@{" in lines[section.start]:
        yield section.start
    for block in section.blocks:
        is_params = block.kind == "fence" and block.tokens[0].info.strip() == "params"
        if block.kind != "html_block" and not is_params:
            yield from (i for i in range(block.start, block.end) if "@{" in lines[i])
