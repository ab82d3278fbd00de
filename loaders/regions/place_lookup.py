"""Places of many rows at once: each different pair of township and village is looked up once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from loaders.cells import values
from loaders.cells.arrow_columns import taken
from loaders.regions.divisions import Divisions, Found
from loaders.regions.place_in_text import split_group
from loaders.regions.place_names import plain

_NOWHERE = Found(None)
COUNTY_ITSELF = ("县本级", "县级", "全县")  # in place of a township's name


@dataclass(frozen=True, slots=True)
class Places:
    """What the rows' places came to: ``found`` the different ones, ``at`` each row's index.

    ``groups`` are the village groups that stood behind the villages' names.
    """

    found: list[Found]
    at: np.ndarray
    names: list[str]  # township and village as written
    groups: list[str | None]

    def groups_of_rows(self) -> pa.Array | None:
        """The group behind each row's village; None where no row has one."""
        if not any(self.groups):
            return None
        return pa.array(self.groups, pa.string()).take(pa.array(self.at))

    def codes(self) -> pa.Array:
        """Today's village code of each row as a dictionary array, null where there is none."""
        codes = [each.code for each in self.found]
        return taken(codes, pa.string(), pa.array(self.at), coded=True)

    def rows(self, *, reason: str | None = None, mended: str | None = None) -> np.ndarray:
        """Rows refused for a reason, or mended."""
        hit = [(each.reason == reason if reason else each.mended == mended) for each in self.found]
        return np.flatnonzero(np.array(hit, bool)[self.at])

    def written(self, rows: np.ndarray) -> pa.Array:
        """Township and village of rows as the file has them."""
        return pa.array(self.names, pa.string()).take(pa.array(self.at[rows]))

    def taken(self, rows: np.ndarray, divisions: Divisions) -> pa.Array:
        """What rows' places were taken for: name, code and the edition that knows the old name."""
        texts = [
            f"{plain(_name(f.code, divisions))} {f.code} ({f.document or f'{f.edition}年版'})"
            if f.code
            else None
            for f in self.found
        ]
        return pa.array(texts, pa.string()).take(pa.array(self.at[rows]))


def villages(
    township: pa.Array | None, village: pa.Array, divisions: Divisions, *, any_level: bool = False
) -> Places:
    """Villages of rows by the names or codes of their township and village.

    At ``any_level`` a row without a village is its township's, one without either the county's.
    """
    place = village.dictionary_encode()
    second = place.dictionary.to_pylist()
    indices = place.indices.to_numpy().astype(np.int64)
    first = [""]
    if township is not None:
        town = township.dictionary_encode()
        first = town.dictionary.to_pylist()
        indices = town.indices.to_numpy() * np.int64(len(second)) + indices
    seen, at = _unique(indices, len(first) * len(second))
    pairs = [divmod(code, max(len(second), 1)) for code in seen.tolist()]
    texts = [(first[town], second[place]) for town, place in pairs]
    found, groups = [], []
    for town, place in texts:
        names = values.compact(town), values.compact(place)
        if any_level and not names[1]:
            one, group = _above(names[0], divisions), None
        else:
            one, group = _found(*names, divisions)
        found.append(one)
        groups.append(group)
    return Places(found, at, [" ".join(filter(None, pair)) for pair in texts], groups)


def _above(township: str, divisions: Divisions) -> Found:
    """The township, or the county where none is named or it is itself."""
    if not township or township in COUNTY_ITSELF or divisions.is_county(township):
        return Found(divisions.county_code)
    return divisions.township(township)


def _found(township: str, village: str, divisions: Divisions) -> tuple[Found, str | None]:
    """The village, looked up as it is written and only then without a group behind its name."""
    if not village:
        return _NOWHERE, None
    whole = divisions.village(township, village)
    if whole.code is None and (parts := split_group(village)):
        name, group = parts
        alone = divisions.village(township, name)
        if alone.code is not None or alone.reason != "unknown_village":
            return alone, group
    return whole, None


def _name(code: str, divisions: Divisions) -> str:
    return divisions.villages.get(code) or divisions.towns[code]


def _unique(codes: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """The different codes below a limit, ascending, and the index of each code among them."""
    if limit > 16 * len(codes) + 1_000:
        return np.unique(codes, return_inverse=True)
    seen = np.zeros(limit, bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]
