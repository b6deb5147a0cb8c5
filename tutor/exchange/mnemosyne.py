"""Mnemosyne's `.cards`: a zip of `cards.xml` and `METADATA`; facts, tags and cards as log entries.

Fields hold HTML. Sibling views of one fact (front to back, back to front) are cards of their own;
the gaps of one text are one card of ours. Where learning data went along, a card that was learnt
has a date.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from tutor.errors import UsageError
from tutor.exchange import html
from tutor.exchange.notes import Found, Note, cloze, headline, typed_or_prose
from tutor.exchange.zips import member

_TAG, _CARD, _FACT = "10", "6", "16"
_HINT = re.compile(r"(?<!\\)\[([^\[\]:]+):([^\[\]]+)\](?!\()")
_FORMULAS = (
    (re.compile(r"<\$\$>(.+?)</\$\$>", re.DOTALL), r"\\[\1\\]"),
    (re.compile(r"<(\$|latex)>(.+?)</\1>", re.DOTALL), r"\\(\2\\)"),
)
_DAY_S = 86_400
# Grades 0 and 1 are of what is not known yet.
_LEARNT = 2
_GAP = re.compile(r"(?<!\\)\[(?P<gap>[^\[\]]+)\](?!\()")


def looks(file: Path) -> bool:
    """Whether a zip holds what Mnemosyne writes."""
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return "cards.xml" in archive.namelist()


@dataclass(frozen=True, slots=True)
class _Row:
    """A card: its fact, its view, the ids of its tags, and its next date if it was learnt."""

    fact: str
    view: str
    tags: str
    due: date | None = None
    interval_days: int | None = None


@dataclass(slots=True)
class _Log:
    tags: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    cards: list[_Row] = field(default_factory=list)


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
    texts: set[str] = set()
    for number, row in enumerate(log.cards, 1):
        if row.fact not in texts:
            _card(found, log, row, number)
        if "text" in log.facts.get(row.fact, {}):
            texts.add(row.fact)
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
            sides = entry.get("fact", ""), entry.get("fact_v", ""), entry.get("tags", "")
            log.cards.append(_Row(*sides, *_date(entry)))
    return log


def _date(entry: ET.Element) -> tuple[date, int] | tuple[None, None]:
    """The next date and the interval to it, of a card with a grade of 2 or better."""
    try:
        grade, last, due = (int(float(entry.get(name, ""))) for name in ("gr", "l_rp", "n_rp"))
        day = datetime.fromtimestamp(due, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None, None
    if grade < _LEARNT or not 0 < last < due:
        return None, None
    return day, max(1, round((due - last) / _DAY_S))


def _card(found: Found, log: _Log, row: _Row, number: int) -> None:
    fact, view, tags = row.fact, row.view, row.tags
    fields = log.facts.get(fact)
    if fields is None:
        found.leave(f"card {number}", "its fact is missing", number)
        return
    if "loc" in fields:
        place = html.to_markdown(fields["loc"])[0]
        found.leave(f"card {number}: {place}", "it is a map, and only text comes in", number)
        return
    front, back, note = map(_html, (*_sides(fields, view), fields.get("n", "")))
    (front, lost), (back, lost_too), (note, _) = map(html.to_markdown, (front, back, note))
    for what in dict.fromkeys([*lost, *lost_too]):
        found.leave(f"{what} of: {front or back}", "only text comes in", number)
    names = tuple(
        name.replace(" ", "-")
        for name in (log.tags.get(tag, "") for tag in tags.split(","))
        if name and name != "__UNTAGGED__"
    )
    if "text" in fields:
        made = cloze(_HINT.sub(r"[\1] (\2)", front), _GAP, lambda match: match["gap"])
        if made is None:
            found.leave(front, "it has no gap in brackets", number)
            return
        dates = [(each.due, each.interval_days) for each in log.cards if each.fact == fact]
        known = tuple((due, days) if due and days else None for due, days in dates)
        found.add(
            Note("cloze", headline(made), made, number, tags=names, source_id=fact, due=row.due,
                 interval_days=row.interval_days, dates_after=known[1:])
        )  # fmt: skip
        return
    kind, answer = typed_or_prose(back)
    name = fact if not _turned(view) else f"{fact}-back"
    found.add(
        Note(kind, html.one_line(front), answer, number, explanation=note, tags=names,
             source_id=name, due=row.due, interval_days=row.interval_days)
    )  # fmt: skip


def _html(field: str) -> str:
    """A field as HTML: its line ends are breaks, its formulas stand in tags of Mnemosyne's own."""
    for pattern, made in _FORMULAS:
        field = pattern.sub(made, field)
    return field.strip().replace("\n", "<br>")


def _turned(view: str) -> bool:
    """Whether a sibling asks from back to front."""
    return view.endswith(".2")


def _sides(fields: dict[str, str], view: str) -> tuple[str, str]:
    """Front and back of a fact's view; vocabulary has a pronunciation and a meaning."""
    if "text" in fields:
        return fields["text"], ""
    if "m_1" in fields:
        spoken = f"<br>{fields['p_1']}" if fields.get("p_1") else ""
        # The brackets of a sentence are the gap that one of its cards asks for.
        foreign, meaning = _GAP.sub(r"\g<gap>", fields.get("f", "")), fields["m_1"]
        return (meaning, foreign + spoken) if _turned(view) else (foreign, meaning + spoken)
    front, back = fields.get("f", ""), fields.get("b", "")
    return (back, front) if _turned(view) else (front, back)
