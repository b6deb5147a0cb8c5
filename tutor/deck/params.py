"""Reads a `params` block: assignments, requirements and named misconceptions, one a line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tutor.deck.expr import draw
from tutor.deck.model import Numeric, Params, Wrong
from tutor.deck.rules import Findings
from tutor.deck.walker import ExprError, Value, parsed

MAX_LINES = 60
LINT_SEEDS = 3
MOST_IN_VAIN = 10

_ASSIGN = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)\s*(.+)")
_REQUIRE = re.compile(r"require\s+(.+)")
_WRONG = re.compile(r'wrong\s+"([^"]+)"\s*=(?!=)\s*(.+)')


def params(content: str, line: int, findings: Findings) -> Params:
    """The block whose first line stands at `line`; what cannot be read is reported."""
    assignments: list[tuple[str, str]] = []
    requires: list[str] = []
    wrongs: list[Wrong] = []
    rows = content.split("\n")
    if len(rows) > MAX_LINES:
        findings.add(line, "params", f"More than {MAX_LINES} lines of parameters.")
        return Params()
    for number, row in enumerate((row.strip() for row in rows), line):
        if not row or row.startswith("#"):
            continue
        if row.startswith("require") and (match := _REQUIRE.fullmatch(row)):
            requires.append(match[1])
        elif row.startswith("wrong") and (match := _WRONG.fullmatch(row)):
            wrongs.append(Wrong(match[1], match[2]))
        elif match := _ASSIGN.fullmatch(row):
            assignments.append((match[1], match[2]))
        else:
            wanted = 'name = ..., require ... or wrong "slip" = ...'
            findings.add(number, "params", f"`{row[:60]}` is not {wanted}.")
            continue
        _try_parse(match[match.lastindex or 0], number, findings)
    return Params(tuple(assignments), tuple(requires), tuple(wrongs))


def try_draws(
    block: Params, answer: Numeric, line: int, findings: Findings
) -> list[Mapping[str, Value]]:
    """The values of a few instances; a block that cannot be drawn is reported.

    A draw in vain takes long: after ten of them in a file no further block is tried.
    """
    if findings.in_vain >= MOST_IN_VAIN:
        return []
    try:
        return [draw(block, seed, answer).values for seed in range(LINT_SEEDS)]
    except ExprError as error:
        findings.in_vain += 1
        after = "" if findings.in_vain < MOST_IN_VAIN else " The blocks below are not tried."
        findings.add(line, "params", f"The block cannot be drawn: {error}.{after}")
        return []


def _try_parse(expr: str, line: int, findings: Findings) -> None:
    try:
        parsed(expr)
    except ExprError as error:
        findings.add(line, "params", f"{error}.")
