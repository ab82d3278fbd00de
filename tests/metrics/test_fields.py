"""The fields of the filter: every registry's entries are fields, and each finds what it says."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary import codes
from metrics import facets
from metrics.conditions import UNKNOWN, Condition, ConditionError
from metrics.county import County
from metrics.field_sources import fields_of
from metrics.fields import Field, Fields
from metrics.filters import HouseholdFilter
from metrics.lists import count_each, counted
from rules.checks import OF_HOUSEHOLDS, checks
from rules.judge import fact_types
from rules.parameters import in_force
from rules.registry import groups, rules, systems
from store.reader import Reader
from store.scope import Scope
from tests.metrics.asking import asked, asked_of, wheres
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

PLACES = (EAST, WEST, HILL, BROOK, MILL)
FIELDS = fields_of(codes(), checks(), PLACES, date(2025, 12, 31))
_SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _reader(small: County, scope: str = COUNTY) -> Reader:
    return small.reader(Scope.of([scope]))


def _filter(where: str | tuple[Condition, ...] = (), year: int = 2025) -> HouseholdFilter:
    read = FIELDS.read(where) if isinstance(where, str) else where
    return HouseholdFilter(COUNTY, year, where=read, fields=FIELDS)


def _ids(small: County, wanted: HouseholdFilter, scope: str = COUNTY) -> set[str]:
    condition, parameters = wanted.condition()
    rows = _reader(small, scope).rows(
        f"SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition}", **parameters
    )
    return {row["household_id"] for row in rows}


def test_every_entry_of_every_registry_is_a_field() -> None:
    answered = {rule.column for rule in rules().values() if rule.relation != "county_fact"}
    assert answered <= FIELDS.keys()
    assert set(FIELDS["groups"].values) == groups().keys()
    for system in systems().values():
        for column, keys in system.classes.items():
            assert set(FIELDS[column].values) == {*keys, UNKNOWN}
    about = {k for k, one in checks().items() if one.level in (*OF_HOUSEHOLDS, "listed")}
    assert set(FIELDS["doubts"].values) == about
    assert set(FIELDS["measures"].values) == codes()["measure_kind"].keys()
    assert set(FIELDS["benefits"].values) == codes()["benefit_kind"].keys()
    numbers = {n for n, kind in fact_types("household_fact").items() if kind in _NUMERIC}
    assert {n for n in numbers - {"year"} if n not in in_force()} <= FIELDS.keys()


_NUMERIC = ("DOUBLE", "INTEGER", "BIGINT")


def test_a_new_column_of_the_facts_is_a_field_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    known = fact_types

    def more(relation: str = "household_fact") -> dict[str, str]:
        further = {"goats": "INTEGER", "keeps_bees": "BOOLEAN"}
        return {**known(relation), **(further if relation == "household_fact" else {})}

    monkeypatch.setattr("metrics.field_sources.fact_types", more)
    found = fields_of(codes(), {}, (), date(2025, 12, 31))
    assert found["goats"].kind == "range" and found["keeps_bees"].says == "flag"
    assert {"goats", "keeps_bees"} <= found.columns.keys()


@given(wheres(FIELDS))
def test_conditions_survive_their_text(where: tuple[Condition, ...]) -> None:
    if not where:
        return
    text = FIELDS.text(where)
    assert FIELDS.read(text) == where
    assert re.fullmatch(r"[A-Za-z0-9_.~-]+", text), "nothing that mail or chats would break"


@pytest.mark.parametrize(
    "text",
    ["", "~", "goats.yes", "registered", "registered.", "registered.maybe", "registered.all-of.yes",
     "member_count.from.5.to.3", "member_count.from.5.under.5", "member_count.from.", "place.1",
     "member_count.from.1e5", "member_count.from.nan", "member_count.2", "member_count.to.2.5",
     "registered.yes~registered.no", "groups.none-of.borderline.all-of",
     "monitored_on.from.2024-13-01", "monitored_on.from.5", "member_count.from.2024-01-01",
     "household." + ".".join(f"H{n}" for n in range(201)), "household.all-of.H01", "household.'--",
     "member_count.to.3.from.1", "groups.none-of"],
)  # fmt: skip
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        FIELDS.read(text)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("place." + EAST, {"H01", "H02", "H03", "H04"}),
        (f"place.{HILL}.{WEST}", {"H01", "H02", "H05", "H06"}),
        (f"place.none-of.{EAST}", {"H05", "H06"}),
        ("household.H01.H06.H99", {"H01", "H06"}),
        ("groups.any-of.income_drop.borderline", {"H02", "H04"}),
        ("groups.all-of.major_illness_disability.exited_2014_2015", {"H03"}),
        ("in_income_drop.met", {"H02"}),
        ("per_capita_net_income_yuan.from.4100.to.7000", {"H02", "H04", "H05"}),
        ("per_capita_net_income_yuan.from.4100.under.7000", {"H04", "H05"}),
        ("per_capita_net_income_yuan.to.2700", {"H06"}),
        ("member_count.from.4~registered.yes", {"H03", "H05"}),
        ("registered.no", {"H04"}),
        ("registered.none-of.no", {"H01", "H02", "H03", "H05", "H06"}),
        ("exit_year.unknown", {"H04", "H06"}),
        ("exit_year.to.2015", {"H01", "H03"}),
        ("ledger_state.overdue", {"H02"}),
        ("ledger_late.from.1", {"H02"}),
        ("ledger_held.income_drop", {"H03"}),
        ("problems.open", {"H05"}),
        ("problems.none-of.open", {"H01", "H02", "H03", "H04", "H06"}),
    ],
)
def test_a_condition_finds(small: County, where: str, found: set[str]) -> None:
    wanted = _filter(where)
    followed = HouseholdFilter(COUNTY, 2025, where=wanted.where, fields=FIELDS,
                               supplied={"problems_open": ["H05"]})  # fmt: skip
    assert _ids(small, followed) == found


def test_of_other_years_what_only_the_data_date_knows_is_unknown(small: County) -> None:
    for where in ("ledger_state.overdue", "ledger_state.none-of.overdue", "member-age.from.0"):
        assert _ids(small, _filter(where, 2024)) == set(), where
    assert len(_ids(small, _filter("member-age.unknown", 2024))) == 6


def test_no_condition_reaches_beyond_the_scope(small: County) -> None:
    for of in FIELDS.values():
        for value in list(of.values)[:2] or ["unknown"]:
            for mode in ("", "none-of.") if of.kind == "choice" else ("",):
                if of.kind == "named":
                    continue
                wanted = _filter(f"{of.key}.{mode}{value}")
                assert _ids(small, wanted, WEST) <= {"H05", "H06"}, (of.key, value)


_OWN = [of for of in FIELDS.values() if of.theme in ("household", "income") and "(" not in of.sql]


@_SLOW
@given(st.sampled_from(_OWN).flatmap(lambda of: st.tuples(st.just(of), asked_of(of))))
def test_a_condition_on_the_households_own_facts_is_what_it_says(
    small: County, one: tuple[Field, Condition]
) -> None:
    """Told again, row by row, from the values themselves."""
    of, condition = one
    rows = _reader(small).rows(
        f"SELECT household_id, {of.sql} AS value FROM {{household_fact}} AS f WHERE year = 2025"
    )
    wanted = {row["household_id"] for row in rows if _holds(of, condition, row["value"])}
    assert _ids(small, _filter((condition,))) == wanted


def _holds(of: Field, one: Condition, value: Any) -> bool:
    if of.kind == "range":
        if one.values:
            return value is None
        above = value is not None and (one.low is None or value >= one.low)
        below = one.high is None or value is None or value < one.high
        return above and (below or (value == one.high and not one.under))
    word = {True: "yes", False: "no", None: UNKNOWN}.get(value, value)
    return (word in one.values) == (one.mode != "none")


@_SLOW
@given(wheres(FIELDS, 2), st.sampled_from([of for of in FIELDS.values() if of.kind != "named"]),
       st.sampled_from([2025, 2024]))  # fmt: skip
def test_each_facet_counts_the_rows_of_its_own_list(
    small: County, where: tuple[Condition, ...], of: Field, year: int
) -> None:
    base, reader = _filter(where, year), _reader(small)
    for one in facets.offered(reader, base, of):
        wanted = base.having(one.asked)
        assert one.households == counted(reader, wanted)[0] == len(_ids(small, wanted)), one


@_SLOW
@given(wheres(FIELDS, 2), asked(FIELDS))
def test_a_condition_more_narrows(
    small: County, where: tuple[Condition, ...], more: Condition
) -> None:
    base = _filter(where).without(more.field)
    narrowed = base.having(more)
    assert _ids(small, narrowed) <= _ids(small, base)
    left = count_each(_reader(small), base, {"more": narrowed})
    assert left["more"] == len(_ids(small, narrowed))
    assert narrowed.without(more.field) == base


def test_a_click_takes_a_value_and_gives_it_back() -> None:
    of = FIELDS["groups"]
    one = facets.turned(of, None, "borderline")
    assert one == Condition("groups", ("borderline",))
    two = facets.turned(of, one, "income_drop")
    assert two is not None and set(two.values) == {"income_drop", "borderline"}
    assert facets.turned(of, two, "borderline") == Condition("groups", ("income_drop",))
    assert facets.turned(of, one, "borderline") is None


def test_two_fields_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.field_sources._of_problems", lambda: FIELDS["place"])
    with pytest.raises(ValueError, match="two fields"):
        fields_of(codes(), {}, (), date(2025, 12, 31))


def test_an_empty_county_has_no_field() -> None:
    assert len(Fields()) == 0
    with pytest.raises(ConditionError):
        Fields().read("registered.yes")
