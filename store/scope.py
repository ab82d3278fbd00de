"""Which places a viewer may see, and the condition that holds a query to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_CODE = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")
# A zone or grid, which cuts across townships: a letter first, so that it is no region's code.
_ZONE = re.compile(r"[A-Z](?:[A-Z0-9-]{0,10}[A-Z0-9])?")


def is_zone(code: str) -> bool:
    """Whether a code is written as that of a zone or grid, not of a region."""
    return _ZONE.fullmatch(code) is not None


def resolved(codes: Iterable[str], zones: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Region codes in place of zones; a zone without known villages is none at all."""
    for code in codes:
        yield from zones.get(code, ()) if is_zone(code) else (code,)


@dataclass(frozen=True, slots=True)
class Scope:
    """Region codes of any level; a code contains every code that begins with it.

    ``Scope.of(["611025"])`` is one whole county, ``Scope.of(["611025101"])`` one township.
    An empty scope sees nothing, and so does the code of a zone until ``resolved`` has put the
    regions that it is made of in its place.
    """

    codes: tuple[str, ...]

    @classmethod
    def of(cls, codes: Iterable[str]) -> Scope:
        """Scope of the codes given, those inside another left out; raises ValueError for a bad one.

        A code must have 2, 4, 6, 9 or 12 digits: anything shorter or odd would match too much. Or
        it is a zone's, which lies in no other.
        """
        kept: list[str] = []
        for code in sorted(set(codes)):
            if is_zone(code):
                kept.append(code)
            elif not _CODE.fullmatch(code):
                raise ValueError(f"not a region code: {code!r}")
            elif not any(code.startswith(other) for other in kept):
                kept.append(code)
        return cls(tuple(kept))

    def contains(self, region_code: str) -> bool:
        """True if the whole of the region is inside."""
        return any(region_code.startswith(code) for code in self.codes)

    def touches(self, region_code: str) -> bool:
        """True if any part of the region is inside."""
        return any(
            region_code.startswith(code) or code.startswith(region_code) for code in self.codes
        )

    def narrowed(self, region_code: str) -> Scope:
        """What of this scope lies in the region: never more than either."""
        if self.contains(region_code):
            return Scope((region_code,))
        return Scope(tuple(code for code in self.codes if code.startswith(region_code)))

    def within(self, other: Scope) -> Scope:
        """What of this scope lies in another one."""
        return Scope.of(code for region in other.codes for code in self.narrowed(region).codes)

    def condition(self, column: str) -> tuple[str, dict[str, str]]:
        """SQL condition on a region column and its parameters; false for an empty scope."""
        if not self.codes:
            return "FALSE", {}
        parts = [f"{column} LIKE $scope_{i}" for i in range(len(self.codes))]
        return f"({' OR '.join(parts)})", {f"scope_{i}": f"{c}%" for i, c in enumerate(self.codes)}
