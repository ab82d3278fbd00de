"""A layout proposed for a sheet: its table, its columns, and what else the sheet needs said of it.

The layout with most in common lends the table and its settings; what no known layout says (a place
in the sheet's name, blank cells below a household, a year in each column, a second table in the
same rows, a household known by identity numbers only) is told from the sheet itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from loaders.cells import values
from loaders.layouts import units
from loaders.layouts.header_texts import Merge
from loaders.layouts.name_checks import HEAD_IDENTITY, IDENTITY
from loaders.proposals.column_guess import Declared, Fitted, Guess, Matcher, is_of_head
from loaders.proposals.column_profiles import Profile
from loaders.proposals.header_rows import HeaderRows, header_rows, years_of
from loaders.regions.divisions import Divisions
from loaders.regions.place_in_text import named_place
from store import schema

_OWN_KEY = re.compile(r"_own\d*$")
_LEAST_COLUMNS = 3  # of a further table, that make it worth filling
_BLANK = 0.95  # share of blank cells below a household's first row
# Settings that are told from the sheet, not lent.
_OWN = frozenset(
    {"key", "zh", "table", "columns", "unpivot", "units", "hash"}
    | {"place_from", "household_by", "also_fills"}
)


@dataclass(frozen=True, slots=True)
class Looked:
    """The first rows of a sheet, their numbers in it, its merges, its name and its file's."""

    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    merges: Sequence[Merge] = ()
    sheet: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed: the layout that lends its table, and each column with how sure it is.

    ``also`` are further tables that the same rows fill, ``settings`` the other keys, ``filled``
    the headers of columns whose blank cells mean what stands above them.
    """

    base: Declared
    key: str
    guesses: tuple[Guess, ...]
    spread: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Fitted, ...] = ()
    filled: frozenset[str] = frozenset()


def propose(looked: Looked, known: Sequence[Declared], counties: Sequence[Divisions]) -> Proposal:
    """The proposal for a sheet's first rows; ValueError where no row could be a header."""
    return _Proposing(looked, known, counties).done()


