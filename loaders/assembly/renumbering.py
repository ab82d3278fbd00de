"""Households and members that go under another number: confirmed ones, and those to be asked about.

A number alone does not say that one household is another; whose identity numbers stand in both
does. Such pairs are proposed, and taken only when a person confirms them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from loaders.assembly.carry_over import Base
from loaders.assembly.staging import CARRIED, Staging, carried
from store import schema

MOST = 1_000  # proposals of one report
_TABLE = schema.BY_NAME["renumbering"]


@dataclass(frozen=True, slots=True)
class Renumbering:
    """One subject's old number and its new one."""

    subject: Literal["household", "member"]
    old_id: str
    new_id: str

    @classmethod
    def parse(cls, text: str) -> Renumbering:
        """From ``old=new`` (a household) or ``member:old=new``; ValueError in words."""
        subject, _, pair = text.rpartition(":")
        old, equals, new = (part.strip() for part in pair.partition("="))
        if subject not in ("", "household", "member") or not (equals and old and new):
            raise ValueError(f"换号应写成 旧户编号=新户编号, 或 member:旧人编号=新人编号: {text}")
        return cls("member" if subject == "member" else "household", old, new)

    def __str__(self) -> str:
        prefix = "" if self.subject == "household" else f"{self.subject}:"
        return f"{prefix}{self.old_id}={self.new_id}"


def staged(confirmed: Sequence[Renumbering]) -> pa.Table:
    """Rows of the table ``renumbering``, ready to be staged."""
    rows = [{"subject": r.subject, "old_id": r.old_id, "new_id": r.new_id} for r in confirmed]
    return carried(pa.Table.from_pylist(rows, _TABLE.arrow))


def proposals(staging: Staging, base: Base) -> list[dict[str, Any]]:
    """Pairs that share identity numbers, the surest first: subject, old, new and how many people.

    A household is proposed where at least half of its people stand in the files under a household
    that the snapshot before does not have, and are at least half of those known there: people of
    several who meet under one number, or one who left to found a household, are no new number. A
    member is where a file has the person under another number in a household that it has.
    """
    if base.snapshot is None or not staging.numbers("member"):
        return []
    rows = staging.sql.execute(
        f"""WITH pairs AS (
            SELECT DISTINCT b.household_id AS old_home, s.household_id AS new_home,
                b.member_id AS old_id, s.member_id AS new_id,
                s.household_id NOT IN (SELECT household_id FROM base_household) AS is_new
            FROM base_member AS b JOIN staged_member AS s USING (identity_number)
            WHERE s.sheet <> {CARRIED} AND NOT starts_with(identity_number, '999999')
        ), homes AS (
            SELECT old_home, new_home, count(*) AS people,
                sum(count(*)) OVER (PARTITION BY new_home) AS known
            FROM pairs WHERE is_new GROUP BY old_home, new_home
        ), sizes AS (SELECT household_id AS old_home, count(*) AS size FROM base_member GROUP BY 1)
        SELECT 'household' AS subject, old_home, new_home, people
        FROM homes JOIN sizes USING (old_home)
        WHERE old_home <> new_home AND 2 * people >= size AND 2 * people >= known
        UNION ALL
        SELECT 'member', old_id, new_id, 1 FROM pairs
        WHERE old_id <> new_id AND NOT is_new
            AND new_id NOT IN (SELECT member_id FROM base_member)
        ORDER BY people DESC, subject, old_home, new_home LIMIT {MOST}"""
    ).fetchall()
    return [dict(zip(("subject", "old", "new", "people"), row, strict=True)) for row in rows]
