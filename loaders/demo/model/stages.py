"""What became of the simulated county, step by step, each from those before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model import (
    assets,
    benefits,
    calendar_payments,
    case_stages,
    change_events,
    department_lists,
    entitlements,
    exit_standards,
    funds,
    happiness_homes,
    monitoring_cases,
    places,
    planted_findings,
    project_paths,
    projects,
    public_notices,
    resettlement,
    screenings,
    targets,
    upkeep,
    verifications,
    village_exits,
    village_incomes,
    visiting,
    war_zones,
    working,
)
from loaders.demo.model import employment as work
from loaders.demo.model.sampling import Rng

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation


def fill(seed: int, done: Simulation, facts: pd.DataFrame, residents: np.ndarray) -> Simulation:
    """The simulation whole. ``facts`` are a row a household, ``residents`` (villages,) people.

    Each step is drawn by itself, so that what was there before it stays as it was.
    """

    def drawn(step: int) -> Rng:
        return np.random.default_rng([seed, int(done.county.code), step])

    apart = drawn(2)
    done = _detailed(apart, done, facts)
    done = _looked_into(drawn(3), done, facts)
    done = _built_and_kept(drawn(6), done, residents)
    done = replace(done, expected_findings=planted_findings.plan(apart, done, _spared(done)))
    done = _followed(drawn(4), done, facts)
    done = _funded(drawn(6), done)
    done = replace(done, target=targets.assigned(drawn(13), done.county, done.village))
    done = _accompanied(drawn(6), drawn(7), done)
    done = _at_work(drawn(10), done)
    done = _homed(drawn(8), done)
    done = _earned(drawn(12), done)
    done = _compared(drawn(9), done)
    zones, wrong = war_zones.divide(drawn(14), done, done.expected_gaps)
    done = replace(done, zone_member=zones, expected_gaps=wrong)
    done = _put_up(drawn(15), done)
    return _paid_monthly(drawn(11), done)


def _built_and_kept(rng: Rng, done: Simulation, residents: np.ndarray) -> Simulation:
    """The simulation with the way of its projects, what they left and what keeps it up."""
    village, county = done.village, done.county
    # Payments to households that leave the register, or whose rows break, would not be read.
    home = done.household[done.household["member_count"] > 1]
    home = home[~home["household_id"].isin(_broken(done))]
    library = projects.published(rng, done.project, village, residents, county)
    library = projects.with_contracts_to_look_at(rng, library)
    path = project_paths.paths(rng, library)
    left = assets.assets(rng, library, path, village, done.settlement_site, county)
    gained = assets.yields(rng, left)
    return replace(
        done,
        project=library,
        project_path=path,
        project_schedule=project_paths.schedules(rng, library, path),
        project_beneficiary=assets.beneficiaries(rng, library, home),
        asset=left,
        asset_year=gained,
        dividend=assets.dividends(rng, left, gained, home),
        facility=upkeep.facilities(rng, village, county),
        facility_fund=upkeep.funds(rng, village, county),
        points_month=upkeep.points(rng, village),
    )


def _broken(done: Simulation) -> set[str]:
    """Households with rows that the writers break: they are not to be suspicious besides."""
    return _households_of(done, done.expected_mess)


def _spared(done: Simulation) -> set[str]:
    """Those, and whom an event struck."""
    return _broken(done) | set(done.struck["household_id"])


def _households_of(done: Simulation, planned: dict[str, list[str]]) -> set[str]:
    """All that is planned, and the households of the members among it."""
    ids = [each for some in planned.values() for each in some]
    of_member = done.member.set_index("member_id")["household_id"]
    return {*ids, *of_member.reindex(ids).dropna()}


def _followed(rng: Rng, done: Simulation, facts: pd.DataFrame) -> Simulation:
    """The simulation with what is paid, what happened and how far each case has come."""
    spared = _broken(done) | _households_of(done, done.expected_findings)
    watched = case_stages.delay(rng, done.monitored_household, spared, done.county)
    paid, member, leaks = benefits.pay(rng, done, spared)
    spared |= _households_of(done, leaks) | set(done.struck["household_id"])
    begun = case_stages.open_cases(rng, done, facts, spared)
    return replace(
        done,
        member=member,
        monitored_household=pd.concat([watched, begun], ignore_index=True),
        benefit=paid,
        change_event=change_events.happened(rng, done),
        expected_leaks=leaks,
    )


def _funded(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with the books of its funds, in which nobody is who is planned elsewhere."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    spared |= _households_of(done, done.expected_leaks)
    done = replace(done, change_event=funds.name_the_dead(rng, done, spared))
    return replace(done, funds=funds.keep_books(rng, done, spared))


def _accompanied(moving: Rng, coming: Rng, done: Simulation) -> Simulation:
    """The simulation with what became of each move, and with who helps households and came."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    spared |= _households_of(done, done.expected_leaks)
    moves, sites, gaps = resettlement.equip(moving, done, spared)
    sent = visiting.send(coming, done, spared)
    return replace(
        done,
        relocation=moves,
        settlement_site=sites,
        cadre=sent.cadre,
        pairing=sent.pairing,
        visit=sent.visit,
        stay=sent.stay,
        patrol=sent.patrol,
        expected_gaps=gaps | sent.planned,
    )


