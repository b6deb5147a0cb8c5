"""States and the glance as SQL for the driver: through Core they cost more than the disk does."""

from __future__ import annotations

from sqlalchemy import ClauseElement, insert, select
from sqlalchemy.dialects.sqlite import dialect

from tutor.store.rows import STATE_FIELDS
from tutor.store.schema import card_state, glance


def _sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=dialect()))


ALL_STATES = _sql(select(*(card_state.c[name] for name in STATE_FIELDS)))
PUT_STATE = _sql(insert(card_state).prefix_with("OR REPLACE"))
PUT_GLANCE = _sql(insert(glance).prefix_with("OR REPLACE"))
# Whether there are answers, but nothing of what is derived from them.
STATES_LOST = (
    "SELECT (NOT EXISTS (SELECT 1 FROM card_state) OR NOT EXISTS (SELECT 1 FROM day_count))"
    " AND EXISTS (SELECT 1 FROM event WHERE kind = 'review')"
)
