"""Topics to tick by chapter: a tick on a chapter takes all of its topics; found as one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import ClassVar

from textual.binding import Binding, BindingType

from tutor.deck.model import Topic
from tutor.ui.widgets.toggles import Toggles

CHAPTER, TAG = "chapter:", "tag:"
Rows = tuple[tuple[str, str], ...]


class TopicToggles(Toggles):
    """Chapters with their topics, decks without any, tags; `find` leaves what fits the words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "chapter(1)", "next chapter", show=False),
        Binding("pageup", "chapter(-1)", "last chapter", show=False),
    ]

    def __init__(
        self,
        topics: Iterable[Topic],
        tags: Iterable[str] = (),
        bare: Mapping[str, tuple[int, str]] = MappingProxyType({}),
        *,
        id: str | None = None,
    ) -> None:
        """bare: the decks without topics, each with its chapter's number and its title."""
        ordered = sorted(topics, key=lambda topic: (topic.chapter or 1_000, topic.order))
        self._chapter_of = {topic.id: f"{CHAPTER}{topic.chapter}" for topic in ordered}
        self._every = tuple(_rows(ordered, bare, sorted(tags)))
        super().__init__(self._every, id=id)

    def find(self, words: str, topics: Callable[[str], Iterable[Topic]]) -> bool:
        """Leave the rows that fit, with the chapters they are in; whether there are any.

        topics: what gives the topics that are meant by some words.
        """
        sought = words.strip().casefold()
        if not sought:
            self.rows = self._every
            return True
        meant = {topic.id for topic in topics(words)}
        by_name = {
            name
            for name, label in self._every
            if name.startswith((CHAPTER, TAG)) and sought in label.casefold()
        }
        meant |= {topic for topic, chapter in self._chapter_of.items() if chapter in by_name}
        wanted = meant | by_name | {self._chapter_of[t] for t in meant if t in self._chapter_of}
        self.rows = tuple(row for row in self._every if row[0] in wanted)
        self.cursor = self._first(meant)
        return bool(self.rows)

    def _first(self, meant: set[str]) -> int:
        return next((at for at, (name, _) in enumerate(self.rows) if name in meant), 0)

    def is_ticked(self, name: str) -> bool:
        """Also by its chapter."""
        return super().is_ticked(name) or self._chapter_of.get(name, "") in self.ticked

    def chosen(self, prefix: str = "") -> tuple[str, ...]:
        """What is ticked: topics, or chapters or tags without their prefix."""
        if prefix:
            return tuple(name.removeprefix(prefix) for name, _ in self._every
                         if name in self.ticked and name.startswith(prefix))  # fmt: skip
        return tuple(name for name, _ in self._every
                     if name in self.ticked and not name.startswith((CHAPTER, TAG)))  # fmt: skip

    def action_chapter(self, by: int) -> None:
        """Go to the next chapter, or the one before."""
        heads = [at for at, (name, _) in enumerate(self.rows) if name.startswith((CHAPTER, TAG))]
        if by > 0:
            self.cursor = next((at for at in heads if at > self.cursor), self.cursor)
        else:
            self.cursor = next((at for at in reversed(heads) if at < self.cursor), 0)


def _rows(
    topics: list[Topic], bare: Mapping[str, tuple[int, str]], tags: list[str]
) -> Iterator[tuple[str, str]]:
    for chapter, group in groupby(topics, lambda topic: (topic.chapter, topic.chapter_title)):
        members = list(group)
        number, title = chapter
        label = f"{number} {title}" if number else title or "Own decks"
        yield f"{CHAPTER}{number}", f"{label} ({len(members)})"
        yield from ((topic.id, f"  {topic.title}") for topic in members)
    for deck, (number, title) in bare.items():
        yield f"{CHAPTER}{deck}", f"{number} {title}" if number else title
    yield from ((f"{TAG}{tag}", f"#{tag}") for tag in tags)
