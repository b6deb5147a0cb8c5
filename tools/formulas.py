"""Renders every formula of a folder of Markdown, or of a `.jsonl`, and prints what falls back.

Run: python tools/formulas.py FOLDER_OR_FILE [--width 76] [--show]

A `.jsonl` has an object with `latex` and, if it knows, `display` in each line. Told are formulas
that cannot be read (they are shown as typed), commands that are not known, grids of which no row
is left a row at the width, and the slowest formula.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.text import latex as reading
from tutor.text import math
from tutor.text.formula import Accent, Fence, Frac, Grid, Node, Root, Row, Script
from tutor.text.markdown import parser
from tutor.text.tokens import LatexError


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, where it stands, and whether it stands alone."""

    latex: str
    where: str
    display: bool


def formulas(path: Path) -> Iterator[Formula]:
    """Every formula of a folder, a Markdown file or a `.jsonl`."""
    if path.is_dir():
        for file in sorted(path.rglob("*.md")):
            yield from formulas(file)
    elif path.suffix == ".jsonl":
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found = json.loads(line)
            where = f"{path.name}:{number} {found.get('file', '')}"
            yield Formula(found["latex"], where, bool(found.get("display")))
    else:
        yield from _of_markdown(path)


def _of_markdown(path: Path) -> Iterator[Formula]:
    for token in parser().parse(path.read_text("utf-8", errors="replace")):
        where = f"{path}:{(token.map or [0])[0] + 1}"
        if token.type.startswith("math_block"):
            yield Formula(token.content, where, True)
        for child in token.children or ():
            if child.type.startswith("math_inline"):
                yield Formula(child.content, where, child.type.endswith("double"))


def grids(node: Node) -> Iterator[Grid]:
    """The grids of several rows in a formula, outside of scripts."""
    match node:
        case Grid():
            if len(node.rows) > 1:
                yield node
        case Row():
            for item in node.items:
                yield from grids(item)
        case Fence() | Root() | Accent():
            yield from grids(node.body)
        case Script():
            yield from grids(node.base)
        case Frac():
            yield from grids(node.above)
            yield from grids(node.below)


def collapsed(latex: str, width: int) -> bool:
    """Whether a formula of several rows has fewer lines than rows in a display."""
    rows = max((len(grid.rows) for grid in grids(reading.read(latex).tree)), default=0)
    return rows > 1 and math.display(latex, width).height < rows


def main() -> int:
    """Print what falls back; 1 if anything does."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("path", type=Path)
    options.add_argument("--width", type=int, default=76)
    options.add_argument("--show", action="store_true", help="print every formula in both forms")
    given = options.parse_args()
    unread: list[tuple[Formula, str]] = []
    unknown: Counter[str] = Counter()
    count, collapses, too_wide, slowest, seconds = 0, 0, 0, "", 0.0
    for formula in formulas(given.path):
        count += 1
        started = time.process_time()
        line, box = math.inline(formula.latex), math.display(formula.latex, given.width)
        if (taken := time.process_time() - started) > seconds:
            slowest, seconds = formula.where, taken
        if given.show:
            print(f"--- {formula.where}\n{formula.latex}\n{line}", *box.lines, sep="\n")
        try:
            unknown.update(reading.read(formula.latex).unknown)
        except LatexError as error:
            unread.append((formula, str(error)))
            continue
        too_wide += box.width > given.width
        if collapsed(formula.latex, given.width):
            collapses += 1
            print(f"collapsed: {formula.where}: {formula.latex[:200]!r}")
    for formula, why in unread:
        print(f"as typed: {formula.where}: {why}: {formula.latex[:200]!r}")
    for command, times in unknown.most_common():
        print(f"unknown: {command} ({times}×)")
    print(
        f"{count:,} formulas: {len(unread)} as typed, {sum(unknown.values())} uses of "
        f"{len(unknown)} unknown commands, {collapses} collapsed and {too_wide} wider than "
        f"{given.width} cells; slowest {seconds * 1000:.1f} ms ({slowest})"
    )
    return 1 if unread or unknown or collapses or too_wide else 0


if __name__ == "__main__":
    raise SystemExit(main())