class _Proposing:
    """One sheet on its way to a proposal."""

    def __init__(self, looked: Looked, known: Sequence[Declared], counties: Sequence[Divisions]):
        self.looked, self.known, self.counties = looked, known, counties
        self.header: HeaderRows = header_rows(looked.rows, looked.numbers, looked.merges)
        self.body = looked.rows[self.header.first + self.header.depth :]
        self.matcher = Matcher(known, counties)
        years = years_of(self.header.names)
        aside = {name for names in years.values() for name in names}
        self.columns: dict[str, list[str]] = {}
        for at, name in enumerate(self.header.names):
            if name and not ("{" in name or units.fold(name) in map(units.fold, self.columns)):
                self.columns[name] = [row[at] if at < len(row) else "" for row in self.body]
        self.profiles = [
            Profile.of(name, cells) for name, cells in self.columns.items() if name not in aside
        ]
        self.yearly = [Profile.of(text, self.columns[names[0]]) for text, names in years.items()]

    def done(self) -> Proposal:
        best = self._best()
        heads = [p for p in self.profiles if p.kind == "identity" and is_of_head(p.header)]
        if "household_id" in best.lacks and heads:
            best = self._without(best, heads)
        also = self._also(best)
        settings = self._settings(best)
        best, by = self._found_by(best, heads)
        hashed = self._hash(best, by)
        settings |= {"hash": hashed} if hashed else {}
        settings |= {"household_by": by} if by else {}
        settings |= {"place_from": place} if (place := self._place_from(best)) else {}
        return Proposal(
            best.base,
            self._key(best.base["key"]),
            self._required(best.guesses),
            best.spread,
            settings,
            also,
            self._filled([best, *also]),
        )

    def _best(self) -> Fitted:
        """The likeliest layout; a list of people before the register that their rows repeat.

        Of a sheet with a column a year one by year, where the other's rows could not be filled.
        """
        ranked = self.matcher.ranked(self.profiles, self.yearly)
        if self.yearly and ranked[0].lacks:
            by_year = (each for each in ranked if any("{year}" in n for n in each.headers))
            return next(by_year, ranked[0])
        if ranked[0].base["table"] == "household":
            people = (each for each in ranked if each.base["table"] == "member" and not each.lacks)
            return next(people, ranked[0])
        return ranked[0]

    def _without(self, best: Fitted, heads: Sequence[Profile]) -> Fitted:
        """The layout again, with the heads' identity numbers left for what they are."""
        return self.matcher.against(
            best.base, [p for p in self.profiles if p not in heads], self.yearly
        )

    # Further tables

    def _also(self, best: Fitted) -> tuple[Fitted, ...]:
        """Tables that the columns left over fill: the register, and a table by year."""
        free = [g.profile for g in best.guesses if g.target is None]
        table = schema.BY_NAME[best.base["table"]]
        found = []
        if "household_id" in table.arrow.names and table.name != "household":
            found.append(self._further("household", best, free, ()))
        if self.yearly and "year" not in table.key:
            name = "household_year" if "household_id" in table.arrow.names else "village_year"
            found.append(self._further(name, best, free, self.yearly))
        return tuple(each for each in found if each)

    def _further(
        self, table: str, best: Fitted, free: Sequence[Profile], yearly: Sequence[Profile]
    ) -> Fitted | None:
        """A further table with the columns that only it has, if its rows can be filled."""
        base = next((layout for layout in self.known if layout["table"] == table), None)
        if base is None or (best.of("household_id") is None and table != "village_year"):
            return None
        lent = [g.profile for g in best.guesses if g.target]
        fitted = self.matcher.against(base, [*lent, *free], yearly)
        by_year = {profile.header for profile in yearly}
        own = [g for g in fitted.guesses if g.target and g.profile in [*free, *yearly]]
        needed = {c.name for c in schema.BY_NAME[table].columns if not c.nullable}
        has = {g.target for g in fitted.guesses} | {"village_code", "year" if yearly else ""}
        has |= {g.target for g in best.guesses}
        if yearly:
            enough = any(g.profile.header in by_year for g in own)
        else:
            enough = len(own) >= _LEAST_COLUMNS
        if not enough or needed - has:
            return None
        lends = {"household_id", "county", "township", "village"}
        kept = [g for g in fitted.guesses if g.target and g.target not in lends]
        kept = [g for g in kept if g in own or g.target in needed]
        return replace(fitted, guesses=tuple(kept), spread=())

    # Settings

    def _settings(self, best: Fitted) -> dict[str, Any]:
        """The settings of the layout that is lent, without those that this sheet has no use for."""
        base = best.base
        settings = {name: base[name] for name in base if name not in _OWN}
        if wan := self._wan(best, base.get("units", {}).get("wan", ())):
            settings["units"] = {"wan": wan}
        return settings

    def _wan(self, best: Fitted, fields: Iterable[str]) -> list[str]:
        """Amounts in 10,000 yuan whose unit neither their header nor a line above says."""
        if any(units.money(title) for title in self.header.titles):
            return []
        found = ((name, best.of(name)) for name in fields)
        return [name for name, guess in found if guess and not units.money(guess.profile.header)]

    def _found_by(self, best: Fitted, heads: Sequence[Profile]) -> tuple[Fitted, list[str]]:
        """How the household of a row without a number is found, with the columns that say it."""
        table = schema.BY_NAME[best.base["table"]]
        if "household_id" not in table.arrow.names or table.name == "household":
            return best, []
        if best.of("household_id"):
            return best, []
        if best.of(HEAD_IDENTITY):
            return best, [HEAD_IDENTITY]
        guesses = list(best.guesses)
        if heads:
            column = {"field": HEAD_IDENTITY, "required": True}
            guesses += [Guess(heads[0], column, 1.0)]
            guesses += [Guess(other, None, 0.0) for other in heads[1:]]
            guesses = [_compared(guess) for guess in guesses]
            return replace(best, guesses=tuple(guesses)), [HEAD_IDENTITY]
        if best.of(IDENTITY):
            return best, [IDENTITY]
        for at, guess in enumerate(guesses):
            if guess.profile.kind == "identity":
                guesses[at] = replace(guess, column={"field": IDENTITY, "required": True})
                return replace(best, guesses=tuple(guesses)), [IDENTITY]
        return best, []

    def _hash(self, best: Fitted, by: Sequence[str]) -> dict[str, list[str]]:
        """Names of rows that have no number, of what this sheet has of their parts."""
        said = {g.target for g in best.guesses} | {*best.base.get("fixed", ())}
        said |= {best.base.get("sheet_as"), best.base.get("title_as")}
        said |= {"household_id"} if by else set()
        found = {
            name: kept
            for name, parts in best.base.get("hash", {}).items()
            if (kept := [part for part in parts if part in said])
        }
        if best.base["table"] == "member" and "member_id" not in said and IDENTITY in said:
            found["member_id"] = [IDENTITY]
        return found

    def _place_from(self, best: Fitted) -> dict[str, str]:
        """Levels of the place that have no column, and where a name of them stands."""
        found = {}
        levels = {c.get("place") for c in best.base["columns"]}
        texts = {"sheet": [self.looked.sheet], "title": self.header.titles}
        texts["file"] = [self.looked.file.rsplit(".", 1)[0]]
        for level in ("township", "village"):
            if level not in levels or best.of(level):
                continue
            for source, each in texts.items():
                if any(self._names_place(text, level) for text in each):
                    found[level] = source
                    break
        return found

    def _names_place(self, text: str, level: str) -> bool:
        name = values.compact(text)
        return any(named_place(name, level, divisions) for divisions in self.counties)

    # Columns

    @staticmethod
    def _required(guesses: Sequence[Guess]) -> tuple[Guess, ...]:
        """The columns with one that is required: without any no sheet would be known by them."""
        if any(g.target and g.column and g.column.get("required") for g in guesses):
            return tuple(guesses)
        sure = max((g for g in guesses if g.target), key=lambda g: g.confidence, default=None)
        return tuple(
            replace(g, column={**(g.column or {}), "required": True}) if g is sure else g
            for g in guesses
        )

    def _filled(self, fitted: Sequence[Fitted]) -> frozenset[str]:
        """Headers of columns that are blank below the first row of each household."""
        main, *also = fitted
        number = main.of("household_id") or main.of(HEAD_IDENTITY)
        whose = [g for g in main.guesses if g.target in ("county", "township", "village")]
        if number is not None:
            cells = self.columns[number.profile.header]
            whose += [number, *(g for each in also for g in each.guesses)]
        else:
            cells = self.columns[whose[-1].profile.header] if whose else []
        same = _same_as_above(cells)
        if same.sum() < 2 or (same[:1].any()):
            return frozenset()
        return frozenset(
            g.profile.header
            for g in whose
            if g.profile.header in self.columns
            and _is_blank_below(self.columns[g.profile.header], same)
        )

    def _key(self, key: str) -> str:
        """A key that no known layout has."""
        key = _OWN_KEY.sub("", key)
        taken = {layout["key"] for layout in self.known}
        names = (f"{key}_own{number or ''}" for number in (0, *range(2, 2 + len(taken))))
        return next(name for name in names if name not in taken)


def _compared(guess: Guess) -> Guess:
    """A column left over that names the head, to be compared with the register."""
    if guess.target or guess.profile.kind != "name" or not is_of_head(guess.profile.header):
        return guess
    return replace(guess, column={"field": "head_name", "check": True})


def _same_as_above(cells: Sequence[str]) -> np.ndarray:
    """Rows that are of the same household as the row above: its number again, or none."""
    last, found = "", []
    for cell in map(str.strip, cells):
        found.append(not cell or cell == last)
        last = cell or last
    return np.array(found, bool)


def _is_blank_below(cells: Sequence[str], same: np.ndarray) -> bool:
    filled = np.array([bool(cell.strip()) for cell in cells], bool)
    blank_below = (~filled[same]).mean() >= _BLANK
    return bool(blank_below and filled[~same].mean() > 0.5)
