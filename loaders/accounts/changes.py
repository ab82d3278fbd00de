"""What an import changes: rows before, added, changed, gone and after, by table and township."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loaders.assembly.kept_columns import changed
from loaders.assembly.merging import Merging
from loaders.assembly.staging import REGISTER, Staging
from loaders.regions.place_names import plain
from store import schema
from store.tables import ROW

_COUNTS = ("before", "added", "changed", "gone", "after")


def account(
    staging: Staging,
    merging: Merging,
    names: list[str],
    after: dict[str, int],
    towns: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    """The account of every table that the import touches: before + added - gone = after.

    ``gone`` counts the rows that wait for their household now (``waiting``), ``added`` those that
    have waited and came (``returned``). ``townships`` has the same counts by code, with the
    name (``place``) that ``towns`` has for it; there a household that has moved is in the sum of
    one and no longer in that of another. ``after`` are the rows of the finished tables.
    AssertionError where it does not add up.
    """
    found = {}
    for name in names:
        if merging.base.snapshot is None or name in merging.rewritten or staging.numbers(name):
            found[name] = _of_table(staging, merging, schema.BY_NAME[name])
            counted, rows = found[name]["after"], after[name]
            assert counted == rows, (name, found[name], rows)
            for code, counts in found[name]["townships"].items():
                counts["place"] = plain(towns.get(code, ""))
    return found


def _of_table(staging: Staging, merging: Merging, table: schema.Table) -> dict[str, Any]:
    counts: dict[str, dict[str, int]] = {}

    def add(rows: str, *kinds: str) -> None:
        query = f"SELECT coalesce(place, ''), count(*) FROM ({rows}) GROUP BY 1"
        for place, count in staging.sql.execute(query).fetchall():
            entry = counts.setdefault(place, dict.fromkeys(_COUNTS, 0))
            for kind in kinds:
                entry[kind] += count

    name, key = table.name, ", ".join(table.key)
    placed = _placed(table)
    stored = f"left(b.{table.region}, 9)" if table.region else "''"
    if merging.base.snapshot is None:
        add(_places(table), "added", "after")
    else:
        fates = f"base_{name} AS b JOIN fate_{name} AS f USING ({ROW})"
        lost = "f.fate IN ('absent', 'waiting', 'doubled')"
        kept = f"NOT EXISTS (FROM fate_{name} AS f WHERE f.{ROW} = b.{ROW})"
        add(f"SELECT {stored} AS place FROM base_{name} AS b", "before")
        add(f"SELECT {stored} AS place FROM {fates} WHERE {lost}", "gone")
        add(f"SELECT {stored} AS place FROM base_{name} AS b WHERE {kept}", "after")
        add(changed(staging, table, placed), "changed")
        before = f"SELECT {key} FROM base_{name}"
        add(f"SELECT place FROM {placed} ANTI JOIN ({before}) USING ({key})", "added")
        add(_places(table), "after")
    places: dict[str, dict[str, Any]] = dict(sorted(counts.items()))
    total = {kind: sum(entry[kind] for entry in places.values()) for kind in _COUNTS}
    assert total["before"] + total["added"] - total["gone"] == total["after"], (name, total)
    touched = {
        place: entry
        for place, entry in places.items()
        if entry["added"] or entry["changed"] or entry["gone"] or entry["before"] != entry["after"]
    }
    waits = {"waiting": _waiting(staging, name), "returned": merging.waiting.returned.get(name, 0)}
    return total | waits | {"townships": touched}


def _placed(table: schema.Table) -> str:
    """SQL: the staged rows that are published, with their township as ``place``."""
    if _by_household(table):
        return f"""(SELECT k.*, left(p.village_code, 9) AS place FROM keys_{table.name} AS k
            JOIN placed_{table.name} AS p ON (k.part = p.part AND k.pos = p.pos))"""
    place = f"left({table.region}, 9)" if table.region else "''"
    return f"(SELECT *, {place} AS place FROM keys_{table.name})"


def _places(table: schema.Table) -> str:
    """SQL: their townships alone."""
    if _by_household(table):
        rows = f"placed_{table.name} ANTI JOIN gone_{table.name} USING (part, pos)"
        return f"SELECT left(village_code, 9) AS place FROM {rows}"
    return f"SELECT place FROM {_placed(table)}"


def _by_household(table: schema.Table) -> bool:
    """Whether a table's rows are where their household is."""
    return table.name != REGISTER and "household_id" in table.arrow.names


def _waiting(staging: Staging, name: str) -> int:
    query = "SELECT count(*) FROM waiting WHERE table_name = $name"
    ((count,),) = staging.sql.execute(query, {"name": name}).fetchall()
    return int(count)
