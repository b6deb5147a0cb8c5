"""The named misconceptions that answers showed."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.store.engine import driver
from tutor.store.failures import as_data_errors
from tutor.store.journal import Store
from tutor.store.schema import AMONG_SELDOM

# An answer that counts as right after all (`accept`) shows none.
_SLIPS = f"""
    SELECT card_key, study_day, payload FROM event AS answer
    WHERE kind = 'review' AND correct = 0 AND study_day >= ? AND payload LIKE '%"slip"%'
    AND NOT EXISTS (SELECT 1 FROM event WHERE undoes = answer.id AND kind = 'undo')
    AND answer.id NOT IN (
        SELECT json_extract(payload, '$.of') FROM event AS after
        WHERE {AMONG_SELDOM} AND kind = 'accept'
        AND NOT EXISTS (SELECT 1 FROM event WHERE undoes = after.id AND kind = 'undo')
    )
"""


def payloads_with_slips(store: Store, since_day: int) -> Iterator[tuple[str, int, str]]:
    """Key, study day and payload of the answers since that day that showed a misconception."""
    with as_data_errors(store.files), store.engine.begin() as connection:
        yield from driver(connection).execute(_SLIPS, (since_day,))
