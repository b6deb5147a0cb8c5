"""Small words on a raised ground: the topic and the kind of a card, the topics of a demo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from tutor.deck.model import Card, Topic


def chips(texts: Iterable[str], last: str = "") -> Content:
    """A chip for each text, side by side; `last` stands out."""
    made = [_chip(text, "$foreground") for text in texts]
    return Content(" ").join([*made, _chip(last, "$accent")] if last else made)


def card_chips(card: Card, topic: Topic | None, room: int) -> Content:
    """Chapter, topic and kind of a card; what does not fit is left out, the chapter first."""
    if topic is None:
        ways = [chips([card.deck], card.kind)]
    else:
        full = f"{topic.chapter_title} › {topic.title}"
        ways = [chips([full], card.kind), chips([topic.title], card.kind)]
    kind = chips([], card.kind)
    return next((way for way in ways if way.cell_length < room), kind)


def _chip(text: str, role: str) -> Content:
    return Content.styled(f" {text} ", f"{role} on $panel")
