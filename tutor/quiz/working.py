"""The worked-out answer: every assignment of a `params` block with its numbers put in.

`ans = n_in * n_out + n_out` becomes `ans = n_in × n_out + n_out = 128 × 24 + 24 = 3,096`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tutor.deck.format import MINUS, show
from tutor.deck.model import Params

_DRAWN = re.compile(r"\b(?:int|pick|real)\s*\(")
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)(?!\w*\s*\()|\s*\*\*?\s*|(?<![\d.][eE])-"""
)
_SIGNS = {"**": "^", "*": " × ", "-": MINUS}


def worked(params: Params, values: Mapping[str, Any]) -> tuple[str, ...]:
    """One line an assignment: what was drawn, then each formula, its numbers and its value."""
    return tuple(_line(name, expr, values) for name, expr in params.assignments)


def _line(name: str, expr: str, values: Mapping[str, Any]) -> str:
    value = _shown(name, values)
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
            return f"({shown})" if shown.startswith(MINUS) else shown
        return _SIGNS.get(found[0].strip(), found[0])

    return _TOKEN.sub(word, expr)


def _shown(name: str, values: Mapping[str, Any]) -> str:
    shown = show(f"@{{{name}}}", values)
    return f"[{shown}]" if isinstance(values[name], list) else shown
