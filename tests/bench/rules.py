"""How fast all rules judge 2.5 million households: ``python -m tests.bench.rules``.

Facts are drawn at random and written as Parquet. Then, in turn, one bare scan of the columns that
the rules ask, and the same columns with every rule judged, relation by relation.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

from rules.facts import thresholds
from rules.judge import fact_types
from rules.parameters import defaults
from rules.registry import Rule, answered, needed, rules

# Rows of a relation for each household, as in the demo county.
_SHARES = {
    "household_fact": 1.0,
    "member_fact": 3.0,
    "monitored_fact": 0.025,
    "village_fact": 0.006,
    "county_fact": 0.00004,
}
_DRAWN = {
    "BOOLEAN": "random() < 0.5",
    "VARCHAR": "list_extract(['met', 'unmet', 'stricken', 'natural', 'five_guarantee'], {whole})",
    "DATE": "DATE '2020-01-01' + {whole}",
}
_WHOLE = "CAST(1 + random() * 4.99 AS INTEGER)"
_NUMBER = "round(random() * 12000, 2)"


def rules_of(relation: str) -> list[Rule]:
    """Every rule over a relation."""
    return [rule for rule in rules().values() if rule.relation == relation]


def columns_of(relation: str) -> list[str]:
    """The facts and thresholds that the rules over a relation ask."""
    asked = {name for rule in rules_of(relation) for name in rule.names}
    return sorted(asked - {rule.column for rule in rules_of(relation)} | {"year"})


def _drawn(name: str, kind: str, relation: str) -> str:
    """SQL of a random value; one in thirty is not known."""
    if name == "year":
        return "2021 AS year"
    if name in thresholds(relation, defaults()):
        return f"CAST(50 AS DOUBLE) AS {name}"
    whole = _WHOLE if kind in ("INTEGER", "BIGINT") else _NUMBER
    value = _DRAWN.get(kind, whole).format(whole=_WHOLE)
    return f"CASE WHEN random() > 0.03 THEN CAST({value} AS {kind}) END AS {name}"


def write(connection: duckdb.DuckDBPyConnection, households: int, folder: Path) -> dict[str, int]:
    """Write each relation's facts; rows written by relation."""
    connection.execute("SELECT setseed(0.5)").fetchall()
    written = {}
    for relation, share in _SHARES.items():
        types = fact_types(relation)
        columns = ", ".join(_drawn(n, types[n], relation) for n in columns_of(relation))
        written[relation] = max(1, round(households * share))
        connection.execute(
            f"COPY (SELECT {columns} FROM range({written[relation]})) "
            f"TO '{folder / relation}.parquet' (FORMAT parquet)"
        ).fetchall()
    return written


def scan_sql(relation: str, folder: Path) -> str:
    """Every column read once, nothing judged."""
    counts = ", ".join(f"COUNT({name})" for name in columns_of(relation))
    return f"SELECT {counts} FROM read_parquet('{folder / relation}.parquet')"


def rules_sql(relation: str, folder: Path) -> str:
    """Every rule judged for every row, and counted."""
    own = rules_of(relation)
    facts = f"SELECT * FROM read_parquet('{folder / relation}.parquet')"
    counts = ", ".join(f"COUNT(*) FILTER (WHERE {rule.column})" for rule in own)
    return f"SELECT {counts} FROM ({answered(facts, needed(own))}) AS judged"


def _timed(connection: duckdb.DuckDBPyConnection, queries: list[str]) -> float:
    start = time.perf_counter()
    for sql in queries:
        connection.execute(sql).fetchall()
    return time.perf_counter() - start


def measure(households: int, rounds: int, folder: Path) -> tuple[float, float]:
    """Seconds of one bare scan and of all rules, medians of the rounds, taken in turn."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false")
    write(connection, households, folder)
    scans = [scan_sql(relation, folder) for relation in _SHARES]
    judged = [rules_sql(relation, folder) for relation in _SHARES]
    _timed(connection, scans)
    taken = [(_timed(connection, scans), _timed(connection, judged)) for _ in range(rounds)]
    connection.close()
    return median(scan for scan, _ in taken), median(all_rules for _, all_rules in taken)


def main(argv: list[str] | None = None) -> int:
    """Print households a second of both and their ratio; exit code 1 under one tenth."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rules", description=__doc__)
    parser.add_argument("--households", type=int, default=2_500_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        scan, judged = measure(args.households, args.rounds, Path(folder))
    ratio = scan / judged
    print(f"households      {args.households:,}, rules {len(rules())}, rounds {args.rounds}")
    print(f"bare scan       {scan:8.3f} s  {args.households / scan:14,.0f} households a second")
    print(f"all rules       {judged:8.3f} s  {args.households / judged:14,.0f} households a second")
    print(f"rules to scan   {ratio:8.3f}    (asked: at least 0.1)")
    return 0 if ratio >= 0.1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
