"""A topic as a page: its lesson, what it needs and opens, its cards and its demo.

Plain lines made from the library, shown by one widget here and by two screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.deck.format import named
from tutor.deck.model import Topic
from tutor.lab import link
from tutor.ui.widgets.card_lines import fact
from tutor.ui.widgets.prose_layout import Lines, layout, one_line

if TYPE_CHECKING:
    from tutor.deck.library import Library

MOST_FRONTS = 40


@dataclass(frozen=True, slots=True)
class TopicPage:
    """What is shown of one topic, gathered from the library once.

    fronts: the first lines of its cards, shown if `listed`. needs, opens: titles of topics, known
    ones marked. headed: the page's head names the chapter already. placed: what it needs and opens,
    its demo and its source are told.
    """

    topic: Topic
    known: bool
    needs: tuple[str, ...]
    opens: tuple[str, ...]
    fronts: tuple[str, ...]
    demo: str = ""
    listed: bool = True
    headed: bool = False
    placed: bool = True


def page_of(library: Library, name: str, known: Iterable[str]) -> TopicPage:
    """Gather what the page of a topic shows. Raises NotFoundError when the decks have lost it."""
    topic, known = library.topic(name), frozenset(known)

    def title(name: str) -> str:
        needed = library.topics.get(name)
        mark = " ✓" if name in known else ""
        return f"{needed.title if needed else name}{mark}"

    opens = (t.id for t in library.topics.values() if topic.id in t.needs)
    return TopicPage(
        topic=topic,
        known=topic.id in known,
        needs=tuple(map(title, topic.needs)),
        opens=tuple(map(title, opens)),
        fronts=tuple(named(e.front) for e in library.cards_of(topic.id)),
        demo=link.title(topic.demo),
    )


def topic_lines(page: TopicPage, width: int, *, raw_math: bool = False) -> Lines:
    """The page of a topic at `width` cells."""
    topic = page.topic
    parts: list[Lines] = [
        _title(page),
        layout(topic.lesson, width, raw_math=raw_math),
        _facts(page, width) if page.placed else [],
        _cards(page, width) if page.listed else [],
    ]
    lines: Lines = []
    for part in filter(None, parts):
        lines += [Content(""), *part] if lines else part
    return lines


def _title(page: TopicPage) -> Lines:
    topic = page.topic
    title = Content.assemble((topic.title, "bold"), ("   ✓ known" if page.known else "", "$good"))
    chapter = Content.styled(f"{topic.chapter} {topic.chapter_title}", "$quiet")
    return [title] if page.headed else [title, chapter]


def _facts(page: TopicPage, width: int) -> Lines:
    facts = (
        ("Needs", ", ".join(page.needs)),
        ("Opens", ", ".join(page.opens)),
        ("Also", ", ".join(page.topic.aka) if page.listed else ""),
        ("Demo", page.demo),
        ("Ref", page.topic.ref),
    )
    return [line for label, text in facts if text for line in fact(label, text, width, "")]


def _cards(page: TopicPage, width: int) -> Lines:
    if not page.fronts:
        return [Content.styled("No cards yet: the lesson is all there is to read.", "$quiet")]
    lines = [Content.styled(f"Cards   {len(page.fronts)}", "$quiet")]
    for front in page.fronts[:MOST_FRONTS]:
        lines.append(Content("  ") + one_line(front).truncate(width - 2, ellipsis=True))
    if len(page.fronts) > MOST_FRONTS:
        lines.append(Content.styled(f"  and {len(page.fronts) - MOST_FRONTS} more", "$quiet"))
    return lines


class TopicView(Widget):
    """Shows a topic's page in a measure of 72 columns."""

    DEFAULT_CSS = "TopicView { height: auto; max-width: 72; }"

    page: reactive[TopicPage | None] = reactive(None, layout=True)
    raw_math: reactive[bool] = reactive(False, layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(self._lines(width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> Lines:
        return topic_lines(self.page, width, raw_math=self.raw_math) if self.page else []
