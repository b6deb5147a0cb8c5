"""Mnemosyne's `.cards`: a zip of `cards.xml` and `METADATA`; facts, tags and cards as log entries.

Fields hold HTML. Sibling views of one fact (front to back, back to front) are cards of their own.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tutor.errors import UsageError
from tutor.exchange import html
from tutor.exchange.notes import Found, Note, cloze, headline, typed_or_prose
from tutor.exchange.zips import member

_TAG, _CARD, _FACT = "10", "6", "16"
_GAP = re.compile(r"(?<!\\)\[(?P<gap>[^\[\]]+)\](?!\()")


def looks(file: Path) -> bool:
    """Whether a zip holds what Mnemosyne writes."""
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return "cards.xml" in archive.namelist()


@dataclass(slots=True)
class _Log:
    tags: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    cards: list[tuple[str, str, str]] = field(default_factory=list)  # fact, view, tag ids


def read(file: Path) -> Found:
    """All cards of the file. Raises UsageError when it cannot be read."""
    with zipfile.ZipFile(file) as archive:
        data = member(archive, "cards.xml", file.name)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UsageError(f"{file.name} is not read", "It declares entities of its own.",
                         "Export it from Mnemosyne anew.")  # fmt: skip
    try:
        log = _log(ET.fromstring(data))
    except ET.ParseError as error:
        raise UsageError(f"{file.name} is damaged", f"cards.xml: {error}.",
                         "Export it from Mnemosyne anew.") from error  # fmt: skip
    found = Found("mnemosyne")
    for number, (fact, view, tags) in enumerate(log.cards, 1):
        _card(found, log, fact, view, tags, number)
    return found


def _log(root: ET.Element) -> _Log:
    log = _Log()
    for entry in root.iter("log"):
        kind, name = entry.get("type"), entry.get("o_id", "")
        if kind == _TAG:
            log.tags[name] = (entry.findtext("name") or "").strip()
        elif kind == _FACT:
            log.facts[name] = {part.tag: part.text or "" for part in entry}
        elif kind == _CARD:
            view = entry.get("fact_v", "")
            log.cards.append((entry.get("fact", ""), view, entry.get("tags", "")))
    return log


def _card(found: Found, log: _Log, fact: str, view: str, tags: str, number: int) -> None:
    fields = log.facts.get(fact)
    if fields is None:
        found.leave(f"card {number}", "its fact is missing", number)
        return
    front, back = _sides(fields, view)
    (front, lost), (back, lost_too) = html.to_markdown(front), html.to_markdown(back)
    for what in dict.fromkeys([*lost, *lost_too]):
        found.leave(f"{what} of: {front or back}", "only text comes in", number)
    names = tuple(
        name.replace(" ", "-")
        for name in (log.tags.get(tag, "") for tag in tags.split(","))
        if name and name != "__UNTAGGED__"
    )
    if "text" in fields:
        made = cloze(front, _GAP, lambda match: match["gap"].split(":", 1)[0])
        if made is None:
            found.leave(front, "it has no gap in brackets", number)
            return
        found.add(Note("cloze", headline(made), made, number, tags=names, source_id=fact))
        return
    kind, answer = typed_or_prose(back)
    name = fact if not _turned(view) else f"{fact}-back"
    found.add(Note(kind, html.one_line(front), answer, number, tags=names, source_id=name))


def _turned(view: str) -> bool:
    """Whether a sibling asks from back to front."""
    return view.endswith(".2")


def _sides(fields: dict[str, str], view: str) -> tuple[str, str]:
    """Front and back of a fact's view; vocabulary has a pronunciation and a meaning."""
    if "text" in fields:
        return fields["text"], ""
    if "m_1" in fields:
        spoken = f"<br>{fields['p_1']}" if fields.get("p_1") else ""
        foreign, meaning = fields.get("f", ""), fields["m_1"]
        return (meaning, foreign + spoken) if _turned(view) else (foreign, meaning + spoken)
    front, back = fields.get("f", ""), fields.get("b", "")
    return (back, front) if _turned(view) else (front, back)
