"""What the columns of a sheet are, measured against the layouts that are known.

Headers alone choose the few layouts that a sheet could be of; only for these the cells are looked
at, which costs a hundred times as much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glossary import terms
from loaders.cells import values
from loaders.layouts.name_checks import YEAR, column_of
from loaders.proposals.column_profiles import Fits, Profile
from loaders.proposals.header_similarity import Likeness
from loaders.regions.divisions import Divisions
from store import schema

_LEAST = 0.34  # likeness below which two columns have nothing to do with each other
_SAME = 0.99
_NOTHING = 0.05  # likeness of headers below which cells are not looked at
_FEW = 5  # layouts whose cells are looked at
_ELSEWHERE = 0.85  # what a header that another layout gives the same field counts for
_IGNORED = 0.4  # what a column that is known to be left out counts for
# Fields whose name means another thing in each table.
_MANY_THINGS = frozenset(
    {"name", "people", "state", "category", "content", "reason", "note", "kind"}
)
_YEAR = re.compile(re.escape(YEAR) + "年?度?")

_HEAD = re.compile("户主(?!关系)|[Hh]ead(?!er)|[Hh]ouseholder")
_OF_ANYBODY = frozenset({"name", "identity_number", "phone"})  # of a person, not of the head

Declared = Mapping[str, Any]


def is_of_head(header: str) -> bool:
    """Whether a column is about the head of the household whoever the row is about."""
    return bool(_HEAD.search(header))


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column of the sheet is taken for: a column of the chosen layout, or nothing."""

    profile: Profile
    column: Declared | None
    confidence: float

    @property
    def target(self) -> str | None:
        """The field or place that the column fills."""
        if self.column is None:
            return None
        return self.column.get("field") or self.column.get("place")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A layout with what each column would be of it, and the columns that spread over rows."""

    base: Declared
    guesses: tuple[Guess, ...]
    spread: tuple[str, ...]
    score: float

    def of(self, target: str) -> Guess | None:
        """The column taken for a field or place."""
        return next((guess for guess in self.guesses if guess.target == target), None)

    @property
    def headers(self) -> list[str]:
        """Headers of the columns that fill something."""
        return [guess.profile.header for guess in self.guesses if guess.target]

    @property
    def lacks(self) -> set[str]:
        """Required fields and places that no column fills."""
        has = {guess.target for guess in self.guesses}
        needed = (c for c in self.base["columns"] if c.get("required") and not c.get("ignore"))
        return {c.get("field") or c["place"] for c in needed} - has


class Matcher:
    """Compares columns of a sheet with columns of layouts."""

    def __init__(self, known: Sequence[Declared], counties: Sequence[Divisions]):
        self.known = known
        self._fits = Fits(counties)
        self._said = _Said(known)
        self._likeness = Likeness(self._said.words())
        self._seen: dict[str, np.ndarray] = {}

    def ranked(self, profiles: Sequence[Profile], yearly: Sequence[Profile] = ()) -> list[Fitted]:
        """The likeliest layouts, the best first; ``yearly`` are columns that stand once a year."""
        by_header = sorted(
            self.known, key=lambda base: -self._fit(base, profiles, yearly, cells=False).score
        )
        likely = by_header[:_FEW]
        if yearly:
            by_year = (b for b in by_header[_FEW:] if "year" in schema.BY_NAME[b["table"]].key)
            likely += by_year
        found = [self._fit(base, profiles, yearly, cells=True) for base in likely]
        return sorted(found, key=lambda each: -each.score)

    def against(
        self, base: Declared, profiles: Sequence[Profile], yearly: Sequence[Profile] = ()
    ) -> Fitted:
        """The sheet's columns as columns of one layout."""
        return self._fit(base, profiles, yearly, cells=True)

    def _fit(
        self, base: Declared, profiles: Sequence[Profile], yearly: Sequence[Profile], *, cells: bool
    ) -> Fitted:
        by_year = bool(yearly) and "year" in schema.BY_NAME[base["table"]].key
        columns = [c for c in base["columns"] if not (by_year and c.get("field") == "year")]
        spread = _spread(base, profiles)
        left = [p for p in (*profiles, *(yearly if by_year else ())) if p.header not in spread]
        alike = self._alike(base["table"], columns, left)
        scores = self._scored(base["table"], columns, left, alike) if cells else alike
        chosen = _assigned(scores)
        guesses = tuple(
            Guess(
                profile,
                columns[chosen[i]] if i in chosen else None,
                _confidence(scores[i], chosen.get(i)),
            )
            for i, profile in enumerate(left)
        )
        worth = sum(
            scores[i][at] * (_IGNORED if columns[at].get("ignore") else 1)
            for i, at in chosen.items()
        )
        taken = set(chosen.values())
        lacking = sum(bool(c.get("required")) and i not in taken for i, c in enumerate(columns))
        return Fitted(base, guesses, spread, float(worth) + 0.5 * len(spread) - lacking)

    def _alike(
        self, table: str, columns: Sequence[Declared], profiles: Sequence[Profile]
    ) -> np.ndarray:
        """(profiles, columns) likenesses of headers."""
        texts = [_YEAR.sub("", profile.header) for profile in profiles]
        new = [text for text in dict.fromkeys(texts) if text not in self._seen]
        self._seen |= dict(zip(new, self._likeness.of_all(new), strict=True))
        if not texts:
            return np.zeros((0, len(columns)))
        whole = np.array([self._seen[text] for text in texts])
        of_heads = [is_of_head(text) for text in texts]
        found = np.zeros((len(texts), len(columns)))
        for at, column in enumerate(columns):
            words = self._said.of(table, column)
            places = [self._likeness.known[word] for word, _ in words]
            found[:, at] = (whole[:, places] * [weight for _, weight in words]).max(axis=1)
            if column.get("field") in _OF_ANYBODY:
                found[of_heads, at] *= _IGNORED
        return found

    def _scored(
        self,
        table: str,
        columns: Sequence[Declared],
        profiles: Sequence[Profile],
        alike: np.ndarray,
    ) -> np.ndarray:
        """How likely each column of the sheet is each of the layout, 0 to 1."""
        found = np.zeros_like(alike)
        for i, profile in enumerate(profiles):
            for j in np.flatnonzero(alike[i] > _NOTHING).tolist():
                found[i, j] = self._score(table, profile, columns[j], float(alike[i, j]))
        return found

    def _score(self, table: str, profile: Profile, column: Declared, alike: float) -> float:
        if column.get("ignore"):
            return alike if alike > _SAME else 0.9 * alike
        if place := column.get("place"):
            fit, telling = self._fits.place(profile, place)
        else:
            field = column_of(table, column["field"], check=bool(column.get("check")))
            fit, telling = self._fits.field(profile, field, column.get("values"))
        if fit < 0.5:
            return alike * fit
        return 0.55 * alike + 0.45 * fit if telling else fit * (0.1 + 0.9 * alike)


