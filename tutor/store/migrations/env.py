"""Alembic's entry: runs the migrations on the connection that `tutor.store.migrate` hands over.

The transaction is the caller's, so that one upgrade is one transaction, DDL included.
"""

from alembic import context

from tutor.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Alembic thinks that SQLite cannot roll DDL back; with an explicit BEGIN it can.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
