"""Makes `docs/seeds.md` of the results of the sweep: `python -m findings.seeds.table`.

And `demos/seeds.json`, by which the program tells what other seeds do beside a single run.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from findings.seeds import results, swept
from findings.seeds.cases import CASES
from findings.seeds.rows import FAR, Row, rows_of

PAGE = Path(__file__).parents[2] / "docs" / "seeds.md"
RECORD = PAGE.parents[1] / "demos" / "seeds.json"
TEMPLATE = Path(__file__).with_name("template.md")


def number(x: float) -> str:
    """Three digits; whole numbers as they are."""
    return f"{x:,.0f}" if x == int(x) and abs(x) < 1e6 else f"{x:.3g}"


def spread(numbers: list[float]) -> str:
    """Lowest, median and highest; one number where they look the same."""
    if not numbers:
        return ""
    low, middle, high = map(number, (min(numbers), statistics.median(numbers), max(numbers)))
    return low if low == high else f"{low} / **{middle}** / {high}"


def claim(row: Row) -> str:
    """The claim as a cell."""
    return row.judged.claim.replace("*", "…").replace("|", r"\|").rstrip(":")


def setting(knobs: str) -> str:
    """The knobs that are changed."""
    return f"`{knobs}`" if knobs else ""


def separating(row: Row) -> str:
    """The cells on the wrong setting and on what lies halfway."""
    if row.judged.wrong is None:
        return f"none: {row.judged.why} | | | |"
    wrong = spread(row.wrong) + (f" ({row.lost} diverged)" if row.lost else "")
    halfway = place = ""
    if row.judged.scale == "border":
        place = "border"
    elif row.halfway is not None and row.place is not None:
        halfway = number(row.halfway) + (" (log)" if row.judged.scale == "log" else "")
        halfway += "" if row.judged.apart is None else f" from {number(row.judged.apart)}"
        place = f"{row.place:.2f}"
    fails = f"{row.wrong_fails} of {row.wrong_runs}"
    return f"{setting(row.judged.wrong)} | {fails} | {wrong} | {halfway} | {place}"


def unbroken(row: Row) -> str:
    """The cell on why no setting breaks a verdict."""
    return row.judged.why


def table(rows: Iterable[Row], last: Callable[[Row], str]) -> str:
    """A line for each verdict; `last` gives the cells after those that all tables have."""
    lines = []
    for row in rows:
        demo = " ".join(filter(None, (row.case.demo, setting(row.case.right))))
        threshold = f"{row.relation} {spread(row.thresholds)}"
        holds = f"{row.runs - len(row.failing)} of {row.runs}"
        cells = (demo, claim(row), threshold, holds, spread(row.right), last(row))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def listed(rows: Iterable[Row], say: Callable[[Row], str]) -> str:
    """A list of verdicts by demo and claim with what there is to say; "None." when it is empty."""
    items = [f"- {row.case.demo}, {claim(row)}: {say(row)}" for row in rows]
    return "\n".join(items) or "None."


def failing(row: Row) -> str:
    """The seeds on which it does not hold."""
    return ", ".join(map(str, row.failing))


def far(row: Row) -> str:
    """The threshold and what lies halfway."""
    assert row.halfway is not None
    return f"{row.relation} {spread(row.thresholds)}, halfway is {number(row.halfway)}"


def page(rows: list[Row]) -> str:
    """The whole page."""
    seeds = {seed for row in rows for seed in row.seeds}
    random = [row for row in rows if not row.case.fixed]
    return TEMPLATE.read_text(encoding="utf-8").format(
        seeds=f"{min(seeds)}-{max(seeds)}",
        low=0.5 - FAR,
        high=0.5 + FAR,
        failing=listed((row for row in rows if row.failing), failing),
        far=listed((row for row in rows if row.far), far),
        separating=table((row for row in random if row.judged.wrong is not None), separating),
        unbroken=table((row for row in random if row.judged.wrong is None), unbroken),
        swept=in_crowds(rows, swept.load()),
        fixed=table((row for row in rows if row.case.fixed), separating),
    )


def in_crowds(rows: list[Row], found: Mapping[str, dict[str, Any]]) -> str:
    """A line for each demo that was swept, beside what its runs one by one did."""
    lines = []
    for demo, told in found.items():
        own = [row for row in rows if row.case.demo == demo and not row.case.right]
        failing = {seed for row in own for seed in row.failing}
        alone = f"{own[0].runs - len(failing)} of {own[0].runs}" if own else ""
        middle, low, high, median = (
            number(told[name]) for name in ("mean", "low", "high", "median")
        )
        cells = (demo, f"{told['holds']} of {told['runs']}", alone, f"`{told['metric']}`", middle,
                 f"{low} to {high}", median, str(told["median_seed"]))  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def record(rows: list[Row]) -> str:
    """For each demo that chance plays a part in, with its defaults, how often a verdict holds."""
    found: dict[str, dict[str, object]] = {}
    for case in CASES:
        own = {row.judged.key: row for row in rows if row.case is case and not case.right}
        if own and not case.fixed:
            first = next(iter(own.values()))
            order = next(run.verdicts for run in first.right_results if run.verdicts)
            hold = [own[key].runs - len(own[key].failing) for key in order]
            found[case.demo] = {"runs": first.runs, "hold": hold}
    lines = [f"{json.dumps(demo)}: {json.dumps(counts)}" for demo, counts in found.items()]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--results", type=Path, default=results.FILE)
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--record", type=Path, default=RECORD)
    options = parser.parse_args()
    rows = rows_of(CASES, results.load(options.results))
    options.page.write_text(page(rows), encoding="utf-8")
    options.record.write_text(record(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
