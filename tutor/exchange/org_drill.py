"""org-drill: headings tagged `:drill:` in org files, read with orgparse (extra `org`).

A card's front is its own text (or its heading), its answer the text of an `Answer` heading below,
or else all of it; `[gap||hint]` makes a cloze. A card that failed has no date.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tutor.errors import UsageError
from tutor.exchange.notes import Found, Note, cloze, typed_or_prose

_GAP = re.compile(r"(?<!\[)\[(?!\[|\d{4}-\d\d-\d\d|[ X-]\])(?P<gap>[^\[\]\n]+)\](?![\](])")
_LINK = re.compile(r"\[\[(?P<target>[^\]]+)\](?:\[(?P<text>[^\]]+)\])?\]")
_EMPHASIS = (
    (re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)"), r"**\1**"),
    (re.compile(r"(?<![\w:/])/(\S(?:[^/\n]*\S)?)/(?!\w)"), r"*\1*"),
    (re.compile(r"(?<!\w)[=~](\S(?:[^=~\n]*\S)?)[=~](?!\w)"), r"`\1`"),
)
_SOURCE = re.compile(r"^#\+begin_src ?(\w*).*?$\n(.*?)^#\+end_src\s*$", re.M | re.S | re.I)
_ANSWERS = {"answer", "the answer", "back"}


def looks(text: str) -> bool:
    """Whether a heading carries the tag."""
    return bool(re.search(r"^\*+ .*:drill:", text, re.MULTILINE))


def read(text: str, name: str) -> Found:
    """Every heading that itself carries the tag.

    Raises UsageError when orgparse is not installed.
    """
    try:
        import orgparse  # heavy for a start-up, and an extra
    except ImportError as error:
        raise UsageError(
            f"{name} is an org file",
            "Reading it needs the package orgparse.",
            "Install it: pip install 'nn-tutor[org]'",
        ) from error
    found = Found("org-drill")
    for node in orgparse.loads(text)[1:]:
        # Inherited tags would make cards of the headings below a card.
        if "drill" in node.shallow_tags:
            _card(found, node)
    return found


def _card(found: Found, node: Any) -> None:
    heading = node.heading.strip()
    own = _markdown(node.get_body(format="raw"))
    below = [child for child in node.children if child.heading.strip().lower() in _ANSWERS]
    answers = [_markdown(child.get_body(format="raw")) for child in below or node.children]
    tags = tuple(tag for tag in sorted(node.shallow_tags) if tag not in {"drill", "leech"})
    made = cloze(own, _GAP, lambda match: match["gap"].split("||", 1)[0])
    common: dict[str, Any] = {
        "tags": tags,
        "group": "::".join(parent.heading for parent in _parents(node)),
        "source_id": str(node.get_property("ID") or ""),
        "due": _due(node),
        "interval_days": _interval(node),
    }
    if made is not None and not below:
        found.add(Note("cloze", heading, made, node.linenumber, **common))
        return
    front = own if below and own else heading
    answer = "\n\n".join(text for text in answers if text) or own
    kind, prose = typed_or_prose(answer)
    found.add(Note(kind, " ".join(front.split()), prose, node.linenumber, **common))


def _parents(node: Any) -> list[Any]:
    above: list[Any] = []
    parent = node.parent
    while parent is not None and not parent.is_root():
        above.insert(0, parent)
        parent = parent.parent
    return above


def _due(node: Any) -> date | None:
    """The day it is scheduled for; none for one that was failed or never seen."""
    start = node.scheduled.start if node.scheduled else None
    if start is None:
        return None
    return start if type(start) is date else start.date()


def _interval(node: Any) -> int | None:
    given = node.get_property("DRILL_LAST_INTERVAL")
    try:
        return round(float(given)) or None
    except (TypeError, ValueError):
        return None


def _markdown(text: str) -> str:
    """Org's marks as Markdown; drawers and planning lines go."""
    text = re.sub(r"^\s*:[\w-]+:.*?^\s*:END:\s*$", "", text, flags=re.M | re.S)
    text = re.sub(r"^\s*(SCHEDULED|DEADLINE|CLOSED):.*$", "", text, flags=re.M)
    text = _SOURCE.sub(lambda match: f"```{match[1]}\n{match[2]}```", text)
    text = _LINK.sub(lambda match: f"[{match['text'] or match['target']}]({match['target']})", text)
    for pattern, made in _EMPHASIS:
        text = pattern.sub(made, text)
    return text.strip()
