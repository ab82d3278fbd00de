"""Township and village names, in any edition of the official code list, to today's codes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from store import schema

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
EDITIONS = (2023, 2021, 2020, 2018)  # newest first; the first is today's
NOT_A_REGION = ("林厂", "苗圃", "虚拟生活区")

# A committee's name says which kind of place it is.
_COMMITTEE = (
    (re.compile("(社区)?(居民委员会|居委会)$"), "社区"),
    (re.compile("(村民委员会|村委会)$"), "村"),
    (re.compile("(街道办事处|街道办|街办|办事处)$"), "街道"),
)
_KIND = re.compile("(社区|村|街道|((回|土家|苗|满|侗|瑶|白|彝|壮|畲)+族)?[镇乡])$")


@dataclass(frozen=True, slots=True)
class Found:
    """What a pair of names came to: today's code and the edition that has the name, or a reason.

    ``mended`` says why it is not written as today's list has it: old_name, or leading_zero.
    """

    code: str | None
    edition: int | None = None
    reason: str | None = None
    zero_lost: bool = False

    @property
    def mended(self) -> str | None:
        if self.code is None:
            return None
        if self.zero_lost:
            return "leading_zero"
        return "old_name" if self.edition != EDITIONS[0] else None


def plain(name: str) -> str:
    """A place's name with its committee folded to the kind of place: 安山村 for 安山村委会."""
    name = name.strip()
    for pattern, kind in _COMMITTEE:
        name, count = pattern.subn(kind, name)
        if count:
            break
    return name


def short(name: str) -> str:
    """The name alone, to stand in a map: 安山 for 安山村委会, 茅坪 for 茅坪回族镇."""
    name = plain(name)
    return name[: -len(match[0])] if (match := _KIND.search(name)) and len(name) > 2 else name


class _Names:
    """One edition's places below one parent; a name is found whole before without its kind."""

    def __init__(self, places: Iterable[tuple[str, str]]):
        self.whole: dict[str, set[str]] = {}
        self.word: dict[str, set[str]] = {}
        for code, name in places:
            self.whole.setdefault(plain(name), set()).add(code)
            self.word.setdefault(short(name), set()).add(code)


