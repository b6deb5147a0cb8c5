"""org-drill: headings tagged `:drill:` in org files, read with orgparse (extra `org`).

A card's front is its own text (or its heading), its answer the text of an `Answer` heading below,
or else all of it; `[gap||hint]` makes a cloze. Of a card of two or many sides each is asked for the
others. A card that failed has no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from textwrap import dedent
from typing import Any

from tutor.errors import UsageError
from tutor.exchange import html
from tutor.exchange.notes import Found, Note, cloze, typed_or_prose

_GAP = re.compile(
    r"(?<!\[)\[(?!\[|\d{4}-\d\d-\d\d|[ X-]\]|#[A-Z]\]|fn:|\d*/\d*\]|\d*%\])"
    r"(?P<gap>[^\[\]\n]+)\](?![\](])"
)
_LINK = re.compile(r"\[\[(?P<target>[^\]]+)\](?:\[(?P<text>[^\]]+)\])?\]")
_PICTURE = re.compile(r"\.(png|jpe?g|gif|svg|webp|bmp)$", re.IGNORECASE)
_EMPHASIS = (
    (re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)"), r"**\1**"),
    (re.compile(r"(?<![\w:/])/(\S(?:[^/\n]*\S)?)/(?!\w)"), r"*\1*"),
)
_VERBATIM = re.compile(r"(?<!\w)([=~])(\S(?:[^\n]*?\S)?)\1(?!\w)")
_BLOCK = re.compile(
    r"^[ \t]*#\+begin_(src|example)\b[ \t]*(?P<language>\w*).*?$\n(?P<code>.*?)"
    r"^[ \t]*#\+end_\1[ \t]*$",
    re.M | re.S | re.I,
)
_FORMULAS = (
    (re.compile(r"\\\((.+?)\\\)", re.S), r"$\1$"),
    (re.compile(r"\\\[(.+?)\\\]", re.S), r"$$\1$$"),
)
# What stays as it is: code and formulas, once they are Markdown.
_KEPT = re.compile(r"(```.*?^```$|`[^`\n]*`|\$\$.+?\$\$|\$[^$\n]+\$)", re.M | re.S)
_ANSWERS = {"answer", "the answer", "back"}
# Which types of cards are a cloze whose gaps are asked one by one; of those that hide or show
# several at once only that is lost.
_ONE_GAP = {"", "simple", "hide1cloze", "multicloze"}
_SEVERAL = {"hide2cloze", "show1cloze", "show2cloze", "hide1_firstmore", "show1_lastmore",
            "show1_firstless"}  # fmt: skip
_SIDES = {"twosided": 2, "multisided": 1_000}


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
            _Item(found, node).take()
    return found


class _Item:
    """One heading and what is below it, while it is read."""

    def __init__(self, found: Found, node: Any) -> None:
        self.found, self.node = found, node
        self.heading = _spans(node.heading.strip())
        self.own = self.markdown(node)
        self.common: dict[str, Any] = {
            "line": node.linenumber,
            "tags": tuple(t for t in sorted(node.shallow_tags) if t not in {"drill", "leech"}),
            "group": "::".join(parent.heading for parent in _parents(node)),
            "source_id": str(node.get_property("ID") or ""),
            "due": _due(node),
            "interval_days": _interval(node),
        }

    def take(self) -> None:
        """Take it by its type, or tell why not."""
        kind = str(self.node.get_property("DRILL_CARD_TYPE") or "").strip().lower()
        if kind in _SIDES:
            self.take_sides(_SIDES[kind])
        elif kind not in _ONE_GAP | _SEVERAL:
            self.found.leave(self.heading, f"cards of the type {kind!r} are not known here",
                             self.node.linenumber)  # fmt: skip
        elif not self.take_gaps(kind):
            self.take_pair()

    def take_sides(self, most: int) -> None:
        """Each of the first sides is asked, for what all others say."""
        sides = [(child.heading.strip(), self.below(child)) for child in self.node.children]
        sides = [(name, text) for name, text in sides if text]
        if len(sides) < 2:
            self.found.leave(self.heading, "it has no two sides", self.node.linenumber)
            return
        for asked, (name, text) in enumerate(sides[:most]):
            front = html.one_line("\n\n".join(filter(None, [self.own, f"{name}: {text}"])))
            others = (f"{n}: {t}" for place, (n, t) in enumerate(sides) if place != asked)
            kind, answer = typed_or_prose("\n\n".join(others))
            self.found.add(Note(kind, front, answer, **self.common))

    def take_gaps(self, kind: str) -> bool:
        """Take it as a cloze; False when it has no gap."""
        kept = [match.span() for match in _KEPT.finditer(self.own)]

        def answer(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end in kept):
                return ""
            return match["gap"].split("||", 1)[0]

        made = cloze(self.own, _GAP, answer)
        if made is None:
            return False
        if kind in _SEVERAL:
            self.found.leave(f"how many gaps of it are hidden at once: {self.heading}",
                             "they are asked one by one", self.node.linenumber)  # fmt: skip
        note = self.answer()
        self.found.add(Note("cloze", self.heading, made, explanation=note, **self.common))
        return True

    def take_pair(self) -> None:
        """Take it as a front and an answer."""
        answered = any(map(_is_answer, self.node.children))
        front = self.own if answered and self.own else self.heading
        kind, prose = typed_or_prose(self.answer() or self.own)
        rest = self.own if self.answer() and front != self.own else ""
        self.found.add(Note(kind, html.one_line(front), prose, explanation=rest, **self.common))

    def answer(self) -> str:
        """The text of the `Answer` headings, else of all headings below."""
        children = [child for child in self.node.children if "drill" not in child.shallow_tags]
        below = [child for child in children if _is_answer(child)] or children
        return "\n\n".join(filter(None, map(self.below, below)))

    def below(self, node: Any) -> str:
        """A heading's text and that of the headings in it."""
        parts = [self.markdown(node)]
        for child in node.children:
            if "drill" not in child.shallow_tags:
                parts += [f"**{_spans(child.heading.strip())}**", self.below(child)]
        return "\n\n".join(filter(None, parts))

    def markdown(self, node: Any) -> str:
        """A heading's own text as Markdown; pictures are told."""
        text = _bare(node.get_body(format="raw"))
        for match in _LINK.finditer(text):
            if _PICTURE.search(match["target"]):
                what = f"a picture of: {self.heading}"
                self.found.leave_once(what, "only text comes in", self.node.linenumber)
        return _spans(text)


