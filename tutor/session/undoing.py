"""What `undo` takes back: the last act, with all that was written as part of it."""

from __future__ import annotations

from tutor.memory.amend import amended_id
from tutor.memory.course import Course
from tutor.memory.model import Event
from tutor.session.payload import group_of
from tutor.session.replaying import Renames
from tutor.store.journal import Store


def last_act(store: Store) -> Event | None:
    """What is taken back next; of a right answer that was rated afterwards, the answer itself."""
    last = store.last_undoable()
    if last is not None and last.kind == "accept":
        rows = (row for row in store.events_of(last.card_key) if row.id == amended_id(last))
        answer = next(rows, None)
        return answer if answer is not None and answer.correct else last
    return last


def together(store: Store, last: Event) -> list[Event]:
    """The rows of one act: a whole cloze answers each of its gaps, a rating may follow."""
    name = group_of(last)
    rows = (store.group(name, last.kind) if name else []) or [last]
    if last.kind != "review":
        return rows
    ids = {row.id for row in rows}
    beside = store.events_of(*{row.card_key for row in rows})
    return rows + [row for row in beside if row.kind == "accept" and amended_id(row) in ids]


def last_rows(store: Store) -> list[Event]:
    """All rows of the last act; none where nothing is left to take back."""
    last = last_act(store)
    return together(store, last) if last else []


def key_of(events: list[Event], renames: Renames, course: Course) -> str:
    """The key under which an act was saved: of several gaps that of their card."""
    key = renames.key(events[0].card_key)
    gaps = {event.card_key for event in events}
    entry = course.entry_of.get(key) if len(gaps) > 1 else None
    return entry.key if entry else key
