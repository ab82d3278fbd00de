"""Header rows to layouts: real wordings, wherever the row stands."""

from __future__ import annotations

import pytest
import yaml

from loaders.cells.converters import code_list
from loaders.layouts import matching
from store import schema

# Exact wording and order of the person lists of 2022.
_WRITTEN = (
    "序号 数据日期 县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 "
    "与户主关系 民族 文化程度 在校生状况 健康状况 劳动技能 务工时间（月） 是否参加大病保险 "
    "致贫原因1 危房户 是否解决安全饮用水 人均纯收入 户联系电话 人联系电话 首次识别时间 "
    "人员识别时间 户类型 易返贫致贫户(监测对象)类型 风险是否消除 风险识别时间 风险消除时间"
)
PERSON_LIST = _WRITTEN.split()


def fields(match: matching.Match) -> dict[str, str]:
    return {c.field or c.place or "": match.headers[p] for p, c in match.at.items()}


def test_the_real_person_list_is_known_in_its_third_row() -> None:
    match = matching.match([["已脱贫人口名单"], ["", ""], PERSON_LIST])
    assert match is not None
    assert (match.layout.key, match.header, match.title) == ("person_list", 2, "已脱贫人口名单")
    assert match.unknown == []
    assert fields(match)["work_months"] == "务工时间（月）"


@pytest.mark.parametrize("layout", matching.load(), ids=lambda x: x.key)
def test_each_layout_knows_its_own_headers_and_its_other_spellings(layout: matching.Layout) -> None:
    for pick in (0, -1):
        header = [[c.header, *c.also][pick].replace("{year}", "2025") for c in layout.columns]
        match = matching.match([["标题"], header])
        assert match is not None and match.layout.key == layout.key
        assert len(match.at) == len(layout.columns)


@pytest.mark.parametrize("layout", matching.load(), ids=lambda x: x.key)
def test_layouts_speak_of_columns_that_there_are(layout: matching.Layout) -> None:
    table = schema.BY_NAME[layout.table]
    names = {c.field for c in layout.columns if c.field and not c.check}
    names |= {layout.sheet_as, layout.title_as, layout.number_rows, *layout.hash, *layout.fixed} - {
        None
    }
    assert names <= set(table.arrow.names)
    assert layout.wan <= names
    # A number may be made of the village that a row names, too.
    placed = {"village_code"} if any(c.place == "village" for c in layout.columns) else set()
    assert all(set(parts) <= names | placed for parts in layout.hash.values())
    for column in layout.columns:
        assert sum([column.field is not None, column.place is not None, column.ignore]) == 1
        assert column.place in {None, "county", "township", "village"}


@pytest.mark.parametrize(
    "written",
    ["户编号", " 户 编\n号 ", "户编号*", "*户编号", "户编号：", "户\u3000编号", "A1户编号"],
)
def test_headers_are_folded(written: str) -> None:
    match = matching.match([[written, "年度", "家庭人口", "家庭纯收入（元）", "人均纯收入(元)"]])
    assert match is not None and match.layout.key == "income_year"
    assert set(fields(match)) >= {"household_id", "net_income_yuan", "per_capita_net_income_yuan"}


def test_full_width_brackets_are_brackets() -> None:
    assert matching.fold("县（市、区、旗）") == matching.fold("县(市、区、旗)")


def test_the_stray_zero_and_the_misspelt_category_are_known() -> None:
    head = ["户编号", "检测对象类别", "识别监测时间", "风险是否已消除0"]
    match = matching.match([head])
    assert match is not None and match.layout.key == "monitored_persons"


def test_a_required_header_may_not_lack() -> None:
    assert matching.match([[h for h in PERSON_LIST if h not in ("人编号", "乡(镇)")]]) is None


def test_the_header_row_is_looked_for_near_the_top_only() -> None:
    assert matching.match([["标题"]] * 9 + [PERSON_LIST]) is not None
    assert matching.match([["标题"]] * 12 + [PERSON_LIST]) is None
    assert matching.match([]) is None


def test_the_header_with_brackets_goes_to_the_column_that_is_written_so() -> None:
    """受益 columns of two kinds: the exact header wins over the one without its brackets."""
    declared = {
        "key": "k",
        "zh": "",
        "table": "project",
        "columns": [
            {"field": "planned_yuan", "header": "资金", "required": True},
            {"field": "paid_yuan", "header": "资金(已付)"},
        ],
    }
    match = matching.match([["资金(已付)", "资金(计划)"]], [matching.parse(declared)])
    assert match is not None
    assert {p: c.field for p, c in match.at.items()} == {0: "paid_yuan", 1: "planned_yuan"}


@pytest.mark.parametrize(
    ("above", "header", "factor"),
    [
        ([], "资金金额", 10_000),
        ([], "资金金额(元)", 1),
        ([], "资金金额（万元）", 10_000),
        ([["单位:元"]], "资金金额", 1),
        ([["单位：万元"]], "资金金额", 10_000),
        ([["单位:元"]], "资金金额(万元)", 10_000),
    ],
)
def test_the_unit_nearest_to_the_number_counts(
    above: list[list[str]], header: str, factor: int
) -> None:
    match = matching.match([["资金安排表"], *above, ["村名", header]])
    assert match is not None and match.factors == {"amount_yuan": factor}


def test_the_title_is_not_the_unit_line_or_the_source() -> None:
    match = matching.match(
        [["# 来源: 网页"], ["单位:万元"], ["某县资金安排表"], ["村名", "资金金额"]]
    )
    assert match is not None and match.title == "某县资金安排表"


def test_measures_are_known_by_all_their_spellings() -> None:
    head = ["户编号", "乡镇", "行政村", "户类型", "家庭人口", "产业帮扶", "公益性岗位帮扶", "其他"]
    match = matching.match([head])
    assert match is not None
    assert dict(match.spread) == {5: "industry", 6: "public_post"}
    assert match.unknown == ["其他"]


def test_every_declared_measure_is_in_the_code_list() -> None:
    (unpivot,) = [x.unpivot for x in matching.load() if x.unpivot]
    assert {code_list("measure_kind")[name] for name in unpivot.columns} == set(
        code_list("measure_kind").values()
    )


def test_an_unknown_key_in_a_declaration_is_an_error() -> None:
    declared = yaml.safe_load("{key: k, zh: z, table: project, columns: [{header: h, feild: x}]}")
    with pytest.raises(matching.LayoutError, match="没有 feild 这个键"):
        matching.parse(declared)
