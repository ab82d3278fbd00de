"""A county opened for reading: snapshot, fact relations, cube and place names, as one object.

What is derived from a snapshot (facts, cube) is kept beside it in ``<home>/derived``, under a name
that says which snapshot and which rules, indicators and parameters made it: a rule added, or a
threshold filled in, makes it anew, and the snapshot itself never changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

from metrics.cube import Cube, build, cube_sql
from metrics.registry import Indicator, indicators
from rules.checks import Check, check_sql, checks, write_findings
from rules.facts import fact_sql, write_facts
from rules.parameters import Parameter, load
from rules.registry import Rule, groups
from store.county_folder import use
from store.reader import Engine, Reader, Relation, columns_of
from store.schema import Mask
from store.scope import Scope
from store.simulated import State, state_of
from store.snapshots import MANIFEST, Home, NoSnapshot, Snapshot, SnapshotDamaged

_REGIONS = {"county_fact": "county_code"}
_MASKS: dict[str, dict[str, Mask]] = {"household_fact": {"head_name": "name"}}


@dataclass(frozen=True, slots=True)
class Place:
    """A county, township or village: code, level, full and short name, and what it lies in."""

    code: str
    level: str
    name: str
    short_name: str
    parent: str | None


class County:
    """One snapshot, ready to be asked. Made by ``open_county``; read-only and shared."""

    def __init__(self, home: Home, snapshot: Snapshot, folder: Path, *, resident: bool = True):
        self.home = home
        self.snapshot = snapshot
        self.indicators: Mapping[str, Indicator] = indicators()
        self.rules: Mapping[str, Rule] = groups()
        self.checks: Mapping[str, Check] = checks()
        self.parameters: Mapping[str, Parameter] = load(home.path)
        self.engine = Engine(snapshot, _relations(folder), resident=resident)
        self.cube = Cube(pq.read_table(folder / "cube.parquet"), self.indicators)
        self._codes: dict[Scope, frozenset[str]] = {}

    @property
    def code(self) -> str:
        return self.snapshot.county_code

    @property
    def data_date(self) -> date:
        return self.snapshot.data_date

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every place by code, in code order, the county first."""
        rows = pq.read_table(self.snapshot.path("region")).sort_by("region_code").to_pylist()
        found = [
            Place(r["region_code"], r["level"], r["name"], r["short_name"], r["parent_code"])
            for r in rows
        ]
        rank = {"county": 0, "township": 1, "village": 2}
        return {p.code: p for p in sorted(found, key=lambda p: (rank[p.level], p.code))}

    def codes(self, scope: Scope) -> frozenset[str]:
        """Codes of the places that the scope touches."""
        if scope not in self._codes:
            self._codes[scope] = frozenset(c for c in self.places if scope.touches(c))
        return self._codes[scope]

    def level(self, level: str, scope: Scope) -> list[Place]:
        """Places of a level that the scope contains, by code."""
        return [p for p in self.places.values() if p.level == level and scope.contains(p.code)]

    def children(self, code: str, scope: Scope) -> list[Place]:
        """Places directly inside another that the scope touches, by code."""
        return [p for p in self.places.values() if p.parent == code and scope.touches(p.code)]

    @cached_property
    def simulated(self) -> State:
        """Whether all of the data are simulated, a part of them, or none."""
        return state_of(self.snapshot)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years that households have facts for, ascending; the data date's where none has any."""
        return self.cube.years("registered_households") or (self.data_date.year,)

    def reader(self, scope: Scope, *, reveal: bool = False) -> Reader:
        """A reader: take one a script run."""
        return self.engine.reader(scope, reveal=reveal)


def _relations(folder: Path) -> tuple[Relation, ...]:
    names = [path for path in sorted(folder.glob("*.parquet")) if path.stem != "cube"]
    return tuple(
        Relation(
            path.stem,
            path,
            columns_of(path),
            _REGIONS.get(path.stem, "village_code"),
            masks=_MASKS.get(path.stem, {}),
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
        connection = write_facts(snapshot, groups(), parameters, work)
        pq.write_table(build(connection, indicators()), work / "cube.parquet")
        write_findings(connection, checks(), parameters, work)
        connection.close()
        digests = {path.name: _digest(path) for path in work.glob("*.parquet")}
        (work / MANIFEST).write_text(json.dumps(digests), encoding="utf8")
        try:
            work.rename(folder)
        except OSError:  # another process derived the same at the same time
            if not _whole(folder):
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _whole(folder: Path) -> bool:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return False
    digests = json.loads(manifest.read_text(encoding="utf8"))
    return all((folder / n).is_file() and _digest(folder / n) == d for n, d in digests.items())


def open_county(home: Home, number: int | None = None, *, resident: bool = True) -> County:
    """Open a snapshot (the current one if no number is given) with everything derived from it.

    A ``resident`` one is held in memory, another read where it lies. The home is the one in use
    from then on: what its county declares joins the program's.

    Raises store.snapshots.NoSnapshot or SnapshotDamaged.
    """
    use(home.path)
    snapshot = home.current() if number is None else home.open(number)
    try:
        return County(home, snapshot, derive(home, snapshot), resident=resident)
    except FileNotFoundError as error:  # removed meanwhile
        raise NoSnapshot(str(error)) from None
