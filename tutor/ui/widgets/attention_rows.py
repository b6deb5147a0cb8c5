"""Rows that lead to what needs a look: weak topics, leeches, flagged and suspended cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.text.numerals import plural
from tutor.ui.start import Start
from tutor.ui.widgets.links import Link

if TYPE_CHECKING:
    from tutor.session.progress import Facts, Named

WEAKEST = 5  # topics that are named
MOST = 5  # cards of a kind that are named


def attention(facts: Facts) -> Iterator[Link]:
    """Topics likely forgotten, leeches, flagged and suspended cards."""
    topics = facts.stats.weakest(WEAKEST)
    if topics:
        yield Link(quiet("Fading first").left, quiet("likely known").left)
    for topic in topics:
        told = f"{(topic.retrievability or 0) * 100:.0f} %"
        yield browse(topic.title, told, f"topic:{topic.id}")
    yield from _cards("Forgotten 8 times or more", "leech", facts.leeches)
    yield from _cards("Flagged", "flagged", facts.flagged)
    yield from _cards("Suspended", "suspended", facts.suspended)
    if not (topics or facts.leeches or facts.flagged or facts.suspended):
        yield quiet("Nothing yet: it shows after the first reviews.")


def browse(left: str, right: str, query: str) -> Link:
    """A row that opens the cards that a query finds."""
    return Link(Content(left), Content(right), Start("browse", term=query))


def quiet(text: str) -> Link:
    """A row that is only read."""
    return Link(Content.styled(text, "$quiet"))


def _cards(title: str, query: str, cards: Sequence[Named]) -> Iterator[Link]:
    """A row for all of them, and one for each of the first."""
    if not cards:
        return
    # Today needs no Markdown but for this.
    from tutor.ui.widgets.prose_layout import one_line

    yield browse(title, plural(len(cards), "card"), query)
    for card in cards[:MOST]:
        times = f"{card.lapses}×" if card.lapses else ""
        left = Content("  ") + one_line(card.front)
        yield Link(left, Content.styled(times, "$quiet"), Start("card", term=card.key))
