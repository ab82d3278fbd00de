"""What people are found by, beside the facts: hashes of names and of numbers, no value itself.

A search reads the few rows with its hash instead of every member's name. Texts are hashed as an
import has folded them. It hides nothing from who can read the home, where the values stand too; a
query can compare with it and carry no value out.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from store import tables
from store.amended import literal
from store.snapshots import Snapshot
from store.spilling import limit

RELATION = "search_key"
# A household's head is found in every place that it is listed in, a member in the member's own.
SQL = """
SELECT md5(head_name) AS found, household_id, village_code
FROM household WHERE head_name IS NOT NULL
UNION
SELECT md5(h.head_name), y.household_id, y.village_code
FROM household_year AS y JOIN household AS h USING (household_id)
WHERE h.head_name IS NOT NULL AND y.village_code IS DISTINCT FROM h.village_code
UNION
SELECT md5(name), household_id, village_code FROM member WHERE name IS NOT NULL
UNION
SELECT md5(identity_number), household_id, village_code
FROM member WHERE identity_number IS NOT NULL
"""
_TABLES = ("household", "household_year", "member")
_ROWS = 20_000  # of a row group: a search reads one or two


def write(snapshot: Snapshot, folder: Path) -> None:
    """Write the relation as Parquet into a folder, sorted by hash."""
    path = folder / f"{RELATION}.parquet"
    with duckdb.connect(":memory:") as connection:
        limit(connection, snapshot.folder.parents[1])
        tables.show(connection, snapshot, names=_TABLES)
        connection.execute(
            f"COPY (FROM ({SQL}) ORDER BY found, household_id, village_code) TO {literal(path)} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS})"
        )


def condition(*texts: str) -> str:
    """SQL over ``f``: households found by any of some parameters, whole names or numbers."""
    hashes = ", ".join(f"md5({text})" for text in texts)
    return f"f.household_id IN (SELECT household_id FROM {{{RELATION}}} WHERE found IN ({hashes}))"
