"""The household of rows that name a person in place of it, by the person's identity number; and
the number of a member whom a sheet has by the identity number only.

Never by a name: two people may have one. Whom the person lists of this import do not name is looked
for in the snapshot before it.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import Audit
from loaders.assembly.staging import FIRST, Staging, decoded
from loaders.assembly.table_writing import in_chunks
from loaders.cells.masks import mask_column

_REASONS = (("homes IS NULL", "household_not_found"), ("homes > 1", "household_ambiguous"))


def identify(staging: Staging, audit: Audit, table: str) -> None:
    """Find the households, and people's own numbers, of rows that have identity numbers only."""
    find_households(staging, audit, table)
    if table == "member":
        name_members(staging, audit)


def find_households(staging: Staging, audit: Audit, table: str) -> None:
    """Note the households that were found in ``whole_<table>``, and refuse the other rows.

    A row stands in ``sought`` where its layout says ``household_by``, once a number, and the first
    number that is known in one household finds it. Refused are those of nobody who is known and of
    somebody who is known in two households only.
    """
    run = staging.sql
    waiting = f"FROM sought JOIN keys_{table} AS k USING (part, pos) WHERE k.household_id IS NULL"
    if not run.execute(f"SELECT 1 {waiting} LIMIT 1").fetchone():
        return
    run.execute(
        f"""CREATE OR REPLACE TABLE met AS
        SELECT part, pos, k.sheet, homes, turn,
            if(homes = 1, known.household_id, NULL) AS household_id,
            first_value(sought.identity_number) OVER (
                PARTITION BY part, pos ORDER BY turn) AS identity_number
        FROM sought JOIN keys_{table} AS k USING (part, pos) LEFT JOIN (
            SELECT identity_number, min(household_id) AS household_id,
                count(DISTINCT household_id) AS homes
            FROM ({_people()}) SEMI JOIN sought USING (identity_number)
            WHERE household_id IS NOT NULL AND NOT starts_with(identity_number, '999999')
            GROUP BY identity_number) AS known ON known.identity_number = sought.identity_number
        WHERE k.household_id IS NULL
        QUALIFY row_number() OVER (PARTITION BY part, pos
            ORDER BY homes = 1 DESC NULLS LAST, homes NULLS LAST, turn) = 1"""
    )
    run.execute(
        f"""INSERT INTO whole_{table} SELECT part, pos, household_id, NULL FROM met WHERE homes = 1;
        UPDATE compared SET household_id = met.household_id FROM met
        WHERE compared.part = met.part AND compared.pos = met.pos"""
    )
    for where, reason in _REASONS:
        query = f"SELECT * FROM met WHERE {where} ORDER BY {FIRST}"
        for keys in in_chunks(run.cursor().sql(query)):
            for sheet in pc.unique(keys["sheet"]).to_pylist():
                by = audit.sheets[sheet].match.layout.household_by[0]
                of_sheet = keys.filter(pc.equal(keys["sheet"], sheet))
                _refuse(staging, audit, table, of_sheet, reason, by)
    run.execute(f"INSERT INTO gone_{table} SELECT part, pos FROM met WHERE household_id IS NULL")


def name_members(staging: Staging, audit: Audit) -> None:
    """Note in ``named_member`` the numbers that people have already whom a sheet gives none.

    Their rows carry a number made of others (``hash``); the same person would stand there twice.
    """
    made = [
        number
        for number, account in enumerate(audit.sheets)
        if account.match.layout.table == "member" and "member_id" in account.match.layout.hash
    ]
    if not made:
        return
    numbered = f"SELECT * FROM keys_member WHERE NOT list_contains({made}::INT[], sheet)"
    staging.sql.execute(
        f"""INSERT INTO named_member SELECT k.part, k.pos, known.member_id
        FROM keys_member AS k JOIN (
            SELECT identity_number, min(member_id) AS member_id FROM (
                SELECT identity_number, member_id FROM ({numbered})
                UNION ALL SELECT identity_number, member_id FROM base_member
                    ANTI JOIN ({numbered}) USING (identity_number))
            WHERE NOT starts_with(identity_number, '999999')
            GROUP BY identity_number HAVING count(DISTINCT member_id) = 1) AS known
        USING (identity_number) WHERE list_contains({made}::INT[], k.sheet)"""
    )


def _refuse(
    staging: Staging, audit: Audit, table: str, keys: pa.Table, reason: str, field: str
) -> None:
    shown = mask_column(keys["identity_number"].combine_chunks(), "identity")
    rows = staging.gather(table, keys["part"].to_numpy(), keys["pos"].to_numpy())
    audit.quarantine_table(decoded(rows), reason, field, shown)


def _people() -> str:
    """The query for the identity and household numbers of people; this import's come first."""
    return """SELECT identity_number, household_id FROM keys_member
        UNION ALL SELECT identity_number, household_id FROM base_member
        WHERE identity_number NOT IN (SELECT identity_number FROM keys_member
            WHERE identity_number IS NOT NULL AND household_id IS NOT NULL)"""