class Divisions:
    """The code list of one county: today's regions, and older names and codes led to them."""

    def __init__(self, county_code: str, county_name: str):
        self.county_code = county_code
        self.county_name = county_name
        self._towns = {e: _read(county_code, "towns", e) for e in EDITIONS}
        self._villages = {e: _read(county_code, "villages", e) for e in EDITIONS}
        today = EDITIONS[0]
        self._names = {e: _by_parent(self._towns[e], self._villages[e]) for e in EDITIONS}
        self.towns, self.villages = self._towns[today], self._villages[today]
        self._known: dict[tuple[str, str], Found] = {}

    @classmethod
    def load(cls, county_code: str) -> Divisions:
        """Divisions of a county; FileNotFoundError where the reference data lack it."""
        outline = REFERENCE / "boundaries" / f"{county_code}_tianditu.geojson"
        return cls(county_code, json.loads(outline.read_text("utf-8"))["properties"]["name"])

    def regions(self) -> pa.Table:
        """The region table of the store: the county, then its townships, then its villages."""
        name = self.county_name
        rows: list[tuple[str | None, ...]] = [
            (self.county_code, "county", name, short_county(name), None)
        ]
        for level, places, parent in (
            ("township", self.towns, 6),
            ("village", self.villages, 9),
        ):
            for code, name in sorted(places.items()):
                rows.append((code, level, plain(name), short(name), code[:parent]))
        table = schema.BY_NAME["region"].arrow
        columns = list(zip(*rows, strict=True))
        return pa.table([pa.array(c, pa.string()) for c in columns], schema=table)

    def is_county(self, name: str) -> bool:
        """True for the county's name, with or without 县, or a longer name that ends in it."""
        return name.endswith(self.county_name) or name == short_county(self.county_name)

    def township(self, name: str) -> Found:
        """Today's code of a township; reason unknown_township or ambiguous_township."""
        return self._search(self.county_code, name, "township", self._town_today)

    def township_code(self, code: str) -> Found:
        """Today's township of a code of any edition; reason unknown_township."""
        for edition in EDITIONS:
            if code in self._towns[edition] and (today := self._town_today(code, edition)):
                return Found(today, edition)
        return Found(None, reason="unknown_township")

    def village(self, township: str, village: str) -> Found:
        """Today's code of a village; without a township the name must be unique in the county.

        Reasons: unknown_township, ambiguous_township, unknown_village, ambiguous_village.
        """
        pair = (township, village)
        if pair not in self._known:
            self._known[pair] = self._village(township, village)
        return self._known[pair]

    def place(self, name: str) -> Found:
        """Today's code of a township or, where none is called so, of a village; both by name."""
        found = self.township(name)
        return self.village("", name) if found.code is None else found

    def _village(self, township: str, village: str) -> Found:
        if village.isdecimal():
            return self._village_of_code(village)
        if not township:
            return self._search("", village, "village", self._village_today)
        town = self._town_of_code(township) if township.isdecimal() else self.township(township)
        if town.code is None:
            return town
        village = village.removeprefix(self.county_name)
        if short(township) != township:  # else 柴坪村 in 柴坪 would lose its name
            village = village.removeprefix(township)
        found = self._search(town.code, village, "village", self._village_today)
        if not found.code or not town.edition or not found.edition:
            return found
        return Found(found.code, min(town.edition, found.edition), zero_lost=town.zero_lost)

    def _village_of_code(self, code: str) -> Found:
        """Today's village of a code of any edition, whole or as the digits behind the county's.

        Zeros that a spreadsheet took from its front are put back where exactly one code fits.
        """
        for written, lost in self._written(code, 12):
            for edition in EDITIONS:
                if written in self._villages[edition]:
                    today = self._village_today(written, edition)
                    return Found(today, edition, None if today else "unknown_village", lost)
        return Found(None, reason="unknown_village")

    def _town_of_code(self, code: str) -> Found:
        for written, lost in self._written(code, 9):
            town = self.township_code(written)
            if town.code:
                return Found(town.code, town.edition, zero_lost=lost)
        return Found(None, reason="unknown_township")

    def _written(self, code: str, length: int) -> list[tuple[str, bool]]:
        """The one whole code that digits may stand for, and whether zeros before it were lost."""
        inner = length - len(self.county_code)
        if len(code) > inner:
            return [(code.zfill(length), len(code) < length)]
        return [(self.county_code + code.zfill(inner), len(code) < inner)]

    def _search(
        self, parent: str, name: str, level: str, today: Callable[[str, int], str | None]
    ) -> Found:
        """Newest edition first, by the whole name and only then by the name without its kind."""
        for key, part in ((plain(name), "whole"), (short(name), "word")):
            for edition in EDITIONS:
                names = self._names[edition].get(parent)
                codes = getattr(names, part).get(key, ()) if names else ()
                now = {code for old in codes if (code := today(old, edition))}
                if len(now) == 1:
                    return Found(now.pop(), edition)
                if len(now) > 1:
                    return Found(None, reason=f"ambiguous_{level}")
        return Found(None, reason=f"unknown_{level}")

    def _town_today(self, code: str, edition: int) -> str | None:
        return code if code in self.towns else self._by_word(self._towns[edition][code], "")

    def _village_today(self, code: str, edition: int) -> str | None:
        """Follow a code through later editions: kept, or taken over by the name in the township."""
        if code in self.villages:
            return code
        name, town = self._villages[edition][code], code[:9]
        for later in reversed(EDITIONS[: EDITIONS.index(edition)]):
            if code in self._villages[later]:
                name = self._villages[later][code]
                continue
            names = self._names[later].get(town)
            heirs = (names.whole.get(plain(name)) or names.word.get(short(name))) if names else None
            if not heirs or len(heirs) > 1:
                return None
            (code,) = heirs
            name = self._villages[later][code]
        return code

    def _by_word(self, name: str, parent: str) -> str | None:
        names = self._names[EDITIONS[0]].get(parent or self.county_code)
        codes = names.word.get(short(name), set()) if names else set()
        return next(iter(codes)) if len(codes) == 1 else None


def counties() -> dict[str, str]:
    """Names of the counties that there are reference data for, by code."""
    outlines = sorted((REFERENCE / "boundaries").glob("*_tianditu.geojson"))
    codes = [path.name.partition("_")[0] for path in outlines]
    return {code: Divisions.load(code).county_name for code in codes}


def short_county(name: str) -> str:
    """镇安 for 镇安县."""
    return name[:-1] if len(name) > 2 and name[-1] in "县市区旗" else name


def _read(county_code: str, kind: str, edition: int) -> dict[str, str]:
    path = REFERENCE / "divisions" / f"{county_code}_{kind}_{edition}.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["code"]: row["name"] for row in csv.DictReader(handle)}
    return {c: n for c, n in rows.items() if not n.endswith(NOT_A_REGION)}


def _by_parent(towns: dict[str, str], villages: dict[str, str]) -> dict[str, _Names]:
    """Names below the county (its townships), below each township, and below "" every village."""
    found = {town: _Names((c, n) for c, n in villages.items() if c[:9] == town) for town in towns}
    county = next(iter(towns))[:6]
    return {**found, county: _Names(towns.items()), "": _Names(villages.items())}
