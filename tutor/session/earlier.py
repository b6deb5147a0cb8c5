"""Undo across sessions asks first: what was answered yesterday is not taken back by one key.

A page asks; on a pipe, where each line is written on purpose, nothing does.
"""

from __future__ import annotations

from tutor.session.learner import Learner


class Earlier:
    """Knows when a session began, and which older answer the learner was asked about."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self._began_ms = learner.now().utc_ms
        self._asked = ""
        self._any = False

    @property
    def undoable(self) -> bool:
        """Whether there was ever an answer to take back, in this session or before it."""
        self._any = self._any or self._learner.store.last_undoable() is not None
        return self._any

    def asks(self) -> str | None:
        """The key of an answer of before this session that undo would take back; None if none.

        Told once for each: who asks for the same undo again means it.
        """
        last = self._learner.store.last_undoable()
        if last is None or last.at_utc_ms >= self._began_ms or last.id == self._asked:
            return None
        self._asked = last.id
        return self._learner.renames.key(last.card_key)


def question(key: str) -> str:
    """What is asked before."""
    return f"{key} was answered before this session; u again takes that back."
