"""Findings, their steps, measures, units and evidence, and who works in which unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of findings and of units."""
    _finding()
    _step()
    _of_step()
    op.create_table(
        "unit_member",
        sa.Column("unit", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("unit", "subject", name="pk_unit_member"),
        sa.ForeignKeyConstraint(["subject"], ["person.subject"], name="fk_unit_member_subject"),
    )
    op.create_index("ix_unit_member_subject", "unit_member", ["subject"])


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.String(80), nullable=False),
        sa.Column("household_id", sa.String(32), nullable=True),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("open_key", sa.String(64), nullable=True),
        sa.Column("opened_by", sa.String(200), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assigned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_finding"),
        sa.UniqueConstraint("code", name="uq_finding_code"),
        sa.UniqueConstraint("open_key", name="uq_finding_open_key"),
    )
    for column in ("kind", "subject_id", "household_id", "region_code", "state", "opened_by"):
        op.create_index(f"ix_finding_{column}", "finding", [column])


def _step() -> None:
    op.create_table(
        "finding_step",
        sa.Column("finding", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("finding", "place", name="pk_finding_step"),
        sa.ForeignKeyConstraint(["finding"], ["finding.number"], name="fk_finding_step_finding"),
    )


def _of_step() -> None:
    """What comes with a step: measures, their units, evidence."""
    key = ("finding", "place")
    op.create_table(
        "finding_measure",
        *_numbers(*key, "measure"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*key, "measure", name="pk_finding_measure"),
        _belongs("fk_finding_measure_step", "finding_step", key),
    )
    op.create_table(
        "measure_unit",
        *_numbers(*key, "measure"),
        sa.Column("unit", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint(*key, "measure", "unit", name="pk_measure_unit"),
        _belongs("fk_measure_unit_measure", "finding_measure", (*key, "measure")),
    )
    op.create_index("ix_measure_unit_unit", "measure_unit", ["unit"])
    op.create_table(
        "finding_evidence",
        *_numbers(*key, "piece"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint(*key, "piece", name="pk_finding_evidence"),
        _belongs("fk_finding_evidence_step", "finding_step", key),
    )


def _numbers(first: str, *others: str) -> list[sa.Column]:
    whole = [sa.Column(first, sa.BigInteger(), autoincrement=False, nullable=False)]
    return whole + [
        sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in others
    ]


def _belongs(name: str, table: str, columns: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, [f"{table}.{each}" for each in columns], name=name)
