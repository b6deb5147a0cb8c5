"""Rows as lines of JSON or CSV, written as they come and read again to go on where one stopped."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demos.base import Spec
from demos.sweep import Row
from tutor.errors import KnobError, UnwritableError, UsageError
from tutor.lab import knobs
from tutor.lab.headless import finite
from tutor.lab.sweep.plan import Key, Plan


def as_json(row: Row) -> dict[str, Any]:
    """A row as one object; what is not finite is null."""
    return {
        "knobs": row.knobs,
        "seed": row.seed,
        "measured": finite(row.measured),
        "finite": row.finite,
        "holds": row.holds,
    }


def checked_row(spec: Spec, found: Any) -> Row:
    """A row from plain data of unknown origin: knobs in their ranges, all else of its type.

    Raises KnobError, and KeyError, TypeError, ValueError or AttributeError for what is no row.
    """
    knobs_found = {knob.name: knobs.checked(knob, found["knobs"][knob.name]) for knob in spec.knobs}
    measured = {
        str(name): math.nan if value is None else float(value)
        for name, value in found["measured"].items()
    }
    return Row(
        knobs_found, int(found["seed"]), measured, bool(found["finite"]), bool(found["holds"])
    )


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

        A last line that was cut short is taken away, so that the next one begins anew.
        """
        if not self.path.exists():
            return {}
        text = self.path.read_text(encoding="utf-8", errors="replace")
        if text and not text.endswith("\n"):
            text = text[: text.rfind("\n") + 1]
            self.path.write_text(text, encoding="utf-8", newline="")
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
            except (ValueError, KeyError, TypeError, AttributeError, KnobError) as error:
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
                    "knobs": {name: line[name] for name in names}, "seed": line["seed"],
                    "measured": measured, "finite": line["finite"] == "1",
                    "holds": line["holds"] == "1",
                })  # fmt: skip
            except (ValueError, KeyError, TypeError, KnobError) as error:
                raise self._foreign(number, "is no row of this demo") from error

    def _foreign(self, number: int, what: str) -> UsageError:
        return UsageError(
            "Rows of something else", f"Line {number} of {self.path} {what}.",
            "Name the file of this very sweep, or a new one.",
        )  # fmt: skip


def _line(row: Row) -> str:
    return json.dumps(as_json(row), allow_nan=False)
