"""The register beside the list of its people: where members are listed fewer than a household has.

A household's size is the register's, its members those that were taken of the lists of people; a
member whose row was refused is in the one and not in the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.reader import Reader

# What a layout's refused rows would have been one of; rows of a county's own layouts are neither.
_LAYOUTS = {"households": "household_register", "people": "person_list"}
_ROLLS = """
SELECT COUNT(*) AS households, COALESCE(SUM(size), 0) AS people, COALESCE(SUM(named), 0) AS named,
  COUNT(*) FILTER (WHERE named < size) AS short_households,
  COALESCE(SUM(size - named) FILTER (WHERE named < size), 0) AS short_people,
  COUNT(*) FILTER (WHERE named > size) AS over_households,
  COALESCE(SUM(named - size) FILTER (WHERE named > size), 0) AS over_people
FROM (
  SELECT COALESCE(f.member_count, 0) AS size, COALESCE(m.named, 0) AS named
  FROM {household_fact} AS f
  LEFT JOIN (
    SELECT household_id, COUNT(*) AS named FROM {member}
    WHERE health IS DISTINCT FROM 'deceased' GROUP BY household_id
  ) AS m ON m.household_id = f.household_id
  WHERE f.year = $year AND f.village_code LIKE $region
) AS each
"""


@dataclass(frozen=True, slots=True)
class Rolls:
    """Households and people of a place by the register, and of these people those listed by name.

    ``short_*``: households with fewer members listed than they have, and the people lacking;
    ``over_*``: with more. ``people`` - ``short_people`` + ``over_people`` = ``named``.
    """

    households: int
    people: int
    named: int
    short_households: int
    short_people: int
    over_households: int
    over_people: int

    @property
    def agree(self) -> bool:
        """Whether every household has as many members listed as its size."""
        return not self.short_households and not self.over_households


def rolls(reader: Reader, region: str, year: int) -> Rolls:
    """The register and the list of people of a place; ``year`` is that of the data date."""
    row = reader.one(_ROLLS, region=f"{region}%", year=year)
    assert row is not None
    return Rolls(**{key: int(value) for key, value in row.items()})


def refused(reader: Reader) -> dict[str, int]:
    """Rows of ``households`` and of ``people`` that the snapshot could not take, and of
    ``others``: all that the reader sees. Those that name no place that is known are the whole
    county's."""
    told = ", ".join(
        f"COUNT(DISTINCT (file, sheet, row)) FILTER (WHERE layout = '{layout}') AS {key}"
        for key, layout in _LAYOUTS.items()
    )
    row = reader.one(
        f"SELECT {told}, COUNT(DISTINCT (file, sheet, row)) AS others FROM {{quarantine}}"
    )
    assert row is not None
    found = {key: int(value or 0) for key, value in row.items()}
    return found | {"others": found["others"] - found["households"] - found["people"]}
