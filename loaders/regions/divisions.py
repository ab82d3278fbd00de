"""Township and village names, in any edition of the official code list, to today's codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from loaders.reference import KINDS, Reference
from loaders.regions import successors
from loaders.regions.place_names import Names, no_region, plain, short, short_county
from loaders.regions.successors import Successor
from store import schema

Listed = dict[str, str]  # names by code
Today = Callable[[str, int | None], str | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a pair of names came to: today's code and the edition that has the name, or a reason.

    ``old`` says that the edition is not today's; ``document`` names what declares a successor, of
    which ``edition`` is the year.
    """

    code: str | None
    edition: int | None = None
    reason: str | None = None
    zero_lost: bool = False
    old: bool = False
    document: str = ""

    @property
    def mended(self) -> str | None:
        """Why it is not written as today's list has it: old_name, or leading_zero."""
        if self.code is None:
            return None
        if self.zero_lost:
            return "leading_zero"
        return "old_name" if self.old else None


class Divisions:
    """The code list of one county: today's regions, and older names and codes led to them.

    Built from the editions that are there; the newest is today's, less what has a successor.
    """

    def __init__(self, reference: Reference):
        self.reference = reference
        self.county_code, self.county_name = reference.code, reference.name
        self.editions = reference.editions
        listed = {kind: {e: reference.listed(kind, e) for e in self.editions} for kind in KINDS}
        self.no_regions = {
            c: n
            for kind in KINDS
            for n_of in listed[kind].values()
            for c, n in n_of.items()
            if no_region(n)
        }
        self._towns, self._villages = (
            {e: {c: n for c, n in names.items() if not no_region(n)} for e, names in of.items()}
            for of in listed.values()
        )
        self._heirs: dict[str, Successor] = {}
        self._named: list[Successor] = []
        self._known: dict[tuple[str, str], Found] = {}
        self.towns, self.villages = self._today()
        own = {town: town for town in self.towns}
        self._now = _grouped(self.county_code, self.towns, self.villages, own)
        self._names: dict[int, dict[str, Names]] = {}
        for edition in self.editions:  # an older one is led to today by the newer ones
            self._names[edition] = self._below(edition)
        self._declared: dict[str, Names] = {}
        self._declared = self._declared_names()

    @classmethod
    def load(cls, county_code: str, home: Path | None = None) -> Divisions:
        """Divisions of a county by its home's own folder, else by the shipped reference.

        FileNotFoundError where neither has them, SuccessorError for a line of successors.csv.
        """
        return cls(Reference.of(county_code, home))

    def _today(self) -> tuple[dict[str, str], dict[str, str]]:
        """Today's towns and villages: the newest edition, as the county's successors change it."""
        towns, villages = (dict(of[self.editions[0]]) for of in (self._towns, self._villages))
        if self.reference.successors is None:
            return towns, villages
        declared = successors.read(self.reference.successors)
        every = [names for of in (self._towns, self._villages) for names in of.values()][::-1]
        known = {code: name for names in every for code, name in names.items()}
        successors.check(declared, self.county_code, known)
        for each in successors.in_force(declared):
            today = towns if len(each.new) == 9 else villages
            if each.coded:
                today.pop(each.old, None)
                self._heirs[each.old] = each
            else:
                self._named.append(each)
            today[each.new] = each.name or today.get(each.new) or known[each.new]
        successors.check_towns(towns, villages)
        return towns, villages

    def _below(self, edition: int) -> dict[str, Names]:
        """Names below the county, below each of today's townships, and below "" every village."""
        towns, villages = self._towns[edition], self._villages[edition]
        return _grouped(
            self.county_code,
            towns,
            villages,
            {town: self._town_today(town, edition) or town for town in towns},
        )

    def _declared_names(self) -> dict[str, Names]:
        """The names that the county's successors lead from, by what they lie in."""
        found: dict[str, Names] = {}
        for each in self._named:
            town, place = each.words
            parents = {self.county_code}
            if len(each.new) == 12:
                parents = {"", each.new[:9]}
                if town and (code := self.township(town).code):
                    parents = {"", code}
            for parent in parents:
                found.setdefault(parent, Names()).add(each.new, place)
        return found

    def regions(self) -> pa.Table:
        """The region table of the store: the county, then its townships, then its villages.

        Each with its name as people write it, as the code list has it, and as maps have it.
        """
        name = self.county_name
        rows: list[tuple[str | None, ...]] = [
            (self.county_code, "county", name, name, short_county(name), None)
        ]
        for level, places, parent in (
            ("township", self.towns, 6),
            ("village", self.villages, 9),
        ):
            for code, name in sorted(places.items()):
                rows.append((code, level, plain(name), name, short(name), code[:parent]))
        table = schema.BY_NAME["region"].arrow
        columns = list(zip(*rows, strict=True))
        return pa.table([pa.array(c, pa.string()) for c in columns], schema=table)

    @property
    def short_names(self) -> dict[str, str]:
        """What the county and its places are called on a map, by code."""
        county = {self.county_code: short_county(self.county_name)}
        return county | {
            code: short(name) for code, name in {**self.towns, **self.villages}.items()
        }

    def is_county(self, name: str) -> bool:
        """True for the county's name, with or without 县, or a longer name that ends in it."""
        return name.endswith(self.county_name) or name == short_county(self.county_name)

    def township(self, name: str) -> Found:
        """Today's code of a township; reason unknown_township or ambiguous_township."""
        return self._search(self.county_code, name, "township", self._town_today)

    def township_code(self, code: str) -> Found:
        """Today's township of a code of any edition; reason unknown_township."""
        return self._of_code(code, self.towns, self._towns, self._town_today, "township")

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
        edition = min(town.edition, found.edition)
        old = town.old or found.old
        return replace(found, edition=edition, zero_lost=town.zero_lost, old=old)

    def _village_of_code(self, code: str) -> Found:
        """Today's village of a code of any edition, whole or as the digits behind the county's.

        Zeros that a spreadsheet took from its front are put back where exactly one code fits.
        """
        written, lost = self._written(code, 12)
        found = self._of_code(
            written, self.villages, self._villages, self._village_today, "village"
        )
        return replace(found, zero_lost=lost) if found.code else found

    def _town_of_code(self, code: str) -> Found:
        written, lost = self._written(code, 9)
        found = self.township_code(written)
        return replace(found, zero_lost=lost) if found.code else found

    def _written(self, code: str, length: int) -> tuple[str, bool]:
        """The one whole code that digits may stand for, and whether zeros before it were lost."""
        inner = length - len(self.county_code)
        if len(code) > inner:
            return code.zfill(length), len(code) < length
        return self.county_code + code.zfill(inner), len(code) < inner

    def _of_code(
        self, code: str, now: Listed, listed: dict[int, Listed], today: Today, level: str
    ) -> Found:
        """Today's place of a code: of today's list, of the successors, or of any edition."""
        newest = self.editions[0]
        if code in now:
            edition = next((e for e in self.editions if code in listed[e]), newest)
            return Found(code, edition, old=edition != newest)
        for edition in self.editions:
            if code in listed[edition] and (found := today(code, edition)):
                return self._led(found, code, edition)
        if code in self._heirs:
            return self._led(self._heir(code), code, newest)
        return Found(None, reason=f"unknown_{level}")

    def _search(self, parent: str, name: str, level: str, today: Today) -> Found:
        """What the county declares; then, newest first, by the whole name, and by that alone."""
        if found := self._declared.get(parent, Names()).heirs(name):
            if len(found) > 1:
                return Found(None, reason=f"ambiguous_{level}")
            (code,) = found
            each = next(each for each in self._named if each.new == code)
            return Found(self._heir(code), each.since.year, old=True, document=each.document)
        whole = (1,) if plain(name) == name else (0, 1)
        for forms in (whole, (2,)):
            for edition in (None, *self.editions):
                names = self._now if edition is None else self._names[edition]
                for form in forms:
                    codes = names[parent].codes(form, name) if parent in names else set()
                    now = {c: old for old in codes if (c := today(old, edition))}
                    if len(now) > 1:
                        return Found(None, reason=f"ambiguous_{level}")
                    if now and edition is None:
                        return Found(next(iter(now)), self.editions[0])
                    if now and edition:
                        return self._led(*next(iter(now.items())), edition)
        return Found(None, reason=f"unknown_{level}")

    def _led(self, code: str, old: str, edition: int) -> Found:
        """A place of today that an old one of an edition is led to."""
        each = self._heirs.get(old)
        if each:
            return Found(code, each.since.year, old=True, document=each.document)
        return Found(code, edition, old=edition != self.editions[0])

    def _heir(self, code: str) -> str:
        """What the county declares a code to be now, over several steps; the code itself if not."""
        while code in self._heirs and self._heirs[code].new != code:
            code = self._heirs[code].new
        return code

    def _town_today(self, code: str, edition: int | None) -> str | None:
        return self._followed(code, edition, self.towns, self._towns, self.county_code)

    def _village_today(self, code: str, edition: int | None) -> str | None:
        town = self._town_today(code[:9], edition) or code[:9]
        return self._followed(code, edition, self.villages, self._villages, town)

    def _followed(
        self,
        code: str,
        edition: int | None,
        now: Listed,
        listed: dict[int, Listed],
        parent: str,
    ) -> str | None:
        """Follow a code through later editions: declared, kept, or taken over by the name.

        A seat that became a subdistrict has another code and keeps its name; so have its villages.
        """
        code = self._heir(code)
        if code in now or edition is None:
            return code if code in now else None
        name = listed[edition].get(code)
        for later in reversed(self.editions[: self.editions.index(edition)]):
            if code in listed[later]:
                name = listed[later][code]
            elif name is not None:
                heirs = self._heirs_of_name(parent, name, later)
                if len(heirs) != 1:
                    return None
                code = self._heir(*heirs)
                name = listed[later].get(code)
            if code in now:
                return code
        return None

    def _heirs_of_name(self, parent: str, name: str, edition: int) -> set[str]:
        names = self._names.get(edition, self._now).get(parent)
        return names.heirs(name) if names else set()


def _grouped(
    county: str, towns: Listed, villages: Listed, today: dict[str, str]
) -> dict[str, Names]:
    """Names below the county (its townships), below each township, and below "" every village.

    ``today`` leads the villages' townships to those that they are found below.
    """
    found: dict[str, Names] = {county: Names(towns.items()), "": Names(villages.items())}
    for town in towns:
        found.setdefault(today[town], Names())
    for code, name in villages.items():
        if code[:9] in today:
            found[today[code[:9]]].add(code, name)
    return found
