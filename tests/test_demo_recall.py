"""Recall and precision of the rules and checks that have known cases in the demo county.

Known are: the monitored households by kind and main risk, in the year that they were identified;
who was struck and is watched by nobody; the six ledgers by the group that they are kept for; who
goes without a benefit, or has one for nothing; and every finding that was planted. Run with ``-s``
to see the figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from loaders.demo.model import ledgers, planted_findings
from loaders.demo.model.simulate import Simulation
from metrics import homes, relocation, visits, work
from metrics.county import County, open_county
from metrics.judgements import looked_into
from rules.checks import checks
from rules.registry import asked_of, rules
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests.loaders.demo.test_demo import DECEMBER, at

COUNTY = "611025"


@dataclass(frozen=True)
class Known:
    """Known cases of one rule and kind: how many, found, not to be told; what else was found."""

    cases: int
    found: int
    unknown: int = 0
    others: int | None = None

    @property
    def recall(self) -> float:
        """Of the cases that can be told."""
        return self.found / told if (told := self.cases - self.unknown) else 1.0

    @property
    def precision(self) -> float | None:
        """Of what was found; None where not all of it is known."""
        every = self.found + (self.others or 0)
        return None if self.others is None or not every else self.found / every


def _of(
    known: Iterable[str], answers: Mapping[str, bool | None], found: Collection[str] = ()
) -> Known:
    """Known subjects beside a rule's answers; ``found`` are all that it finds, if all are known."""
    mine = set(known)
    hit = sum(answers.get(one) is True for one in mine)
    unknown = sum(answers.get(one) is None for one in mine)
    return Known(len(mine), hit, unknown, len(set(found) - mine) if found else None)


def _print(title: str, table: Mapping[Any, Known]) -> None:
    print(f"\n{title}")
    for key, one in sorted(table.items(), key=str):
        precision = "" if one.precision is None else f"  precision {one.precision:.1%}"
        name = key if isinstance(key, str) else " ".join(map(str, key))
        print(
            f"  {name:<44} {one.found:>6} of {one.cases:<6} unknown {one.unknown:<4}"
            f" recall {one.recall:.1%}{precision}"
        )


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


@pytest.fixture(scope="module")
def reader(county: County) -> Reader:
    return county.reader(Scope.of([COUNTY]))


@pytest.fixture(scope="module")
def cast() -> Simulation:
    return planted_findings.cast(at(DECEMBER))


_KINDS = {
    "unstable": "in_monitor_unstable",
    "borderline": "in_monitor_borderline",
    "stricken": "in_monitor_stricken",
}


def _monitored(reader: Reader) -> dict[tuple[str, str], Known]:
    """Kind and main risk to the households identified since 2021: whether the kind's rule found
    them in the year of their identification, or in the one before, when most events happened."""
    columns = " ".join(f"WHEN '{kind}' THEN f.{column}" for kind, column in _KINDS.items())
    rows = reader.rows(
        f"SELECT m.household_id, m.monitor_kind, m.risk_1, "
        f"BOOL_OR(CASE m.monitor_kind {columns} END) AS answer "
        "FROM {monitored_household} AS m JOIN {household_fact} AS f "
        "ON f.household_id = m.household_id "
        "AND f.year IN (YEAR(m.identified_on), YEAR(m.identified_on) - 1) "
        "WHERE YEAR(m.identified_on) >= 2021 GROUP BY ALL"
    )
    grouped: dict[tuple[str, str], dict[str, bool | None]] = defaultdict(dict)
    for row in rows:
        for key in ((row["monitor_kind"], row["risk_1"]), (row["monitor_kind"], "all")):
            grouped[key][row["household_id"]] = row["answer"]
    return {key: _of(answers, answers) for key, answers in grouped.items()}


def test_monitored_households_are_found_by_kind_and_risk(reader: Reader) -> None:
    table = _monitored(reader)
    _print("monitored households, by kind and main risk", table)
    assert table["stricken", "all"].cases > 150
    for key, one in table.items():
        assert one.recall >= 0.9, key
        assert one.unknown <= max(2, 0.1 * one.cases), key


