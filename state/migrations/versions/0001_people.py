"""People, their grants and logins, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of people and of the audit."""
    _people()
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
    )
    for column in ("at", "actor", "kind"):
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column])
    head = op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"one": 1, "number": 0, "hash": "0" * 64}])
    op.create_table(
        "audit_archive",
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.Column("file", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("first", name="pk_audit_archive"),
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_person"),
    )
    op.create_table(
        "role_grant",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("revoked_by", sa.String(200), nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_role_grant"),
        sa.ForeignKeyConstraint(["subject"], ["person.subject"], name="fk_role_grant_subject"),
    )
    op.create_index("ix_role_grant_subject", "role_grant", ["subject"])
    op.create_table(
        "grant_region",
        sa.Column("grant_number", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("grant_number", "code", name="pk_grant_region"),
        sa.ForeignKeyConstraint(
            ["grant_number"], ["role_grant.number"], name="fk_grant_region_grant_number"
        ),
    )
    op.create_table(
        "login_session",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("issued", _MOMENT, nullable=False),
        sa.Column("last_use", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_login_session"),
        sa.ForeignKeyConstraint(["subject"], ["person.subject"], name="fk_login_session_subject"),
    )
    op.create_index("ix_login_session_subject", "login_session", ["subject"])
