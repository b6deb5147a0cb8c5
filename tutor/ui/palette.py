"""The command palette: any topic, card, demo or screen by a part of its name.

Topics, demos and screens are matched fuzzily; cards, of which there may be thousands, by the
words they contain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tutor.ui.host import Host, host_of
from tutor.ui.start import Start

SCREENS = {
    "study": "Study what is due",
    "study-setup": "Other sessions: minutes, chapters, what you missed, a drill",
    "quiz": "Quiz: choose topics and kinds",
    "exam": "Exam: no word until the end",
    "glossary": "Glossary: all topics",
    "browse": "Browse: all cards",
    "add": "Add a card of your own",
    "lab": "Lab: live demos",
    "progress": "Progress: what you know and what is coming",
    "settings": "Settings",
    "exchange": "Import and export: decks and answers",
}
MOST_CARDS = 30
CARD_SCORE = 0.1  # below every fuzzy match


class Everything(Provider):
    """Finds what the app can open."""

    @property
    def host(self) -> Host:
        """The app, as the palette knows it."""
        return host_of(self.app)

    async def discover(self) -> Hits:
        """Before anything is typed: the screens."""
        for name, label in SCREENS.items():
            yield DiscoveryHit(label, self._go(Start(name)), help="screen")

    async def search(self, query: str) -> Hits:
        """Screens, topics and demos by likeness, then cards by their words."""
        matcher = self.matcher(query)
        for label, kind, run in self._things():
            if score := matcher.match(label):
                yield Hit(score, matcher.highlight(label), run, text=label, help=kind)
        for label, run in self._cards(query):
            yield Hit(CARD_SCORE, Content(label), run, text=label, help="card")

    def _things(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        for name, label in SCREENS.items():
            yield label, "screen", self._go(Start(name))
        if self.host.learner_or_none is None:
            return
        for topic in self.host.learner.library.topics.values():
            kind = f"topic · {topic.chapter_title}"
            yield topic.title, kind, self._go(Start("topic", term=topic.id))
        from demos import catalog

        for name in catalog.names():
            yield catalog.spec(name).title, "demo", self._go(Start("lab", term=name))

    def _cards(self, query: str) -> Iterator[tuple[str, Callable[[], None]]]:
        if self.host.learner_or_none is None:
            return
        from tutor.deck.format import named
        from tutor.text.markdown import plain_line  # a large parser, for what is found alone

        words = query.casefold().split()
        found = 0
        for key, entry in self.host.learner.library.entries.items():
            text = f"{entry.front} {key}".casefold()
            if all(word in text for word in words):
                yield plain_line(named(entry.front)), self._go(Start("card", term=key))
                found += 1
            if found == MOST_CARDS:
                return

    def _go(self, start: Start) -> Callable[[], None]:
        return partial(self.host.go, start)
