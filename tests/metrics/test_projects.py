"""Projects are listed one by one: as many as their indicator counts, most unpaid first."""

from __future__ import annotations

import pyarrow as pa
import pytest

from metrics.county import County
from metrics.projects import Projects
from metrics.registry import indicators
from metrics.subjects import ENTRY, HOUSEHOLD, MEMBER, PROJECT, subject_of
from store.scope import Scope
from tests.small_county import COUNTY, HILL, MILL

_COUNTED = [k for k, i in indicators().items() if i.numerator.relation == "project_fact"]


@pytest.mark.parametrize("key", _COUNTED)
@pytest.mark.parametrize("year", [2024, 2025])
def test_as_many_projects_are_listed_as_are_counted(small: County, key: str, year: int) -> None:
    for region in (COUNTY, HILL, MILL):
        reader = small.reader(Scope.of([COUNTY]))
        found = Projects(region, year, small.indicators[key])
        asked = small.indicators[key].numerator
        counted = "projects" if asked.value and asked.where == "TRUE" else key
        count = small.cube.cell(counted, region, year, Scope.of([COUNTY])).numerator
        rows = found.rows(reader).to_pylist()
        assert found.count(reader) == len(rows)
        if asked.value is None or counted == "projects":
            assert len(rows) == count
        else:  # a sum over those of which it is known
            assert sum(row[asked.value] for row in rows) == count
        assert all(row["village_code"].startswith(region) for row in rows)


def test_a_project_says_what_is_not_paid_yet(small: County) -> None:
    [row] = Projects(COUNTY, 2025).rows(small.reader(Scope.of([COUNTY]))).to_pylist()
    assert (row["project"], row["unpaid_yuan"], row["paid_percent"]) == ("磨坊产业路", 50_000, 80)
    assert not Projects(COUNTY, 2025).count(small.reader(Scope.of([HILL])))


def test_a_page_of_projects_is_a_part_of_all(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    every = Projects(COUNTY, 2025).rows(reader)
    assert isinstance(every, pa.Table)
    assert Projects(COUNTY, 2025).rows(reader, 0, 50).equals(every)
    assert not Projects(COUNTY, 2025).rows(reader, 50, 50).num_rows


def test_every_indicator_says_what_its_list_is_of() -> None:
    known = {key: subject_of(one) for key, one in indicators().items()}
    assert {known[key] for key in _COUNTED} == {PROJECT}
    assert known["ledger_overdue"] == ENTRY and known["poor_people"] == MEMBER
    assert known["poor_households"] == HOUSEHOLD and known["collective_income"] is None
