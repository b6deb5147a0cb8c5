"""Evaluates `<!-- check expr = value -->`, which guards a number that follows from a formula."""

from __future__ import annotations

import re

from tutor.deck import answer_line
from tutor.deck.comments import Comment
from tutor.deck.expr import accepts
from tutor.deck.format import significant
from tutor.deck.model import Numeric
from tutor.deck.rules import Findings
from tutor.deck.walker import ExprError, evaluate, number

# The last `=` that is no part of a comparison.
_SPLIT = re.compile(r"(.+)(?<![=!<>])=(?!=)(.+)", re.DOTALL)


def check(found: Comment, findings: Findings) -> None:
    """Report the comment unless its expression has the value that it states."""
    message = _fault(" ".join(found.rest.split()))
    if message:
        findings.add(found.line, "false-check", message)


def _fault(text: str) -> str:
    """Why the check does not hold; empty when it does."""
    parts = _SPLIT.fullmatch(text)
    if parts is None:
        return f"`{text[:60]}` is not `expression = value`."
    try:
        value = number(evaluate(parts[1], {}))
        wanted = _wanted(parts[2])
        if accepts(wanted, value, {}):
            return ""
    except ExprError as error:
        return f"{error}."
    return f"{parts[1].strip()[:60]} is {_precise(value)}, not {parts[2].strip()[:60]}."


def _wanted(text: str) -> Numeric:
    """The stated value with its tolerance; an expression stands for an exact value."""
    try:
        stated = answer_line.answer(text)
    except ExprError:
        stated = Numeric(repr(number(evaluate(text, {}))))
    if not isinstance(stated, Numeric):
        raise ExprError(f"`{text[:60]}` is not a number")
    return stated


def _precise(value: float) -> str:
    return significant(value, digits=8)
