"""What `undo` takes back: the last act, with all that was written as part of it."""

from __future__ import annotations

from tutor.memory.course import Course
from tutor.memory.model import Event
from tutor.session.payload import group_of
from tutor.session.replaying import Renames
from tutor.store.journal import Store


def last_rows(store: Store) -> list[Event]:
    """All rows of the last act; none where nothing is left to take back.

    A cloze asked as a whole answers each of its gaps.
    """
    last = store.last_undoable()
    if last is None:
        return []
    group = group_of(last)
    return (store.group(group, last.kind) if group else []) or [last]


def key_of(events: list[Event], renames: Renames, course: Course) -> str:
    """The key under which an act was saved: of several gaps that of their card."""
    key = renames.key(events[0].card_key)
    entry = course.entry_of.get(key) if len(events) > 1 else None
    return entry.key if entry else key
