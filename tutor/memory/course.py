"""The cards in teaching order: which belong together, which topic opens which.

It never changes while a program runs; what the learner has done so far is kept by `Today`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tutor.deck.model import Entry, Topic


class Course:
    """All cards that can be studied, by unit (the keys that are scheduled) and by topic.

    A card without a topic belongs to its deck: a topic's name below may be a deck's.
    """

    def __init__(self, entries: Iterable[Entry], topics: Mapping[str, Topic]) -> None:
        self.entry_of: dict[str, Entry] = {}
        self.place: dict[str, int] = {}
        self.gates: dict[str, frozenset[str]] = {}
        """Of each topic: the units that show, once passed, that it is known."""
        cards: dict[str, list[Entry]] = {name: [] for name in topics}
        for entry in entries:
            cards.setdefault(topic_of(entry), []).append(entry)
        self.topics = tuple(name for name, own in cards.items() if own)
        self.topic_place = {name: place for place, name in enumerate(self.topics)}
        for name in self.topics:
            # What a word means comes before questions that use it.
            self._add(name, sorted(cards[name], key=lambda entry: entry.kind != "term"))
        self.chapter = {name: topics[name].chapter for name in self.topics if name in topics}
        self.needs: dict[str, tuple[str, ...]] = {
            name: tuple(need for need in topics[name].needs if need in self.gates)
            for name in self.topics
            if name in topics
        }

    def _add(self, topic: str, entries: list[Entry]) -> None:
        self.gates[topic] = frozenset(entries[0].units)
        for entry in entries:
            for unit in entry.units:
                self.place[unit] = len(self.place)
                self.entry_of[unit] = entry

    def topic(self, unit: str) -> str:
        """The topic that a unit belongs to."""
        return topic_of(self.entry_of[unit])

    def open(self, topic: str, known: frozenset[str] | set[str]) -> bool:
        """Whether all that a topic needs is known, so that its first card may come."""
        return all(need in known for need in self.needs.get(topic, ()))


def topic_of(entry: Entry) -> str:
    """The topic of a card, or its deck when it has none."""
    return entry.topic or entry.deck
