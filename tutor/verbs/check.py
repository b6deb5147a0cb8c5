"""`tutor check`: lints decks, every problem at once, as text for people or as JSON."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tutor.deck import files
from tutor.deck.library import Library
from tutor.deck.model import ASKS, KINDS, Entry, Problem
from tutor.errors import NotFoundError
from tutor.lab.listing import demo_facts
from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, say_json
from tutor.verbs.opening import load


def run(args: Namespace, place: Place) -> int:
    """Lint all decks, or those of the given paths against all; 1 when there is an error."""
    paths = [existing(path) for path in args.paths]
    library = load(place, paths, demo_facts())
    only = {Path(file).resolve() for file in files.find(paths)} if paths else None
    report = Report(library, only)
    if args.json:
        say_json(report.as_json())
    else:
        say("\n".join(report.lines()))
    return 1 if report.errors else 0


class Report:
    """What is printed of a library: of all its files, or of those in `only`."""

    def __init__(self, library: Library, only: set[Path] | None) -> None:
        self.files = [
            deck.file for deck in library.decks if only is None or Path(deck.file).resolve() in only
        ]
        wanted = set(self.files)
        self.entries: list[Entry] = [
            entry for entry in library.entries.values() if entry.source.file in wanted
        ]
        self.topics = [t.id for t in library.topics.values() if t.source.file in wanted]
        self.problems: list[Problem] = [p for p in library.problems if p.file in wanted]
        self.errors = sum(problem.level == "error" for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """The documented shape of `check --json`."""
        counts = Counter(entry.kind for entry in self.entries)
        return {
            "files": len(self.files),
            "cards": len(self.entries),
            "kinds": {kind: counts[kind] for kind in KINDS},
            "topics": self.topics,
            "asks": self._asks(),
            "problems": [asdict(problem) for problem in self.problems],
        }

    def _asks(self) -> dict[str, dict[str, int]]:
        """How many cards of each topic ask for a diagnosis, a prediction, limits, a contrast."""
        counts = Counter((entry.topic, entry.asks) for entry in self.entries)
        return {topic: {use: counts[topic, use] for use in ASKS} for topic in self.topics}

    def lines(self) -> Iterable[str]:
        """One line a problem, grouped by file, and a summary."""
        file = None
        for problem in self.problems:
            if file not in {None, problem.file}:
                yield ""
            file = problem.file
            where = f"{problem.file}:{problem.line}:"
            yield f"{where} {problem.level} {problem.rule}: {problem.message}"
        if self.problems:
            yield ""
        advice = len(self.problems) - self.errors
        yield (
            f"{plural(len(self.files), 'file')}, {plural(len(self.entries), 'card')}, "
            f"{plural(len(self.topics), 'topic')}: "
            f"{plural(self.errors, 'error')}, {advice:,} advice"
        )


def existing(given: str) -> Path:
    """A path that the user named. Raises NotFoundError when there is nothing."""
    path = Path(given).expanduser()
    if not path.exists():
        raise NotFoundError(
            "No such deck", f"{given} does not exist.", "Give a Markdown file or a folder of them."
        )
    return path
