"""What a simulated county is calibrated to: data/demo/<county code>.yaml, one field a line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from loaders.demo.model.contradictions import contradictions
from loaders.regions.divisions import Divisions
from store.county_folder import Broken, misfit, read

DATA = Path(__file__).parents[3] / "data"
YEARS = range(2014, 2026)
FIRST_YEAR, LAST_YEAR = YEARS[0], YEARS[-1]

MONITORING_LINE_2021 = 6000.0  # Shaanxi's line of 2021

# A township's three digits begin with one of these; those of farms and nurseries with a 4.
_TOWNSHIP_KINDS = "0123"


@dataclass(frozen=True, slots=True)
class County:
    """Targets of one county; shares are fractions, rates per cent, money in yuan."""

    code: str
    name: str
    seat: str
    identity_prefix: str
    households: int
    exited_households: int
    exited_people: int
    rate_2014: float
    rate_2018: float
    exit_shares: dict[int, float]
    poor_people_2018: int
    exit_share_2019: float
    people_2025: int
    fell_back: int
    newly_identified: int
    relocated_households: int
    relocated_people: int
    sites: int
    large_sites: int
    scattered_share: float
    site_workshops: int
    site_parks: int
    site_jobs: int
    helpers: int
    team_members: int
    county_cadres: int
    homes: int
    home_households: int
    home_people: int
    surveyed_households: int
    surveyed_people: int
    posts: dict[str, int]
    work_bases: int
    workplace_jobs: int
    monitored: dict[str, int]
    cleared_share: float
    medians: dict[int, int]
    collective_shares: dict[int, float]
    ethnicity: dict[str, float]
    ethnicity_of_township: dict[str, dict[str, float]]
    projects: int
    published_projects: list[dict[str, Any]]
    workshops: int
    maintenance_yuan: int
    industries: list[str]
    work_regions: dict[str, list[str]]
    funds: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    own_parameters: dict[str, dict[int, float]]
    characters: dict[str, list[str]]
    flood: dict[str, Any]

    @property
    def general_households(self) -> int:
        """Households that were never registered and are known because they were monitored."""
        return self.monitored["borderline"] + self.monitored["stricken"]

    @property
    def allowance_standard(self) -> float:
        """Yuan a person and year under which a household may have the minimum allowance."""
        return self.own_parameters["minimum_allowance_yuan"][LAST_YEAR]

    @property
    def own_payment_limit(self) -> float:
        """Yuan a year from which a household's own payment for care is heavy."""
        return list(self.own_parameters["own_payment_limit_yuan"].values())[-1]

    def monitoring_line(self, year: int) -> float:
        """Yuan a person under which a household is to be watched; of 2021 Shaanxi's own."""
        own = self.own_parameters["monitoring_line_yuan"]
        return own.get(year, MONITORING_LINE_2021)

    @property
    def people_2018(self) -> int:
        """Registered people, out of poverty or not, at the end of 2018."""
        return self.exited_people + self.poor_people_2018


def read_county(code: str, folder: Path = DATA / "demo") -> County:
    """The targets of a county; FileNotFoundError where there are none for it.

    Raises store.county_folder.Broken for targets that contradict one another, with their lines.
    """
    path = folder / f"{code}.yaml"
    path.stat()
    said, broken = read(folder.parent.parent, path)
    keys = [field.name for field in fields(County) if field.name != "code"]
    if not broken and (why := misfit(dict(said), keys)):
        broken = [said.fault("", why)]
    if not broken:
        divisions = Divisions.load(code)
        found = contradictions(said, divisions.towns, divisions.villages, YEARS)
        broken = [said.fault(key, why) for key, why in found]
    if broken:
        raise Broken(broken)
    return County(code=code, **said)


def read_edition(code: str, kind: str, year: int) -> pd.DataFrame:
    """One edition of the code list: columns code and name; kind is ``towns`` or ``villages``."""
    path = DATA / "reference" / "divisions" / f"{code}_{kind}_{year}.csv"
    frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", usecols=["code", "name"])
    return frame[frame["code"].str[6].isin(list(_TOWNSHIP_KINDS))].reset_index(drop=True)


def poverty_lines() -> np.ndarray:
    """Yuan a year, 2014 to 2025: the national lines, years without one between their neighbours.

    After 2020 there is no national line: the last one stands, as a floor of the simulation only.
    """
    path = DATA / "reference" / "series" / "national_rural_poverty.csv"
    series = pd.read_csv(path).set_index("year")["line_yuan"]
    return series.reindex(list(YEARS)).interpolate().to_numpy()
