"""Lints what shows only when all decks are seen together: topics, demos, cycles, fronts."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tutor.deck.facts import DemoFacts, fault
from tutor.deck.model import Entry, Problem, Source, Topic
from tutor.deck.rules import problem
from tutor.deck.search_key import compact

MAX_CYCLES = 50


def cross_checks(
    topics: Mapping[str, Topic],
    entries: Iterable[Entry],
    demos: Mapping[str, DemoFacts] | None,
) -> Iterator[Problem]:
    """The problems of all decks together; demos are not looked at when they are None."""
    yield from _needs(topics)
    yield from _cycles(topics)
    yield from _names(topics)
    entries = list(entries)
    yield from _old_keys(entries)
    fronts: dict[str, Entry] = {}
    opened = {*topics, *(old for topic in topics.values() for old in topic.aka)}
    for entry in entries:
        if entry.topic is not None and entry.topic not in opened:
            message = f"No deck opens the topic `{entry.topic[:40]}`; the card stands in none."
            yield _below(entry.source, "unknown-topic", message)
        yield from _front(entry, fronts)
        yield from _demo(entry.demo, entry.source, demos)
    for topic in topics.values():
        yield from _demo(topic.demo, topic.source, demos)


def _below(source: Source, rule: str, message: str) -> Problem:
    """A problem of the comment under a heading."""
    return problem(source.file, source.line + 1, rule, message)


def _front(entry: Entry, fronts: dict[str, Entry]) -> Iterator[Problem]:
    if entry.kind == "cloze":  # its cue is the text around the gap
        return
    front = " ".join(entry.front.casefold().split())
    first = fronts.setdefault(front, entry)
    if first is not entry:
        where = f"{first.source.file}:{first.source.line}"
        message = f"`{first.key}` ({where}) asks the same: give each a cue with one answer."
        yield problem(entry.source.file, entry.source.line, "same-front", message)


def _old_keys(entries: Sequence[Entry]) -> Iterator[Problem]:
    """An old key leads to one card: its history can move only once."""
    owners = {entry.key: entry for entry in entries}
    for entry in entries:
        for old in dict.fromkeys(entry.aka):
            owner = owners.setdefault(old, entry)
            if owner is not entry:
                where = f"`{owner.key}` ({owner.source.file}:{owner.source.line})"
                message = f"The history of `{old[:80]}` is that of {where}: leave it out here."
                yield _below(entry.source, "same-aka", message)


def _names(topics: Mapping[str, Topic]) -> Iterator[Problem]:
    """Titles and ids that one word finds. Other names may be shared: `tutor show` tells of all."""
    owners = {compact(topic.id): topic for topic in reversed([*topics.values()])}
    for topic in topics.values():
        names = filter(None, map(compact, (topic.id, topic.title)))
        found = (owners.setdefault(name, topic) for name in names)
        if first := next((owner for owner in found if owner is not topic), None):
            where = f"`{first.id}` ({first.source.file}:{first.source.line})"
            message = f"{where} has this name, and `tutor show` opens that one: choose another."
            yield problem(topic.source.file, topic.source.line, "same-name", message)


def _demo(demo: str, source: Source, demos: Mapping[str, DemoFacts] | None) -> Iterator[Problem]:
    if demo and demos is not None and (found := fault(demo, demos)):
        yield _below(source, *found)


def _needs(topics: Mapping[str, Topic]) -> Iterator[Problem]:
    for topic in topics.values():
        for need in topic.needs:
            if need not in topics:
                message = f"No deck opens the topic `{need[:40]}` yet."
                yield _below(topic.source, "unknown-needs", message)


def _cycles(topics: Mapping[str, Topic]) -> Iterator[Problem]:
    """One problem a cycle: find one, leave its last edge out, look again."""
    graph = {topic.id: set(topic.needs) & topics.keys() for topic in topics.values()}
    for _ in range(MAX_CYCLES):
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            cycle: list[str] = error.args[1]  # each one is needed by the next; first = last
            graph[cycle[1]].discard(cycle[0])
            message = f"{' needs '.join(reversed(cycle))}: nobody could start."
            first = min((topics[name] for name in cycle), key=lambda topic: topic.order)
            yield _below(first.source, "needs-cycle", message)
        else:
            return
