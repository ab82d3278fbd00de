"""Meetings, what they show in which order, and what they decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of meetings, their items and decisions."""
    op.create_table(
        "meeting",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("venue", sa.String(200), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("previous", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_meeting"),
    )
    op.create_index("ix_meeting_owner", "meeting", ["owner"])
    op.create_table(
        "meeting_item",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("question", sa.String(500), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("before", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("meeting", "item", name="pk_meeting_item"),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.number"], name="fk_meeting_item_meeting"),
    )
    op.create_table(
        "meeting_decision",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(100), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("settled_by", sa.String(200), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_meeting_decision"),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meeting.number"], name="fk_meeting_decision_meeting"
        ),
    )
    op.create_index("ix_meeting_decision_meeting", "meeting_decision", ["meeting"])
