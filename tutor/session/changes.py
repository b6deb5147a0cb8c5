"""What events do to cards before they are written, and what makes many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from tutor.memory.model import CardState, Event
from tutor.memory.replay import STATELESS, apply
from tutor.memory.schedule import Scheduler

_NONE = CardState("")


@dataclass(frozen=True, slots=True)
class Change:
    """What one event does to one card; nothing where it tells of none."""

    event: Event
    before: CardState = _NONE
    after: CardState = _NONE

    @property
    def bears(self) -> bool:
        """Whether the event bears on a card."""
        return bool(self.after.key)


class Bulk(Protocol):
    """Rows that are made while they are written, and then the states after them."""

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows, once, as `tutor.store.rows.event_row` gives them."""

    def states(self) -> Iterator[CardState]:
        """The states, when all rows were given."""


def changes_of(
    events: Iterable[Event], state_of: Callable[[str], CardState], scheduler: Scheduler
) -> Iterator[Change]:
    """What each event does, the ones before it done; `state_of` gives the states before all."""
    new: dict[str, CardState] = {}
    for event in events:
        if event.kind in STATELESS:
            yield Change(event)
            continue
        before = new.get(event.card_key) or state_of(event.card_key)
        built = placed(event, before, scheduler.wishes.of_deck(event.card_key))
        new[event.card_key] = apply(before, built, scheduler)
        yield Change(built, before, new[event.card_key])


def placed(event: Event, on: CardState, retention: float) -> Event:
    """The event with what it is built on: the card's state and the desired retention."""
    return replace(event, after=on.last_event, on=on.applied, retention=retention)
