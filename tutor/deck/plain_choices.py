"""The quick way through a card of options and a note, which most marked cards are.

Only one shape is taken: options of one line, each with reasons quoted below it, and alerts, all
of them plain. Their tokens are those that the parser would make.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

_TEXT = r"(?:[^\W\d_]|\"|\$(?!\$)|\d(?!\d*[.)](?:\s|$)))[^\n]*"
_OPTION = re.compile(rf"- \[([ x])\] ({_TEXT})")
_REASON = re.compile(rf"  > ({_TEXT})")
_ALERT = re.compile(r"> \[!(NOTE|TIP)\]")
_QUOTED = re.compile(rf"> ({_TEXT})")


def choice_list(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    """The tokens of the options that begin in line `at`, and the line after them.

    None if there is no such list, or anything else in it.
    """
    items: list[Token] = []
    first = at
    while at < end and (option := _OPTION.fullmatch(lines[at])):
        reasons, after = _run(_REASON, lines, at + 1, end)
        last = _next(lines, after, end) if _blank(lines, after, end) else after
        meta = {"checked": option[1] == "x"}
        items.append(_tag("list_item", "li", 1, 1, "-", [at, last], "task-list-item", meta))
        items += _paragraph([option[2]], at, at + 1, 2, hidden=True)
        if reasons:
            items.append(_tag("blockquote", "blockquote", 1, 2, ">", [at + 1, after]))
            items += _paragraph(reasons, at + 1, after, 3)
            items.append(_tag("blockquote", "blockquote", -1, 2, ">"))
        items.append(_tag("list_item", "li", -1, 1, "-"))
        at = last
        if _blank(lines, after, end):
            break
    if not items or (at < end and not _stands_apart(lines, at)):
        return None
    opening = _tag("bullet_list", "ul", 1, 0, "-", [first, at], "contains-task-list")
    return [opening, *items, _tag("bullet_list", "ul", -1, 0, "-")], at


def alert(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    """The tokens of the note or tip that begins in line `at`, and the line after it.

    None if there is no such alert, or anything but plain text in it.
    """
    head = _ALERT.fullmatch(lines[at])
    rows, after = _run(_QUOTED, lines, at + 1, end) if head else ([], at)
    if not head or not rows or (after < end and lines[after].strip()):
        return None
    kind = head[1]
    opening = _tag("alert", "div", 1, 0, ">", [at, after], meta={"kind": kind})
    opening.info, opening.attrs = kind, {"class": f"markdown-alert markdown-alert-{kind.lower()}"}
    title = Token("inline", "", 0, level=2, children=[], content=kind.capitalize(), block=True)
    return [
        opening,
        _tag("alert_title", "p", 1, 1, classes="markdown-alert-title"),
        title,
        _tag("alert_title", "p", -1, 1),
        *_paragraph(rows, at + 1, after, 1),
        _tag("alert", "div", -1, 0, ">"),
    ], after


def _run(wanted: re.Pattern[str], lines: Sequence[str], at: int, end: int) -> tuple[list[str], int]:
    """What stands in the lines from `at` that all have the wanted form, and where they end."""
    rows: list[str] = []
    while at < end and (found := wanted.fullmatch(lines[at])):
        rows.append(found[1])
        at += 1
    return rows, at


def _blank(lines: Sequence[str], at: int, end: int) -> bool:
    return at < end and not lines[at].strip()


def _next(lines: Sequence[str], at: int, end: int) -> int:
    """The line after blank ones; for the parser, what follows the last line feed is none."""
    while _blank(lines, at, end):
        at += 1
    return min(at, end - 1)


def _stands_apart(lines: Sequence[str], at: int) -> bool:
    """Whether what follows a list surely belongs to it no more."""
    line = lines[at]
    after_blank = not lines[at - 1].strip()
    return not line.strip() or (
        after_blank and (line[0].isalpha() or _ALERT.fullmatch(line) is not None)
    )


def _tag(
    name: str,
    tag: str,
    nesting: int,
    level: int,
    markup: str = "",
    rows: list[int] | None = None,
    classes: str = "",
    meta: dict[str, object] | None = None,
) -> Token:
    token = Token(
        f"{name}_{'open' if nesting > 0 else 'close'}",
        tag,
        -1 if nesting < 0 else 1,
        map=rows,
        level=level,
        markup=markup,
        meta=meta or {},
        block=True,
    )
    if classes:
        token.attrs = {"class": classes}
    return token


def _paragraph(
    rows: list[str], start: int, end: int, level: int, *, hidden: bool = False
) -> list[Token]:
    opening = _tag("paragraph", "p", 1, level, rows=[start, end])
    closing = _tag("paragraph", "p", -1, level)
    opening.hidden = closing.hidden = hidden
    text = "\n".join(rows).strip()
    inner = Token(
        "inline", "", 0, map=[start, end], level=level + 1, children=[], content=text, block=True
    )
    return [opening, inner, closing]
