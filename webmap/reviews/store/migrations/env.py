"""What Alembic runs: the connection is given by `database.upgrade`, all steps in its one transaction."""

from __future__ import annotations

from alembic import context

from webmap.reviews.store.records import Record

context.configure(connection=context.config.attributes["connection"], target_metadata=Record.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
