"""The journal of answers, the derived card states, and the glance.

Frozen: what the schema became later stands in later migrations, never here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSE = "SELECT RAISE(ABORT, 'the journal is append-only')"


def _one_of(name: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({listed})", f"{name}_known")


def _flag(name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN (0, 1)", f"{name}_flag")


def upgrade() -> None:
    _create_event()
    _create_card_state()
    op.create_table(
        "glance",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", "one_row"), primary_key=True),
        sa.Column("json", sa.Text, nullable=False),
        sqlite_strict=True,
    )


def _create_event() -> None:
    kinds = (
        "review", "undo", "suspend", "unsuspend", "bury", "flag", "unflag", "reset", "set_due",
        "known", "unknown", "params", "prediction",
    )  # fmt: skip
    rating_range = sa.CheckConstraint("rating BETWEEN 1 AND 4", "rating_range")
    op.create_table(
        "event",
        sa.Column("id", sa.Text, primary_key=True, nullable=False),
        sa.Column("kind", sa.Text, _one_of("kind", *kinds), nullable=False),
        sa.Column("card_key", sa.Text, nullable=False),
        sa.Column("at_utc_ms", sa.Integer, nullable=False),
        sa.Column("utc_offset_min", sa.Integer, nullable=False),
        sa.Column("study_day", sa.Integer, nullable=False),
        sa.Column("rating", sa.Integer, rating_range),
        sa.Column("elapsed_ms", sa.Integer),
        sa.Column("source", sa.Text, _one_of("source", "review", "quiz", "demo", "import")),
        sa.Column("answer", sa.Text),
        sa.Column("correct", sa.Integer, _flag("correct")),
        sa.Column("confidence", sa.Text, _one_of("confidence", "sure", "unsure")),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("due_utc_ms", sa.Integer),
        sa.Column("undoes", sa.Text),
        sa.Column("payload", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("event_card_key", "event", ["card_key"])
    op.create_index("event_undoes", "event", ["undoes"], sqlite_where=sa.text("undoes IS NOT NULL"))
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_refuses_{change.lower()} BEFORE {change} ON event"
            f" BEGIN {_REFUSE}; END"
        )
    # INSERT OR REPLACE deletes the old row without firing the trigger above.
    op.execute(
        "CREATE TRIGGER event_refuses_replace BEFORE INSERT ON event"
        f" WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) BEGIN {_REFUSE}; END"
    )


def _create_card_state() -> None:
    op.create_table(
        "card_state",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column(
            "phase",
            sa.Text,
            _one_of("phase", "new", "learning", "review", "relearning"),
            nullable=False,
        ),
        sa.Column("stability", sa.REAL, nullable=False),
        sa.Column("difficulty", sa.REAL, nullable=False),
        sa.Column("due_utc_ms", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("reps", sa.Integer, nullable=False),
        sa.Column("lapses", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Integer),
        sa.Column("last_day", sa.Integer),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("suspended", sa.Integer, _flag("suspended"), nullable=False),
        sa.Column("flagged", sa.Integer, _flag("flagged"), nullable=False),
        sa.Column("buried_until_day", sa.Integer),
        sa.Column("passed", sa.Integer, _flag("passed"), nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
