"""What is derived from a snapshot (facts, cube, findings), kept beside it in ``<home>/derived``.

A folder's name says which snapshot and which rules, indicators and parameters made it: a rule
added, or a threshold filled in, makes it anew, and the snapshot itself never changes. Where the
snapshot that it was made from has such a folder, only what touched households is computed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from metrics import search_keys
from metrics.cube import build, cube_sql, group, rebuilt, regrouped, sorted_groups
from metrics.registry import Measure, indicators
from rules.changed import Changed
from rules.checks import check_sql, checks
from rules.facts import fact_sql, write_facts
from rules.findings import refresh_findings, write_findings
from rules.parameters import Parameter, load
from rules.refresh import refresh_facts
from rules.registry import groups, registry
from rules.touched import Everything
from store.amended import is_part, link
from store.holding import Hold
from store.reader import Relation, columns_of
from store.schema import TABLES, Mask
from store.snapshots import MANIFEST, Home, NoSnapshot, Snapshot, SnapshotDamaged

_REGIONS = {"county_fact": "county_code"}
_YEARS = frozenset(c.name for table in TABLES for c in table.columns if c.year_alone)
_MASKS: dict[str, dict[str, Mask]] = {
    name: {"head_name": "name"} for name in ("household_fact", "verified_fact")
}
_GROUPS = "groups"  # folder of the grouped amounts that the cube is made of
_BY_HOUSEHOLD = "household_fact"
_CUBE = "cube.parquet"


def relations(folder: Path) -> tuple[Relation, ...]:
    """The relations of a derived folder."""
    files = sorted(folder.glob("*.parquet"))
    names = [path for path in files if path.stem != "cube" and not is_part(path)]
    return tuple(
        Relation(
            path.stem,
            path,
            columns := columns_of(path),
            _REGIONS.get(path.stem, "village_code"),
            masks=_MASKS.get(path.stem, {}),
            years=_YEARS & set(columns),
        )
        for path in names
    )


def _fingerprint(snapshot: Snapshot, parameters: Mapping[str, Parameter]) -> str:
    """What the derived relations depend on: data, SQL of facts, cube and checks, thresholds."""
    basis = [
        snapshot.manifest["tables"],
        snapshot.data_date.isoformat(),
        fact_sql(groups(), parameters),
        cube_sql(indicators()),
        check_sql(checks(), parameters),
        search_keys.SQL,
        [str(parameter) for parameter in parameters.values()],
    ]
    text = json.dumps(basis, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf8")).hexdigest()[:12]


def derived_names(home: Home) -> list[str]:
    """Names of the derived folders that today's rules and thresholds give the home's snapshots."""
    parameters = load(home.path)
    names = []
    for number in home.numbers():
        with suppress(NoSnapshot, SnapshotDamaged, KeyError):  # nothing is derived of such a one
            names.append(_name(home.open(number, verify=False), parameters))
    return names


def _name(snapshot: Snapshot, parameters: Mapping[str, Parameter]) -> str:
    return f"{snapshot.number:06d}-{_fingerprint(snapshot, parameters)}"


def derive(home: Home, snapshot: Snapshot) -> Path:
    """Folder with the snapshot's fact relations and cube; made if it is not there or damaged."""
    parameters = load(home.path)
    name = _name(snapshot, parameters)
    folder = home.path / "derived" / name
    if _whole(folder):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    work = folder.with_name(f".{name}-{os.getpid()}")
    work.mkdir(parents=True)
    try:
        _fill(home, snapshot, parameters, work)
        files = (path for path in work.rglob("*") if path.is_file())
        digests = {str(path.relative_to(work)): _digest(path) for path in files}
        (work / MANIFEST).write_text(json.dumps(digests), encoding="utf8")
        try:
            work.rename(folder)
        except OSError:  # another process derived the same at the same time
            if not _whole(folder):
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _fill(home: Home, snapshot: Snapshot, parameters: Mapping[str, Parameter], work: Path) -> None:
    """Write everything into a folder, from what the snapshot before has where that can be."""
    before = _before(home, snapshot, parameters)
    if before is not None:
        try:
            # So that nobody removes them meanwhile.
            holds = [Hold(each / MANIFEST) for each in (before[0].folder, before[1])]
            _refresh(*before, snapshot, parameters, work)
            for hold in holds:
                hold.close()
            return
        except (Everything, FileNotFoundError):
            shutil.rmtree(work)
            work.mkdir()
    _fill_whole(snapshot, parameters, work)


