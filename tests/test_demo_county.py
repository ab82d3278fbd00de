"""The loaded demo county holds the published figures that it is calibrated to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loaders import demo as simulation
from loaders.demo.model import planted_findings
from metrics.county import County, open_county
from metrics.files import household_file
from metrics.people import unlisted
from store.scope import Scope
from store.snapshots import Home
from tests.loaders.demo.test_demo import DECEMBER, at

COUNTY = "611025"
_ALL = Scope.of([COUNTY])


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


@pytest.fixture(scope="module")
def number(county: County) -> Callable[[str, int], float]:
    def of(key: str, year: int) -> float:
        value = county.cube.cell(key, COUNTY, year, _ALL).value
        assert value is not None, (key, year)
        return value

    return of


# Zhen'an: 商洛日报 2019-10-18. Registered households and people: about 25,800 and 79,000.
@pytest.mark.parametrize(
    ("key", "year", "value", "margin"),
    [
        ("poverty_rate", 2014, 32.2, 0.05),
        ("poverty_rate", 2018, 0.89, 0.01),
        ("poverty_rate", 2020, 0, 0),
        ("poverty_rate", 2025, 0, 0),
        ("registered_households", 2025, 25_800, 60),
        ("registered_people", 2018, 79_000, 500),
        ("relocated_households", 2025, 8_059, 25),
        ("relocated_people", 2025, 27_423, 90),
    ],
)
def test_published_figures_hold(
    number: Callable[[str, int], float], key: str, year: int, value: float, margin: float
) -> None:
    assert number(key, year) == pytest.approx(value, abs=margin)


def test_people_out_of_poverty_by_2018(number: Callable[[str, int], float]) -> None:
    left = sum(number("exited_this_year_people", year) for year in range(2014, 2019))
    assert left == pytest.approx(76_900, rel=0.005)


def test_the_rate_falls_every_year_to_zero(number: Callable[[str, int], float]) -> None:
    rates = [number("poverty_rate", year) for year in range(2014, 2021)]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == 0 < rates[-2]


def test_monitored_households_follow_after_2019(
    demo: Home, number: Callable[[str, int], float]
) -> None:
    assert open_county(demo).cube.years("monitored_households")[0] == 2019
    assert all(100 < number("monitored_households", year) < 1_250 for year in range(2021, 2026))


def test_collective_income_reaches_the_targets_of_2020(
    number: Callable[[str, int], float],
) -> None:
    assert number("collective_50k_share", 2020) >= 80
    assert number("collective_100k_share", 2020) >= 50


def test_places_are_the_official_ones(county: County) -> None:
    assert len(county.level("township", _ALL)) == 15
    assert len(county.level("village", _ALL)) == 156
    assert not [p.name for p in county.places.values() if "林厂" in p.name or "虚拟" in p.name]


def test_every_group_has_households_and_ledgers_differ_from_the_rules(county: County) -> None:
    for rule in county.rules.values():
        cell = county.cube.cell(f"{rule.key}_households", COUNTY, 2025, _ALL)
        assert cell.value and cell.value > 50, rule.key
    rows = county.reader(_ALL).rows(
        "SELECT finding, COUNT(*) AS n FROM {group_check} GROUP BY finding"
    )
    found = {row["finding"]: row["n"] for row in rows}
    assert found["agree"] > 10 * found["missing"] > 0
    assert found["without_cause"] > 0


def test_two_data_dates_can_be_compared(demo: Home) -> None:
    dates = [demo.open(number).data_date.isoformat() for number in demo.numbers()]
    assert dates == ["2025-11-30", "2025-12-31"]
    before, after = (
        open_county(demo, n).cube.cell("ledger_closed_share", COUNTY, 2025, _ALL).value
        for n in demo.numbers()
    )
    assert before is not None and after is not None and before < after


def test_rows_in_are_rows_accounted_for(demo: Home) -> None:
    manifest = demo.current().manifest
    assert manifest["tables"]["quarantine"]["rows"] > 0
    assert manifest["tables"]["fund_item"]["rows"] > 0
    assert sum(entry["rows"] for entry in manifest["tables"].values()) > 400_000


def test_the_notices_load_to_the_yuan(county: County) -> None:
    country = Scope(("",))
    rows = county.reader(country).rows(
        "SELECT notice, SUM(amount_yuan) AS yuan FROM {fund_item} GROUP BY notice"
    )
    assert sorted(row["yuan"] for row in rows) == [4_080_000.0, 12_000_000.0, 40_000_000.0]


def test_no_identity_number_could_be_a_real_persons(county: County) -> None:
    reader = county.reader(_ALL, reveal=True)
    row = reader.one(
        "SELECT COUNT(*) AS n FROM {member} "
        "WHERE identity_number NOT LIKE '619925%' AND identity_number NOT LIKE '999999%'"
    )
    assert row == {"n": 0}


def test_a_household_can_be_followed_to_its_source(county: County) -> None:
    reader = county.reader(_ALL)
    row = reader.one("SELECT household_id FROM {group_check} WHERE ledger_state = 'overdue'")
    assert row is not None
    file = household_file(reader, row["household_id"])
    assert file is not None
    assert len(file.years) >= 1 and file.members and file.ledger
    assert file.household["source_file"].endswith(".xlsx") and file.household["source_row"] > 3


_OF_MEMBERS = (
    "major_illness_members", "disabled_members", "chronic_members", "elderly_members",
    "members_at_home", "youngest_age_at_home", "working_members",
)  # fmt: skip


def test_households_with_refused_members_are_named_and_nothing_false_is_said_of_them(
    county: County,
) -> None:
    broken = at(DECEMBER).expected_mess
    refused = {one[:-2] for one in (*broken["cut_identity"], *broken["wrong_check_digit"])}
    reader = county.reader(_ALL)
    facts = reader.rows("SELECT * FROM {household_fact} WHERE is_latest AND unlisted_members > 0")
    assert {row["household_id"] for row in facts} == refused and len(refused) == 20
    assert unlisted(reader, COUNTY) == (20, 20)
    for row in facts:
        assert not [name for name in _OF_MEMBERS if row[name] is not None]
        assert row["in_major_illness_disability"] is None
        assert row["in_elderly_living_alone"] is None
    found = reader.rows(
        "SELECT household_id FROM {finding} WHERE check_key = 'household_members_unlisted'"
    )
    assert {row["household_id"] for row in found} == refused
    file = household_file(reader, sorted(refused)[0])
    assert file is not None and file.unlisted == 1


# Their thresholds are the county's to fill in; without one nothing is found.
_WITHOUT_THRESHOLD = {"household_income_below_line_unmonitored"}


@pytest.fixture(scope="module")
def cast() -> simulation.Simulation:
    """The simulated county as it was written for the later data date."""
    return planted_findings.cast(at(DECEMBER))


def test_each_check_finds_everybody_who_was_made_suspicious(
    county: County, cast: simulation.Simulation
) -> None:
    rows = county.reader(_ALL).rows("SELECT check_key, subject_id FROM {finding}")
    found = {(row["check_key"], row["subject_id"]) for row in rows}
    for check, ids in cast.expected_findings.items():
        missed = [one for one in ids if (check, one) not in found]
        assert not missed or check in _WITHOUT_THRESHOLD, check


def test_no_check_finds_more_than_one_in_twenty(county: County) -> None:
    rows = county.reader(_ALL).rows(
        "SELECT level, check_key, COUNT(*) AS n FROM {finding} GROUP BY level, check_key"
    )
    subjects = {"member": 79_000, "household": 26_500, "monitored": 1_250}
    for row in rows:
        if row["level"] in subjects:
            assert row["n"] < 0.05 * subjects[row["level"]], row
    assert len(rows) > 60


def test_ledgers_of_every_township_load_whole(county: County, cast: simulation.Simulation) -> None:
    rows = county.reader(_ALL).rows(
        "SELECT SUBSTRING(village_code, 1, 9) AS township, COUNT(*) AS n "
        "FROM {ledger_entry} GROUP BY ALL"
    )
    written = cast.ledger_entry
    kept = ~written["household_id"].isin(cast.expected_mess["unknown_village"])
    wanted = written[kept]["village_code"].str[:9].value_counts()
    assert {row["township"]: row["n"] for row in rows} == wanted.to_dict()


def test_work_insurance_and_release_load_as_they_were_written(
    county: County, cast: simulation.Simulation
) -> None:
    reader = county.reader(_ALL)
    lost = cast.expected_mess["unknown_village"]
    work = cast.employment[~cast.employment["household_id"].isin(lost)]
    assert reader.one(
        "SELECT COUNT(*) AS n, COUNT_IF(planned) AS planned, COUNT_IF(returned) AS returned, "
        "COUNT(ended_on) AS ended FROM {employment}"
    ) == {
        "n": len(work),
        "planned": int(work["planned"].sum()),
        "returned": int(work["returned"].sum()),
        "ended": int(work["ended_on"].notna().sum()),
    }
    watched = cast.monitored_household[~cast.monitored_household["household_id"].isin(lost)]
    row = reader.one(
        "SELECT COUNT(measures_on) AS helped, SUM(cleared_net_income_yuan) AS yuan "
        "FROM {monitored_household}"
    )
    assert row is not None and row["helped"] == watched["measures_on"].notna().sum()
    assert row["yuan"] == pytest.approx(watched["cleared_net_income_yuan"].sum())


def test_every_benefit_missed_or_kept_is_found_by_its_rule(
    county: County, cast: simulation.Simulation
) -> None:
    reader = county.reader(_ALL)
    homes = ("allowance", "temporary")
    for rule, planned in cast.expected_leaks.items():
        of_home = rule.startswith(homes)
        key, where = ("household_id", "is_latest AND ") if of_home else ("member_id", "")
        fact = "{household_fact}" if of_home else "{member_fact}"
        rows = reader.rows(f"SELECT {key} AS id FROM {fact} WHERE {where}in_{rule}")
        found = {row["id"] for row in rows}
        assert set(planned) <= found, rule
        assert len(found) < 0.02 * (26_500 if of_home else 79_000), rule


def test_changes_turn_one_years_poor_into_the_nexts(county: County) -> None:
    reader = county.reader(_ALL)
    poor = {
        row["year"]: row["n"]
        for row in reader.rows("SELECT year, COUNT_IF(poor) AS n FROM {household_fact} GROUP BY 1")
    }
    rows = reader.rows(
        "SELECT YEAR(changed_on) AS year, change_kind AS kind, COUNT(*) AS n "
        "FROM {change_event} GROUP BY ALL"
    )
    change = {(row["year"], row["kind"]): row["n"] for row in rows}
    for year in range(2016, 2026):
        come = change.get((year, "identified"), 0) + change.get((year, "fell_back"), 0)
        assert poor[year] == poor[year - 1] + come - change.get((year, "exited"), 0), year
    # The rows of 2014 say poor of those, too, who left in that year.
    left = change[2014, "exited"] + change[2015, "exited"]
    assert poor[2015] == poor[2014] - left + change.get((2015, "identified"), 0)


def test_cases_stand_at_every_stage_and_a_few_are_overdue(county: County) -> None:
    rows = county.reader(_ALL).rows(
        "SELECT stage, COUNT(*) AS n, COUNT_IF(in_step_overdue) AS late "
        "FROM {monitored_fact} GROUP BY stage"
    )
    stages = {row["stage"]: row["n"] for row in rows}
    assert {"clue", "home_check", "notice", "township", "county", "measures", "release"} == {
        *stages
    }
    assert stages["release"] > 800 and stages["measures"] > 250
    assert 15 < sum(row["late"] for row in rows) < 60
