"""The checks of suspicious data: written cases, what every declaration owes, and findings."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pyarrow as pa
import pytest
import yaml

from metrics.county import County, open_county
from rules.checks import (
    LEVELS,
    SEVERITIES,
    CheckError,
    checks,
    finding_sql,
    judge,
    level_types,
)
from rules.parameters import defaults
from store.scope import Scope
from store.snapshots import Home
from tests import small_calendar, small_county
from tests.small_county import BROOK, COUNTY, HILL, MILL, WEST

_CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "checks.yaml").read_text(encoding="utf8")
)
_DECLARED: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "rules" / "checks.yaml").read_text(encoding="utf8")
)
_ALL = Scope.of([COUNTY])
# Kinds of values that a finding may carry: no free text, in which a name or a number could stand.
_PLAIN = {"INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "BOOLEAN", "DECIMAL(18,2)", "DATE"}
_CODES = {
    "approach", "cadre_role", "post_kind",
    "sex", "head_sex", "relation", "education", "school_status", "dropout_reason", "health",
    "labour", "disability_kind", "entry_road", "risk_1", "risk_2", "development_measure",
    "clear_method", "category", "state", "step", "next_step", "tender_way", "asset_kind",
    "asset_state", "facility_kind", "facility_state", "upkeep_route",
    "list_roll_state", "zone_level", "notice_list", "posted_at",
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "case"),
    [
        pytest.param(key, case, id=f"{key}: {case['case']}")
        for key, cases in _CASES.items()
        for case in cases
    ],
)
def test_written_case(key: str, case: dict[str, Any]) -> None:
    answer = judge(checks()[key], case["given"], case.get("year", 2025), defaults())
    assert answer is case["expect"]


@pytest.mark.parametrize("key", checks())
def test_every_check_has_a_case_met_and_one_missed(key: str) -> None:
    assert {True, False} <= {case["expect"] for case in _CASES[key]}


def test_no_case_is_of_a_check_that_does_not_exist() -> None:
    assert set(_CASES) == set(checks())


@pytest.mark.parametrize("key", checks())
def test_every_check_is_fully_declared(key: str) -> None:
    check = checks()[key]
    assert key.startswith(f"{check.level}_")
    assert check.zh and check.en and check.source
    assert check.level in LEVELS and check.severity in SEVERITIES
    types = level_types()[check.level]
    assert set(check.needs) <= set(types)
    assert set(check.evidence) <= set(types)
    assert all(types[c] in _PLAIN or c in _CODES for c in check.evidence)


@pytest.mark.parametrize("key", checks())
def test_the_wording_names_only_what_a_finding_carries(key: str) -> None:
    check = checks()[key]
    for words in (check.says_zh, check.says_en):
        named = {name for _, name, _, _ in Formatter().parse(words) if name}
        assert named <= set(check.evidence) | set(check.numbers or {})


@pytest.mark.parametrize("key", checks())
def test_a_threshold_stands_once(key: str) -> None:
    """A number of the condition is 0 or 1, or has a name."""
    bare = re.findall(r"(?<![\w.])\d+(?:\.\d+)?", re.sub(r"'[^']*'", "", _DECLARED[key]["where"]))
    assert set(bare) <= {"0", "1"}


def _findings(county: County) -> dict[str, dict[str, dict[str, Any]]]:
    rows = county.reader(_ALL).rows("SELECT * FROM {finding}")
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["check_key"], {})[row["subject_id"]] = row
    return found


def test_the_small_county_has_its_findings(small: County) -> None:
    found = _findings(small)
    assert {key: set(subjects) for key, subjects in found.items()} == {
        "member_post_old": {"H02-3"},
        "member_posts_three": {"H05-7"},
        "village_road": {MILL},
    }
    road = found["village_road"][MILL]
    assert (road["level"], road["severity"], road["household_id"]) == ("village", "suspect", None)
    assert (road["village_code"], road["township_code"]) == (MILL, WEST)
    assert json.loads(road["evidence"]) == {"road_hard": False}
    post = found["member_post_old"]["H02-3"]
    assert (post["household_id"], post["village_code"]) == ("H02", HILL)
    evidence = {"age": 75, "has_public_post": True, "public_post_on": "2024-03-01"}
    assert json.loads(post["evidence"]) == evidence


def test_an_allowance_paid_twice_off_the_roll_is_found(tmp_path: Path) -> None:
    paid = small_county.tables()["monthly_payment"]
    more = [*paid.to_pylist(), *small_calendar.twice(BROOK)]
    other = {"monthly_payment": pa.Table.from_pylist(more, paid.schema)}
    small_county.publish(tmp_path, other=other)
    found = _findings(open_county(Home(tmp_path)))
    assert {key: set(of) for key, of in found.items() if key.startswith("calendar_")} == {
        "calendar_off_sheet": {"H04"},
        "calendar_paid_off_roll": {"H03"},
        "calendar_paid_twice": {"H03"},
    }


# Levels of which the village has no subject.
_NOT_OF_HILL = {
    *("monitored", "project", "facility", "shop", "fund"),
    *("fund_source", "allotment", "payment", "receipt", "complaint", "objection"),
}


def test_what_cannot_be_told_is_counted_by_village(small: County) -> None:
    rows = small.reader(Scope.of([HILL])).rows("SELECT * FROM {check_count}")
    counts = {row["check_key"]: (row["subjects"], row["unknown"]) for row in rows}
    assert set(counts) == set(checks()) - {
        key for key, check in checks().items() if check.level in _NOT_OF_HILL
    }
    assert counts["member_age_labour_child"] == (4, 0)
    assert counts["member_insured_both"] == (4, 4)
    assert counts["member_pension_both_empty"] == (4, 4), "nobody in the county has it filled in"


def test_evidence_that_no_level_has_is_refused() -> None:
    from dataclasses import replace

    check = replace(checks()["village_road"], evidence=("luck",))
    with pytest.raises(CheckError, match="no such facts: luck"):
        finding_sql({"village_road": check}, level_types())


def test_a_fact_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no such facts: luck"):
        judge(checks()["village_road"], {"luck": 1}, 2025, defaults())
