"""Findings in words, and the workbook that goes to the field."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from glossary import term
from metrics.county import County
from metrics.quality import FindingFilter, Findings
from rules.checks import checks
from store.scope import Scope
from tests.small_county import COUNTY, EAST, MILL, WEST
from tests.views.parts.test_pieces import _stage
from views.context.stage import Stage
from views.parts import finding_words
from views.parts.workbook import plain_text
from views.sections.quality import field_workbook


def _row(key: str, **evidence: Any) -> dict[str, Any]:
    check = checks()[key]
    held = {column: evidence.get(column) for column in check.evidence}
    return {"check_key": key, "level": check.level, "evidence": json.dumps(held)}


def test_a_sentence_names_the_subjects_own_values(small: County) -> None:
    row = _row("member_age_labour_child", age=12, labour="ordinary", working_age_years=16.0)
    said = finding_words.sentence(_stage(small, on="quality"), row)
    assert said == "年龄12岁,劳动能力却登记为“普通劳动力”;不满16岁的应为无劳动力。"
    english = finding_words.sentence(_stage(small, on="quality", lang="en"), row)
    assert english == (
        "Aged 12 years yet recorded as 'Ordinary labour'; below 16 years it should be no labour."
    )


def test_a_sentence_names_the_numbers_of_its_check(small: County) -> None:
    row = _row("household_land_range", farmland_mu=3.4, woodland_mu=239.4)
    said = finding_words.sentence(_stage(small, on="quality"), row)
    assert said.startswith("耕地3.4亩、林地239.4亩") and "至多200亩" in said


def test_evidence_is_named_and_blank_is_a_dash(small: County) -> None:
    stage = _stage(small, on="quality")
    row = _row("household_income_below_line_unmonitored", monitored=False, income_year=2025,
               per_capita_net_income_yuan=5000.0)  # fmt: skip
    line = small.parameters["monitoring_line_yuan"].zh
    assert finding_words.evidence(stage, row) == (
        f"人均纯收入 5,000元;{line} —;收入年度 2025;在监测 否"
    )
    assert finding_words.evidence(stage, row, beside=True) == "收入年度 2025;在监测 否"


@pytest.mark.parametrize("key", checks())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_check_reads_without_values_and_in_general(
    small: County, key: str, lang: str
) -> None:
    stage = _stage(small, on="quality", lang=lang)
    assert "{" not in finding_words.sentence(stage, _row(key))
    assert "{" not in finding_words.general(stage, checks()[key])


def test_in_general_thresholds_are_told_and_values_left_open(small: County) -> None:
    said = finding_words.general(_stage(small, on="quality"), checks()["member_age_labour_child"])
    assert said == "年龄…,劳动能力却登记为“…”;不满16岁的应为无劳动力。"


def test_a_severity_is_a_shape_and_a_word(small: County) -> None:
    stage = _stage(small, on="quality")
    assert finding_words.severity(stage, "error") == '<span class="light bad">矛盾</span>'
    assert "light watch" in finding_words.severity(stage, "suspect")


@pytest.mark.parametrize(
    ("level", "named", "called"),
    [
        ("member", {"member_name": "张*三"}, "张*三"),
        ("member", {"member_name": None}, "—"),
        ("household", {"head_name": "李*"}, "李*户"),
        ("monitored", {"head_name": None}, "—户"),
        ("village", {"village_code": MILL}, "磨坊"),
        ("project", {"project_name": "产业路"}, "产业路"),
        ("fund", {"subject_id": "公示.xlsx 3 合计"}, "公示.xlsx 3 合计"),
    ],
)
def test_a_subject_is_called_by_its_masked_name(
    small: County, level: str, named: dict[str, Any], called: str
) -> None:
    assert finding_words.subject(_stage(small, on="quality"), {"level": level, **named}) == called


def _book(stage: Stage, rows: pa.Table) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(field_workbook.workbook(stage, rows, "筛选", "")))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _findings(small: County) -> pa.Table:
    reader = small.reader(Scope.of([COUNTY]))
    return Findings(reader, small.checks, None).all(FindingFilter(COUNTY))


def test_the_workbook_has_a_sheet_a_township_with_columns_to_fill_in(small: County) -> None:
    sheets = _book(_stage(small, on="quality"), _findings(small))
    assert set(sheets) == {"东岭镇", "西川镇"}
    east = sheets["东岭镇"]
    assert "模拟数据" in east[0][0] and "筛选" in east[1][0] and "2025-12-31" in east[2][0]
    assert east[3][-3:] == [term(f"verified_{k}", "zh") for k in ("result", "by", "on")]
    assert east[4][:4] == ["高坡村村民委员会", "H02", "李*", "高龄老人任公益岗位"]
    assert "年龄75岁" in east[4][5] and east[4][-3:] == ["", "", ""]
    assert [row[1] for row in sheets["西川镇"][4:]] == ["", "H05"]


def test_no_text_of_the_workbook_is_a_formula(small: County) -> None:
    rows = _findings(small)
    rows = rows.set_column(
        rows.column_names.index("member_name"),
        "member_name",
        pa.array(["=1+1" if name else None for name in rows["member_name"].to_pylist()]),
    )
    cells = [
        c for sheet in _book(_stage(small, on="quality"), rows).values() for r in sheet for c in r
    ]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if str(cell).startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1"])
def test_text_that_begins_a_formula_is_quoted(text: str) -> None:
    assert plain_text(text) == f"'{text}"
    assert plain_text("张三=") == "张三="


def test_sheets_of_one_name_are_told_apart(small: County) -> None:
    twins = {code: replace(small.places[code], name="同[名]镇") for code in (EAST, WEST)}
    stage = _stage(small, on="quality")
    county = SimpleNamespace(
        **{
            key: getattr(small, key)
            for key in ("checks", "parameters", "code", "data_date", "simulated")
        },
        places={**small.places, **twins},
    )
    assert set(_book(replace(stage, county=county), _findings(small))) == {"同 名 镇", WEST}
