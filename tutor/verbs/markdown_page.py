"""Pages of Markdown: tables, and texts that mean themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table with an empty line after it."""
    yield _row(head)
    yield _row(["---"] * len(head))
    for row in rows:
        yield _row(list(map(escaped, row)))
    yield ""


def escaped(text: str) -> str:
    """A text of one line for Markdown, in which it means itself."""
    for sign in "\\`*_[]<>|#$~":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
