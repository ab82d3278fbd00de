"""Samples: where and how they were drawn, their households, what is checked, what came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of samples."""
    _sample()
    _households()
    _answers()


def _sample() -> None:
    op.create_table(
        "sample",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("drawn_by", sa.String(200), nullable=False),
        sa.Column("drawn_at", _MOMENT, nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("data_date", sa.Date(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("share", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("villages", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("manifest", sa.String(64), nullable=False),
        sa.Column("seed_entry", sa.BigInteger(), nullable=False),
        sa.Column("seed_hash", sa.String(64), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_sample"),
    )
    for column in ("drawn_by", "region_code"):
        op.create_index(f"ix_sample_{column}", "sample", [column])
    _of_sample("sample_place", ("code",), sa.Column("code", sa.String(12), nullable=False))
    _of_sample(
        "sample_stratum",
        ("key",),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("represents", sa.Float(), nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
    )


def _households() -> None:
    _of_sample(
        "sample_household",
        ("household_id",),
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("village_code", sa.String(12), nullable=False),
        sa.Column("stratum", sa.String(60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("exited", sa.Boolean(), nullable=False),
    )
    _of_sample(
        "sample_item",
        ("household_id", "question"),
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("question", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
    )


def _answers() -> None:
    _of_sample(
        "sample_answer",
        ("household_id", "question", "version"),
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("question", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    _of_sample(
        "sample_oddity",
        ("entry", "place"),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("given_sample", sa.String(40), nullable=False),
        sa.Column("household_id", sa.String(64), nullable=False),
        sa.Column("question", sa.String(100), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("settled_by", sa.String(200), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("taken", sa.Boolean(), nullable=True),
    )


def _of_sample(name: str, key: tuple[str, ...], *columns: sa.Column) -> None:
    """A table of what belongs to samples."""
    op.create_table(
        name,
        sa.Column("sample", sa.BigInteger(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("sample", *key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["sample"], ["sample.number"], name=f"fk_{name}_sample"),
    )
