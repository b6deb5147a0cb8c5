"""`tutor class report`: what a class knows, as lines about five learners and more."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from tutor.exchange.classroom.counting import LEAST, SlipLine, TopicLine, report
from tutor.exchange.classroom.server import server
from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, say_json
from tutor.verbs.asking_password import password

if TYPE_CHECKING:
    from tutor.deck.library import Library

_COLUMNS = ("topic", "title", "slip", "met", "known", "forgotten")
# What a program of tables would compute.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def run(args: argparse.Namespace, place: Place) -> int:
    """Print the report. Returns the exit status."""
    from tutor.verbs.opening import load

    with server(args.server, password) as found:
        topics, slips = report(found)
    library = load(place)
    topics.sort(key=lambda line: _place(library, line.topic))
    if args.json:
        say_json(
            {
                "least": LEAST,
                "topics": [
                    asdict(each) | {"title": _title(library, each.topic)} for each in topics
                ],
                "slips": [asdict(each) | {"title": _title(library, each.topic)} for each in slips],
            }
        )
    elif args.csv:
        say(_csv(library, topics, slips))
    else:
        for line in _lines(library, topics, slips):
            say(line)
    return 0


def _lines(
    library: Library, topics: Sequence[TopicLine], slips: Sequence[SlipLine]
) -> Iterator[str]:
    if not topics:
        yield f"Nothing yet: a line is about {LEAST} learners or more who have met a topic."
        return
    yield "Topics: how many know it, of those who have met it"
    for each in topics:
        gone = f", {each.forgotten:,} have forgotten it" if each.forgotten else ""
        yield f"  {_title(library, each.topic)}: {each.known:,} of {each.met:,}{gone}"
    if slips:
        yield ""
        yield "Common slips of the last 90 days"
    for slip in slips:
        yield f"  {_title(library, slip.topic)}: {slip.slip} ({plural(slip.learners, 'learner')})"


def _csv(library: Library, topics: Sequence[TopicLine], slips: Sequence[SlipLine]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for each in topics:
        name, title = each.topic, _title(library, each.topic)
        table.writerow(map(_cell, (name, title, "", each.met, each.known, each.forgotten)))
    for slip in slips:
        name, title = slip.topic, _title(library, slip.topic)
        table.writerow(map(_cell, (name, title, slip.slip, slip.learners, "", "")))
    return out.getvalue().rstrip("\n")


def _cell(value: object) -> object:
    """A text that no program of tables computes: it came from learners."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_COMPUTED) else value


def _title(library: Library, topic: str) -> str:
    found = library.topics.get(topic)
    return found.title if found else topic


def _place(library: Library, topic: str) -> tuple[int, str]:
    """Where a topic stands: in the order of teaching, what the teacher's decks lack at the end."""
    names = {name: place for place, name in enumerate(library.topics)}
    return names.get(topic, len(names)), topic
