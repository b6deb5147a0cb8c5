"""The whole journal as lines of JSON: everything that a learner did, and read back without loss.

The first line names the format. Then come the settings' text, the writers, every row of the
journal in its order with its place in the chain, and the states. docs/exchange.md has the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.errors import UsageError

FORMAT = "tutor-journal"
VERSION = 1
_LONGEST_LINE = 5_000_000


@dataclass(slots=True)
class Dump:
    """A journal as plain data: rows as dictionaries of their columns."""

    settings: str = ""
    writers: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)


def lines(
    schema: int,
    settings: str,
    writers: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]],
    states: Iterable[Mapping[str, Any]],
) -> Iterator[str]:
    """One JSON object a line, without a line end."""
    yield _line({"format": FORMAT, "version": VERSION, "schema": schema})
    yield _line({"settings": settings})
    for name, rows in (("writer", writers), ("event", events), ("state", states)):
        for row in rows:
            yield _line({name: row})


def looks_like_a_journal(line: str) -> bool:
    """Whether this is the first line of an export of a whole journal."""
    return line.startswith("{") and f'"format":"{FORMAT}"' in line.replace(" ", "")


def _line(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read(given: Iterable[str], name: str) -> Dump:
    """What the lines hold. Raises UsageError with the line that cannot be read."""
    dump, number = Dump(), 0
    for number, text in enumerate(given, 1):
        data = _object(text, number, name)
        if number == 1:
            _check_head(data, name)
        elif "settings" in data:
            dump.settings = str(data["settings"])
        else:
            _keep(dump, data, number, name)
    if not number:
        raise _refused(name, 1, "the file is empty")
    return dump


def _object(text: str, number: int, name: str) -> dict[str, Any]:
    if len(text) > _LONGEST_LINE:
        raise _refused(name, number, "the line is too long")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(name, number, "this is no JSON") from error
    if not isinstance(data, dict):
        raise _refused(name, number, "this is no object")
    return data


def _check_head(data: Mapping[str, Any], name: str) -> None:
    if data.get("format") != FORMAT:
        raise _refused(name, 1, "it is not what `tutor export json` writes")
    version = data.get("version")
    if version != VERSION:
        raise _refused(name, 1, f"it has version {version}, this tutor reads {VERSION}")


def _keep(dump: Dump, data: Mapping[str, Any], number: int, name: str) -> None:
    places = {"writer": dump.writers, "event": dump.events, "state": dump.states}
    for kind, place in places.items():
        if isinstance(data.get(kind), dict):
            place.append(data[kind])
            return
    raise _refused(name, number, "it is neither a writer, an event nor a state")


def _refused(name: str, line: int, why: str) -> UsageError:
    return UsageError(
        "This journal cannot be read",
        f"{name}:{line}: {why}. Nothing was imported.",
        "Export it once more: tutor export json FILE",
    )