class _Said:
    """How each column is written: in its own layout, and a little less in all others and here."""

    def __init__(self, known: Sequence[Declared]):
        self._fields: dict[str, set[str]] = {}
        self._words: dict[str, None] = {}
        for layout in known:
            for column in layout["columns"]:
                self._words |= dict.fromkeys(_headers_of(column))
                if name := column.get("field") or column.get("place"):
                    self._fields.setdefault(name, set()).update(_headers_of(column))
                    self._words |= dict.fromkeys(self._named(name))

    def of(self, table: str, column: Declared) -> list[tuple[str, float]]:
        """Headers of a column with their weights."""
        own = [(word, 1.0) for word in _headers_of(column)]
        name = column.get("field") or column.get("place")
        if name is None:
            return own
        elsewhere = set() if name in _MANY_THINGS else self._fields[name]
        return own + [(word, _ELSEWHERE) for word in (*elsewhere, *self._named(name))]

    @staticmethod
    def _named(name: str) -> list[str]:
        """What the program itself calls a field, in both languages and in its schema."""
        term = terms().get(name)
        words = [term["en"], name] if term else [name]
        return [*words, term["zh"]] if term and name not in _MANY_THINGS else words

    def words(self) -> list[str]:
        """Every header there is."""
        return list(self._words)


def _headers_of(column: Declared) -> list[str]:
    return [column["header"], *column.get("also", ())]


def _spread(base: Declared, profiles: Sequence[Profile]) -> tuple[str, ...]:
    """Headers that the layout turns into rows of another table; they are known by their names."""
    unpivot = base.get("unpivot")
    if not unpivot:
        return ()
    named = {values.spelling(name) for name in unpivot["columns"]}
    return tuple(p.header for p in profiles if values.spelling(p.header) in named)


def _assigned(scores: np.ndarray) -> dict[int, int]:
    """Each column of the sheet with at most one of the layout, the likeliest pairs first."""
    pairs = sorted((-scores[i, j], i, j) for i, j in np.argwhere(scores >= _LEAST).tolist())
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _confidence(scores: np.ndarray, at: int | None) -> float:
    """How sure a choice is: its score, less where another column would do nearly as well."""
    if at is None:
        return 1 - float(scores.max(initial=0.0))
    second = float(np.delete(scores, at).max(initial=0.0))
    best = float(scores[at])
    return best * min(1.0, 0.6 + 2 * max(best - second, 0))
