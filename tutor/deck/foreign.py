"""Tells of marks of other programs that a terminal would show as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tutor.deck.rules import Findings

_ROLE = r"(?:cite|numref|eqref|ref|label|eqlabel|figref|math|term|doc)"
# What each is called, and what tells it.
_FOREIGN: Final = (
    ("a reference of Sphinx", re.compile(rf"(?<!`):{_ROLE}[a-z:]*:`|(?<!`)\{{{_ROLE}[a-z:]*\}}`")),
    ("a gap of Anki, here ==gap==", re.compile(r"(?<![`$])\{\{c\d+::")),
    ("a tag of Jekyll", re.compile(r"(?<!`)\{%-? [^%{}]+%\}|(?<!`)\{: ?[.#][^{}]+\}")),
    ("a box of Pandoc", re.compile(r"^\s*:{3,}(?=[ {\w]|$)")),
)
_ANY: Final = re.compile(r":`|\}`|\{\{c|\{%|\{:|:::")


def lint_foreign(lines: Iterable[str], first: int, findings: Findings) -> None:
    """Report the marks of other programs in `lines`, the first of which is line `first`."""
    for at, line in enumerate(lines, first):
        if not _ANY.search(line):
            continue
        for name, form in _FOREIGN:
            if found := form.search(line):
                shown = line[found.start() :].strip()[:20]
                message = f"`{shown}` is {name}, and is shown as typed: take it out."
                findings.add(at, "unread-mark", message)