def _homed(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with its happiness homes, and what their households have."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    spared |= _households_of(done, done.expected_leaks) | _households_of(done, done.expected_gaps)
    homes = happiness_homes.settle(rng, done, spared)
    return replace(
        done,
        happiness_home=homes.happiness_home,
        home_applicant=homes.home_applicant,
        home_resident=homes.home_resident,
        package_holding=homes.package_holding,
        expected_gaps=done.expected_gaps | homes.planned,
    )


def _earned(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with where the collective income of its villages came from."""
    found = village_incomes.earn(rng, done)
    return replace(
        done,
        village_account=found.village_account,
        village_receipt=found.village_receipt,
        entrust_contract=found.entrust_contract,
        entrust_year=found.entrust_year,
        expected_income=found.planned,
    )


def _compared(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with the lists of other departments."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    spared |= _households_of(done, done.expected_leaks)
    entries, odd = department_lists.compare(rng, done, spared)
    return replace(done, list_entry=entries, expected_odd=odd)


def _put_up(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with the notices of its lists, and what was objected to in them."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    found = public_notices.put_up(rng, done, spared)
    return replace(
        done,
        public_notice=found.public_notice,
        notice_objection=found.notice_objection,
        expected_gaps=done.expected_gaps | found.planned,
    )


def _paid_monthly(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with what came to households month by month."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    spared |= _households_of(done, done.expected_leaks)
    paid, planned = calendar_payments.pay(rng, done, spared)
    gaps = done.expected_gaps | planned
    return replace(done, monthly_payment=paid, expected_gaps=gaps)


def _at_work(rng: Rng, done: Simulation) -> Simulation:
    """The simulation with posts, workshops, training and leaders."""
    spared = _spared(done) | _households_of(done, done.expected_findings)
    spared |= _households_of(done, done.expected_leaks)
    found = working.employ(rng, done, spared)
    return replace(
        done,
        member=found.member,
        employment=found.employment,
        post=found.post,
        workplace=found.workplace,
        workplace_worker=found.workplace_worker,
        training=found.training,
        leader=found.leader,
        led_household=found.led_household,
        expected_gaps=done.expected_gaps | found.planned,
    )


def _detailed(rng: Rng, done: Simulation, facts: pd.DataFrame) -> Simulation:
    """The simulation with what the forms since 2023 ask for beside the older ones."""
    home, income = done.household, done.household_year
    unmet = done.expected_mess["unmet_exit"]
    facts = facts.set_index(home["household_id"])
    watched = monitoring_cases.cases(rng, done.monitored_household, facts, income)
    measure = monitoring_cases.helped(rng, done.measure, watched, facts)
    member = entitlements.cover(rng, done.member, home, measure)
    member, employment = work.spells(rng, member, income, done.county)
    return replace(
        done,
        member=member,
        employment=employment,
        household_year=exit_standards.collect(rng, income, home, facts, unmet),
        monitored_household=watched,
        measure=measure,
        village_year=places.village_facts(rng, done.village_year, home),
    )


def _looked_into(rng: Rng, done: Simulation, facts: pd.DataFrame) -> Simulation:
    """The simulation with what inspectors wrote down of households, villages and the county."""
    home, income, villages = done.household, done.household_year, done.village["village_code"]
    village_year = village_exits.village_exits(rng, done.village_year, income)
    return replace(
        done,
        village_year=village_year,
        county_year=village_exits.county_years(rng, done.county, village_year),
        nine_check=verifications.nine_checks(rng, home),
        inspection=verifications.inspections(rng, home, income, done.monitored_household),
        sieve_result=screenings.screen(rng, home, facts, income, done.relocation, villages),
    )
