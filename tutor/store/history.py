"""The journal's answers in numbers, counted inside SQLite.

Reading a hundred thousand rows into objects would take longer than opening the program.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tutor.memory.stats import DayCount, History
from tutor.store.failures import as_data_errors
from tutor.store.journal import Store

_ACTIVE = """
    kind IN ('review', 'reset') AND NOT EXISTS (
        SELECT 1 FROM event AS undoing WHERE undoing.undoes = event.id AND undoing.kind = 'undo')
"""
_DAYS = f"""
    SELECT study_day, count(*), coalesce(sum(elapsed_ms), 0) FROM event
    WHERE kind = 'review' AND {_ACTIVE} GROUP BY study_day ORDER BY study_day
"""
# A card's life begins anew with each reset; its last day never goes back, as in the states.
_SCORED = f"""
    WITH renamed(old, new) AS MATERIALIZED (SELECT key, value FROM json_each(?)),
    lives AS (
        SELECT event.*, coalesce(new, card_key) AS card,
            sum(kind = 'reset') OVER (PARTITION BY coalesce(new, card_key) ORDER BY id) AS life
        FROM event LEFT JOIN renamed ON old = card_key WHERE {_ACTIVE}),
    answers AS (
        SELECT study_day, rating, max(study_day) OVER (
            PARTITION BY card, life ORDER BY id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_day
        FROM lives WHERE kind = 'review')
    SELECT count(*), coalesce(sum(rating > 1), 0) FROM answers WHERE study_day > last_day
"""


def read_history(store: Store, renames: Mapping[str, str]) -> History:
    """Count the active answers by study day, and those that test the memory of a card.

    renames: the present keys of cards that had another one.
    """
    with as_data_errors(store.files), store.engine.begin() as connection:
        days = connection.exec_driver_sql(_DAYS).all()
        scored, remembered = connection.exec_driver_sql(_SCORED, (json.dumps(renames),)).one()
    counts = {day: DayCount(reviews, elapsed) for day, reviews, elapsed in days}
    return History(counts, scored, remembered)
