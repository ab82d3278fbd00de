"""What the way in said of somebody at their login."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the way in and the groups to logins."""
    way = sa.Column("way", sa.String(16), server_default="oidc", nullable=False)
    op.add_column("login_session", way)
    groups = sa.Column("groups", sa.Text(), server_default="[]", nullable=False)
    op.add_column("login_session", groups)
