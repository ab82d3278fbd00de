"""What Alembic runs to migrate: over the connection that ``state.database`` opened, in one go."""

from __future__ import annotations

from alembic import context

from state import meeting_tables, sample_tables  # noqa: F401 - their tables are in the metadata
from state.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite's too, as its transactions are begun by us
)
with context.begin_transaction():
    context.run_migrations()
