"""`tutor sweep`: many runs of a demo over its knobs and over seeds. Was it luck?"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor import paths
from tutor.errors import UsageError
from tutor.text.printing import say, say_json, tell, watched
from tutor.verbs.progress_line import clear, show

if TYPE_CHECKING:
    from demos.sweep import Row
    from tutor.lab.sweep.plan import Plan
    from tutor.lab.sweep.running import Sweep

WIDEST = 40  # cells that are told one by one where no one asked for a file


def run(args: argparse.Namespace, place: paths.Place) -> int:
    """Sweep; rows on stdout with --json, into a file with --csv, else a table of the cells.

    Raises NotFoundError, KnobError, UsageError for a plan that cannot be, before anything runs.
    """
    from tutor.lab.sweep import engines, plan

    _named(args)
    planned = plan.make(args.name, args.set, args.over, args.seeds, args.compare or "")
    count = engines.workers(args.workers)
    engine, no_card = _engine(args, planned)
    kept = _file(args)
    paths.use_kernel_cache(place.cache)
    from tutor.lab.sweep import running

    metric = running.metric_of(planned, args.metric)
    if args.dry_run:
        return _told(args, planned, engine, no_card, running.estimate(planned, count))
    sweep = running.start(planned, metric, engine, count, kept, args.cluster or "", no_card)
    _go(args, sweep)
    summary = sweep.summary()
    if args.json:
        say_json({"summary": summary})
    else:
        say("\n".join(_table(planned, summary)))
    return 0


def _named(args: argparse.Namespace) -> None:
    """Raise UsageError for an option that is empty, as by a script's variable."""
    for name in ("metric", "compare", "cluster", "csv", "resume"):
        if getattr(args, name) == "":
            raise UsageError("An option without its value", f"--{name} is empty.", "Name one.")


def _engine(args: argparse.Namespace, planned: Plan) -> tuple[str, str]:
    """Who does the runs, and why no card does."""
    from tutor.lab.sweep import engines

    if args.cluster and args.engine not in ("auto", "dask"):
        raise UsageError(
            "A cluster without its engine", f"--engine {args.engine} has no cluster.",
            "Leave --cluster out, or take --engine dask.",
        )  # fmt: skip
    engine, no_card = ("dask", "") if args.cluster else engines.chosen(args.engine, planned)
    if engine == "dask" and not args.cluster:
        raise UsageError(
            "Which cluster?", "--engine dask needs one.", "Add --cluster tcp://HOST:PORT"
        )
    return engine, no_card


def _file(args: argparse.Namespace) -> Path | None:
    """Where rows are kept and found again: --resume, or --csv; they are the same if both."""
    if args.resume and args.csv and Path(args.resume) != Path(args.csv):
        raise UsageError(
            "Two files of rows",
            f"{args.resume} and {args.csv}.",
            "Name one: it is read and added to.",
        )
    name = args.resume or args.csv
    if not name:
        return None
    path = Path(name)
    _writable(path)
    if args.csv and path.suffix.lower() != ".csv":
        raise UsageError("No CSV by its name", f"{name!r}.", "Give it the ending .csv.")
    if args.csv and not args.resume and path.exists() and path.stat().st_size:
        raise UsageError(
            "The file is there already", f"{name}.",
            f"Go on with it by --resume {name}, or name a new one.",
        )  # fmt: skip
    return path


def _writable(path: Path) -> None:
    """Raise UsageError where no rows could be kept, before they cost anything."""
    folder = path.absolute().parent
    why = ""
    if not folder.is_dir():
        why = f"There is no folder {folder}."
    elif path.is_dir():
        why = f"{path} is a folder."
    elif path.exists() and not path.is_file():
        why = f"{path} is no ordinary file."
    elif not os.access(path if path.exists() else folder, os.W_OK):
        why = f"{path} may not be written."
    if why:
        raise UsageError("The rows cannot be kept there", why, "Choose another file.")


def _go(args: argparse.Namespace, sweep: Sweep) -> None:
    from tutor.lab.sweep.running import in_words

    looked_on = watched(sys.stderr)
    printed = args.json and not _same_file(sweep)

    def on_rows(rows: list[Row]) -> None:
        if printed:
            _print(rows)
        if looked_on:
            done = f"{len(sweep.rows):,} of {sweep.plan.runs:,} runs"
            show(f"{sweep.plan.spec.name}: {done}, {in_words(sweep.left())} left", sys.stderr)

    if looked_on and sweep.rows:
        tell(f"{len(sweep.rows):,} runs are there already.")
    try:
        sweep.run(on_rows)
    except KeyboardInterrupt:
        if looked_on:
            clear(sys.stderr)
        tell(_stopped(sweep))
        raise
    finally:
        if looked_on:
            clear(sys.stderr)