def _is_answer(node: Any) -> bool:
    return node.heading.strip().lower() in _ANSWERS


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


def _bare(text: str) -> str:
    """The text without drawers, planning lines, comments and keywords; code in fences."""
    text = re.sub(r"^\s*:[\w-]+:.*?^\s*:END:\s*$", "", text, flags=re.M | re.S | re.I)
    text = re.sub(r"^\s*(SCHEDULED|DEADLINE|CLOSED):.*$", "", text, flags=re.M)
    text = _BLOCK.sub(_fenced, text)
    return _outside(
        text, lambda part: re.sub(r"^[ \t]*(#[ \t].*|#\+[\w-]+:?.*|#)$\n?", "", part, flags=re.M)
    )


def _fenced(match: re.Match[str]) -> str:
    return f"```{match['language'].lower()}\n{dedent(match['code'])}```"


def _spans(text: str) -> str:
    """Org's marks within lines as Markdown, off code and formulas."""
    for pattern, made in _FORMULAS:
        text = pattern.sub(made, text)
    text = _outside(text, lambda part: _VERBATIM.sub(r"`\2`", part))
    return _outside(text, _marked).strip()


def _marked(text: str) -> str:
    text = _LINK.sub(_linked, text)
    # The line below the head of a table.
    text = re.sub(r"^\s*\|[-+]+\|\s*$", lambda m: m[0].replace("+", "|"), text, flags=re.M)
    for pattern, made in _EMPHASIS:
        text = pattern.sub(made, text)
    return text


def _linked(match: re.Match[str]) -> str:
    if _PICTURE.search(match["target"]):
        return match["text"] or ""
    return f"[{match['text'] or match['target']}]({match['target']})"


def _outside(text: str, change: Callable[[str], str]) -> str:
    parts = _KEPT.split(text)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))
