"""The whole county, simulated: the store's tables as frames, the same for the same seed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from loaders.demo.model import (
    characters,
    funds,
    ledgers,
    member_details,
    members,
    monitoring,
    places,
    planted_errors,
    projects,
    registration,
    shocks,
    stages,
)
from loaders.demo.model import dwellings as households
from loaders.demo.model import relocation as moves
from loaders.demo.model.config import YEARS, County, read_county
from loaders.demo.model.incomes import household_years
from loaders.demo.model.sampling import Rng, apportion

DEFAULT_SEED = 20251231
DATA_DATE = dt.date(2025, 12, 31)
_NEVER = 9999


@dataclass(frozen=True, slots=True)
class Simulation:
    """Frames with the columns of ``store.schema``, less the source columns, as of one data date.

    ``village`` also has names, ``old_names``, ``remote`` and ``geometry``; ``household`` has
    ``relocated``, ``remote`` and ``vulnerable`` beside its own; ``member`` has ``age`` and
    ``join_year``. Missing values are None or NaT. ``expected_mess`` says what the writers break,
    ``expected_findings`` which subjects ``doubts.cast`` makes suspicious, by check,
    ``expected_leaks`` who goes without a benefit or has one for nothing, by rule, ``expected_gaps``
    which households, cadres, villages, posts, homes or notices miss what is asked of them, or what
    the calendar asks, by rule or check, ``expected_odd`` which members other departments' lists say
    something else of, by check, and ``expected_income`` which villages and contracts the rules and
    checks of collective income find in the last year.
    """

    county: County
    data_date: dt.date
    village: pd.DataFrame
    household: pd.DataFrame
    member: pd.DataFrame
    household_year: pd.DataFrame
    monitored_household: pd.DataFrame
    measure: pd.DataFrame
    ledger_entry: pd.DataFrame
    relocation: pd.DataFrame
    settlement_site: pd.DataFrame
    village_year: pd.DataFrame
    project: pd.DataFrame
    # Filled step by step from the others.
    employment: pd.DataFrame = field(default_factory=pd.DataFrame)
    county_year: pd.DataFrame = field(default_factory=pd.DataFrame)
    nine_check: pd.DataFrame = field(default_factory=pd.DataFrame)
    inspection: pd.DataFrame = field(default_factory=pd.DataFrame)
    sieve_result: pd.DataFrame = field(default_factory=pd.DataFrame)
    benefit: pd.DataFrame = field(default_factory=pd.DataFrame)
    change_event: pd.DataFrame = field(default_factory=pd.DataFrame)
    funds: funds.Funds = field(default_factory=funds.Funds)
    cadre: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairing: pd.DataFrame = field(default_factory=pd.DataFrame)
    visit: pd.DataFrame = field(default_factory=pd.DataFrame)
    stay: pd.DataFrame = field(default_factory=pd.DataFrame)
    patrol: pd.DataFrame = field(default_factory=pd.DataFrame)
    happiness_home: pd.DataFrame = field(default_factory=pd.DataFrame)
    home_applicant: pd.DataFrame = field(default_factory=pd.DataFrame)
    home_resident: pd.DataFrame = field(default_factory=pd.DataFrame)
    package_holding: pd.DataFrame = field(default_factory=pd.DataFrame)
    post: pd.DataFrame = field(default_factory=pd.DataFrame)
    workplace: pd.DataFrame = field(default_factory=pd.DataFrame)
    workplace_worker: pd.DataFrame = field(default_factory=pd.DataFrame)
    training: pd.DataFrame = field(default_factory=pd.DataFrame)
    leader: pd.DataFrame = field(default_factory=pd.DataFrame)
    led_household: pd.DataFrame = field(default_factory=pd.DataFrame)
    project_path: pd.DataFrame = field(default_factory=pd.DataFrame)
    project_schedule: pd.DataFrame = field(default_factory=pd.DataFrame)
    project_beneficiary: pd.DataFrame = field(default_factory=pd.DataFrame)
    asset: pd.DataFrame = field(default_factory=pd.DataFrame)
    asset_year: pd.DataFrame = field(default_factory=pd.DataFrame)
    dividend: pd.DataFrame = field(default_factory=pd.DataFrame)
    facility: pd.DataFrame = field(default_factory=pd.DataFrame)
    facility_fund: pd.DataFrame = field(default_factory=pd.DataFrame)
    points_month: pd.DataFrame = field(default_factory=pd.DataFrame)
    monthly_payment: pd.DataFrame = field(default_factory=pd.DataFrame)
    village_account: pd.DataFrame = field(default_factory=pd.DataFrame)
    village_receipt: pd.DataFrame = field(default_factory=pd.DataFrame)
    entrust_contract: pd.DataFrame = field(default_factory=pd.DataFrame)
    entrust_year: pd.DataFrame = field(default_factory=pd.DataFrame)
    # Rows of ``list_entry``, with the village in place of the region.
    list_entry: pd.DataFrame = field(default_factory=pd.DataFrame)
    target: pd.DataFrame = field(default_factory=pd.DataFrame)
    zone_member: pd.DataFrame = field(default_factory=pd.DataFrame)
    # With ``shortfall`` in place of the entries of a sheet, which are counted as it is written.
    public_notice: pd.DataFrame = field(default_factory=pd.DataFrame)
    notice_objection: pd.DataFrame = field(default_factory=pd.DataFrame)
    # Whom an event struck, with its cost and whether nobody watches them: ``shocks.strike``'s.
    struck: pd.DataFrame = field(default_factory=pd.DataFrame)
    expected_mess: dict[str, list[str]] = field(default_factory=dict)
    expected_findings: dict[str, list[str]] = field(default_factory=dict)
    expected_leaks: dict[str, list[str]] = field(default_factory=dict)
    expected_gaps: dict[str, list[str]] = field(default_factory=dict)
    expected_odd: dict[str, list[str]] = field(default_factory=dict)
    expected_income: dict[str, list[str]] = field(default_factory=dict)


def simulate(county_code: str, seed: int = DEFAULT_SEED) -> Simulation:
    """The county at the end of 2025; FileNotFoundError without data/demo/<code>.yaml."""
    county = read_county(county_code)
    rng = np.random.default_rng([seed, int(county_code)])
    village = places.settle(places.read_villages(county), county, rng)
    home = _place_households(rng, village, county)
    member, facts = _populate(rng, home, county)
    home["head_name"] = member["name"][~member["household"].duplicated()].to_numpy()
    home["vulnerable"] = households.vulnerable(facts, rng)

    counts = registration.member_counts(rng, member, home["registered"].to_numpy(), county)
    home, states = _histories(rng, home, counts, county)
    # What makes places unlike is drawn by itself.
    uneven = np.random.default_rng([seed, int(county_code), 16])
    watched, home = _watch((rng, uneven), village, home, facts, county)
    sites = moves.settlement_sites(rng, village, county)
    move = moves.relocations(rng, home, counts[:, list(YEARS).index(2016)], sites, county)
    home["relocated"] = home["household_id"].isin(move["household_id"])
    home = households.furnish(rng, home, facts)
    # What struck whom is drawn by itself too.
    apart = np.random.default_rng([seed, int(county_code), 5])
    struck = shocks.strike(apart, home, watched, counts, county)
    factors = characters.income_factors(uneven, home, village, county)
    income = household_years(rng, home, facts, states, counts, county, struck, factors)
    wet = characters.flooded(village, county)
    struck = pd.concat([struck, shocks.slight(apart, income, struck, watched, county, wet)])
    residents = _registered_people(village, home, counts)
    population = _population(rng, village, residents, income, county)
    found = ledgers.causes(home, member, income, move, watched)
    over = ledgers.eased(income)
    done = Simulation(
        county=county,
        data_date=DATA_DATE,
        village=village,
        household=home,
        member=member.drop(columns="household"),
        household_year=income,
        monitored_household=_with_payments(watched, income),
        measure=households.measures(rng, home, facts, county),
        ledger_entry=ledgers.hand_in(rng, home, found, over, village, county),
        relocation=move,
        settlement_site=moves.with_plans(sites, move, county),
        village_year=places.village_years(village, population, county, rng),
        project=projects.project_library(rng, village, residents, county),
        struck=struck.reset_index(drop=True),
    )
    expected = planted_errors.plan(rng, done)
    member = planted_errors.confuse_heads(done.member, expected)
    done = replace(done, member=member, expected_mess=expected)
    return stages.fill(seed, done, facts, residents)


def _place_households(rng: Rng, village: pd.DataFrame, county: County) -> pd.DataFrame:
    """One row a household, by village: household_id, village_code, registered, remote."""
    general = apportion(village["size"].to_numpy(), county.general_households)
    count = len(village)
    where = np.repeat(np.tile(np.arange(count), 2), [*village["households"], *general])
    registered = np.repeat([True, False], [county.households, county.general_households])
    mixed = rng.permutation(len(where))
    mixed = mixed[np.argsort(where[mixed], kind="stable")]
    where, registered = where[mixed], registered[mixed]
    return pd.DataFrame(
        {
            "household_id": [f"{county.code}{i:08d}" for i in range(1, len(where) + 1)],
            "village_code": village["village_code"].to_numpy()[where],
            "registered": registered,
            "remote": village["remote"].to_numpy()[where],
        }
    )


def _populate(rng: Rng, home: pd.DataFrame, county: County) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The members of all households and, a row a household, what they sum up to."""
    kinds = members.households_of_kind(rng, len(home), county.people_2025 / county.households)
    member = members.build_members(rng, kinds)
    at = member["household"].to_numpy()
    township = home["village_code"].str[:9].to_numpy()[at]
    member_details.describe(rng, member, county, township)
    member["household_id"] = home["household_id"].to_numpy()[at]
    member["village_code"] = home["village_code"].to_numpy()[at]
    order = member.groupby("household").cumcount() + 1
    member["member_id"] = member["household_id"] + order.astype(str).str.zfill(2)
    return member, households.summarise(member, len(home))


