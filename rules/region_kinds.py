"""Kinds of counties that a threshold may have a value of its own for, such as the western ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from store.county_folder import NoCounty, county_of
from store.yamls import only_keys, read_yaml

_FILE = Path(__file__).with_name("region_kinds.yaml")


@dataclass(frozen=True, slots=True)
class RegionKind:
    """Counties whose codes begin with one of ``codes``; ``source`` is where that is said."""

    key: str
    zh: str
    en: str
    codes: tuple[str, ...]
    source: str

    def holds(self, county_code: str) -> bool:
        """Whether a county is of this kind."""
        return county_code.startswith(self.codes)


@cache
def region_kinds() -> dict[str, RegionKind]:
    """Every kind by its key. Raises DeclarationError for a key that means nothing."""
    kinds = {}
    for key, entry in read_yaml(_FILE).items():
        only_keys(entry, ("zh", "en", "codes", "source"), key)
        kinds[key] = RegionKind(key, **{**entry, "codes": tuple(entry["codes"])})
    return kinds


def kinds_of(home: Path | None) -> frozenset[str]:
    """Keys of the kinds that a home's county is of; none while nothing says which county it is."""
    if home is None:
        return frozenset()
    try:
        code = county_of(home)
    except NoCounty:
        return frozenset()
    return frozenset(key for key, kind in region_kinds().items() if kind.holds(code))
