"""Rows as lines of JSON or CSV, written as they come and read again to go on where one stopped."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demos.base import Spec
from demos.sweep import Row
from tutor.errors import KnobError, UnwritableError, UsageError
from tutor.lab import knobs
from tutor.lab.headless import finite
from tutor.lab.sweep.plan import Key, Plan
from tutor.paths import opened

# What reading something else than a row raises; how CSV writes that something holds.
_NO_ROW = (ValueError, KeyError, TypeError, KnobError)
_YES = {"0": False, "1": True}
FIELDS = ("knobs", "seed", "measured", "finite", "holds")


def as_json(row: Row) -> dict[str, Any]:
    """A row as one object; what is not finite is null."""
    values = row.knobs, row.seed, finite(row.measured), row.finite, row.holds
    return dict(zip(FIELDS, values, strict=True))


def checked_row(spec: Spec, found: Any) -> Row:
    """A row from plain data of unknown origin: these fields and knobs, each of its type and range.

    Raises KnobError, and KeyError, TypeError, ValueError or AttributeError for what is no row.
    """
    given, seed, flags = found["knobs"], found["seed"], (found["finite"], found["holds"])
    if set(found) != set(FIELDS) or set(given) != {knob.name for knob in spec.knobs}:
        raise ValueError("its fields are not those of a row")
    if type(seed) is not int or seed < 0 or not all(isinstance(flag, bool) for flag in flags):
        raise ValueError("a seed is a whole number, finite and holds are true or false")
    knobs_found = {knob.name: knobs.checked(knob, given[knob.name]) for knob in spec.knobs}
    measured = {str(name): _measured(value) for name, value in found["measured"].items()}
    return Row(knobs_found, seed, measured, *flags)


def _measured(value: Any) -> float:
    """A number as JSON has it; null is what was not finite."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def new_file(folder: Path, demo: str) -> Path:
    """A name in `folder` that no file has yet. Raises UnwritableError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableError(
            "The folder cannot be made", f"{folder}: {error.strerror}.", "Check its rights."
        ) from error
    names = (folder / f"{demo}-{number}.jsonl" for number in itertools.count(1))
    return next(path for path in names if not path.exists())


def write(path: Path, rows: list[Row]) -> None:
    """Write rows as lines of JSON. Raises UnwritableError."""
    _append(path, "".join(f"{_line(row)}\n" for row in rows))


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8", newline="") as out:
            out.write(text)
    except OSError as error:
        raise UnwritableError(
            "The rows cannot be written", f"{path}: {error.strerror}.", "Choose another file."
        ) from error


class File:
    """A file of rows that grows: CSV by its ending, else lines of JSON. Raises UnwritableError."""

    def __init__(self, path: Path, plan: Plan) -> None:
        self.path, self.plan, self.is_csv = path, plan, path.suffix.lower() == ".csv"
        self._columns: list[str] = []

    def add(self, rows: list[Row]) -> None:
        """Append rows; all of them are there when it returns."""
        text = self._csv(rows) if self.is_csv else "".join(f"{_line(row)}\n" for row in rows)
        _append(self.path, text)

    def _csv(self, rows: list[Row]) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        begun = self.path.exists() and self.path.stat().st_size > 0
        if not self._columns:
            self._columns = list(rows[0].measured)
        if not begun:
            writer.writerow([*rows[0].knobs, "seed", *self._columns, "finite", "holds"])
        for row in rows:
            shown = (knobs.shown_value(v) if isinstance(v, bool) else v for v in row.knobs.values())
            numbers = (row.measured.get(name, math.nan) for name in self._columns)
            writer.writerow([*shown, row.seed, *numbers, int(row.finite), int(row.holds)])
        return out.getvalue()

    def load(self) -> dict[Key, Row]:
        """The rows of this plan that are there; those of another are refused, a torn line is not.

        A last line that was cut short is taken away, so that the next one begins anew; a file that
        is refused stays as it is.
        """
        if not self.path.exists():
            return {}
        with opened(self.path) as file:
            kept = file.read()
        whole = kept[: kept.rfind(b"\n") + 1]
        rows = self._rows(whole.decode(errors="replace"))
        if len(whole) < len(kept):
            os.truncate(self.path, len(whole))
        return rows

    def _rows(self, text: str) -> dict[Key, Row]:
        found = self._rows_of_csv(text) if self.is_csv else self._rows_of_json(text)
        cells = {self.plan.key(settings, 0)[0] for settings in self.plan.settings()}
        rows = {}
        for number, row in found:
            key = self.plan.key(row.knobs, row.seed)
            if any(row.knobs[name] != value for name, value in self.plan.base.items()
                   if name not in {axis.knob for axis in self.plan.swept}):  # fmt: skip
                raise self._foreign(number, "has other knobs than this sweep")
            if key[0] in cells and row.seed < self.plan.seeds:
                rows[key] = row
        return rows

    def _rows_of_json(self, text: str) -> Iterator[tuple[int, Row]]:
        for number, line in enumerate(text.splitlines(), 1):
            try:
                found = json.loads(line)
                if "summary" in found:
                    continue
                yield number, checked_row(self.plan.spec, found)
            except (*_NO_ROW, AttributeError, RecursionError) as error:
                raise self._foreign(number, "is no row of this demo") from error

    def _rows_of_csv(self, text: str) -> Iterator[tuple[int, Row]]:
        lines = csv.DictReader(io.StringIO(text))
        names = [knob.name for knob in self.plan.spec.knobs]
        others = {*names, "seed", "finite", "holds"}
        for number, line in enumerate(lines, 2):
            try:
                measured = {k: float(v) for k, v in line.items() if k not in others}
                self._columns = self._columns or list(measured)
                yield number, checked_row(self.plan.spec, {
                    "knobs": {name: line[name] for name in names}, "seed": int(line["seed"]),
                    "measured": measured, **{name: _YES[line[name]] for name in FIELDS[3:]},
                })  # fmt: skip
            except _NO_ROW as error:
                raise self._foreign(number, "is no row of this demo") from error

    def _foreign(self, number: int, what: str) -> UsageError:
        return UsageError(
            "Rows of something else", f"Line {number} of {self.path} {what}.",
            "Name the file of this very sweep, or a new one.",
        )  # fmt: skip


def _line(row: Row) -> str:
    return json.dumps(as_json(row), allow_nan=False)
