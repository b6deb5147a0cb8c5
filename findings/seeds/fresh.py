"""Which results still count: those whose code is what it was, or gives the numbers that it gave.

A comment, a docstring or an annotation decides no number, so the hash of a demo's sources leaves
them out. Nor does a loop that was made faster: where the hash is another, one seed of each setting
is run again, and where its numbers are those that were kept, so are those of the other seeds.
"""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from demos import catalog
from findings.seeds.results import Key, Number, Result

# Numbers that are alike: to a thousandth, or both nothing but rounding.
SHARE, ROUNDING = 1e-3, 1e-6

Setting = tuple[str, str]


@cache
def sources(demo: str) -> str:
    """A hash of what decides in a demo's file and in the engine's files that it uses."""
    digest = hashlib.sha256()
    for path in catalog.sources(demo):
        digest.update(deciding(path))
    return digest.hexdigest()[:8]


def deciding(path: Path) -> bytes:
    """A Python file without comments, docstrings and annotations; any other as it is."""
    written = path.read_bytes()
    if path.suffix != ".py":
        return written
    tree = _Bare().visit(ast.parse(written))
    return ast.unparse(tree).encode()


class _Bare(ast.NodeTransformer):
    """Takes away what Python only keeps for readers; fields of a class keep their annotations."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """A string that stands for itself is a docstring."""
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if text else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Without what it says of its arguments and its result."""
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """An argument's name alone."""
        node.annotation = None
        return node


def old(done: Mapping[Key, Result], keys: Iterable[Key]) -> dict[Setting, list[Key]]:
    """By setting those of `keys` whose results are of other sources."""
    found: dict[Setting, list[Key]] = {}
    for key in keys:
        if key in done and done[key].sources != sources(key[0]):
            found.setdefault(key[:2], []).append(key)
    return found


def confirmed(
    done: Mapping[Key, Result], aged: Mapping[Setting, list[Key]], again: Iterable[Result]
) -> Iterator[Result]:
    """Results that count again, of each setting of which one run gave the numbers it had."""
    for result in again:
        if alike(done[result.at], result):
            for key in aged[result.at[:2]]:
                yield replace(done[key], sources=result.sources)


def alike(kept: Result, now: Result) -> bool:
    """Whether two results of the same run say the same."""
    if kept.verdicts.keys() != now.verdicts.keys():
        return False
    pairs = ((kept.verdicts[key], now.verdicts[key]) for key in now.verdicts)
    same = all(_near(a, b) for a, b in pairs)
    return same and all(kept.holds(key) == now.holds(key) for key in now.verdicts)


def _near(a: Number, b: Number) -> bool:
    (x, relation, limit), (y, other, new_limit) = a, b
    if relation != other or not math.isclose(limit, new_limit, rel_tol=ROUNDING):
        return False
    if x is None or y is None:
        return x is y
    return math.isclose(x, y, rel_tol=SHARE, abs_tol=ROUNDING)