def test_who_is_struck_is_found_and_nobody_else(reader: Reader, cast: Simulation) -> None:
    """Of those still watched as stricken, and of those whom nobody watches, at the data date."""
    broken = {one for some in cast.expected_mess.values() for one in some}
    rows = reader.rows(
        "SELECT household_id, in_monitor_stricken AS answer, monitored, monitor_kind "
        "FROM {household_fact} WHERE is_latest"
    )
    answers = {row["household_id"]: row["answer"] for row in rows}
    found = [one for one, answer in answers.items() if answer]
    watched = {
        row["household_id"]
        for row in rows
        if row["monitored"] and row["monitor_kind"] == "stricken"
    }
    missed = set(cast.struck.loc[cast.struck["missed"].eq(True), "household_id"]) - broken
    known = _of(watched | missed, answers, found)
    table = {
        "watched": _of(watched, answers),
        "watched by nobody": _of(missed, answers),
        "both": known,
    }
    _print("struck in the year, at the data date", table)
    case = cast.monitored_household.dropna(subset="identified_on")
    case = case[case["monitor_kind"].eq("stricken") & ~case["cleared"].astype(bool)]
    assert watched == set(case["household_id"]) and len(watched) > 30 and len(missed) >= 12
    assert known.recall >= 0.95 and (known.precision or 0) >= 0.95
    assert not [one for one in watched | missed if answers[one] is False]


def test_an_event_that_cost_little_strikes_nobody(reader: Reader, cast: Simulation) -> None:
    slight = cast.struck[cast.struck["income"].isna()]
    years = {(row.household_id, row.year) for row in slight.itertuples()}
    rows = reader.rows(
        "SELECT household_id, year, struck, in_monitor_stricken AS answer FROM {household_fact}"
    )
    mine = [row for row in rows if (row["household_id"], row["year"]) in years]
    assert len(mine) > 80 and all(row["struck"] for row in mine)
    assert not [row for row in mine if row["answer"]]


def test_the_missed_are_not_most_of_what_the_kinds_find(reader: Reader, cast: Simulation) -> None:
    missed = set(cast.struck.loc[cast.struck["missed"].eq(True), "household_id"])
    rows = reader.rows(
        "SELECT household_id, in_monitor_stricken AS stricken FROM {household_fact} "
        "WHERE is_latest AND in_monitor_missed"
    )
    struck = {row["household_id"] for row in rows if row["stricken"]}
    print(f"\nto be monitored and not: {len(rows)}, of them struck {len(struck)}")
    assert struck <= missed and len(struck) >= 12


def test_the_ledgers_hold_whom_the_groups_find(reader: Reader, cast: Simulation) -> None:
    """Entries that the townships made for a cause (others they made without one)."""
    reasons = ledgers.causes(
        cast.household,
        cast.member,
        cast.household_year,
        cast.relocation,
        cast.monitored_household,
    )
    lost = {one for some in cast.expected_mess.values() for one in some}
    rows = reader.rows("SELECT * FROM {household_fact} WHERE is_latest")
    table = {}
    for group, reason in reasons.items():
        answers = {row["household_id"]: row[f"in_{group}"] for row in rows}
        known = [one for one in reason.index if one in answers and one not in lost]
        table[group] = _of(known, answers)
    _print("the six groups, by cause", table)
    for group, one in table.items():
        assert one.cases > 50 and one.recall >= 0.95, group


def test_the_first_exits_of_those_who_fell_back_count(reader: Reader, cast: Simulation) -> None:
    home = cast.household
    again = set(home.loc[home["first_exit_year"].isin([2014, 2015]), "household_id"])
    rows = reader.rows(
        "SELECT household_id, in_exited_2014_2015 AS answer, exit_year, first_exit_year "
        "FROM {household_fact} WHERE is_latest"
    )
    mine = [row for row in rows if row["household_id"] in again]
    assert len(mine) >= 250
    assert all(row["answer"] and row["first_exit_year"] < row["exit_year"] for row in mine)