def _stopped(sweep: Sweep) -> str:
    """What a sweep that was stopped leaves behind, and how to go on."""
    done = f"Stopped: {len(sweep.rows):,} of {sweep.plan.runs:,} runs"
    if sweep.file is None:
        return f"{done}, which no file has; with --csv or --resume FILE one goes on from there."
    return f"{done} are in {sweep.file.path}; --resume {sweep.file.path} goes on."


def _print(rows: list[Row]) -> None:
    from tutor.lab.sweep.rows import as_json

    for row in rows:
        say_json(as_json(row))


def _same_file(sweep: Sweep) -> bool:
    """Whether stdout is the very file that rows are kept in."""
    if sweep.file is None or not sweep.file.path.exists():
        return False
    try:
        return os.path.samestat(os.fstat(sys.stdout.fileno()), sweep.file.path.stat())
    except (OSError, ValueError):
        return False


def _told(
    args: argparse.Namespace, planned: Plan, engine: str, no_card: str, seconds: float
) -> int:
    """What would be run, and about how long it would take."""
    from tutor.lab.sweep.plan import size
    from tutor.lab.sweep.running import in_words

    if args.json:
        say_json({"summary": {
            "demo": planned.spec.name, "cells": planned.cells, "runs": planned.runs,
            "engine": engine, "no_card": no_card or None, "seconds": round(seconds, 1),
        }})  # fmt: skip
        return 0
    why = f" No card: {no_card}." if no_card else ""
    by = f"{size(planned)}: {planned.runs:,} runs by {engine}, about {in_words(seconds)}"
    say(f"{planned.spec.name}: {by}. Nothing was run.{why}")
    return 0


def _table(planned: Plan, summary: dict[str, Any]) -> list[str]:
    """The cells for a reader: runs, the number's mean and interval, how many hold."""
    names = [axis.knob for axis in planned.swept]
    head = [*names, "runs", summary["metric"], "95 % interval", "median seed", "hold"]
    rows = [head, *(_cell(cell, names) for cell in summary["cells"][:WIDEST])]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    hidden = len(summary["cells"]) - WIDEST
    if hidden > 0:
        lines.append(f"… and {hidden:,} cells more: --csv FILE or --json has them all.")
    took = f"{summary['runs']:,} runs in {summary['seconds']:.1f} s by {summary['engine']}"
    lost = summary["runs"] - summary["finite"]
    why = f" No card: {summary['no_card']}." if summary["no_card"] else ""
    lines += ["", (f"{took}; {lost:,} left the finite range." if lost else f"{took}.") + why]
    return lines + _compared(summary)


def _cell(cell: dict[str, Any], names: list[str]) -> list[str]:
    from tutor.lab.knobs import shown_value

    middle = _number(cell["mean"])
    interval = f"{_number(cell['low'])} to {_number(cell['high'])}"
    return [
        *(shown_value(cell["knobs"][name]) for name in names), str(cell["runs"]), middle, interval,
        str(cell["median_seed"]), f"{cell['holds']} of {cell['runs']}",
    ]  # fmt: skip


def _compared(summary: dict[str, Any]) -> list[str]:
    from tutor.lab.knobs import shown_value

    compare = summary["compare"]
    if not compare:
        return []
    first, second = map(shown_value, compare["values"])
    found = compare["difference"]
    if found is None:
        return [f"{compare['knob']}: too few pairs are finite to be compared."]
    sides = f"{summary['metric']} at {compare['knob']}={second} less at {first}"
    interval = f"{found['mean']:+.4g} ({found['low']:+.4g} to {found['high']:+.4g})"
    lines = [f"{sides}: {interval}, positive in {found['positive']} of {found['pairs']} pairs."]
    if found["seeds_needed"]:
        lines.append(
            f"So large a difference is seen with {found['seeds_needed']:,} pairs of seeds "
            f"(80 % power); without pairs it takes {found['unpaired']:,} runs a side."
        )
    return lines


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.4g}"
