"""Short links and saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of short links and of saved views."""
    op.create_table(
        "short_link",
        sa.Column("code", sa.String(10), nullable=False),
        *_kept(),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("data_date", sa.Date(), nullable=False),
        sa.Column("rules", sa.String(12), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_short_link"),
    )
    op.create_index("ix_short_link_owner", "short_link", ["owner"])
    op.create_table(
        "saved_view",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        *_kept(),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("start", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["owner"])


def _kept() -> list[sa.Column]:
    """What both hold: whose, since when, of which address, in which words, until when."""
    return [
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("path", sa.String(40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
    ]
