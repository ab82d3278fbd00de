"""What a mean hides: of registered households, how many lost income, and the medians.

A household counts where its net income a person is known of both years.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.reader import Reader

_CHANGED = """
SELECT SUBSTRING(f.village_code, 1, $digits) AS place, COUNT(*) AS households,
  COUNT(*) FILTER (WHERE f.per_capita_net_income_yuan < f.previous_per_capita_yuan) AS fell,
  MEDIAN(f.previous_per_capita_yuan) AS median_then,
  MEDIAN(f.per_capita_net_income_yuan) AS median_now
FROM {household_fact} AS f
WHERE f.year = $year AND f.registered AND f.village_code LIKE $region
  AND f.previous_per_capita_yuan IS NOT NULL AND f.per_capita_net_income_yuan IS NOT NULL
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """Registered households of a place with an income of both years: how many ``fell``, and the
    medians of yuan a person."""

    households: int
    fell: int
    median_then: float
    median_now: float

    @property
    def fell_percent(self) -> float:
        """Share of households that lost income."""
        return 100 * self.fell / self.households

    @property
    def median_change(self) -> float:
        """Change of the median, in yuan."""
        return self.median_now - self.median_then


def changed(reader: Reader, region: str, year: int, digits: int = 0) -> dict[str, Changed]:
    """Place, by the first ``digits`` of a village's code, to its households' incomes beside the
    year before; without ``digits`` the region itself. Places without any are left out."""
    rows = reader.rows(_CHANGED, region=f"{region}%", year=year, digits=digits or len(region))
    return {
        row["place"]: Changed(row["households"], row["fell"], row["median_then"], row["median_now"])
        for row in rows
    }


def hardest(places: dict[str, Changed], count: int) -> list[str]:
    """The places where the largest share of households lost income, at most ``count``."""
    order = sorted(places, key=lambda code: (-places[code].fell_percent, code))
    return [code for code in order if places[code].fell][:count]