def test_planted_benefits_are_found(reader: Reader, cast: Simulation) -> None:
    table = {}
    for rule, ids in cast.expected_leaks.items():
        relation, key = ("household_fact", "household_id")
        if any(len(one) > 14 for one in ids):
            relation, key = ("member_fact", "member_id")
        latest = "WHERE is_latest" if relation == "household_fact" else ""
        rows = reader.rows(f"SELECT {key} AS id, in_{rule} AS answer FROM {{{relation}}} {latest}")
        answers = {row["id"]: row["answer"] for row in rows}
        table[rule] = _of([one for one in ids if one in answers], answers)
    _print("benefits that are lacking or for nothing", table)
    for rule, one in table.items():
        assert one.cases and one.recall >= 0.95, rule


def test_planted_irregularities_of_funds_are_found(reader: Reader, cast: Simulation) -> None:
    """And nothing else is found of funds but what lies too long or is short of its list."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in reader.rows("SELECT check_key, subject_id FROM {finding}"):
        found[row["check_key"]].add(row["subject_id"])
    # Who is allotted twice of a fund may take it beyond its amount.
    twice = [line.removesuffix("B") for line in cast.funds.expected["allotment_repeated"]]
    rows = reader.rows("SELECT line_id, fund_id FROM {allotment}")
    overdrawn = {row["fund_id"] for row in rows if row["line_id"] in twice}
    found["fund_source_overdrawn"] -= overdrawn - {*cast.funds.expected["fund_source_overdrawn"]}
    table = {
        key: Known(len(set(ids)), len(set(ids) & found[key]), 0, len(found[key] - set(ids)))
        for key, ids in cast.funds.expected.items()
    }
    _print("planned irregularities of funds", table)
    assert len(table) == 23
    for key, one in table.items():
        assert one.recall == 1.0 and (one.precision or 0) >= 0.9, key


_SUBJECTS = {
    "relocation_fact": "household_id",
    "visit_fact": "household_id",
    "cadre_fact": "cadre_id",
    "station_fact": "village_code",
    "home_household_fact": "household_id",
    "home_fact": "home_id",
    "zone_fact": "zone_code",
    "calendar_household_fact": "household_id",
    "worker_fact": "member_id",
    "post_fact": "post_id",
    "workplace_fact": "workplace_id",
    "leader_fact": "leader_id",
    "leading_fact": "village_code",
}
# What other causes bring there too, which are planned for another rule, or are not planned: who was
# not visited did not have the tasks done either, and a house that stands has no land restored.
_OF_OTHERS = {
    "relocation_moved_in": ["household_relocation_certificate_early"],
    "relocation_certificate": ["relocation_moved_in"],
    "relocation_land": ["relocation_old_house_late"],
    "visit_four_tasks": ["visit_quarter"],
    "visit_by_helper": ["visit_quarter", "visit_paired"],
}


def _gaps(reader: Reader, cast: Simulation) -> dict[str, Known]:
    """By rule or check of relocation, visits, work, homes and the calendar, those planned beside
    those found."""
    planned = {**cast.expected_findings, **cast.expected_gaps}
    lost = {one for some in cast.expected_mess.values() for one in some}
    rows = reader.rows("SELECT check_key, subject_id FROM {finding}")
    doubted = {one for some in cast.expected_findings.values() for one in some}
    of_doubted = {*cast.post["post_id"][cast.post["member_id"].isin(doubted)]}
    table = {}
    for key, ids in cast.expected_gaps.items():
        if key in checks():
            found = {row["subject_id"] for row in rows if row["check_key"] == key}
        else:
            rule, name = rules()[key], _SUBJECTS[rules()[key].relation]
            wanted = "IS TRUE" if looked_into(rule) else "IS FALSE"
            asked = reader.rows(
                f"SELECT {name} AS id FROM {{{rule.relation}}} "
                f"WHERE {rule.column} {wanted} AND ({asked_of(rule)})"
            )
            found = {row["id"] for row in asked}
        mine = set(ids) - lost
        others = found - set(ids) - of_doubted
        others -= {one for other in _OF_OTHERS.get(key, ()) for one in planned[other]}
        table[key] = Known(len(mine), len(mine & found), 0, len(others))
    return table


def test_gaps_of_relocation_visits_work_homes_and_calendar_are_found(
    reader: Reader, cast: Simulation
) -> None:
    table = _gaps(reader, cast)
    _print("relocation, visits, work, homes and the calendar", table)
    for key, one in table.items():
        assert one.cases and one.recall >= 0.95, key
        assert (one.precision or 0) >= 0.95, key


def test_people_on_departments_lists_are_found(reader: Reader, cast: Simulation) -> None:
    """Those planned by check; others only where something else was planned for their household."""
    elsewhere = {one for some in (cast.expected_mess, cast.expected_findings, cast.expected_leaks)
                 for ids in some.values() for one in ids}  # fmt: skip
    table = {}
    for key, ids in cast.expected_odd.items():
        rows = reader.rows(
            "SELECT subject_id, household_id FROM {finding} WHERE check_key = $key", key=key
        )
        hit = {row["subject_id"] for row in rows}
        others = {
            row["subject_id"]
            for row in rows
            if not {row["subject_id"], row["household_id"]} & elsewhere
        }
        table[key] = Known(len(ids), len(hit & set(ids)), 0, len(others - set(ids)))
    _print("people on departments' lists", table)
    assert len(table) == 11
    for key, one in table.items():
        assert one.recall == 1.0 and (one.precision or 0) >= 0.95, key


def test_a_car_by_name_alone_is_nobodys(reader: Reader) -> None:
    """Thirty rows have no number: all are offered, and no finding rests on one."""
    rows = reader.rows(
        "SELECT m.member_id, m.found_by FROM {list_match} AS m JOIN {list_entry} AS e "
        "ON e.list_entry_id = m.list_entry_id WHERE e.identity_number IS NULL"
    )
    assert len(rows) >= 30 and {row["found_by"] for row in rows} == {"name"}
    cars = reader.rows("SELECT subject_id FROM {finding} WHERE check_key = 'listed_car_supported'")
    assert not {row["member_id"] for row in rows} & {row["subject_id"] for row in cars}


def test_relocation_and_pairing_hold_the_published_figures(reader: Reader) -> None:
    """S1: 8,059 households and 27,423 people, 60 sites of which 30 large, 58 workshops."""
    found = relocation.summary(reader, COUNTY, 2025)
    assert (found.households, found.people) == (8059, 27423)
    assert (found.sites, found.large) == (60, 30)
    sites = relocation.sites(reader, COUNTY, 2025)
    assert sum(row["workshops"] for row in sites) == 58
    assert sum(row["industry_parks"] for row in sites) == 35
    assert sum(row["jobs"] for row in sites) > 4000
    ratio = visits.summary(reader, COUNTY, 2025).ratio
    assert ratio is not None and 3.8 < ratio < 4.2


def test_homes_hold_the_published_figures(reader: Reader) -> None:
    """S0: 116 homes, 968 households and 1,704 people in them; 1,059 and 2,882 surveyed."""
    found = homes.summary(reader, COUNTY, 2025)
    assert (found.homes, found.households, found.people) == (116, 968, 1704)
    assert (found.surveyed, found.surveyed_people) == (1059, 2882)
    assert found.lived_in == found.households


def test_work_holds_the_published_figures(reader: Reader) -> None:
    """S1: 362, 759 and 115 posts, 2,290 rangers, 208 workshops, 10 bases, over 4,000 jobs."""
    found = work.posts(reader, COUNTY, 2025)
    assert {kind: one.posts for kind, one in found.items()} == {
        "ranger": 2290,
        "set_up": 759,
        "special": 362,
        "relief": 115,
    }
    near = work.near(reader, COUNTY, 2025)
    assert near.workplaces == 208 + 10 and near.held > 4000 and near.jobs > near.held


def test_planted_findings_are_found(reader: Reader, cast: Simulation) -> None:
    rows = reader.rows("SELECT check_key, subject_id FROM {finding}")
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["check_key"]].add(row["subject_id"])
    table = {
        key: Known(len(set(ids)), len(set(ids) & found[key]), 0, len(found[key] - set(ids)))
        for key, ids in cast.expected_findings.items()
    }
    _print("planted findings (what else was found is not planted, and may be true)", table)
    assert set(table) <= set(checks())
    # Its line is the county's to fill in, and a household under it is rarely left unwatched.
    lacking = {key for key, one in table.items() if one.recall < 1}
    assert lacking <= {"household_income_below_line_unmonitored"}