def _fill_whole(snapshot: Snapshot, parameters: Mapping[str, Parameter], work: Path) -> None:
    """Write everything into a folder, from the snapshot alone."""
    with write_facts(snapshot, groups(), parameters, work) as connection:
        _write_cube(group(connection, indicators()), work)
        write_findings(connection, checks(), parameters, work)
    search_keys.write(snapshot, work)


def _before(
    home: Home, snapshot: Snapshot, parameters: Mapping[str, Parameter]
) -> tuple[Snapshot, Path] | None:
    """The snapshot that one was made from, and what today's rules derived from it; if whole."""
    number = snapshot.manifest["report"].get("base")
    with suppress(NoSnapshot, SnapshotDamaged, KeyError):
        if number is not None:
            before = home.open(number)
            folder = home.path / "derived" / _name(before, parameters)
            if _whole(folder):
                return before, folder
    return None


def _refresh(
    before: Snapshot,
    old: Path,
    snapshot: Snapshot,
    parameters: Mapping[str, Parameter],
    work: Path,
) -> None:
    """Write everything into a folder, computing what the two snapshots differ in."""
    declared = indicators()
    measures = [measure for each in declared.values() for measure in each.measures]
    conditions = [measure.condition for measure in measures]
    conditions += [measure.value for measure in measures if measure.value]
    conditions += [check.where for check in checks().values()]
    conditions += [rule.where for rule in registry().rules.values()]
    grouped = "\n".join(cube_sql(declared).values())
    facts = before, snapshot, groups(), parameters, conditions, grouped, [search_keys.SQL]
    connection, changed, levels = refresh_facts(*facts, old, work)
    with connection:
        _refresh_cube(connection, changed, old, work)
        try:
            refresh_findings(connection, checks(), parameters, changed, levels, old, work)
        except Everything:
            connection.execute("CREATE SCHEMA again")
            connection.execute("SET search_path = 'again,now,main'")
            write_findings(connection, checks(), parameters, work)
    if changed.stale(search_keys.SQL):
        search_keys.write(snapshot, work)
    else:
        name = f"{search_keys.RELATION}.parquet"
        link(old / name, work / name)


def _refresh_cube(
    connection: duckdb.DuckDBPyConnection, changed: Changed, old: Path, work: Path
) -> None:
    """Write the cube with anew what rests on what changed, of touched households' rows alone."""

    def moved(measure: Measure) -> bool:
        return changed.tells(measure.relation, measure.amount, measure.known, measure.asked)

    declared = indicators()
    (work / _GROUPS).mkdir()
    found: dict[str, pa.Table] = {}
    for relation, sql in cube_sql(declared, moved).items():
        if relation == _BY_HOUSEHOLD:
            parts = {}
            for of in ("was", "now"):
                connection.execute(f"SET search_path = '{of}_touched'")
                parts[of] = connection.execute(sql).to_arrow_table()
            kept = pq.read_table(_grouped(old, relation))
            found[relation] = regrouped(connection, kept, parts["now"], parts["was"])
        else:
            connection.execute("SET search_path = 'whole,now,main'")
            whole = cube_sql(declared)[relation]
            found[relation] = sorted_groups(connection.execute(whole).to_arrow_table())
        pq.write_table(found[relation], _grouped(work, relation), compression="zstd")
    for relation in cube_sql(declared).keys() - found.keys():
        link(_grouped(old, relation), _grouped(work, relation))
    stale = {key: each for key, each in declared.items() if any(map(moved, each.measures))}
    if not stale:
        link(old / _CUBE, work / _CUBE)
        return
    asked = {measure.relation for each in stale.values() for measure in each.measures}
    tables = {name: pq.read_table(_grouped(work, name)) for name in asked}
    cube = rebuilt(pq.read_table(old / _CUBE), build(tables, stale), declared)
    pq.write_table(cube, work / _CUBE)


def _grouped(folder: Path, relation: str) -> Path:
    """Where the grouped amounts of a relation lie, which a later cube may start from."""
    return folder / _GROUPS / f"{relation}.parquet"


def _write_cube(groups: Mapping[str, pa.Table], folder: Path) -> None:
    """Write the cube and the grouped amounts."""
    (folder / _GROUPS).mkdir()
    for relation, rows in groups.items():
        pq.write_table(sorted_groups(rows), _grouped(folder, relation), compression="zstd")
    pq.write_table(build(groups, indicators()), folder / _CUBE)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _whole(folder: Path) -> bool:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return False
    digests = json.loads(manifest.read_text(encoding="utf8"))
    return all((folder / n).is_file() and _digest(folder / n) == d for n, d in digests.items())