def _histories(
    rng: Rng, home: pd.DataFrame, counts: np.ndarray, county: County
) -> tuple[pd.DataFrame, np.ndarray]:
    """Add identified_on, exit_year and first_exit_year (0: the same); return the states too."""
    where = np.flatnonzero(home["registered"].to_numpy())
    homes = home.iloc[where].assign(people_2018=counts[where, list(YEARS).index(2018)])
    homes = registration.exits(rng, homes.reset_index(drop=True), county)
    states = np.full(counts.shape, None, dtype=object)
    states[where] = registration.states(homes)
    kept = ["identified_on", "exit_year", "first_exit_year"]
    homes = homes.set_index("household_id")[kept]
    return home.join(homes, on="household_id"), states


def _watch(
    rngs: tuple[Rng, Rng],
    village: pd.DataFrame,
    home: pd.DataFrame,
    facts: pd.DataFrame,
    county: County,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The monitored households, and all households with monitor_kind and years of watching."""
    wet = home["village_code"].isin(characters.flooded(village, county)).to_numpy()
    watched, where = monitoring.monitor_register(rngs, home, facts, wet, county)
    home = home.assign(monitor_kind=None, watched_since=0, cleared_year=_NEVER)
    since = pd.to_datetime(watched["identified_on"])
    until = pd.to_datetime(watched["cleared_on"]).dt.year.fillna(_NEVER).astype(int)
    column = home.columns.get_loc
    home.iloc[where, column("monitor_kind")] = watched["monitor_kind"].to_numpy()
    home.iloc[where, column("watched_since")] = since.dt.year.to_numpy()
    home.iloc[where, column("cleared_year")] = until.to_numpy()
    never = ~home["registered"].to_numpy()[where]
    found = home["identified_on"].to_numpy(copy=True)
    found[where[never]] = watched["identified_on"].to_numpy()[never]
    return watched, home.assign(identified_on=found)


def _with_payments(watched: pd.DataFrame, income: pd.DataFrame) -> pd.DataFrame:
    """Add the own payment of the year in which each household was identified."""
    keyed = income.set_index(["household_id", "year"])["own_payment_yuan"]
    year = pd.to_datetime(watched["identified_on"]).dt.year
    wanted = pd.MultiIndex.from_arrays([watched["household_id"], year])
    return watched.assign(own_payment_yuan=keyed.reindex(wanted).to_numpy())


def _registered_people(village: pd.DataFrame, home: pd.DataFrame, counts: np.ndarray) -> np.ndarray:
    """(villages,) registered people at the end of 2014, the most there are in any year."""
    people_of = pd.Series(counts[:, 0] * home["registered"]).groupby(home["village_code"].array)
    return people_of.sum().reindex(village["village_code"]).to_numpy()


def _population(
    rng: Rng, village: pd.DataFrame, residents: np.ndarray, income: pd.DataFrame, county: County
) -> np.ndarray:
    """(villages, years) rural population that makes the poverty rates of 2014 and 2018 exact."""
    poor = income[income["poverty_state"].isin(["poor", "fell_back"])]
    people_of = poor.groupby("year")["member_count"].sum()
    known = {2014: people_of[2014] / county.rate_2014, 2018: people_of[2018] / county.rate_2018}
    last = known[2018] * 0.985  # the rural register shrinks slowly
    totals = np.interp(list(YEARS), [*known, YEARS[-1]], [*known.values(), last]) * 100
    by_year = dict(zip(YEARS, np.round(totals).astype(int), strict=True))
    return places.village_population(village, residents, by_year, rng)
