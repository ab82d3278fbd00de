"""The problem that a meeting's decision is followed as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the finding to decisions; those of before stay without."""
    finding = sa.Column("finding", sa.BigInteger(), nullable=True)
    op.add_column("meeting_decision", finding)
