"""The six groups over places: counts, overlaps, ledger states, and ledgers against rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.shares import total
from rules.registry import Rule
from store.reader import Reader


def overlaps(
    reader: Reader, rules: Mapping[str, Rule], region: str, year: int, most: int = 12
) -> list[tuple[tuple[str, ...], int]]:
    """The largest combinations of groups and the households in exactly that combination."""
    columns = ", ".join(f"COALESCE({rule.column}, FALSE) AS {key}" for key, rule in rules.items())
    rows = reader.rows(
        f"SELECT {', '.join(rules)}, COUNT(*) AS households FROM ("
        f"SELECT {columns} FROM {{household_fact}} WHERE year = $year AND village_code LIKE $region"
        f") AS g WHERE {' OR '.join(rules)} GROUP BY ALL "
        "ORDER BY households DESC LIMIT $most",
        region=f"{region}%",
        year=year,
        most=most,
    )
    return [(tuple(key for key in rules if row[key]), row["households"]) for row in rows]


def in_several(reader: Reader, rules: Mapping[str, Rule], region: str, year: int) -> int:
    """Households of a place that are in two groups or more."""
    each = " + ".join(f"CASE WHEN {rule.column} THEN 1 ELSE 0 END" for rule in rules.values())
    row = reader.one(
        f"SELECT COUNT(*) AS households FROM {{household_fact}} "
        f"WHERE year = $year AND village_code LIKE $region AND {each} >= 2",
        year=year,
        region=f"{region}%",
    )
    return int(row["households"]) if row else 0


def monitored_with_closed(reader: Reader, region: str) -> tuple[int, int, int]:
    """Households monitored on the data date; of them those with a closed entry of a ledger, and
    those with one whose condition still stands."""
    row = reader.one(
        "SELECT COUNT(*) AS monitored, "
        "COUNT(*) FILTER (WHERE f.household_id IN (SELECT e.household_id FROM {ledger_fact} AS e "
        "WHERE e.ledger_state IN ('closed', 'closed_standing'))) AS closed, "
        "COUNT(*) FILTER (WHERE f.household_id IN (SELECT e.household_id FROM {ledger_fact} AS e "
        "WHERE e.ledger_state = 'closed_standing')) AS standing "
        "FROM {household_fact} AS f "
        "WHERE f.is_latest AND f.monitored AND f.village_code LIKE $region",
        region=f"{region}%",
    )
    assert row is not None
    return row["monitored"], row["closed"], row["standing"]


def ledger_states(reader: Reader, region: str) -> dict[str, dict[str, int]]:
    """Ledger entries by group and state."""
    return _by_group(reader, "ledger_fact", "ledger_state", region)


def findings(reader: Reader, region: str) -> dict[str, dict[str, int]]:
    """Households by group and finding: agree, missing from the ledger, without cause, unknown."""
    return _by_group(reader, "group_check", "finding", region)


def all_groups(
    by_group: Mapping[str, Mapping[str, int]], kinds: Sequence[str]
) -> tuple[dict[str, int], int]:
    """Each of ``kinds`` over all groups, and all of these kinds together."""
    found = total(by_group.values())
    counted = {kind: found.get(kind, 0) for kind in kinds}
    return counted, sum(counted.values())


def _by_group(reader: Reader, relation: str, column: str, region: str) -> dict[str, dict[str, int]]:
    """Rows of a relation with a group, counted by group and by another column."""
    rows = reader.rows(
        f"SELECT group_key, {column} AS kind, COUNT(*) AS n FROM {{{relation}}} "
        f"WHERE village_code LIKE $region GROUP BY group_key, {column} ORDER BY ALL",
        region=f"{region}%",
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["group_key"], {})[row["kind"]] = row["n"]
    return found


def indicator_of(rule: Rule) -> str:
    """Key of the indicator that counts a rule's households."""
    return f"{rule.key}_households"


def share_of(rule: Rule) -> str:
    """Key of the indicator of a rule's households as a share: what places are ranked by."""
    return f"{rule.key}_share"


def changes(
    cells: Mapping[str, tuple[float | None, float | None]], better: str, most: int
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Places that worsened and that improved most, from (before, now) by place.

    Both lists hold (place, change now minus before), largest change first; places with either
    value unknown, or without change, are left out.
    """
    moved = [
        (place, now - before)
        for place, (before, now) in cells.items()
        if before is not None and now is not None and now != before
    ]
    up = sorted((m for m in moved if m[1] > 0), key=lambda m: -m[1])[:most]
    down = sorted((m for m in moved if m[1] < 0), key=lambda m: m[1])[:most]
    return (up, down) if better == "lower" else (down, up)


def household_groups(row: Mapping[str, Any], rules: Mapping[str, Rule]) -> list[str]:
    """Keys of the groups that a row of ``household_fact`` is in."""
    return [key for key, rule in rules.items() if row.get(rule.column)]
