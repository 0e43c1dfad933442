"""What Alembic executes to migrate: on the connection it is given, in that connection's transaction.

Alembic runs this file rather than importing it, so it acts where a module of ours would not.
"""

from __future__ import annotations

from alembic import context

from heygen_desktop.infrastructure.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
