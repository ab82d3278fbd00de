"""A county opened for reading: snapshot, fact relations, cube and place names, as one object."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pyarrow.parquet as pq

from metrics.cube import Cube
from metrics.derive import derive, relations
from metrics.registry import Indicator, indicators
from metrics.rulebook import rulebook
from metrics.targets import Targets
from metrics.zones import Zone, zones_of
from rules.checks import Check, checks
from rules.parameters import Parameter, load
from rules.registry import Rule, groups, registry
from store.county_folder import use
from store.reader import Engine, Reader, Reveal
from store.scope import Scope
from store.simulated import State, state_of
from store.snapshots import Home, NoSnapshot, Snapshot

Kept = TypeVar("Kept")
_MOST_KEPT = 300  # answers; there are fewer places than that in a county


@dataclass(frozen=True, slots=True)
class Place:
    """A county, township or village: code, level, names, and what it lies in.

    ``name`` is what people write (安山村), ``official_name`` what the code list has (安山村委会),
    ``short_name`` what stands on a map (安山).
    """

    code: str
    level: str
    name: str
    short_name: str
    parent: str | None
    official_name: str


class County:
    """One snapshot, ready to be asked. Made by ``open_county``; read-only and shared."""

    def __init__(self, home: Home, snapshot: Snapshot, folder: Path, *, resident: bool = True):
        self.home = home
        self.snapshot = snapshot
        self.indicators: Mapping[str, Indicator] = indicators()
        self.rules: Mapping[str, Rule] = groups()
        self.checks: Mapping[str, Check] = checks()
        self.parameters: Mapping[str, Parameter] = load(home.path)
        self.rulebook = rulebook(registry(), self.indicators, self.checks, self.parameters)
        self.engine = Engine(snapshot, relations(folder), resident=resident)
        self.cube = Cube(pq.read_table(folder / "cube.parquet"), self.indicators)
        self._codes: dict[tuple[str, Scope], frozenset[str]] = {}
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._keeping = Lock()

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
            Place(
                r["region_code"], r["level"], r["name"], r["short_name"], r["parent_code"],
                r.get("official_name") or r["name"],  # older snapshots have it not
            )
            for r in rows
        ]  # fmt: skip
        rank = {"county": 0, "township": 1, "village": 2}
        return {p.code: p for p in sorted(found, key=lambda p: (rank[p.level], p.code))}

    @cached_property
    def zones(self) -> Mapping[str, Zone]:
        """Every zone and grid by code, the zones first. Whoever looks is told of those alone that
        hold anything of what they see."""
        there = "zone_member" in self.snapshot.tables  # older snapshots have it not
        rows = pq.read_table(self.snapshot.path("zone_member")).to_pylist() if there else []
        return zones_of(rows, self.code)

    def within(self, root: str, scope: Scope) -> frozenset[str]:
        """Codes of a place and of those inside it that the scope touches."""
        key = (root, scope)
        if key not in self._codes:
            inside = {c for c in self.places if c.startswith(root) and scope.touches(c)}
            self._codes[key] = frozenset({root, *inside})
        return self._codes[key]

    def holding(self, code: str) -> str:
        """The code itself if this snapshot has that place, else that of the next wider one."""
        wider = (code[:length] for length in (12, 9) if length <= len(code))
        return next((c for c in wider if c in self.places), self.code)

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
    def targets(self) -> Targets:
        """What the county set itself. They are read whole and asked by place: what a wider place
        is to reach binds those in it, whoever looks."""
        there = "target" in self.snapshot.tables  # older snapshots have it not
        rows = pq.read_table(self.snapshot.path("target")).to_pylist() if there else []
        return Targets(rows, self.indicators)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years that households have facts for, ascending; the data date's where none has any."""
        return self.cube.years("registered_households") or (self.data_date.year,)

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What ``make`` gives, made once: of one snapshot an answer never changes.

        ``key`` holds all that it depends on, the scope too. The answers asked for last are kept.
        """
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Kept = self._kept[key]
                return found
        made = make()
        with self._keeping:
            self._kept[key] = made
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def reader(self, scope: Scope, *, reveal: Reveal = False) -> Reader:
        """A reader: take one a script run."""
        return self.engine.reader(scope, reveal=reveal)


def open_county(home: Home, number: int | None = None, *, resident: bool = True) -> County:
    """Open a snapshot (the current one if no number is given) with everything derived from it.

    A ``resident`` one is held in memory, another read where it lies. The home is the one in use
    from then on: what its county declares joins the program's.

    Raises store.snapshots.NoSnapshot or SnapshotDamaged.
    """
    use(home.path)
    snapshot = home.current() if number is None else home.open(number)
    try:
        opened = County(home, snapshot, derive(home, snapshot), resident=resident)
        opened.rulebook.keep(home.path)
        return opened
    except FileNotFoundError as error:  # removed meanwhile
        raise NoSnapshot(str(error)) from None
