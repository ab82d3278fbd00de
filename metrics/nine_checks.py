"""The nine verifications of a household: how many are done, which are missing, the oldest."""

from __future__ import annotations

import pyarrow as pa

from metrics.paging import Order, rows
from store.reader import Reader

ITEMS = (
    "population",
    "health",
    "labour",
    "employment",
    "cause",
    "income",
    "policies",
    "standards",
    "wishes",
)
ALL = "all"
# One verification is done, recorded and yet to be done, or not recorded at all; all of them are
# done, or some are not.
STATES = ("done", "pending", "missing")
ALL_STATES = ("done", "open")

_DONE = "(c.checked_on IS NOT NULL AND c.check_result IN ('agrees', 'corrected'))"


def allows(arguments: tuple[str, ...]) -> bool:
    """Whether an item (or all of them) and a state name households."""
    if len(arguments) != 2:
        return False
    item, state = arguments
    return state in (ALL_STATES if item == ALL else (*STATES, "open")) and item in (ALL, *ITEMS)


def condition(arguments: tuple[str, ...]) -> str:
    """SQL condition over ``{household_fact} AS f``. ``arguments``: an item or all, its state."""
    item, state = arguments
    checks = "f.household_id {} (SELECT c.household_id FROM {{nine_check}} AS c WHERE {})"
    if item == ALL:
        which = f"{_DONE} GROUP BY c.household_id HAVING COUNT(*) = {len(ITEMS)}"
    else:
        pending = f" AND NOT {_DONE}" if state == "pending" else f" AND {_DONE}"
        which = f"c.check_item = '{item}'{'' if state == 'missing' else pending}"
    inside = "NOT IN" if state in ("missing", "open") else "IN"
    return "f.registered AND " + checks.format(inside, which)


def any_recorded(reader: Reader) -> bool:
    """Whether this county's data have verifications at all."""
    return reader.one("SELECT 1 AS one FROM {nine_check} LIMIT 1") is not None


_DONE_ITEMS = " + ".join(f"e.{item}_done" for item in ITEMS)


def by_place(reader: Reader, region: str, digits: int) -> dict[str, dict[str, int]]:
    """Place (the first ``digits`` of a village code) to its counts of households.

    Keys of the counts: ``asked``, ``all_done``, ``all_open`` (not all nine done), and
    ``<item>_<state>`` and ``<item>_open`` (not done) for each item and state.
    """
    counted = ", ".join(
        f"SUM(e.{item}_{state}) AS {item}_{state}" for item in ITEMS for state in STATES[:2]
    )
    places = reader.rows(
        f"SELECT SUBSTRING(e.village_code, 1, $digits) AS place, COUNT(*) AS asked, "
        f"COUNT(*) FILTER (WHERE {_DONE_ITEMS} = {len(ITEMS)}) AS all_done, {counted} "
        "FROM {verified_fact} AS e WHERE e.village_code LIKE $region GROUP BY 1 ORDER BY 1",
        region=f"{region}%",
        digits=digits,
    )
    found = {}
    for row in places:
        counts = {key: int(value) for key, value in row.items() if key != "place"}
        for item in (ALL, *ITEMS):
            counts[f"{item}_open"] = counts["asked"] - counts[f"{item}_done"]
        for item in ITEMS:
            counts[f"{item}_missing"] = counts[f"{item}_open"] - counts[f"{item}_pending"]
        found[row["place"]] = counts
    return found


def oldest_first(reader: Reader, region: str, offset: int, limit: int | None) -> pa.Table:
    """Households by the day of their oldest standing verification, those without any first.

    Columns: household, village, group, head, ``oldest_on``, ``done_items``, and the keys of the
    items that are not done (``open_items``, a list). Without a limit all of them.
    """
    undone = ", ".join(f"CASE WHEN e.{item}_done = 0 THEN '{item}' END" for item in ITEMS)
    found = rows(
        reader,
        "SELECT e.household_id, e.village_code, e.village_group, e.head_name, e.oldest_on, "
        f"{_DONE_ITEMS} AS done_items, "
        f"LIST_FILTER([{undone}], lambda item: item IS NOT NULL) AS open_items, "
        "COALESCE(e.oldest_on, DATE '0001-01-01') AS since "
        "FROM {verified_fact} AS e WHERE e.village_code LIKE $region",
        Order.by("since", "household_id"),
        offset,
        limit,
        {"region": f"{region}%"},
    )
    return found.drop_columns(["since"])
