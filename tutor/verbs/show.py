"""`tutor show TERM`: one topic as plain text, with what it needs, its cards and its demos."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator

from tutor.deck.library import Library
from tutor.deck.model import Topic
from tutor.errors import NotFoundError, did_you_mean
from tutor.paths import Place
from tutor.text.markdown import plain, plain_line
from tutor.text.printing import say, watched
from tutor.text.voice import speaking as speaks
from tutor.verbs import speaking
from tutor.verbs.opening import load

WIDEST = 80


def run(args: Namespace, place: Place) -> int:
    """Print the topic that TERM names. Raises NotFoundError with topics of a like name."""
    library = load(place)
    topics = library.find_topics(args.term)
    if not topics:
        raise _unknown(library, args.term)
    with speaking.voice(args, place):
        say("\n".join(_lines(library, *topics)))
    return 0


def _unknown(library: Library, term: str) -> NotFoundError:
    near = [topic.id for topic in library.near(term)]
    hint = did_you_mean(near, "See the list: tutor glossary")
    return NotFoundError("No such topic", f"No deck opens a topic {term!r}.", hint)


def _lines(library: Library, topic: Topic, *others: Topic) -> Iterator[str]:
    """The topic in full; others that the same word names are told at the end."""
    title = plain_line(topic.title)
    yield title
    if not speaks():
        yield "=" * len(title)
    yield f"{topic.id} · {_chapter(topic)}"
    yield ""
    if topic.lesson:
        yield plain(topic.lesson, _width())
        yield ""
    needs = [library.topics[need].title for need in topic.needs if need in library.topics]
    opens = [other.title for other in library.topics.values() if topic.id in other.needs]
    cards = library.cards_of(topic.id)
    links = (topic.demo, *(card.demo for card in cards))
    demos = dict.fromkeys(demo.partition("?")[0] for demo in links if demo)
    rows = {
        "Also": ", ".join(topic.aka),
        "Needs": ", ".join(map(plain_line, needs)),
        "Opens": ", ".join(map(plain_line, opens)),
        "Cards": str(len(cards)),
        "Demos": ", ".join(demos),
        "Source": topic.ref,
        "See also": ", ".join(f"{other.id} ({plain_line(other.title)})" for other in others),
    }
    shown = ((f"{name}:", value) for name, value in rows.items() if value)
    yield from (f"{name} {value}" if speaks() else f"{name:<13}{value}" for name, value in shown)


def _chapter(topic: Topic) -> str:
    return f"chapter {topic.chapter}, {topic.chapter_title}" if topic.chapter else topic.deck


def _width() -> int | None:
    """The terminal's width up to `WIDEST`; a pipe gets the same lines everywhere."""
    if not watched(sys.stdout):
        return WIDEST
    return min(WIDEST, shutil.get_terminal_size().columns)
