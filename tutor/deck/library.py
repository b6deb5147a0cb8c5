"""All decks together: topics and cards in teaching order, searched, linked and looked up.

Loading reads the cache; a card is parsed fully when it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from tutor import garbage
from tutor.deck import files
from tutor.deck.cache import Deck
from tutor.deck.cross_checks import cross_checks
from tutor.deck.facts import DemoFacts
from tutor.deck.load_progress import OnProgress, ignore, parts
from tutor.deck.model import Card, Entry, Problem, Topic
from tutor.deck.overlays import in_place, overlay_problems
from tutor.deck.reader import Reader
from tutor.deck.rules import problem
from tutor.deck.search_key import compact, search_key
from tutor.deck.slugs import is_slug
from tutor.errors import DeckError, NotFoundError, did_you_mean


def load(
    content: Sequence[Path],
    cache: Path | None,
    demos: Mapping[str, DemoFacts] | None = None,
    on_progress: OnProgress = ignore,
) -> Library:
    """Load every deck below `content`; `cache` is the cache folder, None for none.

    Nothing in a deck makes this fail: what is wrong is in `Library.problems`. Without `demos`
    the links to demos are not checked. `on_progress` hears which share of the files' bytes is read.
    """
    with garbage.paused():
        found = files.find(content)
        tells = parts(on_progress, [files.size(file) for file in found])
        decks = [files.read(file, cache, told) for file, told in zip(found, tells, strict=True)]
        return Library(decks, demos)


class Library:
    """The decks that were loaded, in teaching order.

    decks: one a file. topics and entries: by id and by key, in teaching order. overridden: by key,
    the cards in whose place another one with `overrides=` stands. renewed: how many decks were
    read anew because their cache was damaged.
    """

    def __init__(self, decks: Sequence[Deck], demos: Mapping[str, DemoFacts] | None) -> None:
        """Join `decks`, which come in the order of loading: of two equal ids the first counts."""
        self._demos = demos
        self._reader = Reader()
        self._doubles: list[Problem] = []
        self.overridden: dict[str, Entry] = {}
        self.renewed = sum(deck.renewed for deck in decks)
        owners: dict[str, Topic | Entry] = {}
        for deck in decks:
            for topic in deck.topics:
                self._own(topic, topic.id, owners)
            for entry in deck.entries:
                self._own(entry, entry.key, owners)
        # A deck without a chapter comes after the course.
        self.decks = tuple(sorted(decks, key=lambda deck: (deck.chapter == 0, deck.chapter)))
        topics = [t for deck in self.decks for t in deck.topics if owners[t.id] is t]
        self.former = _former(topics, {deck.deck for deck in decks})
        self.topics = {
            t.id: replace(t, order=order, needs=tuple(self.former.get(n, n) for n in t.needs))
            for order, t in enumerate(topics)
        }
        found = [e for deck in self.decks for e in deck.entries if owners[e.key] is e]
        self._found = in_place(found, self.overridden, self.decks) if self.overridden else found
        self.entries = {entry.key: self._in_known_topic(entry) for entry in self._found}

    def _own(self, one: Topic | Entry, key: str, owners: dict[str, Topic | Entry]) -> None:
        """Note the first topic or card with a key; a card's key has a slash, a topic's has none."""
        first = owners.setdefault(key, one)
        if first is not one and not self._overrides(one, key, owners):
            message = f"`{key}` stands in {first.source.file}:{first.source.line} already."
            file, line = one.source.file, one.source.line + 1
            self._doubles.append(problem(file, line, "duplicate-id", message))

    def _overrides(self, one: Topic | Entry, key: str, owners: dict[str, Topic | Entry]) -> bool:
        """Whether a card and the one that it overrides met; the first of each side counts."""
        first = owners[key]
        if not isinstance(one, Entry) or not isinstance(first, Entry) or key in self.overridden:
            return False
        if bool(one.overrides) == bool(first.overrides):
            return False
        owners[key], self.overridden[key] = (one, first) if one.overrides else (first, one)
        return True

    def _in_known_topic(self, entry: Entry) -> Entry:
        """A card whose topic no deck opens is studied without one."""
        if entry.topic is None or entry.topic in self.topics:
            return entry
        return replace(entry, topic=self.former.get(entry.topic))

    @cached_property
    def retentions(self) -> dict[str, float]:
        """How well the cards of some decks are to be remembered; of two files the first counts."""
        return {deck.deck: deck.retention for deck in reversed(self.decks) if deck.retention}

    @property
    def news(self) -> list[str]:
        """What the learner should be told once about the reading of the decks."""
        if not self.renewed:
            return []
        whose = "1 deck was" if self.renewed == 1 else f"{self.renewed:,} decks were"
        return [f"The cache of {whose} damaged, and was made anew."]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every deck, by file in teaching order, then by line."""
        place = {deck.file: number for number, deck in enumerate(self.decks)}
        found = [problem for deck in self.decks for problem in deck.problems]
        found += self._doubles
        found += overlay_problems(self._found, self.original)
        found += cross_checks(self.topics, self._found, self._demos)
        return tuple(sorted(found, key=lambda p: (place[p.file], p.line)))

    @cached_property
    def chapters(self) -> dict[int, str]:
        """Chapter number -> title, in order; 0 holds decks without a chapter, and comes last."""
        titles: dict[int, str] = {}
        for topic in self.topics.values():
            titles.setdefault(topic.chapter, topic.chapter_title)
        return titles

    @cached_property
    def bare(self) -> dict[str, tuple[int, str]]:
        """The decks that open no topic, as chapters of their own: name -> (number, title)."""
        with_topics = {deck.deck for deck in self.decks if deck.topics}
        found: dict[str, tuple[int, str]] = {}
        for deck in self.decks:
            if deck.deck not in with_topics and deck.entries:
                title = deck.chapter_title or deck.title or deck.deck
                found.setdefault(deck.deck, (deck.chapter, title))
        return found

    @cached_property
    def signature(self) -> str:
        """A hash over the files' stamps; `files.signature` gives it without loading."""
        return files.signature_of((deck.file, deck.stamp) for deck in self.decks)

    def card(self, key: str) -> Card:
        """The card, parsed from its file. Raises NotFoundError when the key or text is gone."""
        entry = self.entries.get(self.resolve(key))
        if entry is None:
            raise _no_card(key)
        return self._reader.card(entry)

    def original(self, key: str) -> Card | None:
        """The card in whose place an overriding one stands; None where there is none to read."""
        entry = self.overridden.get(key)
        with suppress(DeckError):
            return self._reader.card(entry) if entry else None
        return None

    def cards_of(self, topic_id: str) -> list[Entry]:
        """The cards of a topic, in teaching order."""
        return self._by_topic.get(topic_id, [])

    def unit(self, unit_key: str) -> tuple[Entry, int | None]:
        """The card of a scheduled key, and which gap it is. Raises NotFoundError if it is gone."""
        unit = self._units.get(self.resolve(unit_key))
        if unit is None:
            raise _no_card(unit_key)
        return unit

    def resolve(self, key: str) -> str:
        """The key that a card, gap or topic has now; an unknown key comes back as it is."""
        if key in self.entries or key in self._units or key in self.topics:
            return key
        if "/" not in key:
            return self.former.get(key, key)
        deck, _, rest = key.partition("/")
        name, _, gap = rest.partition("/")
        now = self._aliases.get(f"{deck}/{name}")
        return key if now is None else f"{now}/{gap}" if gap else now

    def topic(self, term: str) -> Topic:
        """The topic that is meant. Raises NotFoundError with what may be meant."""
        topic = self.find_topic(term)
        if topic is None:
            hint = did_you_mean([topic.id for topic in self.near(term)], "See: tutor glossary")
            raise NotFoundError("No such topic", f"{term!r} is no topic of these decks.", hint)
        return topic

    def topic_ids(self, terms: Iterable[str]) -> tuple[str, ...]:
        """The ids of the topics that are meant. Raises NotFoundError with what may be meant."""
        return tuple(self.topic(term).id for term in terms)

    def find_topic(self, term: str) -> Topic | None:
        """The first of `find_topics`."""
        return next(iter(self.find_topics(term)), None)

    def find_topics(self, term: str) -> tuple[Topic, ...]:
        """The topics of that id, title or other name, however it is spelled, closest first.

        Several topics may own one word: "noise" belongs to dropout and to saddle points.
        """
        # The fold leaves -us and -is alone (calculus, basis), so that ReLUs needs a second look.
        named = self._names.get(compact(term)) or self._names.get(compact(term.rstrip("sS")), ())
        ids = dict.fromkeys((term, *named) if term in self.topics else named)
        return tuple(self.topics[name] for name in ids)

    def search(self, text: str) -> list[Topic]:
        """Topics that match what was typed so far: starts of names, then of words, then parts."""
        wanted = search_key(text)
        ranked = [
            (rank, topic.order, topic)
            for topic in self.topics.values()
            if (rank := _rank(wanted, self._folded[topic.id])) is not None
        ]
        return [topic for _, _, topic in sorted(ranked, key=lambda found: found[:2])]

    def near(self, term: str) -> list[Topic]:
        """A few topics that may have been meant by a term that was not found."""
        # Start-up: only a term that is not found asks for it.
        import difflib

        close = difflib.get_close_matches(compact(term), self._names, n=5, cutoff=0.6)
        found = [self.topics[topic] for name in close for topic in self._names[name]]
        found += self.search(term)
        return list({topic.id: topic for topic in found}.values())[:5]

    @cached_property
    def _by_topic(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            if entry.topic is not None:
                found.setdefault(entry.topic, []).append(entry)
        return found

    @cached_property
    def _units(self) -> dict[str, tuple[Entry, int | None]]:
        units: dict[str, tuple[Entry, int | None]] = {}
        for entry in self.entries.values():
            units[entry.key] = (entry, None)
            if entry.kind == "cloze":
                units.update({unit: (entry, gap) for gap, unit in enumerate(entry.units)})
        return units

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """Old key -> the first card that claims it."""
        aliases: dict[str, str] = {}
        for entry in self.entries.values():
            for old in entry.aka:
                aliases.setdefault(old, entry.key)
        return aliases

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        return {
            topic.id: tuple(
                dict.fromkeys(map(search_key, (topic.title, topic.id, *topic.found_as)))
            )
            for topic in self.topics.values()
        }

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        """Folded name -> topic ids; ids before titles before other names."""
        topics = self.topics.values()
        claims = [(topic.id, topic.id) for topic in topics]
        claims += [(topic.title, topic.id) for topic in topics]
        claims += [(topic.title.partition("(")[0], topic.id) for topic in topics]
        claims += [(name, topic.id) for topic in topics for name in topic.found_as]
        names: dict[str, dict[str, None]] = {}
        for name, topic_id in claims:
            names.setdefault(compact(name), {})[topic_id] = None
        return {name: tuple(ids) for name, ids in names.items()}


def _no_card(key: str) -> NotFoundError:
    return NotFoundError("No such card", f"No deck has a card {key!r}.", "See: tutor check")


def _former(topics: Sequence[Topic], decks: Collection[str]) -> dict[str, str]:
    """Ids among the `aka` of a topic that are nobody's own -> the first topic that has them.

    A card without a topic belongs to its deck, so that a deck's name is taken too.
    """
    own = {topic.id for topic in topics} | {*decks}
    former: dict[str, str] = {}
    for topic in topics:
        for old in topic.aka:
            if old not in own and is_slug(old):
                former.setdefault(old, topic.id)
    return former


def _rank(wanted: str, names: tuple[str, ...]) -> int | None:
    """How well a topic's names match: 0 is best, None not at all."""
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(f" {wanted}" in name for name in names):
        return 2
    return 3 if any(wanted in name for name in names) else None
