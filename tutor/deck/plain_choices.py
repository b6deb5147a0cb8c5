"""The quick way through a card of options and a note, which most marked cards are.

Only one shape is taken: options of one line, each with reasons quoted below it, and alerts, all
of them plain. Their tokens are those that the parser would make.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from markdown_it.token import Token

# Begins no list, quote, fence, heading, table, formula, HTML or definition, and underlines nothing.
TEXT = (
    r"(?:[^\W\d_]|[\"(@]|[^\x00-\x7f\s]|=+ *[^\s=]|\*\*?[^\s*]|`(?!``)|\$(?!\$)"
    r"|\d(?!\d*[.)](?:\s|$)))[^\n]*"
)
_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->[ \t]*")
_OPTION = re.compile(rf"- \[([ x])\] ({TEXT})")
_ITEM = re.compile(rf"- ()({TEXT})")
_STEP = re.compile(rf"([1-9]\d{{0,8}})\. ({TEXT})")
_REASON = re.compile(rf"  > ({TEXT})")
_ALERT = re.compile(r"> \[!(NOTE|TIP)\]")
_QUOTED = re.compile(rf"> ({TEXT})")


def choice_list(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    """The tokens of the options, or items, that begin in line `at`, and the line after them.

    None if there is no such list, or anything else in it.
    """
    if lines[at][0] != "-":
        return _steps(lines, at, end)
    items: list[Token] = []
    first = at
    form = _OPTION if lines[at].startswith("- [") else _ITEM
    classes = ("task-list-item", "contains-task-list") if form is _OPTION else ("", "")
    while at < end and (option := form.fullmatch(lines[at])):
        reasons, after = _run(_REASON, lines, at + 1, end)
        last = _after_blanks(lines, after, end)
        meta: dict[str, object] = {"checked": option[1] == "x"} if option[1] else {}
        items.append(_opening("list_item", "li", 1, [at, last], "-", classes[0], meta))
        items += paragraph(option[2].strip(), at, at + 1, 2, hidden=True)
        if reasons:
            items.append(_opening("blockquote", "blockquote", 2, [at + 1, after], ">"))
            items += paragraph(_joined(reasons), at + 1, after, 3)
            items.append(closing("blockquote", "blockquote", 2, ">"))
        items.append(closing("list_item", "li", 1, "-"))
        at = last
        if _blank(lines, after, end):
            break
    if not items or (at < end and not _stands_apart(lines, at)):
        return None
    opening = _opening("bullet_list", "ul", 0, [first, at], "-", classes[1])
    return [opening, *items, closing("bullet_list", "ul", 0, "-")], at


def alert(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    """The tokens of the note or tip that begins in line `at`, and the line after it.

    None if there is no such alert, or anything but plain text in it.
    """
    head = _ALERT.fullmatch(lines[at])
    rows, after = _run(_QUOTED, lines, at + 1, end) if head else ([], at)
    if not head or not rows:
        return None
    if after < end and not is_blank(lines[after]) and not is_comment(lines[after]):
        return None
    kind = head[1]
    classes = f"markdown-alert markdown-alert-{kind.lower()}"
    opening = _opening("alert", "div", 0, [at, after], ">", classes, {"kind": kind})
    opening.info = kind
    inner = paragraph(_joined(rows), at + 1, after, 1)
    return [opening, *_title(kind), *inner, closing("alert", "div", 0, ">")], after


def _steps(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    """The same for items with numbers, under none of which anything stands."""
    items: list[Token] = []
    first = at
    while at < end and (step := _STEP.fullmatch(lines[at])):
        last = _after_blanks(lines, at + 1, end)
        item = _opening("list_item", "li", 1, [at, last], ".")
        item.info = step[1]
        items += [item, *paragraph(step[2].strip(), at, at + 1, 2, hidden=True)]
        items.append(closing("list_item", "li", 1, "."))
        apart, at = last > at + 1 or _blank(lines, at + 1, end), last
        if apart:
            break
    if not items or (at < end and not _stands_apart(lines, at)):
        return None
    opening = _opening("ordered_list", "ol", 0, [first, at], ".")
    if items[0].info != "1":
        opening.attrs = {"start": int(items[0].info)}
    return [opening, *items, closing("ordered_list", "ol", 0, ".")], at


@cache
def _title(kind: str) -> tuple[Token, ...]:
    """The title of an alert, which no line of the file says: the same tokens for all."""
    attrs: dict[str, str | int | float] = {"class": "markdown-alert-title"}
    return (
        Token("alert_title_open", "p", 1, attrs, level=1, block=True),
        Token("inline", "", 0, level=2, children=[], content=kind.capitalize(), block=True),
        closing("alert_title", "p", 1),
    )


def _joined(rows: list[str]) -> str:
    return "\n".join(rows).strip()


def is_comment(line: str) -> bool:
    """Whether a line is a comment and nothing else, which begins and ends a block anywhere."""
    return line.startswith("<!--") and _COMMENT.fullmatch(line) is not None


def is_blank(line: str) -> bool:
    """Whether a line parts blocks; one with another blank, such as a no-break space, does not."""
    return not line or not line.strip(" \t")


def _run(wanted: re.Pattern[str], lines: Sequence[str], at: int, end: int) -> tuple[list[str], int]:
    """What stands in the lines from `at` that all have the wanted form, and where they end."""
    rows: list[str] = []
    while at < end and (found := wanted.fullmatch(lines[at])):
        rows.append(found[1])
        at += 1
    return rows, at


def _blank(lines: Sequence[str], at: int, end: int) -> bool:
    return at < end and is_blank(lines[at])


def _after_blanks(lines: Sequence[str], at: int, end: int) -> int:
    """The line after blank ones; for the parser, what follows the last line feed is none."""
    first = at
    while _blank(lines, at, end):
        at += 1
    return max(first, min(at, end - 1))


def _stands_apart(lines: Sequence[str], at: int) -> bool:
    """Whether what follows a list surely belongs to it no more."""
    line = lines[at]
    after_blank = is_blank(lines[at - 1])
    return is_blank(line) or (
        after_blank and (line[0].isalpha() or _ALERT.fullmatch(line) is not None)
    )


def _opening(
    name: str,
    tag: str,
    level: int,
    rows: list[int],
    markup: str,
    classes: str = "",
    meta: dict[str, object] | None = None,
) -> Token:
    attrs: dict[str, str | int | float] = {"class": classes} if classes else {}
    return Token(
        f"{name}_open", tag, 1, attrs, rows, level, markup=markup, meta=meta or {}, block=True
    )


@cache
def closing(name: str, tag: str, level: int, markup: str = "", hidden: bool = False) -> Token:
    """The token that ends a block: the same one for all of them, for it says nothing else."""
    return Token(f"{name}_close", tag, -1, level=level, markup=markup, block=True, hidden=hidden)


def paragraph(
    text: str, start: int, end: int, level: int = 0, *, hidden: bool = False
) -> list[Token]:
    """The tokens of a paragraph."""
    return [
        Token("paragraph_open", "p", 1, {}, [start, end], level, block=True, hidden=hidden),
        Token("inline", "", 0, {}, [start, end], level + 1, [], text, block=True),
        closing("paragraph", "p", level, hidden=hidden),
    ]
