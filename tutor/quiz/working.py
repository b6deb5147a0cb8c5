"""The worked-out answer: every assignment of a `params` block with its numbers put in.

`ans = n_in * n_out + n_out` becomes `ans = n_in × n_out + n_out = 128 × 24 + 24 = 3,096`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tutor.deck.format import MINUS, REFERENCE, references, show, with_minus
from tutor.deck.model import Card, Numeric

_DRAWN = re.compile(r"\b(?:int|pick|real)\s*\(")
_NAME = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)(?!\w*\s*\()|\s*\*\*?\s*|(?<![\d.][eE])-"""
)
_SIGNS = {"**": "^", "*": " × ", "-": MINUS}


def worked(card: Card, values: Mapping[str, Any]) -> tuple[str, ...]:
    """One line an assignment: what was drawn, then each formula, its numbers and its value.

    Only what the question shows or the answer needs is told; names of a misconception are not.
    The answer's own line ends as the card writes it, so that rounding never contradicts it.
    """
    if not isinstance(card.answer, Numeric) or card.answer.params is None:
        return ()
    templates = (card.answer.value, *(card.answer.interval or ()))
    written = {
        found[1]: found[0] for text in templates for found in REFERENCE.finditer(text) if found[2]
    }
    assigned = dict(card.answer.params.assignments)
    needed = _needed(assigned, references("".join((*templates, card.front))))
    return tuple(
        _line(name, expr, values, written.get(name))
        for name, expr in assigned.items()
        if name in needed
    )


def _needed(assigned: Mapping[str, str], wanted: list[str]) -> set[str]:
    """The names wanted and those that their formulas use, directly or not."""
    needed: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in needed:
            needed.add(name)
            wanted += _NAME.findall(assigned.get(name, ""))
    return needed


def _line(name: str, expr: str, values: Mapping[str, Any], written: str | None) -> str:
    value = with_minus(show(written, values)) if written else _shown(name, values)
    if _DRAWN.search(expr):
        return f"{name} = {value}"
    steps = (name, _readable(expr, {}), _readable(expr, values), value)
    # A plain copy or a constant would only say the same again.
    return " = ".join(dict.fromkeys(steps))


def _readable(expr: str, values: Mapping[str, Any]) -> str:
    def word(found: re.Match[str]) -> str:
        name = found["name"]
        if name in values:
            shown = _shown(name, values)
            alone = expr[: found.start()].endswith("(") and expr[found.end() :].startswith(")")
            if alone:
                return shown
            return f"({shown})" if shown.startswith(MINUS) else shown
        return _SIGNS.get(found[0].strip(), found[0])

    return _TOKEN.sub(word, expr)


def _shown(name: str, values: Mapping[str, Any]) -> str:
    shown = show(f"@{{{name}}}", values)
    return f"[{shown}]" if isinstance(values[name], list) else shown
